"""Transfers that wait because a name was taken meanwhile: look again, ask, let them go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import QObject, Signal, Slot

from cse_desktop.gui.bridge import Bridge
from cse_desktop.jobs.late import Late, look_again
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import IfExists
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Snapshot

AskAboutLate = Callable[[Late], dict[int, IfExists] | None]
"""Shows the clashes, all of one kind of transfer; None when the jobs are to wait on."""


class AskingFlow(QObject):
    """Decides about jobs that ask. GUI thread.

    Signals:
        failed: the Failure of a look at what is there.
    """

    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        sessions: Sessions,
        queue: JobQueue,
        ask: AskAboutLate,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._queue = queue
        self._ask = ask

    @Slot(object)
    def decide(self, jobs: Sequence[Snapshot]) -> None:
        """Let the user decide about some jobs; each kind of transfer has a dialog of its own."""
        asking = sorted((job for job in jobs if job.asks), key=_verb)
        for _verb_name, alike in groupby(asking, key=_verb):
            self._bridge.ask(
                partial(look_again, self._sessions.get, tuple(alike)),
                self._decide,
                self.failed.emit,
                self,
            )

    def _decide(self, late: Late) -> None:
        decisions = dict.fromkeys(late.free, IfExists.ASK)
        if late.clashes:
            decisions |= self._ask(late) or {}
        self._queue.decide(decisions)


def _verb(job: Snapshot) -> str:
    return type(job.request).__name__
