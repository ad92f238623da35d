"""Going to a row by typing the beginning of its name."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication

from cse_desktop.gui.browser.folder_table import FolderTable


class TypeAhead:
    """Collects letters typed shortly after each other. GUI thread."""

    def __init__(self, model: FolderTable) -> None:
        self._model = model
        self._typed = ""
        self._since = QElapsedTimer()

    @property
    def is_typing(self) -> bool:
        """Whether the next letter still belongs to the name being typed."""
        interval = QApplication.keyboardInputInterval()
        return self._since.isValid() and not self._since.hasExpired(interval)

    def row_for(self, letters: str, current: int) -> int:
        """The row to go to after these letters, -1 when no name begins so.

        Args:
            current: the row with the keyboard's mark, -1 for none.
        """
        self._typed = self._typed + letters if self.is_typing else letters
        self._since.start()
        row = self._model.find_name(self._typed, max(current, 0))
        is_repeated = len(set(self._typed)) == 1
        if is_repeated and (row < 0 or len(self._typed) == 1):
            # The same letter again and again steps through the names that begin with it.
            row = self._model.find_name(self._typed[0], current + 1)
        return row
