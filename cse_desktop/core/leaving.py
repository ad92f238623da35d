"""A call that may hang, and a caller who may leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final, Generic, TypeVar

from cse_desktop.core.progress import Cancelled, CancelToken

T = TypeVar("T")

LOOK_AROUND_S: Final = 0.1
GRACE_S: Final = 0.8
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
    _Request(running.run).start()
    while not running.is_over.wait(LOOK_AROUND_S):
        if cancel.is_cancelled and not running.is_over.wait(GRACE_S):
            try:
                cancel.check()
            except Cancelled as stopped:
                stopped.may_arrive = True
                raise
    return running.result()


def will_clear_up() -> None:
    """Say, inside a call, that it takes back what it began when its caller has left."""
    thread = threading.current_thread()
    if isinstance(thread, _Request):
        thread.clears_up = True


def wait_for_clearing_up(timeout_s: float) -> bool:
    """Wait for calls that were left and clear up by themselves; gives whether all have ended.

    For the end of a program, which ends their threads too.
    """
    end = monotonic() + timeout_s
    left = [each for each in threading.enumerate() if isinstance(each, _Request)]
    for thread in left:
        if thread.clears_up:
            thread.join(max(0.0, end - monotonic()))
    return not any(thread.clears_up and thread.is_alive() for thread in left)


class Opening:
    """The tries to begin one upload; the last of them may be answered after its caller has left.

    Attributes:
        begun: by the monotonic clock.
        arrived: ids of uploads.
    """

    def __init__(self) -> None:
        self.begun = monotonic()
        self.tries = 0
        self.arrived: list[str] = []
        self._lock = threading.Lock()
        self._is_under_way = self._is_left = False

    def begin_try(self) -> None:
        """Count one more, in the thread that makes it."""
        with self._lock:
            self.tries += 1
            self._is_under_way = True

    def end_try(self) -> bool:
        """Whether nobody waits for it any more."""
        with self._lock:
            self._is_under_way = False
            return self._is_left

    def leave(self) -> bool:
        """Wait for no try any more; gives whether all have ended."""
        with self._lock:
            self._is_left = True
            return not self._is_under_way


class _Request(threading.Thread):
    """The thread of one call.

    Attributes:
        clears_up: the end of it is worth waiting for.
    """

    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__(target=run, name="request", daemon=True)
        self.clears_up = False


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
