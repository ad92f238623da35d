"""Edits the pairs of an encryption context; refuses what the format or S3 would refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cse_desktop.core.envelope import MAX_METADATA_BYTES
from cse_desktop.gui.keys import context_pairs
from cse_desktop.gui.keys.context_pairs import PLAIN_ROOM, Pair, Room
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, icon_button, label, restyle
from cse_desktop.gui.parts.layouts import hbox, vbox

HINT = "Needed again to decrypt, and visible in CloudTrail. Never put secrets here."
NAMES_COME_ON_TOP = "Bucket and folder are counted; the name of each file comes on top."


class ContextEditor(QWidget):
    """Rows of name and value, each with what is wrong with it, and the room they take.

    Signals:
        changed: a pair was edited or removed.
        added: a pair was added; carries its widget, so that it can be brought into view.
    """

    changed = Signal()
    added = Signal(object)

    def __init__(
        self, theme: Theme, room: Room = PLAIN_ROOM, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._room = room
        self._rows: list[PairRow] = []
        self.add = button(theme, "Add pair", kind="link", glyph="ph.plus")
        self.add.setAutoDefault(True)  # Enter on it adds, it does not accept a dialog
        self.add.clicked.connect(self.add_pair)
        self._budget = label("", "small", "text3", wrap=True)
        self._list = vbox(8)
        heading = hbox(8)
        heading.addWidget(label("Encryption context", "h3"), 1)
        heading.addWidget(self.add)
        layout = vbox(8, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(heading)
        layout.addWidget(label(HINT, "small", "text2", wrap=True))
        layout.addLayout(self._list)
        layout.addWidget(self._budget)
        self._check()

    def set_room(self, room: Room) -> None:
        """Count what files of another connection have stored beside them."""
        self._room = room
        self._check()

    def set_pairs(self, pairs: Mapping[str, str] | Iterable[Pair]) -> None:
        """Show these pairs instead of all that are shown."""
        for row in self._rows:
            self._discard(row)
        self._rows = []
        items = pairs.items() if isinstance(pairs, Mapping) else pairs
        for pair in items:
            self._append(pair)
        self._check()

    def pairs(self) -> tuple[Pair, ...]:
        """What has been entered, in order; pairs that are still empty are left out."""
        return context_pairs.filled(self._entered())

    def rows(self) -> tuple[PairRow, ...]:
        """The rows, from the top."""
        return tuple(self._rows)

    def budget(self) -> str:
        """What is said about the room that the pairs take."""
        return self._budget.text()

    def problem(self) -> str:
        """The first sentence on what is wrong; "" when the pairs can be used."""
        wrong = next(filter(None, self._problems()), "")
        if not wrong and context_pairs.is_too_long(self.pairs(), self._room):
            return context_pairs.TOO_LONG
        return wrong

    def add_pair(self) -> None:
        """Add an empty pair and go there; one that is empty already is used first."""
        row = next((row for row in self._rows if row.pair() == ("", "")), None)
        row = row or self._append(("", ""))
        self._check()
        row.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.added.emit(row)

    def focus_first(self) -> None:
        """Put the cursor where the first pair is, or would be."""
        (self._rows[0].name if self._rows else self.add).setFocus()

    def _entered(self) -> tuple[Pair, ...]:
        return tuple(row.pair() for row in self._rows)

    def _problems(self) -> tuple[str, ...]:
        return context_pairs.problems(self._entered(), self._room.names)

    def _append(self, pair: Pair) -> PairRow:
        row = PairRow(self._theme, pair, len(self._rows) + 1, self)
        row.edited.connect(self._note_edit)
        row.removed.connect(self._remove)
        self._rows.append(row)
        self._list.addWidget(row)
        row.show()  # a layout would show it only at the next turn of the event loop
        return row

    def _note_edit(self) -> None:
        self._check()
        self.changed.emit()

    def _remove(self, row: PairRow) -> None:
        at = self._rows.index(row)
        self._rows.remove(row)
        # Where a row is deleted, the keyboard goes on at the next one.
        following = self._rows[at : at + 1] or self._rows[-1:]
        (following[0].remove if following else self.add).setFocus()
        self._discard(row)
        self._note_edit()

    def _discard(self, row: PairRow) -> None:
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _check(self) -> None:
        """Show beside each pair what is wrong, and how much room is left."""
        for row, problem in zip(self._rows, self._problems(), strict=True):
            row.show_problem(problem)
        pairs = self.pairs()
        self._budget.setVisible(bool(pairs))
        used = text.number(context_pairs.stored_bytes(pairs, self._room))
        line = f"{used} of {text.number(MAX_METADATA_BYTES)} bytes that S3 keeps beside a file."
        if self._room.names:
            line = f"{line} {NAMES_COME_ON_TOP}"
        is_too_long = context_pairs.is_too_long(pairs, self._room)
        if is_too_long:
            line = f"{line} {context_pairs.TOO_LONG}"
        self._budget.setText(line)
        restyle(self._budget, tone="bad" if is_too_long else "text3")


class PairRow(QWidget):
    """One name and its value.

    Signals:
        edited: either was changed by the user.
        removed: the user wants this row gone; carries the row.
    """

    edited = Signal()
    removed = Signal(object)

    def __init__(self, theme: Theme, pair: Pair, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = _field(pair[0], "Name", f"Name of pair {number}")
        self.value = _field(pair[1], "Value", f"Value of pair {number}")
        self.remove = icon_button(theme, "ph.x", "Remove this pair")
        self.remove.clicked.connect(self._ask_removal)
        self._problem = label("", "small", "bad", wrap=True)
        self._problem.hide()
        for field in (self.name, self.value):
            field.textEdited.connect(self.edited)
        layout = QGridLayout(self)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(4)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.name, 0, 0)
        layout.addWidget(self.value, 0, 1)
        layout.addWidget(self.remove, 0, 2)
        layout.addWidget(self._problem, 1, 0, 1, 3)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(1, 1)

    def pair(self) -> Pair:
        """Name and value as entered; spaces count, as they do for KMS."""
        return self.name.text(), self.value.text()

    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._problem.text()

    def show_problem(self, problem: str) -> None:
        """Show a sentence below and outline the name; "" removes both."""
        if problem == self._problem.text():
            return
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.name.setAccessibleDescription(problem)
        restyle(self.name, error="true" if problem else "false")

    def _ask_removal(self) -> None:
        self.removed.emit(self)


def _field(value: str, placeholder: str, spoken: str) -> QLineEdit:
    field = QLineEdit(value)
    field.setProperty("role", "mono")
    field.setPlaceholderText(placeholder)
    field.setAccessibleName(spoken)
    field.setMinimumWidth(80)
    return field
