"""Short reads asked by widgets: a worker thread finds the answer, the GUI thread hears it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from enum import Enum
from typing import Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.snapshot import Failure

T = TypeVar("T")


class Lane(Enum):
    """Reads of one lane never wait behind those of the other."""

    READ = "read"
    INSPECT = "inspect"  # envelopes of visible rows: many, and less urgent than a listing
    SIGN_IN = "sign-in"  # may wait for a person: in a browser, or before a locked keyring


_WORKERS: Final = {Lane.READ: 2, Lane.INSPECT: 2, Lane.SIGN_IN: 8}
"""A sign-in that waits must not keep another connection from its own."""


class Asked:
    """A question under way. GUI thread.

    It holds the question and both callbacks, and so whatever they refer to, until the GUI thread
    lets go of it: a widget must never lose its last reference in a worker thread.
    """

    def __init__(
        self,
        question: Callable[[], Any],
        answer: Callable[[Any], None],
        failed: Callable[[Failure], None],
        owner: QObject,
        switch: CancelToken | None = None,
    ) -> None:
        self.question, self.answer, self.failed, self.owner = question, answer, failed, owner
        self.switch = switch
        self.future: Future[None] = Future()
        self.is_cancelled = False

    def cancel(self) -> None:
        """Neither callback will be called; a question that waits for a worker is not asked.

        One that is under way ends where it has a switch.
        """
        self.is_cancelled = True
        self.future.cancel()
        if self.switch is not None:
            self.switch.cancel()


class Questions(QObject):
    """The workers of all short reads, some for each lane."""

    _answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[int, Asked] = {}
        self._count = 0
        self._outcomes: deque[tuple[int, object]] = deque()
        self._pools = {
            lane: ThreadPoolExecutor(_WORKERS[lane], f"cse-{lane.value}") for lane in Lane
        }
        self._is_closed = False
        self._held: list[tuple[Lane, int]] | None = None
        self._answered.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        question: Callable[[], T],
        answer: Callable[[T], None],
        failed: Callable[[Failure], None],
        owner: QObject,
        lane: Lane,
        cancel: CancelToken | None,
    ) -> Asked:
        """See Bridge.ask."""
        asked = Asked(question, answer, failed, owner, cancel)
        if not self._is_closed:
            self._forget_cancelled()
            self._count += 1
            self._asked[self._count] = asked
            if self._held is None:
                asked.future = self._pools[lane].submit(self._work, self._count)
            else:
                self._held.append((lane, self._count))
        return asked

    def hold(self) -> None:
        """See Bridge.hold_questions."""
        self._held = []

    def go_on(self) -> None:
        """See Bridge.ask_what_was_held."""
        held, self._held = self._held or [], None
        for lane, number in held:
            asked = self._asked.get(number)
            if asked is not None and not asked.is_cancelled and not self._is_closed:
                asked.future = self._pools[lane].submit(self._work, number)

    def close(self, timeout_s: float) -> bool:
        """See Bridge.close."""
        self._is_closed = True
        for _lane, number in self._held or ():
            del self._asked[number]
        for asked in self._asked.values():
            if asked.switch is not None:
                asked.switch.cancel()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        # wait() would wait for ever for futures that the shutdown cancelled.
        futures = [asked.future for asked in self._asked.values() if not asked.future.cancelled()]
        done = not wait(futures, timeout_s).not_done
        if done:
            self._asked.clear()
        return done

    def _forget_cancelled(self) -> None:
        for number in [n for n, asked in self._asked.items() if asked.future.cancelled()]:
            del self._asked[number]

    def _work(self, number: int) -> None:
        # The frame of _outcome has ended, and with it this thread's references to the question.
        self._outcomes.append((number, self._outcome(number)))
        self._answered.emit()

    def _outcome(self, number: int) -> object:
        try:
            return self._asked[number].question()
        except Cancelled:
            return Cancelled
        except BaseException as error:
            # A worker has nobody to raise to: whatever it was, the one who asked is told.
            return failure_of(error)

    @Slot()
    def _hand_over(self) -> None:
        # One event an answer: a callback that raises loses none of the others.
        number, outcome = self._outcomes.popleft()
        asked = self._asked.pop(number, None)
        if asked is None or asked.is_cancelled or self._is_closed or outcome is Cancelled:
            return
        if not shiboken6.isValid(asked.owner):
            return
        if isinstance(outcome, Failure):
            asked.failed(outcome)
        else:
            asked.answer(outcome)
