"""The threads of the queue: they take jobs off the board, do them, and write the books."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cse_desktop.core.progress import Progress
from cse_desktop.jobs.backlog import NoBacklog
from cse_desktop.jobs.board import Board, Job
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.memory import Memory
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.performing import End, perform
from cse_desktop.jobs.snapshot import Phase, Snapshot
from cse_desktop.jobs.telling import Teller

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

log = logging.getLogger(__name__)

MAX_PARALLEL: Final = 32
MAX_THREADS: Final = 64


class Workers:
    """Does the jobs of a board, a few at a time. Any thread; see `JobQueue`."""

    def __init__(
        self,
        session_for: Callable[[str], Session],
        listener: Callable[[Snapshot], None],
        limit: int = 4,
        backlog: NoBacklog = NoBacklog(),  # noqa: B008  it has no state
        memory: Memory | None = None,
        *,
        small_for_one: int = 1,
    ) -> None:
        self._memory = memory or Memory(None)
        self._backlog = backlog
        self._session_for = session_for
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._board = Board()
        self._limit = _bounded(limit)
        self._small_for_one = small_for_one
        self._workers = self._clearings = 0
        # Of these workers, those that are about to look for a job; and what all others take up,
        # in small jobs.
        self._looking = self._taken = 0
        self._tellings = 0
        self._tell = Teller(self._lock, listener).tell
        self._last_batch = 0
        self._is_closed = False
        self._pool = ThreadPoolExecutor(MAX_THREADS + 1, thread_name_prefix="job")

    @property
    def is_kept(self) -> bool:
        """Whether the next run goes on with what is not over."""
        return self._backlog.is_kept

    @property
    def limit(self) -> int:
        """How many jobs run at a time; a lower one lets those that run end first."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        with self._changing():
            self._limit = _bounded(limit)

    def wait_idle(self, timeout_s: float | None = None) -> bool:
        """Wait until nothing runs or waits and the listener heard all; held jobs do not count."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Take no more jobs and cancel all; gives whether every job ended within `timeout_s`.

        With a backlog they are paused instead: the next run goes on with them.

        A thread that did not end keeps the process alive until its network time-out.
        """
        with self._changing() as changed:
            self._is_closed = True
            jobs = self._board.jobs()
            if self.is_kept:
                self._board.pause(jobs)
                jobs = tuple(job for job in jobs if job.snapshot.phase is not Phase.RUNNING)
            changed.extend(self._board.cancel(jobs, clears_up=False))
        is_idle = self.wait_idle(timeout_s)
        self._pool.shutdown(wait=is_idle, cancel_futures=False)
        return is_idle

    def _clear_up_soon(self, marked: Sequence[tuple[Job, str]]) -> None:
        self._clearings += 1
        self._pool.submit(self._clear_up, marked)

    def _clear_up(self, marked: Sequence[tuple[Job, str]]) -> None:
        """Take back what cancelled jobs had begun, and end them. Worker thread."""
        for job, key in marked:
            self._take_back(job, key)
            with self._changing() as changed:
                changed.extend(self._board.finish(job, Phase.CANCELLED, None, Outcome()))
        with self._changed:
            self._clearings -= 1
            self._changed.notify_all()

    def _take_back(self, job: Job, key: str) -> None:
        connection = job.snapshot.request.connection
        try:
            self._backlog.take_back(key, lambda: self._session_for(connection))
        except Exception as error:  # a worker has nobody to raise to; the next start tries again
            log.info("A cancelled job was not taken back yet: %s", failure_of(error).title)

    def _follow(self, jobs: Iterable[Job]) -> None:
        """Note what became of jobs; what only the end of the program ended stays as it was."""
        stays = (Phase.CANCELLED, Phase.HELD, Phase.WAITING) if self._is_closed else ()
        self._backlog.follow(job.snapshot for job in jobs if job.snapshot.phase not in stays)

    def _is_idle(self) -> bool:
        busy = self._workers or self._clearings or self._tellings
        return not (busy or self._board.waiting_count)

    @contextmanager
    def _changing(self) -> Iterator[list[Job]]:
        """Hold the lock for a change; then start workers and tell about the jobs in the list."""
        changed: list[Job] = []
        with self._lock:
            yield changed
            self._start_workers()
            self._tellings += 1
        self._tell(changed)
        with self._changed:
            self._tellings -= 1
            self._changed.notify_all()

    def _start_workers(self) -> None:
        """Start workers as far as there is room. The lock is held, as where a worker leaves.

        So no worker leaves between a job's arrival and the question whether one is needed.
        """
        looking, taken = self._looking, self._taken
        for job in self._board.waiting():
            taken += self._weight(job)
            if taken > self._limit * self._small_for_one or self._workers >= MAX_THREADS:
                return
            if looking:
                looking -= 1  # that one is for a worker who is on the way
                continue
            self._workers += 1
            self._looking += 1
            self._pool.submit(self._work)

    def _work(self) -> None:
        """Do jobs until none waits or the limit was lowered. Worker thread."""
        while (job := self._begin_next_or_leave()) is not None:
            self._tell([job])
            key = self._backlog.key_of(job.snapshot.id)
            end = self._perform(job)
            is_kept = end.goes_on and self._backlog.clears_up
            waits = end.phase is Phase.HELD or is_kept or end.asks
            with self._changing() as changed:
                self._taken -= self._weight(job)
                self._looking += 1
                if waits and job.is_cancelled and self._backlog.clears_up:
                    self._clear_up_soon([(job, key)])  # it was paused first
                elif waits and not (job.is_cancelled or self._is_closed):
                    changed.extend(self._board.suspend(job, end.failure))
                else:
                    changed.extend(self._finish(job, end))
                self._follow(changed)

    def _finish(self, job: Job, end: End) -> list[Job]:
        """End a job; one that the next start goes on with counts as cancelled."""
        goes_on = end.goes_on or end.asks
        if end.phase is Phase.HELD or (goes_on and self._is_closed and self.is_kept):
            end = End(Phase.CANCELLED)
        return self._board.finish(job, end.phase, end.failure, end.outcome)

    def _begin_next_or_leave(self) -> Job | None:
        with self._changed:
            self._looking -= 1
            job = next(self._board.waiting(), None)
            room = self._limit * self._small_for_one - self._taken
            if job is None or self._weight(job) > room:
                self._workers -= 1
                self._changed.notify_all()
                return None
            self._taken += self._weight(job)
            return self._board.begin_next()

    def _weight(self, job: Job) -> int:
        return 1 if job.is_small else self._small_for_one

    def _perform(self, job: Job) -> End:
        request = job.snapshot.request

        def report(progress: Progress) -> None:
            with self._lock:
                if job.snapshot.phase is not Phase.RUNNING:
                    return
                job.advance(progress)
            self._tell([job])

        def open_session() -> Session:
            return self._backlog.recording(self._session_for(request.connection), job.snapshot.id)

        return perform(request, open_session, report, job.token, self._memory)


def _bounded(limit: int) -> int:
    return max(1, min(limit, MAX_PARALLEL))
