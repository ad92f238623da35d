"""When a request runs and in which thread: the queue keeps the order, a pool gives the threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from cse_desktop.jobs.board import Job
from cse_desktop.jobs.requests import IfExists, Request
from cse_desktop.jobs.snapshot import Phase, Snapshot
from cse_desktop.jobs.workers import Workers


class JobQueue(Workers):
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
        memory: of what was stored from here.
        small_for_one: so many small transfers may run in the place of one other job: they wait
            for answers more than they move bytes.
    """

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
            changed.extend(self._board.add(request, batch) for request in wanted)
            self._backlog.add((job.snapshot, job.rank) for job in changed)
        return batch

    def restore(self, connections: Iterable[str]) -> int:
        """Append the jobs of earlier runs under these connections; gives how many are not over.

        They go on by themselves, but for those that were held or failed, and for those that change
        things inside S3: they are held until the user says that they are still wanted.
        """
        saved = self._backlog.saved(tuple(connections))
        batches: dict[str, int] = {}
        with self._changing() as changed:
            if self._is_closed:
                return 0
            for each in saved:
                if each.batch not in batches:
                    self._last_batch += 1
                    batches[each.batch] = self._last_batch
                job = self._board.restore(each, batches[each.batch])
                self._backlog.adopt(job.snapshot, each)
                changed.append(job)
            self._backlog.rank({job.snapshot.id: job.rank for job in changed})
        return sum(each.phase is not Phase.FAILED for each in saved)

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
            self._backlog.add([(job.snapshot, job.rank)])
            changed.append(job)
        return job.snapshot.id

    def cancel(self, job_id: int) -> None:
        """End a waiting job at once, a running one at its next check."""
        self._cancel(lambda: self._found(job_id))

    def cancel_all(self) -> None:
        """Cancel every job."""
        self._cancel(self._board.jobs)

    def hold(self, job_id: int) -> None:
        """Keep a waiting job from starting; a running one stops where it can go on later."""
        with self._changing() as changed:
            self._board.pause(self._found(job_id))
            changed.extend(self._board.hold(self._found(job_id)))
            self._follow(changed)

    def hold_all(self) -> None:
        """Hold all jobs that are not over; jobs submitted later are not held."""
        with self._changing() as changed:
            self._board.pause(self._board.jobs())
            changed.extend(self._board.hold(self._board.jobs()))
            self._follow(changed)

    def release(self, job_id: int) -> None:
        """Let a held job wait again, at its old place."""
        with self._changing() as changed:
            changed.extend(self._board.release(self._found(job_id)))
            self._follow(changed)

    def release_all(self) -> None:
        """Let all held jobs wait again, at their old places."""
        with self._changing() as changed:
            changed.extend(self._board.release(self._board.jobs()))
            self._follow(changed)

    def release_if(self, may_go_on: Callable[[Snapshot], bool]) -> None:
        """Release those held jobs that may go on."""
        with self._changing() as changed:
            jobs = [job for job in self._board.jobs() if job.snapshot.phase is Phase.HELD]
            changed.extend(self._board.release(j for j in jobs if may_go_on(j.snapshot)))
            self._follow(changed)

    def decide(self, decisions: Mapping[int, IfExists]) -> None:
        """Let jobs go on that ask about a name that is taken, each as was decided."""
        with self._changing() as changed:
            for job_id, decision in decisions.items():
                for job in self._found(job_id):
                    changed.extend(self._board.decide(job, decision))
            self._backlog.amend(job.snapshot for job in changed)
            self._follow(changed)

    def move(self, job_id: int, position: int) -> None:
        """Place a job among those that wait or are held; 0 is the first."""
        with self._lock:
            for job in self._found(job_id):
                self._backlog.rank(self._board.move(job, position))

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Give all jobs that were not forgotten, oldest first."""
        with self._lock:
            return tuple(job.snapshot for job in self._board.jobs())

    def forget(self, job_ids: Iterable[int]) -> None:
        """Drop jobs that are over; others are left alone."""
        with self._lock:
            for job_id in job_ids:
                for job in self._found(job_id):
                    if self._board.forget(job):
                        self._backlog.drop([job_id])

    def _cancel(self, which: Callable[[], Iterable[Job]]) -> None:
        """Cancel jobs; what had begun and waits runs until it is taken back."""
        with self._changing() as changed:
            jobs = [job for job in which() if not job.snapshot.phase.is_final]
            clears_up = self._backlog.clears_up and not self._is_closed
            changed.extend(self._board.cancel(jobs, clears_up=clears_up))
            begun = [job for job in changed if not job.snapshot.phase.is_final]
            marked = [(job, self._backlog.key_of(job.snapshot.id)) for job in begun]
            # Also those that run: the next start must not go on with what was not wanted.
            self._backlog.drop(job.snapshot.id for job in jobs)
            if marked:
                self._clear_up_soon(marked)

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise RuntimeError("the queue is closed")

    def _found(self, job_id: int) -> tuple[Job, ...]:
        job = self._board.find(job_id)
        return () if job is None else (job,)
