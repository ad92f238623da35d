"""Ctrl-C and SIGTERM: at once where nothing is open, in good order where transfers run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import Final

from cse_desktop.cli import exit_codes

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_INSISTING: Final = 3
_PATIENCE_S: Final = 2.0
"""Keys pressed in a hurry are one wish; who asks again after this does not want to wait."""


class Interruption:
    """Notes that the user or the system wants an end. Main thread.

    A signal raises KeyboardInterrupt, except inside `noted`, where it is counted only: there a
    thread pool is at work, and an exception between any two lines would leave an upload open.
    The third signal there ends the process, unless all three came at once.
    """

    def __init__(self) -> None:
        self.count = 0
        self._first = 0.0
        self._is_noting = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Handle the signals of the process."""
        before = [(number, signal.signal(number, self._handle)) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Count signals instead of raising."""
        self._is_noting = True
        try:
            yield
        finally:
            self._is_noting = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        # Sets plain attributes only: a lock taken here may be held by the code it interrupts.
        self.count += 1
        if not self._is_noting:
            raise KeyboardInterrupt
        if self.count == 1:
            self._first = monotonic()
        if self.count >= _INSISTING and monotonic() - self._first > _PATIENCE_S:
            # Threads that wait for a silent network would keep a softer end waiting too.
            os._exit(exit_codes.INTERRUPTED)
