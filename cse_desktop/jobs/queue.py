"""When a request runs and in which thread: the queue keeps the order, a pool gives the threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from cse_desktop.core.progress import Cancelled, Paused, Progress
from cse_desktop.jobs.backlog import Backlog
from cse_desktop.jobs.board import Board, Job
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.requests import Request
from cse_desktop.jobs.snapshot import Failure, Phase, Snapshot
from cse_desktop.jobs.telling import Teller

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

MAX_PARALLEL: Final = 32


class JobQueue:
    """Jobs in order, a few at a time.

    Any method may be called from any thread, also from the listener. The listener hears every
    change of phase of every job, in order per job, never while a lock is held and never twice at
    a time for one job; progress that came too fast is left out. It hears the end of a job last.

    A batch in which three jobs fail alike, for a reason that the next one would meet as well
    (not permitted, key, sign-in, disk), is held: see `Board.finish`.

    Args:
        session_for: gives the session of a connection by name; called in worker threads.
        listener: told about every job; it must be quick.
        limit: how many jobs run at a time.
        backlog: where jobs are written down that are not over.
    """

    def __init__(
        self,
        session_for: Callable[[str], Session],
        listener: Callable[[Snapshot], None],
        limit: int = 4,
        backlog: Backlog | None = None,
    ) -> None:
        self._backlog = backlog
        self._session_for = session_for
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._board = Board()
        self._limit = _bounded(limit)
        self._workers = 0
        self._tellings = 0
        self._tell = Teller(self._lock, listener).tell
        self._last_batch = 0
        self._is_closed = False
        self._pool = ThreadPoolExecutor(MAX_PARALLEL, thread_name_prefix="job")

    @property
    def is_kept(self) -> bool:
        """Whether the next run goes on with what is not over."""
        return self._backlog is not None

    @property
    def limit(self) -> int:
        """How many jobs run at a time; a lower one lets those that run end first."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        with self._changing():
            self._limit = _bounded(limit)

    def submit(self, requests: Iterable[Request]) -> int:
        """Append requests of one user action; gives the number of the batch.

        Raises:
            RuntimeError: the queue is closed.
        """
        wanted = tuple(requests)
        with self._changing() as changed:
            self._refuse_if_closed()
            self._last_batch += 1
            batch = self._last_batch
            jobs = [self._board.add(request, batch) for request in wanted]
            self._write_down(jobs)
            changed.extend(jobs)
        return batch

    def restore(self, connections: Iterable[str]) -> int:
        """Append the jobs of earlier runs under these connections; gives how many."""
        if self._backlog is None:
            return 0
        saved = self._backlog.saved(tuple(connections))
        batches: dict[int, int] = {}
        with self._changing() as changed:
            for each in saved:
                if each.batch not in batches:
                    self._last_batch += 1
                    batches[each.batch] = self._last_batch
                job = self._board.add(each.request, batches[each.batch])
                self._backlog.adopt(job.snapshot.id, each.row_id)
                changed.append(job)
        return len(saved)

    def retry(self, job_id: int) -> int:
        """Append the request of a job that is over once more; gives the id of the new job.

        Raises:
            ValueError: there is no such job, or it is not over.
            RuntimeError: the queue is closed.
        """
        with self._changing() as changed:
            self._refuse_if_closed()
            old = self._board.find(job_id)
            if old is None or not old.snapshot.phase.is_final:
                raise ValueError(f"job {job_id} is not over")
            self._board.forgive(old.snapshot.batch)
            job = self._board.add(old.snapshot.request, old.snapshot.batch)
            self._write_down([job])
            changed.append(job)
        return job.snapshot.id

    def cancel(self, job_id: int) -> None:
        """End a waiting job at once, a running one at its next check."""
        with self._changing() as changed:
            changed.extend(self._board.cancel(self._found(job_id)))
        self._forget_ended(changed)

    def cancel_all(self) -> None:
        """Cancel every job."""
        with self._changing() as changed:
            changed.extend(self._board.cancel(self._board.jobs()))
        self._forget_ended(changed)

    def hold(self, job_id: int) -> None:
        """Keep a waiting job from starting; a running one stops where it can go on later."""
        with self._changing() as changed:
            self._board.pause(self._found(job_id))
            changed.extend(self._board.hold(self._found(job_id)))

    def hold_all(self) -> None:
        """Hold all jobs that are not over; jobs submitted later are not held."""
        with self._changing() as changed:
            self._board.pause(self._board.jobs())
            changed.extend(self._board.hold(self._board.jobs()))

    def release(self, job_id: int) -> None:
        """Let a held job wait again, at its old place."""
        with self._changing() as changed:
            changed.extend(self._board.release(self._found(job_id)))

    def release_all(self) -> None:
        """Let all held jobs wait again, at their old places."""
        with self._changing() as changed:
            changed.extend(self._board.release(self._board.jobs()))

    def move(self, job_id: int, position: int) -> None:
        """Place a job among those that wait or are held; 0 is the first."""
        with self._lock:
            for job in self._found(job_id):
                self._board.move(job, position)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Give all jobs that were not forgotten, oldest first."""
        with self._lock:
            return tuple(job.snapshot for job in self._board.jobs())

    def forget(self, job_ids: Iterable[int]) -> None:
        """Drop jobs that are over; others are left alone."""
        with self._lock:
            for job_id in job_ids:
                for job in self._found(job_id):
                    self._board.forget(job)

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
            if self._backlog is not None:
                self._board.pause(jobs)
                jobs = tuple(job for job in jobs if job.snapshot.phase is not Phase.RUNNING)
            changed.extend(self._board.cancel(jobs))
        is_idle = self.wait_idle(timeout_s)
        self._pool.shutdown(wait=is_idle, cancel_futures=False)
        return is_idle

    def _write_down(self, jobs: Iterable[Job]) -> None:
        """Write new jobs to the backlog, if there is one. The lock is held."""
        if self._backlog is not None:
            new = [(job.snapshot.id, job.snapshot.request) for job in jobs]
            self._backlog.add(new, self._last_batch)

    def _forget_ended(self, jobs: Iterable[Job]) -> None:
        """Drop what is over from the backlog; what only the end of the program ended stays."""
        if self._backlog is None:
            return
        kept = (Phase.CANCELLED,) if self._is_closed else ()
        over = [job.snapshot for job in jobs if job.snapshot.phase.is_final]
        self._backlog.drop(each.id for each in over if each.phase not in kept)

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise RuntimeError("the queue is closed")

    def _found(self, job_id: int) -> tuple[Job, ...]:
        job = self._board.find(job_id)
        return () if job is None else (job,)

    def _is_idle(self) -> bool:
        return not (self._workers or self._tellings or self._board.waiting_count)

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
        """Start workers up to the limit. The lock is held, here and where a worker leaves.

        So no worker leaves between a job's arrival and the question whether one is needed.
        """
        waiting = self._board.waiting_count
        while self._workers < self._limit and waiting > 0:
            self._workers += 1
            waiting -= 1
            self._pool.submit(self._work)

    def _work(self) -> None:
        """Do jobs until none waits or the limit was lowered. Worker thread."""
        while (job := self._begin_next_or_leave()) is not None:
            self._tell([job])
            phase, failure, outcome = self._perform(job)
            with self._changing() as changed:
                if phase is Phase.HELD and job.token.is_paused and not self._is_closed:
                    changed.extend(self._board.suspend(job))
                else:
                    phase = Phase.CANCELLED if phase is Phase.HELD else phase
                    changed.extend(self._board.finish(job, phase, failure, outcome))
            self._forget_ended(changed)

    def _begin_next_or_leave(self) -> Job | None:
        with self._changed:
            job = None if self._workers > self._limit else self._board.begin_next()
            if job is None:
                self._workers -= 1
                self._changed.notify_all()
            return job

    def _perform(self, job: Job) -> tuple[Phase, Failure | None, Outcome]:
        """Do the verb. Nothing it raises may end the worker, so this catches everything."""
        request = job.snapshot.request

        def report(progress: Progress) -> None:
            with self._lock:
                if job.snapshot.phase is not Phase.RUNNING:
                    return
                job.advance(progress)
            self._tell([job])

        try:
            job.token.check()
            outcome = request.perform(self._session_for(request.connection), report, job.token)
        except Paused:
            return Phase.HELD, None, Outcome()
        except Cancelled:
            return Phase.CANCELLED, None, Outcome()
        except BaseException as error:  # the last line of defence
            return Phase.FAILED, failure_of(error), Outcome()
        return (Phase.SKIPPED if outcome.is_skipped else Phase.DONE), None, outcome


def _bounded(limit: int) -> int:
    return max(1, min(limit, MAX_PARALLEL))
