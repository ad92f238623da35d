"""Asks before something is done that nobody can undo: by a word to be typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role

WORD: Final = "delete"


class ConfirmDialog(Dialog):
    """The button stays off until the word is there.

    Args:
        act: what the button says ("Delete version").
    """

    def __init__(
        self,
        theme: Theme,
        window_title: str,
        title: str,
        text: str,
        act: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, window_title, title, text, glyph="ph.trash", tone="bad", width=560, parent=parent
        )
        self.word = QLineEdit()
        self.word.setAccessibleName(f"Type {WORD} to confirm")
        self.word.setMaximumWidth(theme.px(220))
        # Rich text, but a constant of ours: no name from anywhere.
        asked = label()
        asked.setTextFormat(Qt.TextFormat.RichText)
        asked.setText(f"Type <b>{WORD}</b> to confirm")
        asked.setBuddy(self.word)
        self.body.addWidget(asked)
        self.body.addWidget(self.word)
        self.add_button("Cancel", Role.RejectRole)
        self.confirm = self.add_button(act, Role.AcceptRole, kind="danger")
        self.word.textChanged.connect(self._judge)
        self._judge("")
        self.word.setFocus()

    @Slot()
    def accept(self) -> None:
        """Close, if the word is typed."""
        if self.confirm.isEnabled():
            super().accept()

    @Slot(str)
    def _judge(self, typed: str) -> None:
        is_right = typed.strip().lower() == WORD
        self.confirm.setEnabled(is_right)
        self.confirm.setDefault(is_right)
        self.confirm.setToolTip("" if is_right else f"Type {WORD} first")
