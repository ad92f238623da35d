"""How late the event loop of a window is, and what a long wait was made of."""

from __future__ import annotations

import faulthandler
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

STEP_MS: Final = 5
LONG_MS: Final = 30.0
"""From here on a wait is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One late beat. All times in milliseconds.

    Attributes:
        worked: the GUI thread ran.
        queued: it could have run, but the processors were taken: by whom, the system does not say.
        blocked: it slept: for Python's interpreter lock, for the window system, for a lock.
    """

    late: float
    worked: float
    queued: float
    blocked: float


class Pulse(QObject):
    """Measures how late a timer is that ought to come every few milliseconds.

    Args:
        stacks: where what all threads did during a long wait is written down, while it lasts and
            without the interpreter lock; None costs nothing.
    """

    def __init__(self, stacks: IO[str] | None = None) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.long: list[Wait] = []
        self._stacks = stacks
        self._due = self._started = 0.0
        self._before = (0.0, 0.0)
        self._times = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def facts(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {"late_ms": sorted(self.late_ms), "long": [asdict(wait) for wait in self.long]}

    @Slot()
    def start(self) -> None:
        """Begin anew."""
        self.late_ms.clear()
        self.long.clear()
        self._arm()

    @Slot()
    def stop(self) -> None:
        """Leave the event loop; `quit` would ask the window, which would ask the user."""
        QApplication.exit(0)

    def _arm(self) -> None:
        self._before = self._ran()
        self._started = time.perf_counter()
        self._due = self._started + STEP_MS / 1000
        if self._stacks is not None:
            faulthandler.dump_traceback_later((LONG_MS + STEP_MS) / 1000, file=self._stacks)
        self._timer.start(STEP_MS)

    @Slot()
    def _beat(self) -> None:
        now = time.perf_counter()
        late = max(0.0, 1000 * (now - self._due))
        self.late_ms.append(late)
        if late > LONG_MS:
            worked, queued = (
                after - was for was, after in zip(self._before, self._ran(), strict=True)
            )
            passed = 1000 * (now - self._started)
            # The beat before slept for its five milliseconds: nobody's fault.
            blocked = max(0.0, passed - worked - queued - STEP_MS)
            self.long.append(Wait(late, worked, queued, blocked))
            if self._stacks is not None:
                self._stacks.write(f"=== {self.long[-1]}\n")
                self._stacks.flush()
        self._arm()

    def _ran(self) -> tuple[float, float]:
        """Milliseconds this thread has run, and has waited for a processor."""
        ran, waited, _ = self._times.read_text().split()
        return int(ran) / 1e6, int(waited) / 1e6
