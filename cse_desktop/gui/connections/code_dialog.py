"""Asks for the code that an MFA device shows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.connections.form_grid import text_field
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role

_DIGITS: Final = 6


class CodeDialog(Dialog):
    """Stands beside the work, which goes on. GUI thread.

    Signals:
        answered: the code, or "" when none was given.
    """

    answered = Signal(str)

    def __init__(
        self, theme: Theme, connection: str, device: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme,
            "Sign in",
            f"Enter the MFA code for “{visible(connection)}”",
            "The role of this connection asks for the code that your device shows now.",
            glyph="ph.key",
            width=480,
            parent=parent,
        )
        self._is_answered = False
        self.field = text_field(example="123456")
        self.field.setAccessibleName("MFA code")
        self.field.setMaxLength(_DIGITS)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        only_digits = QRegularExpression("[0-9]{0,6}")
        self.field.setValidator(QRegularExpressionValidator(only_digits, self.field))
        heading = label("Code", "strong")
        heading.setBuddy(self.field)
        self.body.addWidget(heading)
        self.body.addWidget(self.field)
        self.body.addWidget(label(f"Device: {visible(device)}", "small", "text3", wrap=True))
        self.body.addStretch(1)
        self.go_on = self.add_button("Sign in", Role.AcceptRole, kind="primary")
        self.add_button("Not now", Role.RejectRole)
        self.field.textChanged.connect(self._follow)
        self._follow()
        self.field.setFocus()

    def accept(self) -> None:
        """Hand the code over."""
        if len(self.field.text()) == _DIGITS:
            self._answer(self.field.text())
            super().accept()

    def reject(self) -> None:
        """Decline."""
        self._answer("")
        super().reject()

    def _answer(self, code: str) -> None:
        if not self._is_answered:
            self._is_answered = True
            self.answered.emit(code)

    def _follow(self) -> None:
        is_whole = len(self.field.text()) == _DIGITS
        self.go_on.setEnabled(is_whole)
        self.go_on.setToolTip("" if is_whole else f"Enter all {_DIGITS} digits")
