"""How a running verb tells where it is, and how it is told to stop."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum


class Stage(Enum):
    """What a verb is doing, in the order in which it may happen."""

    PREPARING = "preparing"
    ENCRYPTING = "encrypting and uploading"
    DOWNLOADING = "downloading ciphertext"
    VERIFYING = "verifying the tag"
    SAVING = "decrypting and saving"
    COPYING = "copying inside S3"
    DELETING = "deleting"


@dataclass(frozen=True, slots=True)
class Progress:
    """Absolute state of one transfer.

    Attributes:
        done: bytes of plaintext that the other side has acknowledged.
        total: bytes of plaintext; 0 for an empty file.
        stage: what is being done now.
        part: number of parts acknowledged, 0 where the transfer has one part.
        parts: number of parts, 0 where the transfer has one part.
        waiting: what the transfer waits for before it tries again ("AWS KMS is busy, retry 2 of 8
            in 3 s"); "" while it goes on.
        resumed: bytes that an earlier try had moved, 0 where the transfer began anew.
    """

    done: int
    total: int
    stage: Stage = Stage.PREPARING
    part: int = 0
    parts: int = 0
    waiting: str = ""
    resumed: int = 0


Report = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Report to nobody."""


def silently(_reason: object) -> None:
    """Tell nobody what is waited for."""


class Reporter:
    """Passes reports on, one at a time, and can say that a transfer waits. Any thread."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._last = Progress(0, 0)
        self._resumed = 0
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        """Pass on."""
        with self._lock:
            self._last = replace(progress, resumed=self._resumed)
            self._report(self._last)

    def resume(self, done: int) -> None:
        """Say in all later reports that an earlier try had moved so many bytes."""
        self._resumed = done

    def wait(self, reason: object) -> None:
        """Report the last state again, with what is waited for."""
        with self._lock:
            self._report(replace(self._last, waiting=str(reason)))


class Cancelled(BaseException):
    """The user stopped a verb.

    A BaseException, because botocore swallows an Exception raised while it reads a body
    and retries (measured).

    Attributes:
        may_arrive: a request was sent, and nobody waited for its answer.
        is_in_doubt: what was to be stopped may have been done, and S3 could not be asked.
    """

    may_arrive = False
    is_in_doubt = False


class Paused(Cancelled):
    """The user or the end of the program stops a verb that is to go on later.

    What can be resumed is kept, where a record of it is; without one this is a cancel.
    """


class CancelToken:
    """A switch that is thrown once. Any thread.

    Args:
        parent: throwing this one counts for the new one too, not the other way round.
    """

    def __init__(self, parent: CancelToken | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent
        self._keeps = False

    @property
    def is_paused(self) -> bool:
        """Whether `pause` was called, here or on the parent, and `cancel` was not."""
        if self._event.is_set():
            return self._keeps
        return self._parent is not None and self._parent.is_paused

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called, here or on the parent."""
        return self._event.is_set() or (self._parent is not None and self._parent.is_cancelled)

    def cancel(self) -> None:
        """Stop the verb at its next check."""
        self._keeps = False
        self._event.set()

    def pause(self) -> None:
        """Stop the verb at its next check, and let it keep what can be resumed."""
        if not self._event.is_set():
            self._keeps = True
            self._event.set()

    def check(self) -> None:
        """Raise Cancelled if the switch is thrown."""
        if self.is_cancelled:
            raise Paused if self.is_paused else Cancelled

    def wait(self, timeout_s: float) -> None:
        """Sleep for `timeout_s` seconds, or raise Cancelled within 0.1 s of the switch."""
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            self._event.wait(min(left, 0.1))
            self.check()


class Deadline(CancelToken):
    """A switch that throws itself after some seconds, or with its parent."""

    def __init__(self, seconds: float, parent: CancelToken | None = None) -> None:
        super().__init__(parent)
        self._end = time.monotonic() + seconds

    @property
    def is_cancelled(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self._end or super().is_cancelled


class AfterPause(CancelToken):
    """A switch that follows another at once, but its pause only after some seconds.

    So what is on its way when a transfer is paused may arrive, and need not be sent again.
    """

    def __init__(self, other: CancelToken, seconds: float) -> None:
        super().__init__(other)
        self._other = other
        self._seconds = seconds
        self._end = math.inf

    @property
    def is_cancelled(self) -> bool:
        """Whether the other was cancelled, or paused so many seconds ago."""
        if not self._other.is_paused:
            return self._other.is_cancelled
        if self._end == math.inf:
            self._end = time.monotonic() + self._seconds
        return time.monotonic() >= self._end


class Afterwards(CancelToken):
    """A switch that is thrown some seconds after another: what was begun may be finished."""

    def __init__(self, other: CancelToken, seconds: float) -> None:
        super().__init__()
        self._other = other
        self._seconds = seconds
        self._end = math.inf

    @property
    def is_cancelled(self) -> bool:
        """Whether the seconds are over; they begin when this is first asked after the other."""
        if self._end == math.inf and self._other.is_cancelled:
            self._end = time.monotonic() + self._seconds
        return time.monotonic() >= self._end
