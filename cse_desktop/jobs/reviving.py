"""Jobs that wait for a sign-in or for room on a disk go on when it is there."""

from __future__ import annotations

import logging
import shutil
import threading
from pathlib import Path
from typing import Final

from cse_desktop.core.errors import CseError
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Download
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import FailureKind, Phase, Snapshot

log = logging.getLogger(__name__)

_EVERY_S: Final = 5.0
_WORTH_A_TRY_BYTES: Final = 1024 * 1024
"""So much more room than at the last look lets a job try again; less is noise."""


class Reviver:
    """Looks now and then whether what jobs wait for is there, in a thread of its own.

    Args:
        folder: where the journal is; an upload needs room there.
    """

    def __init__(self, queue: JobQueue, sessions: Sessions, folder: Path) -> None:
        self._queue, self._sessions, self._folder = queue, sessions, folder
        self._free: dict[int, int] = {}
        self._marks: dict[str, str] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="reviver", daemon=True)

    def start(self) -> None:
        """Begin to look, unless it is too late."""
        if not self._is_over.is_set():
            self._thread.start()

    def stop(self) -> None:
        """Look no more; a look that is under way ends by itself."""
        self._is_over.set()

    def look(self) -> None:
        """Release what can go on. Waits for disks and providers of credentials."""
        waiting = [each for each in self._queue.snapshots() if each.phase is Phase.HELD]
        kinds = {each.id: each.failure.kind for each in waiting if each.failure}
        lost = {each.request.connection for each in waiting if _is(each, FailureKind.SIGN_IN)}
        found = {name for name in lost if self._is_signed_in(name)}
        self._marks = {name: mark for name, mark in self._marks.items() if name in lost - found}
        roomy = {
            each.id
            for each in waiting
            if kinds.get(each.id) is FailureKind.DISK_FULL and self._has_room(each)
        }
        self._free = {job_id: free for job_id, free in self._free.items() if job_id in kinds}
        if found or roomy:
            self._queue.release_if(
                lambda each: (
                    each.id in roomy
                    or (_is(each, FailureKind.SIGN_IN) and each.request.connection in found)
                )
            )

    def _watch(self) -> None:
        while not self._is_over.wait(_EVERY_S):
            self.look()

    def _is_signed_in(self, connection: str) -> bool:
        """Whether there are other credentials than at the first look."""
        try:
            mark = self._sessions.get(connection).sign_in_mark()
        except CseError as error:
            log.debug("%s waits for a sign-in: %s", connection, error.title)
            self._sessions.renew(connection)
            mark = ""
        return self._marks.setdefault(connection, mark) != mark != ""

    def _has_room(self, waiting: Snapshot) -> bool:
        request = waiting.request
        folder = request.target.parent if isinstance(request, Download) else self._folder
        try:
            free = shutil.disk_usage(folder).free
        except OSError:
            return False
        before = self._free.setdefault(waiting.id, free)
        if free > before + _WORTH_A_TRY_BYTES:
            del self._free[waiting.id]
            return True
        self._free[waiting.id] = min(before, free)
        return False


def _is(waiting: Snapshot, kind: FailureKind) -> bool:
    return waiting.failure is not None and waiting.failure.kind is kind
