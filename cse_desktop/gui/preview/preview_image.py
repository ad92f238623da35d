"""A picture: fitted or zoomed, upright or turned. Painted from memory; no cache keeps it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from cse_desktop.gui.look.theme import Theme

STEP: Final = 1.25
SMALLEST: Final = 0.05
LARGEST: Final = 8.0
MARGIN: Final = 24


class _Canvas(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.image = QImage()
        self.scale = 1.0
        self.turns = 0
        self.setAccessibleName("Picture")

    def shown_size(self) -> QSizeF:
        """Of the picture on the screen, in logical pixels."""
        size = QSizeF(self.image.size()) * self.scale
        return size.transposed() if self.turns % 2 else size

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("sunken"))
        if not self.image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = QSizeF(self.image.size()) * self.scale
            painter.translate(QRectF(self.rect()).center())
            painter.rotate(90 * self.turns)
            box = QRectF(-size.width() / 2, -size.height() / 2, size.width(), size.height())
            painter.fillRect(box, self._theme.color("surface"))
            painter.drawImage(box, self.image)
            painter.setPen(self._theme.color("border_button"))
            painter.drawRect(box)
        painter.end()


class ImageView(QScrollArea):
    """Shows a QImage. GUI thread.

    Signals:
        zoomed: the scale is another one (1.0 is a pixel for a pixel).
    """

    zoomed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = _Canvas(theme)
        self._is_fitted = True
        self._grabbed: QPoint | None = None
        self.setWidget(self._canvas)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")
        theme.changed.connect(self._canvas.update)

    @property
    def scale(self) -> float:
        """How large the picture is shown; 1.0 is a pixel for a pixel."""
        return self._canvas.scale

    def show_image(self, image: QImage) -> None:
        """Show another picture, fitted and upright."""
        self._canvas.image, self._canvas.turns = image, 0
        self.fit()

    def forget(self) -> None:
        """Let go of the picture, after painting over it."""
        self._canvas.image.fill(0)
        self._canvas.image = QImage()
        self._canvas.update()

    def fit(self) -> None:
        """Show all of it, never larger than it is."""
        self._is_fitted = True
        image = self._canvas.image
        if image.isNull():
            return
        size = image.size().transposed() if self._canvas.turns % 2 else image.size()
        room = self.viewport().size() - QSize(2 * MARGIN, 2 * MARGIN)
        self._set_scale(min(1.0, room.width() / size.width(), room.height() / size.height()))

    def zoom_in(self) -> None:
        """One step larger."""
        self._zoom(self.scale * STEP)

    def zoom_out(self) -> None:
        """One step smaller."""
        self._zoom(self.scale / STEP)

    def turn(self) -> None:
        """A quarter to the right."""
        self._canvas.turns = (self._canvas.turns + 1) % 4
        self.fit() if self._is_fitted else self._set_scale(self.scale)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.zoom_in() if event.angleDelta().y() > 0 else self.zoom_out()
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            at = event.position().toPoint()
            moved, self._grabbed = at - self._grabbed, at
            for bar, by in (
                (self.horizontalScrollBar(), moved.x()),
                (self.verticalScrollBar(), moved.y()),
            ):
                bar.setValue(bar.value() - by)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grabbed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # of the window: other files, zoom, close

    def _zoom(self, scale: float) -> None:
        self._is_fitted = False
        self._set_scale(scale)

    def _set_scale(self, scale: float) -> None:
        self._canvas.scale = max(SMALLEST, min(LARGEST, scale))
        size = self._canvas.shown_size().toSize()
        self._canvas.setMinimumSize(size + QSize(2 * MARGIN, 2 * MARGIN) if not self._is_fitted
                                    else QSize(0, 0))  # fmt: skip
        self._canvas.update()
        self.zoomed.emit(self._canvas.scale)
