"""A line edit with a magnifying glass."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.gui.theme import Theme
from cse_desktop.gui.tile import Glyph

_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}
_PAGES = {
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_PageDown: 1,
}


class SearchField(QLineEdit):
    """Type to search; up and down go to the list that is searched.

    Signals:
        stepped: rows to move, negative upwards.
        paged: pages to move, negative upwards.
    """

    stepped = Signal(int)
    paged = Signal(int)

    def __init__(self, theme: Theme, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self._glyph = Glyph(theme, "ph.magnifying-glass", parent=self)
        # An action's icon would sit too low under the style sheet, so the glyph is a child.
        self._glyph.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self._place)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.stepped.emit(_MOVES[key])
        elif key in _PAGES:
            self.paged.emit(_PAGES[key])
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        side = self._theme.px(16)
        self.setTextMargins(side + 8, 0, 0, 0)
        self._glyph.setGeometry(self._theme.px(10), (self.height() - side) // 2, side, side)
