"""Which entries of a folder are shown, and in which order. No lists of objects: a million fit."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Final

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.entry_list import EntryList
from cse_desktop.gui.browser.folder_order import (
    Column,
    Sorting,
    SortKey,
    entry_name,
    short_name,
)
from cse_desktop.jobs.name_search import folded

__all__ = ["Column", "FolderRows", "SortKey", "Sorting", "entry_name", "matches_in"]

Places = range | array  # type: ignore[type-arg]
"""Places of entries, one for each row: as they came, or in another order."""
_NOWHERE: Final = 0xFFFFFFFF


class FolderRows:
    """The loaded entries of one folder and the places of those shown. GUI thread.

    Entries stay in order of arrival; `shown` gives for each row the place of its entry.
    """

    def __init__(self, folder_key: str = "") -> None:
        self.folder_key = folder_key
        self.entries = EntryList()
        self.shown: Places = range(0)
        self.needle = ""
        self._arranged: Places = range(0)
        self._row_of: array[int] | None = None
        self._key: SortKey | None = None
        self._is_descending = False

    @property
    def arranged(self) -> Places:
        """The places of all entries, shown or not, in the order of the rows."""
        return self._arranged

    def fresh(self, entries: Sequence[Entry]) -> Entries:
        """Those of a page that are not here yet; see EntryList."""
        return self.entries.fresh(entries, self.folder_key)

    def matching(self, page: Entries) -> list[int] | range:
        """Which rows of a page the filter lets through."""
        return matches_in(page, self.needle, self.folder_key)

    def append(self, page: Entries, matching: Sequence[int]) -> None:
        """Add a `fresh` page after all others; `matching` of it are shown."""
        start = len(self.entries)
        self.entries.append(page)
        self._arranged = _longer(self._arranged, range(start, start + len(page)))
        if len(matching) == len(page):
            self.shown = _longer(self.shown, range(start, start + len(page)))
        else:
            self.shown = array("I", self.shown)
            self.shown.extend([start + at for at in matching])
        self._row_of = None

    def arrange(
        self, positions: array[int], key: SortKey, is_descending: bool, shown: Places | None = None
    ) -> None:
        """Show in this order.

        Args:
            key: by which they were sorted, for entries that come later.
            shown: those of them that the filter lets through, if somebody knows.
        """
        self._key, self._is_descending = key, is_descending
        self._arranged = positions
        self._show(shown)

    def set_needle(self, text: str, shown: Places | None = None) -> None:
        """Show only names that contain `text`, whatever the case; "" for all."""
        self.needle = folded(text.strip())
        self._show(shown)

    def row_of(self, key: str) -> int:
        """The shown row of an object key, or -1."""
        place = self.entries.find(key)
        if place < 0:
            return -1
        if isinstance(self.shown, range):
            return place if place in self.shown else -1
        if self._row_of is None:
            self._row_of = rows_by_place(self.shown, len(self.entries))
        row = self._row_of[place]
        return -1 if row == _NOWHERE else row

    def knows(self, key: str) -> bool:
        """Whether an entry is loaded, shown or not."""
        return self.entries.find(key) >= 0

    def find_name(self, start_of_name: str, first: int) -> int:
        """The next shown row, from `first` on and round, whose name begins so; -1 for none."""
        needle, rows, start = folded(start_of_name), [], 0
        for page in self.entries.pages:
            for at in matches_in(page, needle, self.folder_key):
                key = self.entries.key(start + at)
                if folded(short_name(key, self.folder_key)).startswith(needle):
                    rows.append(self.row_of(key))
            start += len(page)
        shown = [row for row in rows if row >= 0]
        return min(shown, key=lambda row: (row < first, row), default=-1)

    def place_for(self, entry: Entry) -> int:
        """The row where a new entry belongs, or -1 when the filter hides it."""
        name = folded(entry_name(entry, self.folder_key))
        return self._row_for(self.shown, entry) if self.needle in name else -1

    def insert(self, row: int, entry: Entry) -> None:
        """Add an entry at the row that `place_for` gave."""
        at = self._row_for(self._arranged, entry)
        place = self.entries.add(entry)
        self._arranged = _with(self._arranged, at, place)
        if row >= 0:
            self.shown = _with(self.shown, row, place)
        self._row_of = None

    def replace(self, entry: Entry) -> None:
        """New facts about an entry that is here already; it keeps its row."""
        self.entries.replace(self.entries.find(entry.key), entry)

    def remove(self, keys: Collection[str]) -> None:
        """Drop entries; unknown keys are ignored."""
        self.entries.remove(keys)
        gone = self.entries.gone
        self._arranged = array("I", [place for place in self._arranged if place not in gone])
        self.shown = array("I", [place for place in self.shown if place not in gone])
        self._row_of = None

    def _show(self, shown: Places | None) -> None:
        if shown is None:
            shown = shown_of(self.entries, self._arranged, self.needle, self.folder_key)
        self.shown = shown
        self._row_of = None

    def _row_for(self, places: Places, entry: Entry) -> int:
        if self._key is None:
            return len(places)
        entries, key = self.entries, self._key
        folders = bisect_left(places, True, key=lambda place: not entries[place].is_folder)
        start, end = (0, folders) if entry.is_folder else (folders, len(places))
        part = places[start:end]
        if self._is_descending:
            part = part[::-1]
        at = bisect_left(part, key(entry), key=lambda place: key(entries[place]))
        return end - at if self._is_descending else start + at


def matches_in(page: Entries, needle: str, folder_key: str) -> list[int] | range:
    """Which rows of a page have a name that contains `needle`, which is folded. Any thread."""
    if not needle:
        return range(len(page))
    names = [short_name(key, folder_key) for key in page.all_keys()]
    text = folded("\n".join(names))
    if needle not in text:
        return []
    lines = text.split("\n")
    if len(lines) != len(names):  # a name of two lines
        lines = [folded(name) for name in names]
    return [at for at, line in enumerate(lines) if needle in line]


def shown_of(entries: EntryList, arranged: Places, needle: str, folder_key: str) -> Places:
    """Those of the arranged places whose names contain `needle`. Any thread."""
    if not needle:
        return arranged
    wanted: list[int] = []
    start = 0
    for page in entries.pages:
        wanted += [start + at for at in matches_in(page, needle, folder_key)]
        start += len(page)
    if isinstance(arranged, range):
        return array("I", wanted)
    chosen = bytearray(start)
    for place in wanted:
        chosen[place] = 1
    return array("I", [place for place in arranged if place < start and chosen[place]])


def rows_by_place(shown: Places, count: int) -> array[int]:
    """For each place the row that shows it."""
    rows = array("I", [_NOWHERE]) * count
    for row, place in enumerate(shown):
        rows[place] = row
    return rows


def _longer(places: Places, more: range) -> Places:
    if isinstance(places, range) and (not places or places.stop == more.start):
        return range(places.start if places else more.start, more.stop)
    found = array("I", places)
    found.extend(more)
    return found


def _with(places: Places, row: int, place: int) -> Places:
    if isinstance(places, range) and row == len(places):
        return _longer(places, range(place, place + 1))
    found = array("I", places)
    found.insert(row, place)
    return found
