"""Ctrl-C and SIGTERM: at once where nothing is open, in good order where transfers run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Interruption:
    """Notes that the user or the system wants an end. Main thread.

    A signal raises KeyboardInterrupt, except inside `noted`, where it is counted only: there a
    thread pool is at work, and an exception between any two lines would leave an upload open.
    """

    def __init__(self) -> None:
        self.count = 0
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
