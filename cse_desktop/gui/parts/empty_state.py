"""What a pane shows when it has nothing to list: icon, title, words, at most two buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import Kind, button, label
from cse_desktop.gui.parts.tile import Tile

TEXT_WIDTH: Final = 390


@dataclass(frozen=True, slots=True)
class Action:
    """A button of an empty state."""

    text: str
    glyph: str = ""
    kind: Kind = "secondary"


@dataclass(frozen=True, slots=True)
class EmptyLook:
    """What an empty state says.

    Attributes:
        tone: info, neutral, ok, warn, bad or sandbox; colours the tile.
        actions: at most two; the first is the advised one.
        note: a small line below the buttons ("Next try in 12 s"), or "".
    """

    glyph: str
    title: str
    text: str
    tone: str = "neutral"
    actions: tuple[Action, ...] = ()
    note: str = ""


class EmptyState(QWidget):
    """Stands in the middle of its pane.

    Signals:
        acted: a button was pressed; its index among the actions.
    """

    acted = Signal(int)

    def __init__(self, theme: Theme, look: EmptyLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tile = Tile(theme, look.glyph, look.tone)
        self._title = label(role="h2", wrap=True)
        self._text = label(tone="text2", wrap=True)
        self._note = label(role="small", tone="text2", wrap=True)
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(16)
        for part in (self._title, self._text, self._note):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        column.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(14)
        column.addLayout(self._row)
        column.addSpacing(14)
        column.addWidget(self._note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        theme.changed.connect(self._fit)
        self.set_look(look)

    def set_look(self, look: EmptyLook) -> None:
        """Say something else."""
        self._tile.set_look(look.glyph, look.tone)
        self._title.setText(look.title)
        self._text.setText(look.text)
        self._note.setText(look.note)
        self._note.setVisible(bool(look.note))
        self._set_actions(look.actions)
        self.setAccessibleName(look.title)
        self.setAccessibleDescription(look.text)
        self._fit()

    def set_note(self, note: str) -> None:
        """Change the small line, for a count-down, without touching the buttons."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._fit()

    def action(self, index: int) -> QPushButton:
        """The button of an action."""
        return self._buttons[index]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _set_actions(self, actions: tuple[Action, ...]) -> None:
        while self._row.takeAt(0) is not None:
            pass
        for old in self._buttons:
            old.hide()
            old.deleteLater()
        self._buttons = []
        self._row.addStretch(1)
        for index, action in enumerate(actions):
            made = button(
                self._theme, action.text, kind=action.kind, glyph=action.glyph, parent=self
            )
            made.setProperty("index", index)
            made.clicked.connect(self._act)
            self._row.addWidget(made)
            self._buttons.append(made)
        self._row.addStretch(1)

    def _act(self) -> None:
        self.acted.emit(self.sender().property("index"))

    def _fit(self) -> None:
        """Give wrapped labels their height: centred, they would keep that of one line."""
        room = max(self._theme.px(160), self.width() - 48)
        for part, wanted in (
            (self._title, TEXT_WIDTH * 1.25),
            (self._text, TEXT_WIDTH),
            (self._note, TEXT_WIDTH * 1.25),
        ):
            width = min(self._theme.px(wanted), room)
            part.setFixedWidth(width)
            # An empty label answers -1.
            part.setFixedHeight(max(0, part.heightForWidth(width)))
