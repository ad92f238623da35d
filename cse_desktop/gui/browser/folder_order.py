"""The order of a folder: as people count where there are few names, as fast as can be for many.

Python's sort holds the interpreter until it is done, and the window would wait for it. So many
values are first dealt into small heaps that follow one another, and each heap is sorted.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import chain, repeat
from operator import le
from typing import Any, Final

from PySide6.QtCore import QCollator, QCollatorSortKey, QLocale, Qt

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.entry_list import EntryList

FEW: Final = 5_000
"""So many are sorted by the collator of the user's language; it takes less than a slow frame."""
HEAP: Final = 4_000
"""Values sorted in one go: two milliseconds."""

_DIGITS: Final = re.compile(r"(\d+)", re.ASCII)
_LENGTHS: Final = tuple(f"0{chr(0x30 + length)}" for length in range(1 + 1024))
"""No key is longer than 1,024 bytes."""


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


SortKey = Callable[[Entry], Any]


def entry_name(entry: Entry, folder_key: str) -> str:
    """The name of an entry in its folder; "/" for a key part without a name ("a//b")."""
    return short_name(entry.key, folder_key)


def short_name(key: str, folder_key: str) -> str:
    """The same of a key."""
    return key.removeprefix(folder_key).removesuffix("/") or "/"


def natural_key(folder_key: str) -> SortKey:
    """A sort key by name as people count: "a2" before "a10", "É" beside "e". Any thread."""
    collator = _collator()
    # The key itself decides between names that collate alike ("a" and "A").
    return lambda entry: (_Collated(collator.sortKey(entry_name(entry, folder_key))), entry.key)


class _Collated:
    """A collator's key that knows its equals; Qt's own is equal to nothing, not even itself."""

    __slots__ = ("_compare", "_key")

    def __init__(self, key: QCollatorSortKey) -> None:
        self._key = key
        self._compare = key.compare

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Collated) and self._compare(other._key) == 0

    def __lt__(self, other: _Collated) -> bool:
        return self._compare(other._key) < 0

    __hash__ = None  # type: ignore[assignment]


def sort_key(sorting: Sorting, folder_key: str, size_of: Callable[[Entry], int]) -> SortKey:
    """The key that few entries are sorted by. Any thread."""
    by_name = natural_key(folder_key)
    if sorting.column is Column.SIZE:
        return lambda entry: (size_of(entry), *by_name(entry))
    if sorting.column is Column.MODIFIED:
        return lambda entry: (_timestamp(entry), *by_name(entry))
    if sorting.column is Column.STORAGE_CLASS:
        return lambda entry: (entry.storage_class, *by_name(entry))
    return by_name


def sort_key_of_many(sorting: Sorting, folder_key: str) -> SortKey:
    """The key that many entries are sorted by, for an entry that comes later."""
    return lambda entry: _values(Entries.of((entry,)), sorting.column, folder_key)[0]


def order(entries: EntryList, key: SortKey, *, is_descending: bool) -> array[int]:
    """The places of few entries in sorted order, folders first. Any thread."""
    live = [place for place in range(len(entries)) if place not in entries.gone]
    values = {place: key(entries[place]) for place in live}
    parts = (
        [place for place in live if entries[place].is_folder],
        [place for place in live if not entries[place].is_folder],
    )
    found = (sorted(part, key=values.__getitem__, reverse=is_descending) for part in parts)
    return array("I", (place for part in found for place in part))


def order_of_many(entries: EntryList, sorting: Sorting, folder_key: str) -> array[int]:
    """The same for many entries, by their sizes as stored; ties stay in S3's order. Any thread."""
    values: list[Any] = []
    folders: list[int] = []
    for page in entries.pages:
        folders += [len(values) + row for row in page.folder_rows()]
        values += _values(page, sorting.column, folder_key)
    others: Sequence[int] = range(len(values))
    if folders:
        named = frozenset(folders)
        others = [place for place in others if place not in named]
    found = array("I")
    for places in (folders, others):
        part = sort_in_heaps(places, values)
        found.extend(reversed(part) if sorting.is_descending else part)
    gone = entries.gone
    return array("I", [place for place in found if place not in gone]) if gone else found


def sort_in_heaps(places: Sequence[int], values: Sequence[Any]) -> Sequence[int]:
    """Sort `places` by their `values`, never holding the interpreter for more than a moment."""
    ranked = values if len(places) == len(values) else [values[place] for place in places]
    if all(_rises(ranked[at : at + HEAP + 1]) for at in range(0, len(ranked), HEAP)):
        return places  # S3 lists by key, so this is common
    sample = sorted(ranked[:: max(1, len(ranked) // HEAP)])
    pivots = sample[:: max(1, len(sample) * HEAP // (2 * len(ranked)))]
    heaps: list[list[int]] = [[] for _ in range(len(pivots) + 1)]
    for place, value in zip(places, ranked, strict=True):
        heaps[bisect_right(pivots, value)].append(place)
    for heap in heaps:
        heap.sort(key=values.__getitem__)
    return list(chain.from_iterable(heaps))


def natural_texts(names: Sequence[str]) -> list[str]:
    """Texts that compare as the collator would compare these names, or nearly so.

    For names of ASCII it is the same order; other letters stand beside those they come from, and
    scripts one after the other. Ten times as fast.
    """
    text = "\n".join(names)
    if text.count("\n") != len(names) - 1:
        return [each for name in names for each in natural_texts([name.replace("\n", " ")])]
    if not text.isascii():
        text = unicodedata.normalize("NFD", text)
    pieces = _DIGITS.split(text.casefold().translate(_ranks()))
    # The length of a number comes first, so that the shorter is the smaller.
    numbers = map(str.lstrip, pieces[1::2], repeat("0"))
    pieces[1::2] = [_LENGTHS[len(number)] + number for number in numbers]
    return "".join(pieces).split("\n")


@cache
def _ranks() -> dict[int, str | None]:
    """What each character of ASCII is replaced by, so that code points follow the collator.

    Signs come below the digits, which stay, and letters above; accents are left out.
    """
    table: dict[int, str | None] = dict.fromkeys(range(0x300, 0x370))
    signs = sorted((chr(c) for c in range(0x20, 0x7F) if not chr(c).isalnum()), key=_weight)
    # 0x0A separates names; everything else below the digits is free.
    table.update({ord(sign): chr(code) for code, sign in enumerate(signs, start=0x0B)})
    table.update(dict.fromkeys((*range(0x0A), *range(0x0B, 0x20), 0x7F), "\x01"))
    return table


def _weight(sign: str) -> QCollatorSortKey:
    return _collator().sortKey(sign)


@cache
def _collator() -> QCollator:
    locale = QLocale()
    if locale.language() == QLocale.Language.C:
        # The C locale compares code points and ignores numeric mode.
        locale = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
    collator = QCollator(locale)
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return collator


def _values(page: Entries, column: Column, folder_key: str) -> Sequence[Any]:
    """What the rows of a page are sorted by."""
    if column is Column.SIZE:
        return [*([0] * len(page.folders)), *page.sizes]
    if column is Column.MODIFIED:
        return page.dates()
    if column is Column.STORAGE_CLASS:
        return page.storage_classes()
    start = len(folder_key)
    names = [key[start:] for key in page.all_keys()]
    return natural_texts(names) if names else []


def _rises(values: Sequence[Any]) -> bool:
    return all(map(le, values, values[1:]))


def _timestamp(entry: Entry) -> float:
    return entry.modified.timestamp() if entry.modified else 0.0
