"""When the user sees the window for the first time."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

NO_LATER_THAN_MS: Final = 2000
"""A window that starts minimised, or on another desktop, may not be painted for hours."""
SETTLES_WITHIN_MS: Final = 50


class FirstPainting(QObject):
    """Waits for the first painting of a window. GUI thread.

    Signals:
        over: the window is on the screen, or will not be soon; once.
    """

    over = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=NO_LATER_THAN_MS)
        self._timer.timeout.connect(self._end)
        self._timer.start()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that painting begins."""
        if event.type() == QEvent.Type.UpdateRequest:
            self._window.removeEventFilter(self)
            self._timer.start(SETTLES_WITHIN_MS)
        return super().eventFilter(watched, event)

    @Slot()
    def _end(self) -> None:
        self._window.removeEventFilter(self)
        self.over.emit()
