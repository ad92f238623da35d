"""The selection of the folder table by object keys, so that it outlives a refresh."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Slot
from PySide6.QtWidgets import QAbstractItemView, QTableView

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.folder_table import FolderTable

_Flag = QItemSelectionModel.SelectionFlag


class KeySelection(QObject):
    """Reads and sets the selection, and keeps it when the model is reset.

    Attributes:
        keeps_place: the row at the top stays there; False for the next reset, when the user asked
            for another order and wants to see its beginning.
    """

    def __init__(self, table: QTableView, model: FolderTable) -> None:
        super().__init__(table)
        self._table = table
        self._model = model
        self.keeps_place = True
        self._kept: tuple[frozenset[str], str, str] = (frozenset(), "", "")
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)

    def entries(self) -> tuple[Entry, ...]:
        """The selected entries from top to bottom."""
        parts = sorted(
            # The stubs do not know that a QItemSelection can be walked through.
            (part.top(), part.bottom())
            for part in self._table.selectionModel().selection()  # type: ignore[attr-defined]
        )
        return tuple(
            entry for part in _merged(parts) for entry in self._model.entries_between(*part)
        )

    def current(self) -> Entry | None:
        """The entry with the keyboard's mark."""
        index = self._table.currentIndex()
        return self._model.entry(index.row()) if index.isValid() else None

    def select(self, keys: Collection[str], current: str = "") -> None:
        """Select the rows of these object keys, and only them; `current` gets the mark."""
        rows = sorted(row for row in map(self._model.row_of, keys) if row >= 0)
        selection = QItemSelection()
        for first, last in _merged([(row, row) for row in rows]):
            left = self._model.index(first, 0)
            selection.select(left, self._model.index(last, len(Column) - 1))
        row = self._model.row_of(current) if current else (rows[0] if rows else -1)
        chosen = self._table.selectionModel()
        if row >= 0:
            chosen.setCurrentIndex(self._model.index(row, 0), _Flag.NoUpdate)
        chosen.select(selection, _Flag.ClearAndSelect)

    @Slot()
    def _keep(self) -> None:
        top, current = self._model.entry(self._table.rowAt(0)), self.current()
        keys = frozenset(entry.key for entry in self.entries())
        self._kept = (keys, current.key if current else "", top.key if top else "")

    @Slot()
    def _restore(self) -> None:
        keys, current, top = self._kept
        if keys or current:
            self.select(keys, current)
        if not self.keeps_place and self._model.shown_count():
            self.keeps_place = True
            self._table.scrollToTop()
            return
        row = self._model.row_of(top) if top else -1
        if row >= 0:
            hint = QAbstractItemView.ScrollHint.PositionAtTop
            self._table.scrollTo(self._model.index(row, 0), hint)


def _merged(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Rising ranges, first and last included, with those that touch or overlap made one."""
    merged: list[tuple[int, int]] = []
    for first, last in parts:
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
