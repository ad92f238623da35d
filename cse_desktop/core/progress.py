"""How a running verb tells where it is, and how it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """What a verb is doing, in the order in which it may happen."""

    PREPARING = "preparing"
    ENCRYPTING = "encrypting and uploading"
    DOWNLOADING = "downloading ciphertext"
    VERIFYING = "verifying the tag"
    SAVING = "decrypting and saving"


@dataclass(frozen=True, slots=True)
class Progress:
    """Absolute state of one transfer.

    Attributes:
        done: bytes of plaintext that the other side has acknowledged.
        total: bytes of plaintext; 0 for an empty file.
        stage: what is being done now.
        part: number of parts acknowledged, 0 where the transfer has one part.
        parts: number of parts, 0 where the transfer has one part.
    """

    done: int
    total: int
    stage: Stage = Stage.PREPARING
    part: int = 0
    parts: int = 0


Report = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Report to nobody."""


class Cancelled(BaseException):
    """The user stopped a verb.

    A BaseException, because botocore swallows an Exception raised while it reads a body
    and retries (measured).
    """


class CancelToken:
    """A switch that is thrown once. Any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Stop the verb at its next check."""
        self._event.set()

    def check(self) -> None:
        """Raise Cancelled if the switch is thrown."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, timeout_s: float) -> None:
        """Sleep for `timeout_s` seconds, or raise Cancelled as soon as the switch is thrown."""
        if self._event.wait(timeout_s):
            raise Cancelled
