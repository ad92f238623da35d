"""A choice of a few, side by side in a trough."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cse_desktop.gui.look.text import escape_mnemonic
from cse_desktop.gui.look.theme import Theme


class Segmented(QFrame):
    """One of its parts is always chosen; arrow keys move between them.

    Signals:
        chosen: the index of the part that the user chose.
    """

    chosen = Signal(int)

    def __init__(
        self, theme: Theme, name: str, parts: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("frame", "trough")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for index, text in enumerate(parts):
            part = QPushButton(escape_mnemonic(text))
            part.setProperty("kind", "part")
            part.setCheckable(True)
            part.setAutoDefault(False)
            self._group.addButton(part, index)
            row.addWidget(part)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    @property
    def current(self) -> int:
        """Index of the chosen part."""
        return self._group.checkedId()

    def set_current(self, index: int) -> None:
        """Choose a part without telling anybody."""
        self._group.button(index).setChecked(True)

    def part(self, index: int) -> QPushButton:
        """The button of a part."""
        button = self._group.button(index)
        assert isinstance(button, QPushButton)
        return button
