"""Sums over many transfers: what is under way, and how an action of the user ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cse_desktop.gui.look import text
from cse_desktop.gui.transfers.transfer_rate import Rate
from cse_desktop.gui.transfers.transfer_words import words_of
from cse_desktop.jobs.requests import Delete
from cse_desktop.jobs.snapshot import Phase, Snapshot


@dataclass(frozen=True, slots=True)
class Totals:
    """All that is under way.

    Attributes:
        active: transfers that are not over.
        held: those of them that wait for the user.
        done, total: bytes, of all transfers since the list was last at rest; what failed or was
            cancelled is left out.
        speed: bytes per second, None when it cannot be said.
        left_s: seconds, None when they cannot be said.
    """

    active: int = 0
    held: int = 0
    done: int = 0
    total: int = 0
    speed: float | None = None
    left_s: float | None = None

    @property
    def sentence(self) -> str:
        """Such as "4 active · 2.04 of 5.14 GB · 80.7 MB/s · about 1 min left"."""
        parts = [f"{text.number(self.active)} active", text.part_of(self.done, self.total)]
        return " · ".join([*parts, *self._pace()]) if self.active else ""

    @property
    def short_sentence(self) -> str:
        """The same where there is little room: "80.7 MB/s · about 1 min left"."""
        return " · ".join(self._pace()) if self.active else ""

    def _pace(self) -> list[str]:
        pace = [] if self.speed is None else [text.rate(self.speed)]
        return pace if self.left_s is None else [*pace, text.left(self.left_s)]


class Sum:
    """Keeps totals up to date from each change of a snapshot."""

    def __init__(self) -> None:
        self._active = self._held = self._done = self._total = 0
        self._arrived = 0
        self._rate = Rate()

    def replace(self, old: Snapshot | None, new: Snapshot | None, now_s: float) -> None:
        """Count `new` in the place of `old`."""
        if self._active == 0 and new is not None and not new.phase.is_final:
            self._done = self._total = self._arrived = 0
            self._rate = Rate()
        before, after = _share(old), _share(new)
        self._active += _is_active(new) - _is_active(old)
        self._held += _is_held(new) - _is_held(old)
        self._done += after[0] - before[0]
        self._total += after[1] - before[1]
        if new is not None and new.phase in (Phase.RUNNING, Phase.DONE):
            if old is not None:
                self._arrived += max(0, new.progress.done - old.progress.done)
            self._rate.see(now_s, self._arrived)

    def totals(self, now_s: float) -> Totals:
        """The sums at this moment."""
        done, total = max(0, self._done), max(0, self._total)
        speed = self._rate.per_second(now_s)
        left = self._rate.seconds_left(now_s, max(0, total - done))
        return Totals(self._active, self._held, done, total, speed, left)


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """How one action of the user ended."""

    batch: int
    snapshots: tuple[Snapshot, ...]

    @property
    def failed(self) -> tuple[Snapshot, ...]:
        """Those that failed."""
        return tuple(one for one in self.snapshots if one.phase is Phase.FAILED)

    @property
    def sentence(self) -> str:
        """Such as "51 files encrypted and stored, 2 failed"."""
        ended = Counter(one.phase for one in self.snapshots)
        parts = []
        if ended[Phase.DONE]:
            parts.append(f"{text.count(self._files(), 'file')} {self._deed()}")
        for phase, word in _ENDS:
            if ended[phase]:
                parts.append(f"{text.number(ended[phase])} {word}")
        if not ended[Phase.DONE] and parts:
            total = text.count(len(self.snapshots), "file")
            return f"{total}: {', '.join(parts)}" if len(parts) > 1 else self._only(ended)
        return ", ".join(parts)

    def _files(self) -> int:
        """How many files the transfers that are done stand for."""
        done = (one.request for one in self.snapshots if one.phase is Phase.DONE)
        return sum(len(each.doomed) if isinstance(each, Delete) else 1 for each in done)

    def _deed(self) -> str:
        first = next(one for one in self.snapshots if one.phase is Phase.DONE).request
        return words_of(first).done

    def _only(self, ended: Counter[Phase]) -> str:
        [(phase, count)] = ended.items()
        return f"{text.count(count, 'file')} {dict(_ENDS)[phase]}"


@dataclass(slots=True)
class _Batch:
    open: set[int] = field(default_factory=set)
    ended: dict[int, Snapshot] = field(default_factory=dict)


class Batches:
    """Knows which actions of the user are over."""

    def __init__(self) -> None:
        self._batches: dict[int, _Batch] = {}

    def note(self, snapshot: Snapshot) -> None:
        """Count a snapshot in its batch."""
        batch = self._batches.setdefault(snapshot.batch, _Batch())
        if snapshot.phase.is_final:
            batch.open.discard(snapshot.id)
            batch.ended[snapshot.id] = snapshot
        else:
            batch.open.add(snapshot.id)

    def take_ended(self) -> Iterable[BatchSummary]:
        """Give each batch that is over, once; a retry opens its batch again."""
        for number in [n for n, batch in self._batches.items() if not batch.open]:
            yield BatchSummary(number, tuple(self._batches.pop(number).ended.values()))


_ENDS = ((Phase.FAILED, "failed"), (Phase.SKIPPED, "skipped"), (Phase.CANCELLED, "cancelled"))


def _share(snapshot: Snapshot | None) -> tuple[int, int]:
    """What a transfer adds to the bytes done and the bytes in all."""
    out = (Phase.FAILED, Phase.CANCELLED, Phase.SKIPPED)
    if snapshot is None or snapshot.phase in out or snapshot.asks:
        return 0, 0
    total = snapshot.progress.total
    return (total if snapshot.phase is Phase.DONE else snapshot.progress.done), total


def _is_active(snapshot: Snapshot | None) -> bool:
    """Whether it goes on by itself or when the list is told to; what asks needs an answer first."""
    return snapshot is not None and not (snapshot.phase.is_final or snapshot.asks)


def _is_held(snapshot: Snapshot | None) -> bool:
    return snapshot is not None and snapshot.phase is Phase.HELD and not snapshot.asks
