"""The books of the queue: which jobs there are, in which order and state. No threads, no lock."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from cse_desktop.core.progress import CancelToken, Progress
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.requests import Request
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot

STOPPING_KINDS: Final = frozenset(
    (FailureKind.NOT_PERMITTED, FailureKind.KEY, FailureKind.SIGN_IN, FailureKind.DISK)
)
"""Failures that the next file of a batch would meet as well."""

FAILURES_BEFORE_HOLD: Final = 3


class Job:
    """One job: its newest snapshot, its switch, and the snapshots not told yet.

    Attributes:
        rank: its place among the jobs that have not begun.
        untold: snapshots for the listener, oldest first.
        is_telling: a thread is telling the listener about this job.
        goes_on: it was released before it had come to its pause.
    """

    __slots__ = ("goes_on", "is_telling", "rank", "snapshot", "token", "untold")

    def __init__(self, snapshot: Snapshot, rank: int) -> None:
        self.snapshot = snapshot
        self.rank = rank
        self.token = CancelToken()
        self.untold: deque[Snapshot] = deque((snapshot,))
        self.is_telling = False
        self.goes_on = False

    def become(
        self, phase: Phase, *, failure: Failure | None = None, outcome: Outcome | None = None
    ) -> None:
        """Enter a phase; a final one is never left."""
        if self.snapshot.phase.is_final:
            raise ValueError(f"job {self.snapshot.id} is over")
        self._tell(
            replace(
                self.snapshot,
                phase=phase,
                failure=failure,
                note=outcome.note if outcome else "",
                result=outcome.result if outcome else None,
                finished=datetime.now().astimezone() if phase.is_final else None,
            )
        )

    def hold(self, note: str) -> None:
        """Wait until released."""
        self._tell(replace(self.snapshot, phase=Phase.HELD, note=note))

    def advance(self, progress: Progress) -> None:
        """Note progress; it takes the place of progress that nobody was told yet."""
        if self.untold and self.untold[-1].phase is Phase.RUNNING:
            self.untold.pop()
        self._tell(replace(self.snapshot, progress=progress))

    def _tell(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.untold.append(snapshot)


class Board:
    """All jobs. The caller holds a lock; each method gives the jobs that have something to tell."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._waiting: OrderedDict[int, Job] = OrderedDict()
        self._held: dict[int, Job] = {}
        self._failures: Counter[tuple[int, FailureKind]] = Counter()
        self._last_id = 0

    @property
    def waiting_count(self) -> int:
        """How many jobs could begin."""
        return len(self._waiting)

    def add(self, request: Request, batch: int) -> Job:
        """Put a request at the end of the line."""
        self._last_id += 1
        start = Progress(0, request.size)
        job = Job(Snapshot(self._last_id, batch, request, Phase.WAITING, start), self._last_id)
        self._jobs[self._last_id] = self._waiting[self._last_id] = job
        return job

    def find(self, job_id: int) -> Job | None:
        """Give a job; None when it was forgotten or never was."""
        return self._jobs.get(job_id)

    def jobs(self) -> tuple[Job, ...]:
        """Give all jobs, oldest first."""
        return tuple(self._jobs.values())

    def begin_next(self) -> Job | None:
        """Take the first waiting job; it is RUNNING from here on."""
        if not self._waiting:
            return None
        _, job = self._waiting.popitem(last=False)
        job.become(Phase.RUNNING)
        return job

    def finish(
        self, job: Job, phase: Phase, failure: Failure | None, outcome: Outcome
    ) -> list[Job]:
        """End a job. The rest of its batch is held when it is the third to fail for one reason."""
        job.become(phase, failure=failure, outcome=outcome)
        told = [job]
        if failure is not None and failure.kind in STOPPING_KINDS:
            reason = (job.snapshot.batch, failure.kind)
            self._failures[reason] += 1
            if self._failures[reason] >= FAILURES_BEFORE_HOLD:
                note = f"Held, because {FAILURES_BEFORE_HOLD} files failed alike: {failure.title}"
                rest = [j for j in self._waiting.values() if j.snapshot.batch == reason[0]]
                told += self.hold(rest, note)
        return told

    def cancel(self, jobs: Iterable[Job]) -> list[Job]:
        """End jobs that have not begun; throw the switch of those that run."""
        ended = []
        for job in jobs:
            job_id = job.snapshot.id
            job.token.cancel()
            if self._waiting.pop(job_id, None) or self._held.pop(job_id, None):
                job.become(Phase.CANCELLED)
                ended.append(job)
        return ended

    def hold(self, jobs: Iterable[Job], note: str = "") -> list[Job]:
        """Hold the waiting ones of `jobs`."""
        held = []
        for job in jobs:
            if self._waiting.pop(job.snapshot.id, None):
                self._held[job.snapshot.id] = job
                job.hold(note)
                held.append(job)
        return held

    def pause(self, jobs: Iterable[Job]) -> None:
        """Throw the switch of those that run, so that they keep what can be gone on with."""
        for job in jobs:
            if job.snapshot.phase is Phase.RUNNING:
                job.goes_on = False
                job.token.pause()

    def suspend(self, job: Job) -> list[Job]:
        """Hold a job that ran and was paused; released, be it meanwhile, it goes on."""
        job.token = CancelToken()
        self._held[job.snapshot.id] = job
        job.hold("")
        if job.goes_on:
            self.release([job])
        return [job]

    def release(self, jobs: Iterable[Job]) -> list[Job]:
        """Let the held ones of `jobs` wait again at their old places; their batch starts afresh."""
        released = []
        for job in jobs:
            job.goes_on = job.snapshot.phase is Phase.RUNNING and job.token.is_paused
            if self._held.pop(job.snapshot.id, None):
                self._waiting[job.snapshot.id] = job
                job.become(Phase.WAITING)
                self.forgive(job.snapshot.batch)
                released.append(job)
        if released:
            self._sort()
        return released

    def forgive(self, batch: int) -> None:
        """Count the failures of a batch from nothing again."""
        for kind in STOPPING_KINDS:
            self._failures.pop((batch, kind), None)

    def move(self, job: Job, position: int) -> None:
        """Place a job among those that have not begun; 0 is the first."""
        line = sorted((*self._waiting.values(), *self._held.values()), key=lambda each: each.rank)
        if job not in line:
            return
        ranks = [each.rank for each in line]
        line.remove(job)
        line.insert(max(0, position), job)
        for each, rank in zip(line, ranks, strict=True):
            each.rank = rank
        self._sort()

    def forget(self, job: Job) -> None:
        """Drop a job that is over and fully told."""
        if job.snapshot.phase.is_final and not job.untold:
            self._jobs.pop(job.snapshot.id, None)

    def _sort(self) -> None:
        line = sorted(self._waiting.values(), key=lambda job: job.rank)
        self._waiting = OrderedDict((job.snapshot.id, job) for job in line)
