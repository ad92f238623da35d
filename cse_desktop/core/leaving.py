"""A call that may hang, and a caller who may leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from cse_desktop.core.progress import Cancelled, CancelToken

T = TypeVar("T")

_LOOK_AROUND_S: Final = 0.1
_GRACE_S: Final = 0.8
"""So long a call may go on after a cancel. Most end by then, and S3 has nothing in flight when the
upload is aborted; a part that arrives later would stay."""


def leave_when_cancelled(call: Callable[[], T], cancel: CancelToken) -> T:
    """Give what `call` gives, or leave it alone within a second of the cancel.

    A socket that is silent cannot be told to stop: it ends with its time-out. A call that was left
    does so in a thread of its own that keeps nobody waiting, not even the end of the program.

    Raises:
        Cancelled: the call may still be running; what it writes to must not be used any more.
    """
    running = _Running(call)
    thread = threading.Thread(target=running.run, name="request", daemon=True)
    thread.start()
    while not running.is_over.wait(_LOOK_AROUND_S):
        if cancel.is_cancelled and not running.is_over.wait(_GRACE_S):
            raise Cancelled
    return running.result()


class _Running(Generic[T]):
    """A call in a thread, and how it ended."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T] = []
        self._error: BaseException | None = None
        self.is_over = threading.Event()

    def run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:
            self._error = error
        finally:
            self.is_over.set()

    def result(self) -> T:
        """What the call gave, or the error it raised."""
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
            return self._results.pop()
        finally:
            del error  # its traceback holds this frame, which holds it
