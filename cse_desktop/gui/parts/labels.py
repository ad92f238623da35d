"""A label that elides in its middle."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cse_desktop.gui.look.text import elide_middle, tip


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
        self.setToolTip(tip(self._full) if shown != self._full else "")
