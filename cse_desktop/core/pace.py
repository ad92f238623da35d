"""How fast one service may be asked, shared by all threads that ask it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cse_desktop.core.progress import CancelToken

MAX_AT_A_TIME: Final = 64
_LOOK_AROUND_S: Final = 0.1


class Pace:
    """Turns for requests: as many at a time as the service takes. Any thread.

    A service that is busy halves the number, once for all requests that were under way, and
    nobody asks again before the pause is over. Success raises it again, one by one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._width = MAX_AT_A_TIME
        self._not_before = 0.0
        self._halved = 0.0
        self._successes = 0

    @property
    def width(self) -> int:
        """Requests that may run at a time."""
        return self._width

    @contextmanager
    def turn(self, cancel: CancelToken) -> Iterator[float]:
        """Wait for a turn and hold it; gives the moment it began, for `slow_down`.

        Raises:
            Cancelled: while it waited.
        """
        with self._changed:
            while (left := self._wait_s()) > 0:
                cancel.check()
                self._changed.wait(min(left, _LOOK_AROUND_S))
            self._running += 1
        try:
            yield time.monotonic()
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def slow_down(self, begun: float, pause_s: float) -> None:
        """The service is busy, says a request that began at `begun`; call it during the turn."""
        with self._changed:
            now = time.monotonic()
            self._not_before = max(self._not_before, now + pause_s)
            if begun >= self._halved:
                # Requests that were under way together are refused together: that counts once.
                self._width = max(1, min(self._width, self._running) // 2)
                self._halved = now
            self._successes = 0

    def go_on(self) -> None:
        """A request was answered."""
        with self._changed:
            self._successes += 1
            if self._width < MAX_AT_A_TIME and self._successes >= self._width:
                self._width += 1
                self._successes = 0
                self._changed.notify_all()

    def _wait_s(self) -> float:
        if self._running >= self._width:
            return _LOOK_AROUND_S
        return self._not_before - time.monotonic()
