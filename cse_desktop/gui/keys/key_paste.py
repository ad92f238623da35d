"""Where a key of another account is named."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.gui.keys import key_words
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label, line, restyle
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.jobs.snapshot import Failure


class KeyPaste(QWidget):
    """A field for an ARN, alias or id, a button to look the key up, and what went wrong.

    Signals:
        check_wanted: the name of a key to look up, as text.
    """

    check_wanted = Signal(str)

    def __init__(self, theme: Theme, region: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._region = region
        self.field = NameField(self)
        self.field.setProperty("role", "mono")
        self.field.setPlaceholderText(f"arn:aws:kms:{region or 'eu-west-1'}:444455556666:key/…")
        self.field.setAccessibleName("Key ARN, alias or key ID")
        self.field.textEdited.connect(self._forget_problem)
        self.field.submitted.connect(self._submit)
        self.button = button(theme, "Check key", glyph="ph.magnifying-glass")
        self.button.clicked.connect(self._submit)
        self._problem = label("", "small", "bad", wrap=True)
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._problem.hide()
        self._lay_out()

    def show_busy(self, is_busy: bool) -> None:
        """Show whether a key is being looked up."""
        self.button.setEnabled(not is_busy)
        self.button.setText("Checking…" if is_busy else "Check key")

    def show_failure(self, failure: Failure) -> None:
        """Say why the key was not found."""
        title = failure.title.rstrip(".")
        self._show_problem(f"{title}. {failure.hint}".strip())

    def clear(self) -> None:
        """Forget what was pasted."""
        self.field.clear()
        self._show_problem("")

    def problem(self) -> str:
        """What is shown below the field."""
        return self._problem.text()

    def _lay_out(self) -> None:
        row = hbox(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        box = card("window")
        inner = vbox(6, box)
        inner.setContentsMargins(16, 10, 16, 12)
        inner.addWidget(label("Use a key from another account", "strong"))
        inner.addLayout(row)
        inner.addWidget(self._problem)
        layout = vbox(0, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line())
        layout.addWidget(box)

    def _submit(self) -> None:
        name = self.field.text().strip()
        problem = key_words.name_problem(name, self._region)
        self._show_problem(problem)
        if not problem and self.button.isEnabled():
            self.check_wanted.emit(name)

    def _forget_problem(self) -> None:
        self._show_problem("")

    def _show_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.field.setAccessibleDescription(problem)
        restyle(self.field, error="true" if problem else "false")


class NameField(QLineEdit):
    """Enter looks the key up; it does not close the dialog.

    Signals:
        submitted: Enter was pressed.
    """

    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.text().strip():
            self.submitted.emit()
            return
        super().keyPressEvent(event)
