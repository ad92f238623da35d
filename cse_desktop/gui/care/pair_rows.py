"""Names and values to be edited, each row with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.keys.context_editor import PairRow
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label
from cse_desktop.gui.parts.layouts import hbox, vbox

Pair = tuple[str, str]
Judge = Callable[[str, str], str]


class PairRows(QWidget):
    """A heading, a row for each pair, and what adds one.

    Args:
        judge: why a pair cannot be stored; "" when it can.

    Signals:
        changed: a pair was edited, added or removed.
    """

    changed = Signal()

    def __init__(
        self, theme: Theme, title: str, hint: str, judge: Judge, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._judge = judge
        self._rows: list[PairRow] = []
        self.add = button(theme, "Add", kind="link", glyph="ph.plus")
        self.add.setAccessibleName(f"Add to {title.lower()}")
        self.add.setAutoDefault(True)  # Enter on it adds, it does not accept a dialog
        self.add.clicked.connect(self.add_row)
        self._list = vbox(8)
        heading = hbox(8)
        heading.addWidget(label(title, "h3"), 1)
        heading.addWidget(self.add)
        column = vbox(6, self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(heading)
        column.addWidget(label(hint, "small", "text2", wrap=True))
        column.addLayout(self._list)

    def set_pairs(self, pairs: Iterable[Pair]) -> None:
        """Show these instead."""
        for row in tuple(self._rows):
            self._discard(row)
        for pair in pairs:
            self._append(pair)
        self._check()

    def pairs(self) -> tuple[Pair, ...]:
        """What is entered; rows that are still empty are left out."""
        return tuple(row.pair() for row in self._rows if row.pair() != ("", ""))

    def rows(self) -> tuple[PairRow, ...]:
        """The rows, from the top."""
        return tuple(self._rows)

    def problem(self) -> str:
        """The first thing that is wrong; "" when all can be stored."""
        return next(filter(None, (row.problem() for row in self._rows)), "")

    @Slot()
    def add_row(self) -> None:
        """Add an empty row, or go to the one that is empty."""
        row = next((row for row in self._rows if row.pair() == ("", "")), None)
        row = row or self._append(("", ""))
        self._check()
        row.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _append(self, pair: Pair) -> PairRow:
        row = PairRow(self._theme, pair, len(self._rows) + 1, self)
        row.edited.connect(self._check)
        row.removed.connect(self._remove)
        self._rows.append(row)
        self._list.addWidget(row)
        row.show()  # a layout would show it only at the next turn of the event loop
        return row

    @Slot(object)
    def _remove(self, row: PairRow) -> None:
        at = self._rows.index(row)
        self._discard(row)
        following = self._rows[at : at + 1] or self._rows[-1:]
        (following[0].remove if following else self.add).setFocus()
        self._check()

    def _discard(self, row: PairRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    @Slot()
    def _check(self) -> None:
        seen: set[str] = set()
        for row in self._rows:
            name, value = row.pair()
            problem = "" if (name, value) == ("", "") else self._judge(name, value)
            if name and name in seen:
                problem = "This name is used above already."
            seen.add(name)
            row.show_problem(problem)
        self.changed.emit()
