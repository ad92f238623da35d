"""What is known of each transfer, and in which list it stands. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from cse_desktop.gui.look import text
from cse_desktop.gui.transfers.transfer_rate import Rate
from cse_desktop.jobs.snapshot import Phase, Snapshot


class Section(Enum):
    """Where a row is listed."""

    ACTIVE = "active"
    FAILED = "failed"
    COMPLETED = "completed"


class Tab(Enum):
    """What the list shows: sections, one after the other."""

    ALL = (Section.ACTIVE, Section.FAILED, Section.COMPLETED)
    ACTIVE = (Section.ACTIVE,)
    COMPLETED = (Section.COMPLETED,)
    FAILED = (Section.FAILED,)


@dataclass(slots=True)
class TransferRow:
    """A job and what was seen of it over time.

    Attributes:
        speed: bytes per second, None when it cannot be said.
        left_s: seconds left, None when they cannot be said.
        took_s: how long it ran, None unless it ended.
    """

    snapshot: Snapshot
    speed: float | None = None
    left_s: float | None = None
    took_s: float | None = None
    started_s: float | None = None
    rate: Rate = field(default_factory=Rate)

    @property
    def section(self) -> Section:
        """Where it is listed."""
        if not self.snapshot.phase.is_final:
            return Section.ACTIVE
        is_failed = self.snapshot.phase is Phase.FAILED
        return Section.FAILED if is_failed else Section.COMPLETED

    def advance(self, snapshot: Snapshot, now_s: float) -> None:
        """Take a newer state."""
        self.snapshot = snapshot
        if snapshot.phase is Phase.RUNNING:
            self.started_s = now_s if self.started_s is None else self.started_s
            self.rate.see(now_s, snapshot.progress.done)
        elif snapshot.phase.is_final:
            self.took_s = None if self.started_s is None else now_s - self.started_s
            self.speed = self.left_s = None

    def measure(self, now_s: float) -> None:
        """Bring speed and remaining time up to date."""
        progress = self.snapshot.progress
        missing = progress.total - progress.done
        is_moving = self.snapshot.phase is Phase.RUNNING and missing > 0
        self.speed = self.rate.per_second(now_s) if is_moving else None
        self.left_s = self.rate.seconds_left(now_s, missing) if is_moving else None


def pace_of(row: TransferRow) -> tuple[str, str]:
    """Speed and time left, or how long it took; "" for what cannot be said."""
    if row.snapshot.phase is Phase.DONE and row.took_s is not None:
        return "", f"took {max(1, round(row.took_s))} s"
    speed = "" if row.speed is None else text.rate(row.speed)
    return speed, "" if row.left_s is None else text.left(row.left_s).removeprefix("about ")


class Shelf:
    """Ids of jobs in sections: the active in the order of the queue, the others newest first."""

    def __init__(self) -> None:
        self._ids: dict[Section, list[int]] = {section: [] for section in Section}

    def count(self, tab: Tab) -> int:
        """How many a tab has."""
        return sum(len(self._ids[section]) for section in tab.value)

    def ids(self, tab: Tab) -> list[int]:
        """All of a tab, from the first row to the last."""
        return [job_id for section in tab.value for job_id in self._ids[section]]

    def at(self, tab: Tab, row: int) -> int:
        """The job of a row."""
        for section in tab.value:
            if row < len(self._ids[section]):
                return self._ids[section][row]
            row -= len(self._ids[section])
        raise IndexError(row)

    def row(self, tab: Tab, section: Section, job_id: int) -> int | None:
        """The row of a job; None when the tab does not show its section."""
        start = self.start(tab, section)
        return None if start is None else start + self._ids[section].index(job_id)

    def start(self, tab: Tab, section: Section) -> int | None:
        """The row at which a section begins; None when the tab does not show it."""
        if section not in tab.value:
            return None
        before = tab.value[: tab.value.index(section)]
        return sum(len(self._ids[one]) for one in before)

    def add(self, job_ids: list[int], section: Section) -> None:
        """List jobs: at the end of those that run or wait, at the top of the others."""
        if section is Section.ACTIVE:
            self._ids[section].extend(job_ids)
        else:
            self._ids[section][:0] = job_ids[::-1]

    def drop(self, job_ids: set[int], section: Section) -> None:
        """List jobs no longer."""
        if len(job_ids) == 1:
            self._ids[section].remove(*job_ids)
        elif job_ids:
            self._ids[section] = [one for one in self._ids[section] if one not in job_ids]

    def move_before(self, upper: int, lower: int) -> None:
        """List an active job directly before another one."""
        ids = self._ids[Section.ACTIVE]
        ids.remove(lower)
        ids.insert(ids.index(upper), lower)
