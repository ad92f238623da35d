"""The books of the queue: which jobs there are, in which order and state. No threads, no lock."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from cse_desktop.core.progress import CancelToken, Progress
from cse_desktop.jobs.backlog import Saved
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.requests import Copy, Download, IfExists, Move, Request, Upload, Verify
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot

STOPPING_KINDS: Final = frozenset(
    (
        FailureKind.NOT_PERMITTED,
        FailureKind.KEY,
        FailureKind.SIGN_IN,
        FailureKind.DISK,
        FailureKind.DISK_FULL,
    )
)
"""Failures that the next file of a batch would meet as well."""

FAILURES_BEFORE_HOLD: Final = 3
SMALL_BYTES: Final = 1 << 20
_TRANSFERS: Final = (Upload, Download, Verify)


class Job:
    """One job: its newest snapshot, its switch, and the snapshots not told yet.

    Attributes:
        rank: its place among the jobs that have not begun.
        untold: snapshots for the listener, oldest first.
        is_telling: a thread is telling the listener about this job.
        goes_on: it was released before it had come to its pause.
        has_begun: something of it may be open, in S3 or on the disk.
    """

    __slots__ = ("goes_on", "has_begun", "is_telling", "rank", "snapshot", "token", "untold")

    def __init__(self, snapshot: Snapshot, rank: int) -> None:
        self.snapshot = snapshot
        self.rank = rank
        self.token = CancelToken()
        self.untold: deque[Snapshot] = deque((snapshot,))
        self.is_telling = False
        self.goes_on = self.has_begun = False

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to end, and not only to pause."""
        return self.token.is_cancelled and not self.token.is_paused

    @property
    def is_small(self) -> bool:
        """Whether it takes hardly any memory and bandwidth, and mostly waits."""
        request = self.snapshot.request
        return isinstance(request, _TRANSFERS) and request.size <= SMALL_BYTES

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

    def hold(self, note: str, failure: Failure | None = None) -> None:
        """Wait until released."""
        self._tell(replace(self.snapshot, phase=Phase.HELD, note=note, failure=failure))

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

    def waiting(self) -> Iterator[Job]:
        """Those that could begin, the next one first."""
        return iter(self._waiting.values())

    def add(self, request: Request, batch: int) -> Job:
        """Put a request at the end of the line."""
        self._last_id += 1
        start = Progress(0, request.size)
        job = Job(Snapshot(self._last_id, batch, request, Phase.WAITING, start), self._last_id)
        self._jobs[self._last_id] = self._waiting[self._last_id] = job
        return job

    def restore(self, saved: Saved, batch: int) -> Job:
        """Put a job of an earlier run at the end of the line, or to those that failed."""
        job = self.add(saved.request, batch)
        job.has_begun = True
        job.snapshot = replace(job.snapshot, is_restored=True)
        job.untold = deque((job.snapshot,))
        if saved.phase is not Phase.WAITING:
            del self._waiting[job.snapshot.id]
            job.untold.clear()
        if saved.phase is Phase.HELD:
            self._held[job.snapshot.id] = job
            job.hold(saved.note)
        elif saved.phase is Phase.FAILED:
            job.become(Phase.FAILED, failure=saved.failure)
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
        job.has_begun = True
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

    def cancel(self, jobs: Iterable[Job], *, clears_up: bool) -> list[Job]:
        """End jobs that have not begun; throw the switch of those that run.

        Args:
            clears_up: those that had begun, and wait, run until the caller has cleared up.
        """
        changed = []
        for job in jobs:
            job_id = job.snapshot.id
            job.token.cancel()
            if self._waiting.pop(job_id, None) or self._held.pop(job_id, None):
                is_open = clears_up and job.has_begun
                job.become(Phase.RUNNING if is_open else Phase.CANCELLED)
                changed.append(job)
        return changed

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

    def suspend(self, job: Job, failure: Failure | None = None) -> list[Job]:
        """Hold a job that ran and was paused; released, be it meanwhile, it goes on.

        Args:
            failure: what it waits for instead; all that will meet the same waits as well.
        """
        job.token = CancelToken()
        self._held[job.snapshot.id] = job
        job.hold("", failure)
        if failure is None:
            return self.release([job]) if job.goes_on else [job]
        held = [job]
        for other in [each for each in self._waiting.values() if _meets(each, job, failure)]:
            self._held[other.snapshot.id] = self._waiting.pop(other.snapshot.id)
            other.hold("", failure)
            held.append(other)
        return held

    def release(self, jobs: Iterable[Job]) -> list[Job]:
        """Let the held ones of `jobs` wait again at their old places; their batch starts afresh."""
        released = []
        for job in jobs:
            if job.snapshot.asks:
                continue  # it needs a decision
            job.goes_on = job.snapshot.phase is Phase.RUNNING and job.token.is_paused
            if self._held.pop(job.snapshot.id, None):
                self._waiting[job.snapshot.id] = job
                job.become(Phase.WAITING)
                self.forgive(job.snapshot.batch)
                released.append(job)
        if released:
            self._sort()
        return released

    def decide(self, job: Job, decision: IfExists) -> list[Job]:
        """Let a job go on that asks about a name, or end it where it is to be skipped."""
        request = job.snapshot.request
        if not job.snapshot.asks or not isinstance(request, Upload | Download | Copy | Move):
            return []
        if decision is IfExists.SKIP:
            del self._held[job.snapshot.id]
            skipped = Outcome("The name is taken", is_skipped=True)
            return self.finish(job, Phase.SKIPPED, None, skipped)
        job.snapshot = replace(
            job.snapshot, request=replace(request, if_exists=decision), failure=None
        )
        return self.release([job])

    def forgive(self, batch: int) -> None:
        """Count the failures of a batch from nothing again."""
        for kind in STOPPING_KINDS:
            self._failures.pop((batch, kind), None)

    def move(self, job: Job, position: int) -> dict[int, int]:
        """Place a job among those that have not begun; 0 is the first.

        Gives the places that changed, by id.
        """
        line = sorted((*self._waiting.values(), *self._held.values()), key=lambda each: each.rank)
        if job not in line:
            return {}
        ranks = [each.rank for each in line]
        line.remove(job)
        line.insert(max(0, position), job)
        moved = {}
        for each, rank in zip(line, ranks, strict=True):
            if each.rank != rank:
                moved[each.snapshot.id] = each.rank = rank
        self._sort()
        return moved

    def forget(self, job: Job) -> bool:
        """Drop a job that is over and fully told; gives whether it was."""
        may_go = job.snapshot.phase.is_final and not job.untold
        if may_go:
            self._jobs.pop(job.snapshot.id, None)
        return may_go

    def _sort(self) -> None:
        line = sorted(self._waiting.values(), key=lambda job: job.rank)
        self._waiting = OrderedDict((job.snapshot.id, job) for job in line)


def _meets(job: Job, other: Job, failure: Failure) -> bool:
    """Whether a job would meet what another one waits for."""
    if failure.kind is FailureKind.EXISTS:
        return False
    if failure.kind is FailureKind.SIGN_IN:
        return job.snapshot.request.connection == other.snapshot.request.connection
    return job.snapshot.batch == other.snapshot.batch
