"""Doing the verb of one job, and how that ended. Worker thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cse_desktop.core.errors import AlreadyExists
from cse_desktop.core.progress import Cancelled, CancelToken, Paused, Report
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.memory import Memory
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.requests import IfExists, Request
from cse_desktop.jobs.snapshot import Failure, Phase

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

IN_DOUBT: Final = "S3 may store it all the same: refresh the folder to see"


@dataclass(frozen=True, slots=True)
class End:
    """How a verb ended.

    Attributes:
        phase: HELD when it was paused.
        outcome: of DONE and SKIPPED; the note also of CANCELLED.
        asks: a name was taken meanwhile, and somebody is to decide about it.
    """

    phase: Phase
    failure: Failure | None = None
    outcome: Outcome = field(default_factory=Outcome)
    asks: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether what was begun is kept, so that it can go on."""
        return self.phase is Phase.HELD or (self.failure is not None and self.failure.passes)


def perform(
    request: Request,
    open_session: Callable[[], Session],
    report: Report,
    cancel: CancelToken,
    memory: Memory,
) -> End:
    """Do the verb. Nothing it raises may end the worker, so this catches everything."""
    try:
        cancel.check()
        session = open_session()
        outcome = memory.after(session, request, request.perform(session, report, cancel))
    except Paused:
        return End(Phase.HELD)
    except Cancelled as stopped:
        return End(Phase.CANCELLED, None, Outcome(IN_DOUBT if stopped.is_in_doubt else ""))
    except AlreadyExists as error:
        asks = getattr(request, "if_exists", None) is IfExists.ASK
        return End(Phase.FAILED, failure_of(error), asks=asks)
    except BaseException as error:  # the last line of defence
        return End(Phase.FAILED, failure_of(error))
    return End(Phase.SKIPPED if outcome.is_skipped else Phase.DONE, None, outcome)
