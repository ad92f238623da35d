"""The table of the open folder: a page of rows at a time, and envelopes as they become known."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser import folder_cells
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.browser.folder_loader import FolderLoader, SessionFor
from cse_desktop.gui.browser.folder_rows import (
    Column,
    FolderRows,
    Places,
    Sorting,
    SortKey,
    shown_of,
)
from cse_desktop.gui.browser.folder_sorter import FolderSorter
from cse_desktop.gui.browser.folder_table import FolderTable, Index
from cse_desktop.gui.look.text import number
from cse_desktop.jobs.name_search import folded
from cse_desktop.jobs.snapshot import Failure

FILTERED_AT_ONCE: Final = 50_000
"""Up to here looking through all names takes less than one frame."""


@dataclass(frozen=True, slots=True)
class Filtering:
    """What the filter shows of what is loaded.

    Attributes:
        text: "" when the filter is off.
        has_more: names that were not loaded were not looked at.
    """

    text: str
    shown: int
    loaded: int
    has_more: bool


class ObjectModel(FolderTable):
    """One folder at a time. GUI thread.

    Pages come while the view scrolls. A folder of one page is sorted when it arrives; a longer
    one stays in S3's order until all of it is here and the user asks for another.

    Signals:
        failed: a page could not be loaded.
    """

    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        session_for: SessionFor,
        reader: EnvelopeReader,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(reader, parent)
        self._bridge = bridge
        self.loader = FolderLoader(bridge, session_for, self)
        self.sorting = Sorting()
        self.is_sorted = False
        self._loads_all = False
        self._filter_text = ""
        self._sorter = FolderSorter(bridge, self._size_of, self)
        self._sorter.sorted.connect(self._arrange)
        self.loader.came.connect(self._put_page)
        self.loader.arrived.connect(self._take_page)
        self.loader.failed.connect(self._stop_loading_all)
        self.loader.failed.connect(self.failed)
        self.loader.changed.connect(self._update_status)

    @property
    def filtering(self) -> Filtering:
        """What the filter shows of what is loaded."""
        shown, loaded = self.shown_count(), self.loaded_count()
        return Filtering(self._filter_text, shown, loaded, self.loader.has_more)

    @property
    def can_be_left(self) -> bool:
        """Whether a search is shown, or all pages are being fetched."""
        return self._loads_all or bool(self.loader.needle)

    @property
    def is_loading_all(self) -> bool:
        """Whether page after page is fetched without scrolling."""
        return self._loads_all

    def open(self, connection: str, folder: ObjectRef) -> None:
        """Show another folder: empty at once, its first page when it arrives."""
        self._loads_all = self.is_sorted = False
        self._filter_text = ""
        self._sorter.forget()
        self.reader.open(connection, folder.bucket)
        self._set_rows(FolderRows(folder.key), "")
        self.loader.open(connection, folder)

    def search(self, text: str) -> None:
        """Show the objects of the whole bucket whose names contain `text`, as they are found."""
        connection, bucket = self.loader.connection, self.loader.folder.bucket
        self._loads_all = self.is_sorted = False
        self._filter_text = ""
        self._sorter.forget()
        self._set_rows(FolderRows(), "")
        self.loader.search(connection, bucket, folded(text.strip()))

    def refresh(self) -> None:
        """Fetch the folder again; the rows stay until the answer is here."""
        if self.loader.needle:
            self.search(self.loader.needle)
            return
        self._loads_all = False
        self.reader.forget_failures()
        self.loader.reload(self.loaded_count())

    def load_all(self) -> None:
        """Fetch all pages that are missing, one after the other."""
        self._loads_all = True
        self.loader.more(many=True)
        self._update_status()

    def stop_loading_all(self) -> None:
        """Fetch pages only while the user scrolls, as before `load_all`."""
        self._loads_all = False
        self._update_status()

    def set_filter(self, text: str) -> None:
        """Show only loaded names that contain `text`; "" for all."""
        self._filter_text = text.strip()
        if self.loaded_count() > FILTERED_AT_ONCE:
            self._filter_later()
            return
        self._set_needle(text, self._status_text())
        self.state_changed.emit()

    def canFetchMore(self, parent: Index) -> bool:
        """Whether a page is left and nothing stands in the way of asking for it."""
        loader = self.loader
        if loader.needle:
            return False  # it goes on by itself
        may_ask = loader.has_first_page and loader.has_more and not loader.is_loading
        return may_ask and loader.failure is None and not self._filter_text and not parent.isValid()

    def fetchMore(self, _parent: Index) -> None:
        """Ask for the next page."""
        self.loader.more()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort now, or as soon as all pages are in: they are fetched for it."""
        if column not in folder_cells.SORTABLE:
            return
        self.sorting = Sorting(Column(column), order == Qt.SortOrder.DescendingOrder)
        if self.loader.is_complete:
            self._sort()
        else:
            self.load_all()

    def _filter_later(self) -> None:
        """Look through a great many names in a worker; the rows stay until it is done."""
        text, rows = self._filter_text, self._rows
        entries, arranged, count = rows.entries, rows.arranged, len(rows.entries)

        def show(shown: Places) -> None:
            if self._rows is not rows or text != self._filter_text:
                return
            if rows.arranged is arranged and len(rows.entries) == count:
                self._set_needle(text, self._status_text(), shown)
                self.state_changed.emit()
            else:
                self._filter_later()

        question = partial(shown_of, entries, arranged, folded(text), self.folder_key)
        self._bridge.ask(question, show, _keep_rows, self)

    def _can_sort(self) -> bool:
        return self.loader.is_complete

    def _put_page(self, entries: Sequence[Entry], replaces: bool) -> None:
        if replaces:
            rows = FolderRows(self.folder_key)
            rows.set_needle(self._filter_text)
            page = rows.fresh(entries)
            rows.append(page, rows.matching(page))
            self._sorter.forget()
            self.is_sorted = False
            self._set_rows(rows, self._status_text(bool(rows.entries.live_count)))
        else:
            self._append(entries)

    def _take_page(self, entries: Sequence[Entry], replaces: bool) -> None:
        self._put_page(entries, replaces)
        if self.loader.has_more:
            if not self.loader.needle and (self._loads_all or not entries):
                # S3 may give an empty page and still have more.
                self.loader.more(many=True)
        elif self._loads_all or (replaces and not self.loader.needle):
            self._loads_all = False
            self._sort()

    def _update_status(self) -> None:
        self._set_status(self._status_text(bool(self.loaded_count())))
        self.state_changed.emit()

    def _status_text(self, has_rows: bool = True) -> str:
        loader = self.loader
        if not has_rows or not loader.has_first_page:
            return ""
        if loader.failure is not None:
            return folder_cells.NOT_LOADED
        if loader.needle:
            searching = folder_cells.SEARCHING.format(looked_at=number(loader.looked_at))
            return searching if loader.is_searching else ""
        if self._loads_all and loader.has_more:
            return folder_cells.LOADING_ALL.format(loaded=number(self.loaded_count()))
        return folder_cells.LOADING_MORE if loader.has_more and not self._filter_text else ""

    def _stop_loading_all(self, _failure: Failure) -> None:
        self._loads_all = False

    def _size_of(self, entry: Entry) -> int:
        found = self.reader.state(entry).inspection
        return found.size if found else entry.size

    def _sort(self) -> None:
        self._sorter.sort(self.entries(), self.sorting, self.folder_key)

    def _arrange(self, positions: array[int], key: SortKey, is_descending: bool) -> None:
        if len(positions) != self.loaded_count():
            # A row came or went while the worker sorted.
            self._sort()
            return
        self._rearrange(positions, key, is_descending)
        self.is_sorted = True
        self.state_changed.emit()


def _keep_rows(_failure: Failure) -> None:
    """Looking through names in memory cannot fail."""
