"""Writes that nobody waits for, one after the other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

from cse_desktop.core.errors import CseError

log = logging.getLogger(__name__)


class Scribe:
    """A thread that writes what others have to note, in the order in which they said it.

    Any thread may call; none of the methods but `close` touches a disk or waits.

    Attributes:
        is_behind: something could not be written.
    """

    def __init__(self) -> None:
        self.is_behind = False
        self._waiting: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def note(self, write: Callable[[], None]) -> None:
        """Have something written soon."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="scribe", daemon=True)
                self._thread.start()
        self._waiting.put(write)

    def close(self, timeout_s: float) -> bool:
        """Write what is left; gives whether all of it was written within `timeout_s`."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is None:
            return not self.is_behind
        self._waiting.put(None)
        thread.join(timeout_s)
        return not (thread.is_alive() or self.is_behind)

    def _write(self) -> None:
        while (write := self._waiting.get()) is not None:
            try:
                write()
            except CseError as error:
                # The jobs go on; only the next start will not know of this.
                self.is_behind = True
                log.info("A job could not be written down: %s %s", error.title, error.details)
