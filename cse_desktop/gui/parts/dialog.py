"""The frame of all dialogs: what happened at the top, buttons at the foot, margins of 24."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import DIALOG_MARGIN, GAP
from cse_desktop.gui.parts.buttons import Kind, button, card, label
from cse_desktop.gui.parts.tile import Tile

Role = QDialogButtonBox.ButtonRole


class Dialog(QDialog):
    """Header, body and footer; fill `body`, add buttons by their role.

    The order of the buttons is that of the platform. Esc rejects.
    """

    def __init__(
        self,
        theme: Theme,
        window_title: str,
        title: str,
        text: str = "",
        *,
        glyph: str = "",
        tone: str = "info",
        width: int = 640,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = width
        self.setWindowTitle(window_title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.title = label(title, "h2", wrap=True)
        self.text = label(text, tone="text2", wrap=True)
        self.text.setVisible(bool(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(GAP)
        self.note = label(role="small", tone="text2", wrap=True)
        self.buttons = QDialogButtonBox()
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out(Tile(theme, glyph, tone, side=40) if glyph else None)

    def add_button(
        self, text: str, role: Role, *, kind: Kind = "secondary", glyph: str = ""
    ) -> QPushButton:
        """Add a button to the footer; a primary one answers the Enter key."""
        made = button(self._theme, text, kind=kind, glyph=glyph)
        self.buttons.addButton(made, role)
        made.setAutoDefault(False)
        made.setDefault(kind == "primary")
        return made

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        screen = self.screen() or QGuiApplication.primaryScreen()
        self.setMaximumHeight(round(screen.availableGeometry().height() * 0.9))

    def _lay_out(self, tile: Tile | None) -> None:
        margin = DIALOG_MARGIN
        upper = card("surface")
        content = QVBoxLayout(upper)
        content.setContentsMargins(margin, margin, margin, margin - 4)
        content.setSpacing(16)
        content.addLayout(self._header(tile))
        content.addLayout(self.body, 1)
        footer = card("footer")
        row = QHBoxLayout(footer)
        # One more pixel above: the child would cover the footer's line.
        row.setContentsMargins(margin, 13, margin, 12)
        row.setSpacing(16)
        row.addWidget(self.note, 1)
        row.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(upper, 1)
        column.addWidget(footer)
        self.setMinimumWidth(min(self._theme.px(self._width), 1200))

    def _header(self, tile: Tile | None) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        row = QHBoxLayout()
        row.setSpacing(16)
        if tile is not None:
            row.addWidget(tile, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row


def section(text: str) -> QLabel:
    """A heading inside a dialog's body."""
    return label(text, "h3")
