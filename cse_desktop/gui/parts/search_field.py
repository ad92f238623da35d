"""A line edit with a magnifying glass."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.tile import Glyph


class SearchField(QLineEdit):
    """Esc clears it; `textChanged` tells each change."""

    def __init__(self, theme: Theme, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = Glyph(theme, "ph.magnifying-glass", "text2", 16, self)
        self._glyph.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        theme.changed.connect(self._arrange)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        # A child label, not addAction: that icon would sit too low under a style sheet's height.
        side = self._theme.px(16)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - 10 - side if is_mirrored else 10
        self._glyph.setGeometry(left, (self.height() - side) // 2, side, side)
        room = side + 8
        self.setTextMargins(0 if is_mirrored else room, 0, room if is_mirrored else 0, 0)
