"""The jobs that are not over, on disk: the next start goes on with them."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Protocol

from cse_desktop.core.record import Records
from cse_desktop.core.session import Session
from cse_desktop.jobs.journal_file import JournalFile
from cse_desktop.jobs.journal_rows import Body, Row
from cse_desktop.jobs.request_bodies import body_of, is_kept, request_of
from cse_desktop.jobs.requests import Download, Request, Upload, Verify
from cse_desktop.jobs.scribe import Scribe
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot

IS_IT_STILL_WANTED: Final = "Left from last time. Is it still wanted?"
"""What changes things inside S3 is not done days later without a word."""

_JOB: Final = "job"
_CLOSES_WITHIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Saved:
    """A job of an earlier run.

    Attributes:
        key: what the transfers that it had begun are marked with.
        batch: shared by the requests of one user action.
        phase: WAITING, HELD or FAILED.
        note: why it is held.
    """

    key: str
    batch: str
    request: Request
    phase: Phase
    failure: Failure | None = None
    note: str = ""


class Transfers(Protocol):
    """The transfers that a journal knows."""

    def records_of(self, job: str) -> Records:
        """What the verbs of a job write to."""

    def take_back(self, job: str, session_for: Callable[[], Session]) -> None:
        """End what is open of a job's transfers, and remove what they have spooled."""


class NoBacklog:
    """Where nothing is kept: a job ends with the program."""

    is_kept = False
    clears_up = False

    def saved(self, connections: Sequence[str]) -> Sequence[Saved]:  # noqa: ARG002
        """Nothing."""
        return ()

    def adopt(self, job: Snapshot, saved: Saved) -> None:
        """Do nothing, as the others."""

    def add(self, jobs: Iterable[tuple[Snapshot, int]]) -> None:
        """Do nothing."""

    def follow(self, jobs: Iterable[Snapshot]) -> None:
        """Do nothing."""

    def amend(self, jobs: Iterable[Snapshot]) -> None:
        """Do nothing."""

    def rank(self, ranks: Mapping[int, int]) -> None:
        """Do nothing."""

    def drop(self, job_ids: Iterable[int]) -> None:
        """Do nothing."""

    def recording(self, session: Session, job_id: int) -> Session:  # noqa: ARG002
        """The session as it is."""
        return session

    def key_of(self, job_id: int) -> str:  # noqa: ARG002
        """No mark."""
        return ""

    def take_back(self, key: str, session_for: Callable[[], Session]) -> None:
        """Do nothing."""


class Backlog(NoBacklog):
    """Rows of jobs, by the ids that the queue of this run gave them. Any thread.

    Nothing but `saved` and `close` waits for the disk.
    """

    def __init__(self, file: JournalFile, transfers: Transfers) -> None:
        self._file = file
        self._transfers = transfers
        self._scribe = Scribe()
        self._lock = threading.Lock()
        self._keys: dict[int, str] = {}
        self._batches: dict[int, str] = {}

    clears_up = True

    @property
    def is_kept(self) -> bool:  # type: ignore[override]  # it may change
        """Whether all that was noted could be written so far."""
        return not self._scribe.is_behind

    def saved(self, connections: Sequence[str]) -> Sequence[Saved]:
        """The jobs of earlier runs under these connections, in order; others are forgotten."""
        rows = sorted(self._file.find(_JOB), key=_rank)
        found = {row.id: saved_of(row, connections) for row in rows}
        self._file.drop(*(row_id for row_id, saved in found.items() if saved is None))
        return [saved for saved in found.values() if saved is not None]

    def adopt(self, job: Snapshot, saved: Saved) -> None:
        """The job of an earlier run has this id now."""
        with self._lock:
            self._keys[job.id] = saved.key
            self._batches[job.batch] = saved.batch

    def add(self, jobs: Iterable[tuple[Snapshot, int]]) -> None:
        """Note new jobs, all or none, with their places in the line."""
        bodies: dict[str, Body] = {}
        with self._lock:
            for job, rank in jobs:
                if not is_kept(job.request):
                    continue
                key = self._keys[job.id] = secrets.token_hex(8)
                batch = self._batches.setdefault(job.batch, secrets.token_hex(8))
                bodies[key] = {
                    **body_of(job.request),
                    "batch": batch,
                    "rank": rank,
                    "held": False,
                    "failure": None,
                }
        self._scribe.note(lambda: self._file.add_all(_JOB, bodies))

    def follow(self, jobs: Iterable[Snapshot]) -> None:
        """Note what became of jobs; those that are over are forgotten, but for failures."""
        news: dict[str, Body] = {}
        over = []
        for job in jobs:
            key = self._key(job.id)
            if not key:
                continue
            if job.phase.is_final and job.phase is not Phase.FAILED:
                over.append(job.id)
            elif job.phase is Phase.FAILED and job.failure:
                failure = {**asdict(job.failure), "kind": job.failure.kind.value}
                news[key] = {"failure": failure}
            else:
                # What waits for a sign-in or for room tries again at the next start.
                news[key] = {"held": job.phase is Phase.HELD and job.failure is None}
        self._amend(news)
        self.drop(over)

    def amend(self, jobs: Iterable[Snapshot]) -> None:
        """Note that other things are asked of jobs now."""
        self._amend({self._key(job.id): body_of(job.request) for job in jobs})

    def rank(self, ranks: Mapping[int, int]) -> None:
        """Note the places of jobs in the line."""
        self._amend({self._key(job_id): {"rank": rank} for job_id, rank in ranks.items()})

    def drop(self, job_ids: Iterable[int]) -> None:
        """Forget jobs."""
        with self._lock:
            keys = [self._keys.pop(each) for each in job_ids if each in self._keys]
        if keys:
            self._scribe.note(lambda: self._file.drop_named(_JOB, keys))

    def recording(self, session: Session, job_id: int) -> Session:
        """The session of one job, whose transfers are marked with it."""
        return session.recording(self._transfers.records_of(self._key(job_id)))

    def take_back(self, key: str, session_for: Callable[[], Session]) -> None:
        """End what is open of the transfers of a job, and remove what they have spooled."""
        self._transfers.take_back(key, session_for)

    def key_of(self, job_id: int) -> str:
        """What the transfers of a job are marked with; "" for a job that is not known."""
        return self._key(job_id)

    def close(self) -> bool:
        """Write what is left; gives whether the next start will know of all."""
        return self._scribe.close(_CLOSES_WITHIN_S)

    def _amend(self, news: Mapping[str, Body]) -> None:
        known = {key: body for key, body in news.items() if key}
        if known:
            self._scribe.note(lambda: self._file.amend(_JOB, known))

    def _key(self, job_id: int) -> str:
        with self._lock:
            return self._keys.get(job_id, "")


def _rank(row: Row) -> int:
    rank = row.body.get("rank")
    return rank if isinstance(rank, int) else 0


def saved_of(row: Row, connections: Sequence[str]) -> Saved | None:
    """What a row says; None when it is no job, or of a connection that is gone."""
    body = row.body
    try:
        request, batch = request_of(body), str(body["batch"])
        if request.connection not in connections:
            return None
        if body["failure"] is not None:
            facts = dict(body["failure"])
            failure = Failure(**{**facts, "kind": FailureKind(facts["kind"])})
            return Saved(row.name, batch, request, Phase.FAILED, failure)
        is_held = bool(body["held"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if not (is_held or isinstance(request, Upload | Download | Verify)):
        return Saved(row.name, batch, request, Phase.HELD, note=IS_IT_STILL_WANTED)
    return Saved(row.name, batch, request, Phase.HELD if is_held else Phase.WAITING)
