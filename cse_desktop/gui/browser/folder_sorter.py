"""Sorting of loaded entries: small folders at once, big ones in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.objects import Entry
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_rows import Sorting, SortKey, order, sort_key
from cse_desktop.jobs.snapshot import Failure

AT_ONCE: Final = 5_000
"""Up to here sorting takes less than one frame of a slow machine."""


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

    def sort(self, entries: Sequence[Entry], sorting: Sorting, folder_key: str) -> None:
        """Sort, and emit `sorted`: before this returns when there are few entries."""
        self.forget()
        key = sort_key(sorting, folder_key, self._size_of)
        descending = sorting.is_descending
        if len(entries) <= AT_ONCE:
            self.sorted.emit(order(entries, key, descending), key, descending)
            return
        self._bridge.ask(
            partial(order, list(entries), key, descending),
            partial(self._take, self._number, key, descending),
            self._ignore,
            self,
        )

    def forget(self) -> None:
        """Emit nothing for what is being sorted now."""
        self._number += 1

    def _take(self, number: int, key: SortKey, descending: bool, positions: list[int]) -> None:
        if number == self._number:
            self.sorted.emit(positions, key, descending)

    def _ignore(self, _failure: Failure) -> None:
        """Sorting reads nothing and so cannot fail; the rows keep their order if it does."""
