"""Buckets and folders that are shown although they cannot be listed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.core.naming import bad_place, place_in
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, icon_button, label, line, restyle
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tile import Glyph


class _NameField(QLineEdit):
    """Enter adds what is typed; in a dialog it would press the primary button as well."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            return
        super().keyPressEvent(event)


class BucketNames(QWidget):
    """A list to add to and remove from.

    Signals:
        changed: another name, or one less.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self.add = button(theme, "Add by name", kind="link", glyph="ph.plus")
        self.field = _NameField()
        self.field.setProperty("role", "mono")
        self.field.setPlaceholderText("my-bucket or s3://my-bucket/folder/")
        self.field.setAccessibleName("Bucket or folder")
        self._problem = label("", "small", "bad", wrap=True)
        self._nothing = label(
            "Those that you may list are shown by themselves.", "small", "text3", wrap=True
        )
        self._well = card("well")
        self._rows = vbox(0, self._well)
        self._rows.setContentsMargins(1, 1, 1, 1)
        head = hbox(8)
        head.addWidget(label("Buckets to show", "h3"), 1)
        head.addWidget(self.add)
        column = vbox(8, self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        for part in (self.field, self._problem, self._nothing, self._well):
            column.addWidget(part)
        self.field.hide()
        self._problem.hide()
        self.add.clicked.connect(self._ask)
        self.field.entered.connect(self.take)
        self.field.textEdited.connect(self._forget_problem)
        self.set_names(())

    def names(self) -> tuple[str, ...]:
        """Buckets ("acme") and folders ("acme/reports/")."""
        return self._names

    def set_names(self, names: Sequence[str]) -> None:
        """Show these."""
        self._names = tuple(names)
        while (item := self._rows.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        for at, name in enumerate(self._names):
            if at:
                self._rows.addWidget(line())
            self._rows.addWidget(self._row(name))
        self._well.setVisible(bool(self._names))
        self._nothing.setVisible(not self._names)

    @Slot()
    def take(self) -> bool:
        """Add what is typed, if it is a name; gives whether nothing wrong is left there."""
        name = place_in(self.field.text())
        if not self.field.text().strip():
            return True
        problem = bad_place(name)
        if problem:
            self._problem.setText(problem)
            self._problem.show()
            restyle(self.field, error="true")
            return False
        self.field.clear()
        if name not in self._names:
            self.set_names((*self._names, name))
            self.changed.emit()
        return True

    @Slot()
    def _ask(self) -> None:
        if self.field.isVisibleTo(self):
            self.take()
        self.field.show()
        self.field.setFocus()

    @Slot()
    def _forget_problem(self) -> None:
        self._problem.hide()
        restyle(self.field, error="false")

    def _remove(self, name: str) -> None:
        self.set_names([each for each in self._names if each != name])
        self.changed.emit()
        self.add.setFocus()

    def _row(self, name: str) -> QWidget:
        row = QWidget()
        glyph = "ph.folder-fill" if "/" in name else "ph.database"
        words = ElidedLabel()
        words.set_text(name)
        remove = icon_button(self._theme, "ph.x", f"Remove {name}", sz="mini")
        remove.clicked.connect(partial(self._remove, name))
        inside = hbox(8, row)
        inside.setContentsMargins(12, 5, 8, 5)
        inside.addWidget(Glyph(self._theme, glyph), 0, Qt.AlignmentFlag.AlignVCenter)
        inside.addWidget(words, 1)
        inside.addWidget(remove)
        return row
