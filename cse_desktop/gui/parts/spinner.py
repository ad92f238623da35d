"""A turning icon that says "busy"; still where motion is not wanted."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme

STEPS: Final = 8
STEP_MS: Final = 100


def paint_spinner(painter: QPainter, rect: QRect, step: int, theme: Theme, size: int = 16) -> None:
    """Paint the icon turned by `step` eighths; for delegates."""
    painter.save()
    middle = QPointF(rect.x() + rect.width() / 2, rect.y() + rect.height() / 2)
    painter.translate(middle)
    painter.rotate(0 if theme.reduced_motion else step % STEPS * 360 / STEPS)
    painter.translate(-middle)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    paint_icon(painter, theme, "ph.spinner", "accent_text", rect, size)
    painter.restore()


class Spinner(QWidget):
    """Turns while it is visible."""

    def __init__(self, theme: Theme, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._step = 0
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Busy")
        theme.changed.connect(self._follow_theme)

    @property
    def is_turning(self) -> bool:
        """Whether it moves."""
        return self._timer.isActive()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._size)
        return QSize(side, side)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow_theme()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_spinner(painter, self.rect(), self._step, self._theme, self._size)
        painter.end()

    def _turn(self) -> None:
        self._step = (self._step + 1) % STEPS
        self.update()

    def _follow_theme(self) -> None:
        self.updateGeometry()
        if self._theme.reduced_motion or not self.isVisible():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
