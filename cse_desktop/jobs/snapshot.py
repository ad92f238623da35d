"""The state of a job as the world sees it.

States and their promises:

    WAITING -> RUNNING -> DONE | FAILED | CANCELLED | SKIPPED
    HELD    <-> WAITING, RUNNING -> HELD

- WAITING: in the queue; nothing was read, drawn or sent since it was held or the program began.
- HELD: as WAITING, and stays so until it is released. A job that ran goes on then where it was, if
  there is a journal, and from the beginning otherwise. The user holds a job, or the queue does
  because too many of its batch failed for one reason; then `note` says which. With a journal, the
  queue also holds what needs a sign-in or room on a disk; then `failure` says which. So it does
  with a name that was taken meanwhile, if it is to ask about that: `JobQueue.decide` lets it go on.
- RUNNING: a worker thread is inside the verb. So is a job for a moment that had begun and is
  cancelled while it is held: what it left is taken back.
- DONE: all that was asked is done and durable.
- FAILED: nothing was left behind, `failure` says why.
- CANCELLED: stopped by the user, nothing was left behind; where S3 was told to store the last byte
  and cannot be asked any more, `note` says that nobody knows.
- SKIPPED: the name was taken and the user chose to skip.

The four on the right are final: each job reaches exactly one of them, once, after its work is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from cse_desktop.core.errors import Refusal
from cse_desktop.core.progress import Progress
from cse_desktop.jobs.requests import Request

if TYPE_CHECKING:
    from cse_desktop.jobs.outcome import Result


class Phase(Enum):
    """Where a job is; see the module for the promises."""

    WAITING = "waiting"
    HELD = "held"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self not in (Phase.WAITING, Phase.HELD, Phase.RUNNING)


class FailureKind(Enum):
    """What a person can do next; also the exit code's name on the command line."""

    INVALID = "invalid"
    REFUSED = "refused"
    KEY = "key"
    NOT_PERMITTED = "not permitted"
    SIGN_IN = "sign in"
    NOT_FOUND = "not found"
    EXISTS = "exists"
    CHANGED = "changed"
    NETWORK = "network"
    DISK = "disk"
    DISK_FULL = "disk full"
    SERVICE = "service"
    DEFECT = "defect"  # an exception nobody expected: our mistake


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended, as text.

    Never the exception: a traceback keeps frames alive, and frames hold keys.

    Attributes:
        refusal: what AWS did not permit, where that is the reason.
    """

    kind: FailureKind
    title: str
    hint: str = ""
    details: str = ""
    refusal: Refusal | None = None

    @property
    def passes(self) -> bool:
        """Whether the same request works once somebody has signed in or made room."""
        return self.kind in (FailureKind.SIGN_IN, FailureKind.DISK_FULL)

    @property
    def may_be_retried(self) -> bool:
        """Whether the same request could end differently."""
        return self.kind not in (FailureKind.REFUSED, FailureKind.INVALID)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of a job at one moment; complete in itself, so a reader may miss any number of them.

    Attributes:
        id: unique in this process, rising.
        batch: shared by the requests of one user action.
        note: one sentence about the outcome ("Saved as report (2).pdf") or why the queue holds the
            job, or "".
        finished: local time of the final state.
        failure: why it failed, or what the queue holds it for.
        result: what the verb gave (Stored, Saved, Verified); None until DONE.
        is_restored: an earlier run of the program began with it.
    """

    id: int
    batch: int
    request: Request
    phase: Phase
    progress: Progress
    failure: Failure | None = None
    note: str = ""
    finished: datetime | None = None
    result: Result | None = None
    is_restored: bool = False

    @property
    def asks(self) -> bool:
        """Whether it waits for a decision about a name that was taken meanwhile."""
        failure = self.failure
        is_about_name = failure is not None and failure.kind is FailureKind.EXISTS
        return self.phase is Phase.HELD and is_about_name
