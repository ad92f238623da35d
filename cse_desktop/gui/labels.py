"""Labels that know more than QLabel: one that elides in its middle, one that is an icon."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cse_desktop.gui.icons import paint_icon
from cse_desktop.gui.text import elide_middle
from cse_desktop.gui.theme import Theme


class ElidedLabel(QLabel):
    """One line that loses its middle where there is no room; the tooltip then has it all."""

    def __init__(self, role: str = "body", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str) -> None:
        """Show this text, which may hold anything."""
        self._full = text
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(
            self.fontMetrics().horizontalAdvance("mm…mm"), super().minimumSizeHint().height()
        )

    def _elide(self) -> None:
        shown = elide_middle(self.fontMetrics(), self._full, self.width())
        self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")


class GlyphLabel(QWidget):
    """An icon of the theme."""

    def __init__(
        self,
        theme: Theme,
        glyph: str = "",
        token: str = "text2",
        size: Literal[12, 14, 16, 18, 20, 32] = 16,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._token = token
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_glyph(self, glyph: str, token: str = "text2") -> None:
        """Show another icon."""
        self._glyph, self._token = glyph, token
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._size)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._glyph:
            painter = QPainter(self)
            paint_icon(painter, self._theme, self._glyph, self._token, self.rect(), self._size)
            painter.end()
