"""Rows of a listing, held as columns: a million of them must fit in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final, overload

from cse_desktop.core.objects import Entry

DATE_BYTES: Final = 24
"""Each date is kept as S3 writes it, "2025-07-31T15:42:09.000Z", so dates sort as text."""

_NO_DATE: Final = " " * DATE_BYTES


class Entries(Sequence[Entry]):
    """Folders, then objects, each in the order of S3. Never changes; any thread.

    An Entry is made whenever one is asked for. A row takes about 75 bytes and its key.

    Args:
        folders: common prefixes.
        keys: of the objects, in UTF-8, one for each of the following.
        sizes: in bytes.
        dates: when modified, `DATE_BYTES` each.
        etags: without quotation marks.
        storage_classes: as S3 spells them.
    """

    __slots__ = (
        "__dict__",
        "_classes",
        "_dates",
        "_etag_ends",
        "_etags",
        "_key_ends",
        "_keys",
        "folders",
        "sizes",
    )

    def __init__(
        self,
        folders: tuple[str, ...] = (),
        keys: Sequence[bytes] = (),
        sizes: Sequence[int] = (),
        dates: Sequence[bytes] = (),
        etags: Sequence[bytes] = (),
        storage_classes: Sequence[str] = (),
    ) -> None:
        self.folders = folders
        self.sizes = array("q", sizes)
        self._keys = b"".join(keys)
        self._key_ends = array("I", accumulate(map(len, keys), initial=0))
        self._dates = b"".join(dates)
        self._etags = b"".join(etags)
        self._etag_ends = array("I", accumulate(map(len, etags), initial=0))
        kinds = set(storage_classes)
        # Nearly always one for all: then it is kept once.
        self._classes = tuple(kinds) if len(kinds) == 1 else tuple(storage_classes)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Entries:
        """The same entries as columns."""
        found = list(entries)
        folders = [each for each in found if each.is_folder and each.modified is None]
        objects = [each for each in found if not each.is_folder or each.modified is not None]
        return cls(
            tuple(each.key for each in folders),
            [each.key.encode() for each in objects],
            [each.size for each in objects],
            [date_text(each.modified).encode() for each in objects],
            [each.etag.encode() for each in objects],
            [each.storage_class for each in objects],
        )

    def __len__(self) -> int:
        return len(self.folders) + len(self.sizes)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(index, slice):
            return tuple(self._entry(each) for each in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._entry(index % len(self))

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, range(len(self)))

    def key(self, index: int) -> str:
        """The key of the row `index`, without making an Entry."""
        at = index - len(self.folders)
        return self.folders[index] if at < 0 else self._coded(at).decode()

    def all_keys(self) -> list[str]:
        """All keys."""
        ends = self._key_ends
        text = self._keys.decode()
        if len(text) == len(self._keys):  # of ASCII alone: letters are bytes
            found = [text[start:end] for start, end in pairwise(ends)]
        else:
            data = self._keys
            found = [data[start:end].decode() for start, end in pairwise(ends)]
        return [*self.folders, *found]

    def date(self, index: int) -> str:
        """When the row `index` was modified, as text that sorts; "" of a folder."""
        at = index - len(self.folders)
        return "" if at < 0 else self._dates[at * DATE_BYTES : (at + 1) * DATE_BYTES].decode()

    def folder_rows(self) -> list[int]:
        """The rows that are folders, or objects named like one."""
        slash, first = ord("/"), len(self.folders)
        data, ends = self._keys, self._key_ends
        named = [at for at, end in enumerate(ends) if end and data[end - 1] == slash]
        return [*range(first), *(first + at - 1 for at in named)]

    def dates(self) -> list[str]:
        """When each was modified, as `date`."""
        text = self._dates.decode()
        found = [text[at : at + DATE_BYTES] for at in range(0, len(text), DATE_BYTES)]
        return [""] * len(self.folders) + found

    def storage_classes(self) -> list[str]:
        """The storage class of each; "" of a folder."""
        kinds = self._classes * len(self.sizes) if len(self._classes) == 1 else self._classes
        return [""] * len(self.folders) + [*kinds]

    def find(self, key: str) -> int:
        """The row of a key, or -1; only where `is_sorted`."""
        at = bisect_left(self.folders, key)
        if at < len(self.folders) and self.folders[at] == key:
            return at
        coded = key.encode()
        at = bisect_left(range(len(self.sizes)), coded, key=self._coded)
        found = at < len(self.sizes) and self._coded(at) == coded
        return len(self.folders) + at if found else -1

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last key, as S3 counts; only where `is_sorted`, and there are any."""
        folders, count = self.folders, len(self)
        ends = [*folders[:1], *folders[-1:]]
        if self.sizes:
            ends += [self.key(len(folders)), self.key(count - 1)]
        # Characters and the bytes of UTF-8 have the same order.
        return min(ends), max(ends)

    @cached_property
    def is_sorted(self) -> bool:
        """Whether folders and objects, each for themselves, are in S3's order, as they ought."""
        data = self._keys
        keys = [data[start:end] for start, end in pairwise(self._key_ends)]
        return _rises([folder.encode() for folder in self.folders]) and _rises(keys)

    def _coded(self, at: int) -> bytes:
        return self._keys[self._key_ends[at] : self._key_ends[at + 1]]

    def _entry(self, index: int) -> Entry:
        at = index - len(self.folders)
        if at < 0:
            return Entry(self.folders[index])
        classes, date = self._classes, self.date(index)
        return Entry(
            self.key(index),
            self.sizes[at],
            self._etags[self._etag_ends[at] : self._etag_ends[at + 1]].decode(),
            None if date == _NO_DATE else datetime.fromisoformat(date),
            classes[0] if len(classes) == 1 else classes[at],
        )


def date_text(when: datetime | None) -> str:
    """A date in the spelling of S3, in UTC, to the millisecond; spaces if it is not known."""
    if when is None:
        return _NO_DATE
    when = when.astimezone(UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


def _rises(keys: Sequence[bytes]) -> bool:
    return all(map(bytes.__lt__, keys, keys[1:]))
