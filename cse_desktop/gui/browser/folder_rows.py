"""Which entries of a folder are shown, and in which order. Plain lists, so that 100,000 are few."""

from __future__ import annotations

import heapq
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import QCollator, QLocale, Qt

from cse_desktop.core.objects import Entry


class Column(IntEnum):
    """The columns of the folder table."""

    NAME = 0
    SIZE = 1
    MODIFIED = 2
    ENCRYPTION = 3
    STORAGE_CLASS = 4


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, and which way round. Folders stay first both ways."""

    column: Column = Column.NAME
    is_descending: bool = False


SORTED_IN_ONE_GO: Final = 5_000
"""The interpreter lock is not given up inside a sort; so many keys take about 15 ms."""

SortKey = Callable[[Entry], Any]


def entry_name(entry: Entry, folder_key: str) -> str:
    """The name of an entry in its folder; "/" for a key part without a name ("a//b")."""
    name = entry.key.removeprefix(folder_key)
    return name.removesuffix("/") or "/"


def natural_key(folder_key: str) -> SortKey:
    """A sort key by name as people count: "a2" before "a10", "É" beside "e". Any thread."""
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        # The C locale compares code points and ignores numeric mode.
        locale = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    collator = QCollator(locale)
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    # The key itself decides between names that collate alike ("a" and "A").
    return lambda entry: (collator.sortKey(entry_name(entry, folder_key)), entry.key)


def sort_key(
    sorting: Sorting, folder_key: str, size_of: Callable[[Entry], int] = lambda entry: entry.size
) -> SortKey:
    """The key that `order` sorts by. Any thread."""
    by_name = natural_key(folder_key)
    if sorting.column is Column.SIZE:
        return lambda entry: (size_of(entry), *by_name(entry))
    if sorting.column is Column.MODIFIED:
        return lambda entry: (_timestamp(entry), *by_name(entry))
    if sorting.column is Column.STORAGE_CLASS:
        return lambda entry: (entry.storage_class, *by_name(entry))
    return by_name


def order(entries: Sequence[Entry], key: SortKey, is_descending: bool) -> list[int]:
    """The positions of `entries` in sorted order, folders first. Any thread."""
    keys = [key(entry) for entry in entries]
    folders = [i for i, entry in enumerate(entries) if entry.is_folder]
    files = [i for i, entry in enumerate(entries) if not entry.is_folder]
    return [
        position
        for part in (folders, files)
        for position in _sorted(part, keys.__getitem__, is_descending)
    ]


def _sorted(positions: list[int], key: Callable[[int], Any], is_descending: bool) -> Iterable[int]:
    """Sort in chunks and merge: one long `sort` would keep the window waiting for its turn."""
    chunks = [
        sorted(positions[start : start + SORTED_IN_ONE_GO], key=key, reverse=is_descending)
        for start in range(0, len(positions), SORTED_IN_ONE_GO)
    ]
    return chunks[0] if len(chunks) == 1 else heapq.merge(*chunks, key=key, reverse=is_descending)


class FolderRows:
    """The loaded entries of one folder and the list of those shown. GUI thread.

    Entries are kept in order of arrival; `shown` holds positions in that list.
    """

    def __init__(self, folder_key: str = "") -> None:
        self.folder_key = folder_key
        self.entries: list[Entry] = []
        self.shown: list[int] = []
        self.needle = ""
        self._arranged: list[int] = []
        self._index_of: dict[str, int] = {}
        self._row_of: dict[int, int] | None = None
        self._key: SortKey | None = None
        self._is_descending = False

    def fresh(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of a page that are not here yet; the folder's own marker object is no row.

        An entry that is here already (an upload finished before its page came) is replaced.
        """
        news = []
        for entry in entries:
            index = self._index_of.get(entry.key)
            if index is not None:
                self.entries[index] = entry
            elif entry.key != self.folder_key:
                news.append(entry)
        return news

    def matching(self, entries: Iterable[Entry]) -> int:
        """How many of `entries` the filter lets through."""
        return sum(map(self._matches, entries))

    def append(self, entries: Sequence[Entry]) -> None:
        """Add `fresh` entries after all others."""
        start = len(self.entries)
        self.entries.extend(entries)
        self._arranged.extend(range(start, start + len(entries)))
        for index, entry in enumerate(entries, start):
            self._index_of[entry.key] = index
            if self._matches(entry):
                self.shown.append(index)
        self._row_of = None

    def arrange(
        self, positions: list[int] | None, key: SortKey | None = None, is_descending: bool = False
    ) -> None:
        """Show in this order (of `order`), or in order of arrival when `positions` is None."""
        self._key, self._is_descending = key, is_descending
        self._arranged = list(range(len(self.entries))) if positions is None else positions
        self._show()

    def set_needle(self, text: str) -> None:
        """Show only names that contain `text`, whatever the case; "" for all."""
        self.needle = _folded(text.strip())
        self._show()

    def row_of(self, key: str) -> int:
        """The shown row of an object key, or -1."""
        index = self._index_of.get(key)
        if index is None:
            return -1
        if self._row_of is None:
            self._row_of = {index: row for row, index in enumerate(self.shown)}
        return self._row_of.get(index, -1)

    def knows(self, key: str) -> bool:
        """Whether an entry is loaded, shown or not."""
        return key in self._index_of

    def place_for(self, entry: Entry) -> int:
        """The row where a new entry belongs, or -1 when the filter hides it."""
        return self._place_in(self.shown, entry) if self._matches(entry) else -1

    def insert(self, row: int, entry: Entry) -> None:
        """Add an entry at the row that `place_for` gave."""
        place = self._place_in(self._arranged, entry)
        index = len(self.entries)
        self.entries.append(entry)
        self._index_of[entry.key] = index
        self._arranged.insert(place, index)
        if row >= 0:
            self.shown.insert(row, index)
        self._row_of = None

    def replace(self, entry: Entry) -> None:
        """New facts about an entry that is here already; it keeps its row."""
        self.entries[self._index_of[entry.key]] = entry

    def remove(self, keys: Collection[str]) -> None:
        """Drop entries; unknown keys are ignored."""
        arranged = [self.entries[i] for i in self._arranged]
        kept = [entry for entry in self.entries if entry.key not in keys]
        self.entries = kept
        self._index_of = {entry.key: index for index, entry in enumerate(kept)}
        self._arranged = [self._index_of[e.key] for e in arranged if e.key in self._index_of]
        self._show()

    def _show(self) -> None:
        self.shown = [i for i in self._arranged if self._matches(self.entries[i])]
        self._row_of = None

    def _place_in(self, positions: list[int], entry: Entry) -> int:
        if self._key is None:
            return len(positions)
        folders = bisect_left(positions, True, key=lambda i: not self.entries[i].is_folder)
        start, end = (0, folders) if entry.is_folder else (folders, len(positions))
        part, key = positions[start:end], self._key
        if self._is_descending:
            part.reverse()
        at = bisect_left(part, key(entry), key=lambda i: key(self.entries[i]))
        return end - at if self._is_descending else start + at

    def _matches(self, entry: Entry) -> bool:
        return not self.needle or self.needle in _folded(entry_name(entry, self.folder_key))


def _timestamp(entry: Entry) -> float:
    return entry.modified.timestamp() if entry.modified else 0.0


def _folded(text: str) -> str:
    # macOS writes names decomposed: "é" as two characters.
    return unicodedata.normalize("NFC", text).casefold()
