"""An icon as a widget, alone or in a rounded tile."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CARD


class Glyph(QWidget):
    """An icon that follows the theme; decoration, the words stand beside it."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        token: str = "text2",
        size: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._token = token
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_glyph(self, name: str, token: str) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._theme, self._name, self._token, self.rect(), self._size)
        painter.end()


class Tile(QWidget):
    """An icon on a rounded square in the colours of a tone."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        tone: str = "neutral",
        side: int = 72,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._tone = tone
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_look(self, name: str, tone: str) -> None:
        """Show another icon in another tone."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, is_large = self._theme, self._side >= 56
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Only the large tile of an empty state has an outline.
        pen = QPen(theme.color(f"{self._tone}_border"), 1) if is_large else QPen(Qt.PenStyle.NoPen)
        painter.setPen(pen)
        painter.setBrush(theme.color(f"{self._tone}_bg"))
        radius = 16 if is_large else RADIUS_CARD
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        size = 32 if is_large else 20
        paint_icon(painter, theme, self._name, self._tone, self.rect(), size)
        painter.end()
