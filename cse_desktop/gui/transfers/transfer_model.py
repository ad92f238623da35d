"""The transfers list as a Qt model: few, bounded changes from any number of snapshots."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from cse_desktop.gui.transfers import transfer_look
from cse_desktop.gui.transfers.transfer_look import Slots
from cse_desktop.gui.transfers.transfer_rows import Section, Shelf, Tab, TransferRow
from cse_desktop.gui.transfers.transfer_totals import Batches, Sum, Totals
from cse_desktop.jobs.snapshot import Phase, Snapshot

REPAINT_MS: Final = 250
"""Time between two repaints of a row."""

TEXT_S: Final = 1.0
"""Time between two changes of speed and remaining time."""

RowRole: Final = Qt.ItemDataRole.UserRole + 1
"""The TransferRow itself."""

AnyIndex = QModelIndex | QPersistentModelIndex

MANY: Final = 100
"""From here on a reset is quicker than telling of each row, and nobody could follow."""

PORTION: Final = 1000
"""So many news are taken in before other events have their turn."""


class TransferModel(QAbstractListModel):
    """The transfers of one tab, one row each. GUI thread.

    Args:
        limit: how many jobs may run at a time, asked whenever a row says so.
        clock: seconds of a clock that never goes back.

    Signals:
        counts_changed: another number of rows in one of the tabs.
        totals_changed: other sums; at most once a second while nothing starts or ends.
        ended: Snapshot of a job that reached its end just now.
        batch_ended: BatchSummary of an action of the user that is over.
    """

    counts_changed = Signal()
    totals_changed = Signal()
    ended = Signal(object)
    batch_ended = Signal(object)

    def __init__(
        self,
        limit: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._limit, self._clock = limit, clock
        self._rows: dict[int, TransferRow] = {}
        self._shelf, self._tab = Shelf(), Tab.ACTIVE
        self._row_count = 0  # a view asks for it many times a row
        self._news: dict[int, Snapshot] = {}
        self._dirty: set[int] = set()
        self._running: set[int] = set()
        self._sum, self._batches, self._totals = Sum(), Batches(), Totals()
        self._measured_s, self._told_running = float("-inf"), 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._take_in)
        self._tick = QTimer(self, interval=REPAINT_MS)
        self._tick.timeout.connect(self._repaint)

    @property
    def tab(self) -> Tab:
        """What the list shows."""
        return self._tab

    @property
    def totals(self) -> Totals:
        """Sums over all that is under way."""
        return self._totals

    @property
    def slots(self) -> Slots:
        """How many jobs run, and how many may."""
        return Slots(len(self._running), self._limit())

    def count(self, tab: Tab) -> int:
        """How many rows a tab has."""
        return self._shelf.count(tab)

    def snapshots(self, tab: Tab) -> tuple[Snapshot, ...]:
        """The jobs of a tab."""
        return tuple(self._rows[job_id].snapshot for job_id in self._shelf.ids(tab))

    def snapshot(self, job_id: int) -> Snapshot:
        """The newest state of a job that is listed."""
        return self._rows[job_id].snapshot

    def show(self, tab: Tab) -> None:
        """List the rows of another tab."""
        if tab is not self._tab:
            self.beginResetModel()
            self._tab = tab
            self._row_count = self.count(tab)
            self.endResetModel()

    @Slot(object)
    def take(self, snapshot: Snapshot) -> None:
        """Show a newer state of a job, or a new job."""
        self._news[snapshot.id] = snapshot
        if not self._soon.isActive():
            self._soon.start()

    def move_up(self, job_id: int) -> int | None:
        """Show a waiting row one place higher.

        Returns:
            Its new place among those that wait; None when it is the first of them.
        """
        active = self._shelf.ids(Tab.ACTIVE)
        waiting = [one for one in active if one not in self._running]
        place = waiting.index(job_id) if job_id in waiting else 0
        if place == 0:
            return None
        upper = waiting[place - 1]
        row = self._shelf.row(self._tab, Section.ACTIVE, job_id)
        above = self._shelf.row(self._tab, Section.ACTIVE, upper)
        if row is None or above is None:
            self._shelf.move_before(upper, job_id)
        else:
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), above)
            self._shelf.move_before(upper, job_id)
            self.endMoveRows()
        return place - 1

    def remove(self, job_ids: Iterable[int]) -> tuple[int, ...]:
        """Take rows that are over off the list; gives those that were."""
        gone = tuple(
            one for one in job_ids if one in self._rows and self._rows[one].snapshot.phase.is_final
        )
        is_reset = len(gone) > MANY
        if is_reset:
            self.beginResetModel()
        for section in Section:
            here = [one for one in gone if self._rows[one].section is section]
            self._leave(here, section, is_quiet=is_reset)
        if is_reset:
            self._row_count = self.count(self._tab)
            self.endResetModel()
        for job_id in gone:
            del self._rows[job_id]
        self.counts_changed.emit()
        return gone

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """How many rows the tab has."""
        return 0 if parent is not None and parent.isValid() else self._row_count

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Name, tooltip, spoken text, or the row itself."""
        if not index.isValid() or not 0 <= index.row() < self.rowCount():
            return None
        row = self._rows[self._shelf.at(self._tab, index.row())]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return transfer_look.name_of(row.snapshot.request)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return transfer_look.spoken(row.snapshot, row.left_s, self.slots)
        return None

    @Slot()
    def _take_in(self) -> None:
        """Apply news together, and leave the thread to others after a portion of them."""
        news = dict(itertools.islice(self._news.items(), PORTION))
        for job_id in news:
            del self._news[job_id]
        if self._news:
            self._soon.start()
        now_s = self._clock()
        created: list[int] = []
        moved: list[tuple[int, Section]] = []
        ended: list[Snapshot] = []
        for job_id, snapshot in news.items():
            row = self._rows.get(job_id)
            old = row.snapshot if row else None
            if row is None:
                row = self._rows[job_id] = TransferRow(snapshot)
                created.append(job_id)
            was = row.section
            self._count(old, snapshot, now_s)
            row.advance(snapshot, now_s)
            if old is not None and was is not row.section:
                moved.append((job_id, was))
            elif old is not None:
                self._dirty.add(job_id)
            if snapshot.phase.is_final and not (old and old.phase.is_final):
                ended.append(snapshot)
        self._rearrange(created, moved)
        if created or moved:
            self._totals = self._sum.totals(now_s)
            self.counts_changed.emit()
            self.totals_changed.emit()
        for snapshot in ended:
            self.ended.emit(snapshot)
        if not self._tick.isActive():
            self._tick.start()

    def _count(self, old: Snapshot | None, new: Snapshot, now_s: float) -> None:
        self._sum.replace(old, new, now_s)
        self._batches.note(new)
        if new.phase is Phase.RUNNING:
            self._running.add(new.id)
        else:
            self._running.discard(new.id)

    def _rearrange(self, created: list[int], moved: list[tuple[int, Section]]) -> None:
        """List new rows together, and rows that ended one by one or by a reset."""
        is_reset = len(moved) > MANY
        if is_reset:
            self.beginResetModel()
        for section in Section:
            self._leave([one for one, was in moved if was is section], section, is_quiet=is_reset)
        for section in Section:
            here = [one for one, _ in moved] + created
            self._enter(
                [one for one in here if self._rows[one].section is section],
                section,
                is_quiet=is_reset,
            )
        if is_reset:
            self._row_count = self.count(self._tab)
            self.endResetModel()

    def _enter(self, job_ids: list[int], section: Section, *, is_quiet: bool) -> None:
        start = self._shelf.start(self._tab, section)
        if not job_ids or is_quiet or start is None:
            self._shelf.add(job_ids, section)
            return
        if section is Section.ACTIVE:
            start += self._shelf.count(Tab.ACTIVE)
        self.beginInsertRows(QModelIndex(), start, start + len(job_ids) - 1)
        self._shelf.add(job_ids, section)
        self._row_count += len(job_ids)
        self.endInsertRows()

    def _leave(self, job_ids: list[int], section: Section, *, is_quiet: bool) -> None:
        if is_quiet or section not in self._tab.value:
            self._shelf.drop(set(job_ids), section)
            return
        for job_id in job_ids:
            row = self._shelf.row(self._tab, section, job_id) or 0
            self.beginRemoveRows(QModelIndex(), row, row)
            self._shelf.drop({job_id}, section)
            self._row_count -= 1
            self.endRemoveRows()

    @Slot()
    def _repaint(self) -> None:
        now_s = self._clock()
        if now_s - self._measured_s >= TEXT_S:
            self._measured_s = now_s
            for job_id in self._running:
                self._rows[job_id].measure(now_s)
            self._dirty |= self._running
            self._totals = self._sum.totals(now_s)
            self.totals_changed.emit()
        self._tell_of_changes()
        for summary in list(self._batches.take_ended()):
            self.batch_ended.emit(summary)
        if not self._running and not self._news:
            self._tick.stop()

    def _tell_of_changes(self) -> None:
        dirty, self._dirty = self._dirty, set()
        if len(self._running) != self._told_running or len(dirty) > MANY:
            # Each row that waits says how many others run.
            self._told_running = len(self._running)
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
            return
        for job_id in dirty:
            row = self._rows.get(job_id)
            place = self._shelf.row(self._tab, row.section, job_id) if row else None
            if place is not None:
                self.dataChanged.emit(self.index(place), self.index(place))
