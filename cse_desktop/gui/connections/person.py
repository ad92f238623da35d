"""The person at the window, asked by workers: for a code, or to sign in again."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cse_desktop.core.errors import Declined


@dataclass(slots=True, weakref_slot=True, eq=False)
class CodeWanted:
    """A worker waits for a code.

    Attributes:
        device: serial number or ARN of the MFA device.
    """

    connection: str
    device: str
    _code: str = field(default="", repr=False)
    _is_answered: threading.Event = field(default_factory=threading.Event, repr=False)

    def answer(self, code: str) -> None:
        """Let the worker go on; "" declines. Any thread."""
        self._code = code
        self._is_answered.set()

    def wait(self) -> str:
        """The code, or "" ; blocks. Worker thread."""
        self._is_answered.wait()
        return self._code


class PersonAtWindow(QObject):
    """Carries questions of workers into the GUI thread. It lives as long as the application.

    Signals:
        code_wanted: a CodeWanted that somebody has to answer.
        sign_in_wanted: name of a connection that transfers wait for.
    """

    code_wanted = Signal(object)
    sign_in_wanted = Signal(str)
    _asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._is_closed = False
        self._new: deque[CodeWanted | str] = deque()
        self._open: list[CodeWanted] = []
        self._asked.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def code(self, connection: str, device: str) -> str:
        """See `Person.code`. Worker thread."""
        wanted = CodeWanted(connection, device)
        if not self._put(wanted):
            raise Declined("Sign in to continue", "The program is about to end.")
        code = wanted.wait()
        with self._lock:
            self._open.remove(wanted)
        if not code:
            raise Declined("Sign in to continue", "No MFA code was given. Sign in to try again.")
        return code

    def wants_sign_in(self, connection: str) -> bool:
        """See `Person.wants_sign_in`. Worker thread."""
        return self._put(connection)

    def close(self) -> None:
        """Nobody is there from now on; workers that wait are sent away."""
        with self._lock:
            self._is_closed = True
            waiting = tuple(self._open)
        for wanted in waiting:
            wanted.answer("")

    def _put(self, question: CodeWanted | str) -> bool:
        with self._lock:
            if self._is_closed:
                return False
            if isinstance(question, CodeWanted):
                self._open.append(question)
            self._new.append(question)
        self._asked.emit()
        return True

    @Slot()
    def _hand_over(self) -> None:
        question = self._new.popleft()
        if isinstance(question, CodeWanted):
            self.code_wanted.emit(question)
        else:
            self.sign_in_wanted.emit(question)
