"""All loaded entries of a folder, in order of arrival: a million of them must fit in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry


class EntryList(Sequence[Entry]):
    """Pages one after the other, and what changed since they came.

    An entry keeps its place for good: one that is removed leaves a gap, which `len` counts and
    `live_count` does not. Reading is safe in any thread, changes belong to one.
    """

    def __init__(self) -> None:
        self._pages: list[Entries] = []
        self._starts: list[int] = []
        self._length = 0
        self._changed: dict[int, Entry] = {}
        self._late: dict[str, int] = {}  # added one by one, not by S3's listing
        self.gone: set[int] = set()
        self._lows: list[str] = []
        self._ordered: list[int] = []  # numbers of the pages that rise in S3's order
        self._last_key = ""
        self._index: dict[str, int] | None = {}  # of pages that do not; None until asked for
        self._unordered: list[int] = []

    @property
    def live_count(self) -> int:
        """How many entries there are."""
        return self._length - len(self.gone)

    @property
    def pages(self) -> tuple[Entries, ...]:
        """The pages, as they came."""
        return tuple(self._pages)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(self._length)))
        if not 0 <= index < self._length:
            raise IndexError(index)
        changed = self._changed.get(index)
        if changed is not None:
            return changed
        number = bisect_right(self._starts, index) - 1
        return self._pages[number][index - self._starts[number]]

    def key(self, place: int) -> str:
        """The key at a place, without making an Entry."""
        number = bisect_right(self._starts, place) - 1
        return self._pages[number].key(place - self._starts[number])

    def __iter__(self) -> Iterator[Entry]:
        return (self[index] for index in range(self._length) if index not in self.gone)

    def find(self, key: str) -> int:
        """The place of a key, or -1."""
        place = self._late.get(key, -1)
        if place < 0:
            place = self._find_in_order(key)
        if place < 0 and self._unordered:
            place = self._by_key().get(key, -1)
        return -1 if place in self.gone else place

    def fresh(self, entries: Sequence[Entry], without: str = "") -> Entries:
        """Those of a page that are not here yet; what is here already takes over their facts.

        Args:
            without: the marker of the folder itself, which is no entry of it.
        """
        page = entries if isinstance(entries, Entries) else Entries.of(entries)
        if not len(page):
            return page
        is_after = not self._unordered and page.is_sorted and page.span[0] > self._last_key
        if is_after and page.find(without) < 0 and all(page.find(k) < 0 for k in self._late):
            return page
        news = []
        for entry in page:
            place = self.find(entry.key)
            if place >= 0:
                self._changed[place] = entry
            elif entry.key != without:
                news.append(entry)
        return Entries.of(news)

    def append(self, page: Entries) -> None:
        """Add a page of `fresh` entries."""
        if not len(page):
            return
        if page.is_sorted and page.span[0] > self._last_key:
            self._lows.append(page.span[0])
            self._ordered.append(len(self._pages))
            self._last_key = page.span[1]
        else:
            self._unordered.append(len(self._pages))
            self._index = None
        self._add(page)

    def add(self, entry: Entry) -> int:
        """Add one entry that is new; gives its place."""
        place = self._late[entry.key] = self._length
        self._add(Entries.of((entry,)))
        return place

    def replace(self, place: int, entry: Entry) -> None:
        """New facts about an entry."""
        self._changed[place] = entry

    def remove(self, keys: Iterable[str]) -> None:
        """Drop entries; unknown keys are ignored."""
        for key in keys:
            place = self.find(key)
            if place >= 0:
                self.gone.add(place)
                self._late.pop(key, None)

    def _add(self, page: Entries) -> None:
        self._pages.append(page)
        self._starts.append(self._length)
        self._length += len(page)

    def _find_in_order(self, key: str) -> int:
        number = bisect_right(self._lows, key) - 1
        if number < 0:
            return -1
        page = self._ordered[number]
        place = self._pages[page].find(key)
        return -1 if place < 0 else self._starts[page] + place

    def _by_key(self) -> dict[str, int]:
        """An index for servers that list in an order of their own; it takes much memory."""
        if self._index is None:
            self._index = {}
            for number in self._unordered:
                start = self._starts[number]
                keys = self._pages[number].all_keys()
                self._index.update({key: start + at for at, key in enumerate(keys)})
        return self._index
