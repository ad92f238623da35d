"""Telling a listener about jobs: in order per job, without a lock, from whichever thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

from cse_desktop.jobs.board import Job
from cse_desktop.jobs.snapshot import Snapshot

log = logging.getLogger(__name__)


class Teller:
    """Tells one listener. Any thread.

    Args:
        lock: guards the jobs; it must not be held by the caller.
        listener: never called twice at a time for one job.
    """

    def __init__(self, lock: threading.Lock, listener: Callable[[Snapshot], None]) -> None:
        self._lock = lock
        self._listener = listener

    def tell(self, jobs: Iterable[Job]) -> None:
        """Tell what is untold of `jobs`.

        One thread at a time tells about a job. Another that comes meanwhile leaves its snapshot
        to the first and goes on.
        """
        for job in jobs:
            snapshot = self._first_untold(job)
            while snapshot is not None:
                try:
                    self._listener(snapshot)
                except Exception:
                    # A listener's mistake must not fail a transfer, nor end a worker.
                    log.exception("The listener failed on a snapshot of job %d", snapshot.id)
                snapshot = self._next_untold(job)

    def _first_untold(self, job: Job) -> Snapshot | None:
        with self._lock:
            if job.is_telling or not job.untold:
                return None
            job.is_telling = True
            return job.untold.popleft()

    def _next_untold(self, job: Job) -> Snapshot | None:
        with self._lock:
            job.is_telling = bool(job.untold)
            return job.untold.popleft() if job.untold else None
