"""The transfers panel: what runs, what is done, what failed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QStackedLayout, QVBoxLayout, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import line
from cse_desktop.gui.parts.file_drag import FileDrag
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_header import TransferHeader
from cse_desktop.gui.transfers.transfer_look import name_of, state_of
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.gui.transfers.transfer_nothing import TransferNothing
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.gui.transfers.transfer_totals import BatchSummary
from cse_desktop.gui.transfers.transfer_view import TransferView
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Copy, Download, Move
from cse_desktop.jobs.snapshot import Phase, Snapshot

_FEW: Final = 5  # failures of a larger action are announced by its summary alone


class TransferPanel(QFrame):
    """Header and list.

    Args:
        queue: told what the user decides; none of its methods blocks.

    Signals:
        decision_requested: Snapshots of jobs that ask about a name that is taken.
        details_requested: Snapshot of a failed job.
        folder_requested: Path of a file that was saved.
        place_requested: ObjectRef of an object, to be shown in its folder.
        upload_requested: the button of the empty list.
        fold_changed: whether the list is closed now.
        full_changed: whether the list wants the whole height now.
        told: a sentence for the status bar.
    """

    decision_requested = Signal(object)
    details_requested = Signal(object)
    folder_requested = Signal(object)
    place_requested = Signal(object)
    upload_requested = Signal()
    fold_changed = Signal(bool)
    full_changed = Signal(bool)
    told = Signal(str)

    def __init__(
        self, theme: Theme, model: TransferModel, queue: JobQueue, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._queue = model, queue
        self._is_folded = self._is_full = False
        self._quarter = 0
        self.setProperty("frame", "surface")
        self.setAccessibleName("Transfers")
        self.header = TransferHeader(theme, model)
        self.view = TransferView(theme, model)
        self.file_drag = FileDrag(self.view.viewport(), self._saved_files)
        self.nothing = TransferNothing(theme)
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (line(), self.header, line()):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        self.setFocusProxy(self.view)
        self._connect()
        self._refresh()

    @property
    def is_folded(self) -> bool:
        """Whether the list is closed."""
        return self._is_folded

    @property
    def is_full(self) -> bool:
        """Whether the list wants the whole height."""
        return self._is_full

    def set_folded(self, is_folded: bool) -> None:
        """Close the list, so that only the header stays, or open it."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self._body.setVisible(not is_folded)
            self.header.set_folded(is_folded)
            self.fold_changed.emit(is_folded)

    def set_full(self, is_full: bool) -> None:
        """Be shown at full height, with a tab for all transfers, or not."""
        if is_full != self._is_full:
            self.set_folded(False)
            self._is_full = is_full
            self.header.set_full(is_full)
            self.full_changed.emit(is_full)

    def header_height(self) -> int:
        """Height of the panel while the list is closed."""
        return self.header.height() + 2

    def show_failures(self) -> None:
        """Open the list at what failed."""
        self.set_folded(False)
        self.header.show_tab(Tab.FAILED)

    @Slot()
    def clear_finished(self) -> None:
        """Take everything that is over off the list."""
        over = [one.id for one in self._model.snapshots(Tab.ALL) if one.phase.is_final]
        self._queue.forget(self._model.remove(over))

    def _connect(self) -> None:
        self.header.tab_chosen.connect(self._show_tab)
        self.header.hold_all_chosen.connect(self._hold_all)
        self.header.release_all_chosen.connect(self._release_all)
        self.header.retry_chosen.connect(self._retry_failed)
        self.header.clear_chosen.connect(self._clear)
        self.header.fold_chosen.connect(self._toggle_folded)
        self.header.full_chosen.connect(self._toggle_full)
        self.nothing.upload_requested.connect(self.upload_requested)
        self.view.chosen.connect(self._act)
        self._model.counts_changed.connect(self._refresh)
        self._model.totals_changed.connect(self._announce_progress)
        self._model.ended.connect(self._announce_failure)
        self._model.batch_ended.connect(self._tell_of_batch)

    @Slot(object, object)
    def _act(self, action: Action, job_ids: list[int]) -> None:
        queue = self._queue
        each = {
            Action.CANCEL: queue.cancel,
            Action.HOLD: queue.hold,
            Action.RELEASE: queue.release,
        }
        for job_id in job_ids if action in each else ():
            each[action](job_id)
        match action:
            case Action.RETRY:
                self._retry(job_ids)
            case Action.REMOVE:
                queue.forget(self._model.remove(job_ids))
            case Action.MOVE_UP:
                place = self._model.move_up(job_ids[0])
                if place is not None:
                    queue.move(job_ids[0], place)
            case Action.DECIDE:
                self.decision_requested.emit(tuple(map(self._model.snapshot, job_ids)))
            case Action.DETAILS:
                self.details_requested.emit(self._model.snapshot(job_ids[0]))
            case Action.OPEN_FOLDER:
                self._open(self._model.snapshot(job_ids[0]))

    def _retry(self, job_ids: list[int]) -> None:
        for job_id in job_ids:
            self._queue.retry(job_id)
        self._queue.forget(self._model.remove(job_ids))

    def _saved_files(self) -> list[Path]:
        """Of the selected downloads, the files that are on the disk."""
        done = (row.snapshot for row in self.view.selected() if row.snapshot.phase is Phase.DONE)
        requests = (each.request for each in done)
        paths = (each.target for each in requests if isinstance(each, Download))
        return [path for path in paths if path.is_file()]

    def _open(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.request, Download):
            path = getattr(snapshot.result, "path", snapshot.request.target)
            self.folder_requested.emit(path)
        elif isinstance(snapshot.request, Copy | Move):
            self.place_requested.emit(snapshot.request.to)
        else:
            self.place_requested.emit(snapshot.request.ref)

    @Slot(object)
    def _show_tab(self, tab: Tab) -> None:
        self._model.show(tab)
        self._refresh()

    @Slot()
    def _hold_all(self) -> None:
        self._queue.hold_all()

    @Slot()
    def _release_all(self) -> None:
        self._queue.release_all()

    @Slot()
    def _retry_failed(self) -> None:
        failed = self._model.snapshots(Tab.FAILED)
        self._retry([one.id for one in failed if one.failure and one.failure.may_be_retried])

    @Slot()
    def _clear(self) -> None:
        shown = self._model.snapshots(self._model.tab)
        over = [one.id for one in shown if one.phase.is_final]
        self._queue.forget(self._model.remove(over))

    @Slot()
    def _toggle_folded(self) -> None:
        self.set_folded(not self._is_folded)

    @Slot()
    def _toggle_full(self) -> None:
        self.set_full(not self._is_full)

    @Slot()
    def _refresh(self) -> None:
        tab = self._model.tab
        self.nothing.set_tab(tab, is_first_time=self._model.count(Tab.ALL) == 0)
        self._stack.setCurrentWidget(self.view if self._model.count(tab) else self.nothing)

    @Slot(object)
    def _announce_failure(self, snapshot: Snapshot) -> None:
        if snapshot.phase is Phase.FAILED and self._model.count(Tab.FAILED) <= _FEW:
            state = state_of(snapshot, self._model.slots)
            self._announce(f"{name_of(snapshot.request)}. {state.first}")

    @Slot(object)
    def _tell_of_batch(self, summary: BatchSummary) -> None:
        self.told.emit(summary.sentence)

    @Slot()
    def _announce_progress(self) -> None:
        """Say how far all is, at each quarter."""
        totals = self._model.totals
        quarter = totals.done * 4 // totals.total if totals.total and totals.active else 0
        if quarter > self._quarter and quarter < 4:
            self._announce(f"Transfers {quarter * 25} percent done")
        self._quarter = quarter

    def _announce(self, sentence: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))
