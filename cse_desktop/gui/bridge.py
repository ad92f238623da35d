"""The one door from worker threads into the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.questions import Asked, Lane, Questions
from cse_desktop.jobs.snapshot import Failure, Snapshot

T = TypeVar("T")


class Bridge(QObject):
    """Newest snapshots of jobs, and answers to short reads.

    It lives as long as the application.

    Signals:
        changed: the newest Snapshot of a job, at most once per 50 ms and job.
    """

    changed = Signal(object)
    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._latest: dict[int, Snapshot] = {}
        self._is_closed = False
        self._questions = Questions(self)
        self._timer = QTimer(self, singleShot=True, interval=50)
        self._timer.timeout.connect(self._deliver)
        self._wake.connect(self._arm, Qt.ConnectionType.QueuedConnection)

    def report(self, snapshot: Snapshot) -> None:
        """Remember `snapshot` and wake the GUI thread if it is idle. Any thread."""
        with self._lock:
            if self._is_closed:
                return
            idle, self._latest[snapshot.id] = not self._latest, snapshot
        if idle:
            self._wake.emit()

    def ask(
        self,
        question: Callable[[], T],
        answer: Callable[[T], None],
        failed: Callable[[Failure], None],
        owner: QObject,
        lane: Lane = Lane.READ,
        cancel: CancelToken | None = None,
    ) -> Asked:
        """Call `question` in a worker, then `answer` or `failed` in the GUI thread. GUI thread.

        Args:
            question: may block; touches no widget.
            answer: gets what `question` returned.
            failed: gets what it raised, as text.
            owner: when it is deleted first, the answer is dropped.
            lane: two workers each, so envelopes of rows never delay a listing.
            cancel: ends the question; thrown when the answer is not wanted any more.

        Returns:
            A handle whose `cancel()` drops the answer.
        """
        return self._questions.ask(question, answer, failed, owner, lane, cancel)

    def hold_questions(self) -> None:
        """Ask nothing yet: the libraries that answers need would delay the window."""
        self._questions.hold()

    @Slot()
    def ask_what_was_held(self) -> None:
        """Ask from now on, and first what was held."""
        self._questions.go_on()

    def close(self, timeout_s: float = 2.0) -> bool:
        """Deliver nothing from now on. GUI thread.

        Returns:
            Whether every read under way ended in `timeout_s` seconds.
        """
        with self._lock:
            self._is_closed = True
            self._latest.clear()
        self._timer.stop()
        return self._questions.close(timeout_s)

    @Slot()
    def _arm(self) -> None:
        self._timer.start()

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            batch, self._latest = self._latest, {}
        for snapshot in batch.values():
            self.changed.emit(snapshot)
