"""Sorting of loaded entries: small folders at once, big ones in a worker."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.objects import Entry
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.entry_list import EntryList
from cse_desktop.gui.browser.folder_order import (
    FEW,
    Sorting,
    SortKey,
    order,
    order_of_many,
    sort_key,
    sort_key_of_many,
)
from cse_desktop.jobs.snapshot import Failure


class FolderSorter(QObject):
    """Sorts entries; only the answer to the newest question counts. GUI thread.

    Signals:
        sorted: positions, the sort key, and whether descending.
    """

    sorted = Signal(object, object, bool)

    def __init__(
        self, bridge: Bridge, size_of: Callable[[Entry], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._size_of = size_of
        self._number = 0

    def sort(self, entries: EntryList, sorting: Sorting, folder_key: str) -> None:
        """Sort, and emit `sorted`: before this returns when there are few entries."""
        self.forget()
        descending = sorting.is_descending
        if entries.live_count <= FEW:
            key = sort_key(sorting, folder_key, self._size_of)
            self.sorted.emit(order(entries, key, is_descending=descending), key, descending)
            return
        key = sort_key_of_many(sorting, folder_key)
        self._bridge.ask(
            partial(order_of_many, entries, sorting, folder_key),
            partial(self._take, self._number, key, descending),
            self._ignore,
            self,
        )

    def forget(self) -> None:
        """Emit nothing for what is being sorted now."""
        self._number += 1

    def _take(self, number: int, key: SortKey, descending: bool, positions: array[int]) -> None:
        if number == self._number:
            self.sorted.emit(positions, key, descending)

    def _ignore(self, _failure: Failure) -> None:
        """Sorting reads nothing and so cannot fail; the rows keep their order if it does."""
