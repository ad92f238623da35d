"""The rows of a folder as Qt sees them; ObjectModel fills them."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser import folder_cells
from cse_desktop.gui.browser.entry_list import EntryList
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.browser.folder_rows import Column, FolderRows, Places, SortKey

EntryRole: Final = Qt.ItemDataRole.UserRole
"""The Entry; None in the last row while it says that more is coming."""
SortRole: Final = Qt.ItemDataRole.UserRole + 1
InspectionRole: Final = Qt.ItemDataRole.UserRole + 2
"""The EnvelopeState of the row's object."""

Index = QModelIndex | QPersistentModelIndex
NO_INDEX: Final = QModelIndex()

_STATUS_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_ENTRY_FLAGS: Final = _STATUS_FLAGS | Qt.ItemFlag.ItemIsSelectable
_SPOKEN: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class FolderTable(QAbstractTableModel):
    """Entries, one a row, and at times a last row with a sentence instead. GUI thread.

    Signals:
        state_changed: loading, sorting, filter or the number of rows is another.
    """

    state_changed = Signal()

    def __init__(self, reader: EnvelopeReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader = reader
        self._rows = FolderRows()
        self._status = ""
        reader.changed.connect(self._touch)
        reader.forgotten.connect(self._touch_all)

    @property
    def folder_key(self) -> str:
        """The key of the open folder: "" or ending with "/"."""
        return self._rows.folder_key

    def entry(self, row: int) -> Entry | None:
        """The entry of a row; None for the row with a sentence."""
        shown = self._rows.shown
        return self._rows.entries[shown[row]] if 0 <= row < len(shown) else None

    def entries_between(self, first: int, last: int) -> list[Entry]:
        """The entries of the rows from `first` to `last`, both included."""
        return [self._rows.entries[index] for index in self._rows.shown[first : last + 1]]

    def entries(self) -> EntryList:
        """All loaded entries, in order of arrival."""
        return self._rows.entries

    def loaded_count(self) -> int:
        """How many entries are loaded, shown or not."""
        return self._rows.entries.live_count

    def shown_count(self) -> int:
        """How many entries the filter lets through."""
        return len(self._rows.shown)

    def row_of(self, key: str) -> int:
        """The row of an object key, or -1."""
        return self._rows.row_of(key)

    def find_name(self, start_of_name: str, first: int) -> int:
        """The next row, from `first` on and round, whose name begins so; -1 when none does."""
        return self._rows.find_name(start_of_name, first)

    def put(self, entry: Entry) -> None:
        """Show an entry of this folder that is new or has changed."""
        if self._rows.knows(entry.key):
            self._rows.replace(entry)
            self._touch(entry.key)
            return
        row = self._rows.place_for(entry)
        if row < 0:
            self._rows.insert(row, entry)
        else:
            self.beginInsertRows(NO_INDEX, row, row)
            self._rows.insert(row, entry)
            self.endInsertRows()
        self.state_changed.emit()

    def remove(self, keys: Collection[str]) -> None:
        """Take entries out of the table."""
        rows = [row for row in map(self._rows.row_of, keys) if row >= 0]
        if len(rows) == 1:
            self.beginRemoveRows(NO_INDEX, rows[0], rows[0])
            self._rows.remove(keys)
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self._rows.remove(keys)
            self.endResetModel()
        self.state_changed.emit()

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Entries shown, and the row with a sentence."""
        return 0 if parent.isValid() else len(self._rows.shown) + bool(self._status)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """One for each Column."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows can be selected; the one with a sentence is only there to be read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _ENTRY_FLAGS if index.row() < len(self._rows.shown) else _STATUS_FLAGS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the values behind them under EntryRole, SortRole and InspectionRole."""
        if not index.isValid():
            return None
        entry, column = self.entry(index.row()), Column(index.column())
        if role == EntryRole:
            return entry
        if entry is None:
            return self._status if role in _SPOKEN and column is Column.NAME else None
        return self._cell(column, entry, role)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Column titles; tooltips say what sorting needs."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        if role in _SPOKEN:
            return folder_cells.TITLES[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return folder_cells.alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return folder_cells.header_hint(column, self._can_sort())
        return None

    def _cell(self, column: Column, entry: Entry, role: int) -> Any:
        state = self.reader.state(entry)
        if role == InspectionRole:
            return state
        if role == SortRole:
            return folder_cells.sort_value(column, entry, state)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return folder_cells.alignment(column)
        text = folder_cells.TEXTS.get(role)
        return text(column, entry, state, self.folder_key) if text else None

    def _can_sort(self) -> bool:
        return True

    def _set_rows(self, rows: FolderRows, status: str) -> None:
        self.beginResetModel()
        self._rows, self._status = rows, status
        self.endResetModel()

    def _append(self, entries: Sequence[Entry]) -> None:
        news = self._rows.fresh(entries)
        shown, matching = len(self._rows.shown), self._rows.matching(news)
        if matching:
            self.beginInsertRows(NO_INDEX, shown, shown + len(matching) - 1)
        self._rows.append(news, matching)
        if matching:
            self.endInsertRows()

    def _rearrange(self, positions: array[int], key: SortKey, is_descending: bool) -> None:
        self.beginResetModel()
        self._rows.arrange(positions, key, is_descending)
        self.endResetModel()

    def _set_needle(self, text: str, status: str, shown: Places | None = None) -> None:
        self.beginResetModel()
        self._rows.set_needle(text, shown)
        self._status = status
        self.endResetModel()

    def _set_status(self, text: str) -> None:
        """Say something in a last row, or have none."""
        row, had = len(self._rows.shown), bool(self._status)
        if text and not had:
            self.beginInsertRows(NO_INDEX, row, row)
            self._status = text
            self.endInsertRows()
        elif had and not text:
            self.beginRemoveRows(NO_INDEX, row, row)
            self._status = ""
            self.endRemoveRows()
        elif text != self._status:
            self._status = text
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _touch(self, key: str) -> None:
        row = self._rows.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _touch_all(self) -> None:
        if self.rowCount():
            last = self.index(self.rowCount() - 1, len(Column) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
