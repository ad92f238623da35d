"""What a person does to files that are there already: preview, rename, copy, move, delete."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.managing.arrange_flow import ArrangeFlow, AskAboutClashes
from cse_desktop.gui.preview.preview_flow import PreviewFlow
from cse_desktop.gui.transfers.transfer_flows import TransferFlows
from cse_desktop.jobs.requests import Copy, Delete, Move
from cse_desktop.jobs.snapshot import Phase, Snapshot

QUIET_MS = 600
"""A folder is read again when so long no file in or below it has been moved or deleted."""


class Managing(QObject):
    """Carries out the actions, and keeps the open folder in step with what they did. GUI thread.

    Signals:
        told: a sentence for the status line.
    """

    told = Signal(str)

    def __init__(
        self,
        backstage: Backstage,
        files: ObjectPane,
        actions: Actions,
        navigator: Navigator,
        flows: TransferFlows,
        ask_about_clashes: AskAboutClashes,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._files = files
        self._actions = actions
        self._navigator = navigator
        self.flow = ArrangeFlow(backstage, files.reader, ask_about_clashes, window)
        self.previews = PreviewFlow(backstage, files, flows, window)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(files.model.refresh)
        self._connect()
        self.follow_selection()

    @Slot()
    def preview(self) -> None:
        """Show the selected file; again: close it."""
        here, entries = self._navigator.here, self._selection_or_mark()
        if here is None or not entries:
            return
        if len(entries) != 1 or entries[0].is_folder:
            self.told.emit("Select one file to preview it")
            return
        self.previews.toggle(here, entries[0])

    @Slot()
    def rename(self) -> None:
        """Ask for another name of the selected file or folder."""
        here, entries = self._navigator.here, self._selection_or_mark()
        if here is not None and len(entries) == 1:
            self.flow.rename(here, entries[0])
        elif entries:
            self.told.emit("Select one file or folder to rename it")

    @Slot()
    def copy_to(self) -> None:
        """Ask where the selection is to be copied."""
        here, entries = self._navigator.here, self._selection()
        if here is not None and entries:
            self.flow.copy_to(here, entries)

    @Slot()
    def move_to(self) -> None:
        """Ask where the selection is to be moved."""
        here, entries = self._navigator.here, self._selection()
        if here is not None and entries:
            self.flow.move_to(here, entries)

    @Slot()
    def delete(self) -> None:
        """Count the selection, ask, and delete it."""
        here, entries = self._navigator.here, self._selection()
        if here is not None and entries:
            self.flow.delete(here, entries)
        elif here is not None:
            self.told.emit("Select files or folders to delete them")

    @Slot()
    def follow_selection(self) -> None:
        """Turn the actions on and off."""
        entries = self._selection() if self._navigator.here is not None else ()
        is_one = len(entries) == 1
        self._actions.enable(
            bool(entries), "copy_to", "move_to", "delete", reason="select files or folders first"
        )
        self._actions.enable(is_one, "rename", reason="select one file or folder first")
        is_file = is_one and not entries[0].is_folder
        self._actions.enable(is_file, "preview", reason="select one file first")

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Show in the open folder what a finished job changed there."""
        request, is_done = snapshot.request, snapshot.phase is Phase.DONE
        match request:
            case Delete() if is_done:
                self._drop(request.connection, request.ref.bucket, request.rows)
            case Delete() if snapshot.phase in (Phase.FAILED, Phase.CANCELLED):
                self._reload(request.connection, request.ref)
            case Copy() | Move() if is_done:
                result = snapshot.result
                to = getattr(result, "ref", request.to)
                self._files.updates.refresh_entry(request.connection, to)
                if isinstance(request, Move):
                    self._take_away(request)
            case _:
                return

    def _selection(self) -> tuple[Entry, ...]:
        return self._files.view.selected_entries()

    def _selection_or_mark(self) -> tuple[Entry, ...]:
        """The selection; where there is none, the row with the keyboard's mark, selected now."""
        current = self._files.view.current_entry()
        if not self._selection() and current is not None:
            self._files.view.select_keys([current.key], current.key)
        return self._selection()

    def _take_away(self, request: Move) -> None:
        folder = self._files.folder.key
        if "/" in request.ref.key.removeprefix(folder):
            # A file of a sub-folder: whether anything is left in that, only a listing tells.
            self._reload(request.connection, request.ref)
        else:
            self._drop(request.connection, request.ref.bucket, (request.ref.key,))

    def _drop(self, connection: str, bucket: str, keys: tuple[str, ...]) -> None:
        loader = self._files.model.loader
        known = [key for key in keys if self._files.model.row_of(key) >= 0]
        if (connection, bucket) == (loader.connection, loader.folder.bucket) and known:
            self._files.model.remove(frozenset(known))

    def _reload(self, connection: str, ref: ObjectRef) -> None:
        loader = self._files.model.loader
        is_here = (connection, ref.bucket) == (loader.connection, loader.folder.bucket)
        if is_here and ref.key.startswith(loader.folder.key):
            self._quiet.start()

    def _connect(self) -> None:
        for name, slot in (
            ("preview", self.preview),
            ("rename", self.rename),
            ("copy_to", self.copy_to),
            ("move_to", self.move_to),
            ("delete", self.delete),
        ):
            self._actions[name].triggered.connect(slot)
        view = self._files.view
        view.preview_asked.connect(self.preview)
        view.delete_asked.connect(self.delete)
        view.selection_changed.connect(self.follow_selection)
        self._files.model.state_changed.connect(self.follow_selection)
        self._navigator.moved.connect(self.follow_selection)
        # Of the list only: in a text field and in the path bar F2 means something else.
        context = Qt.ShortcutContext.WidgetShortcut
        QShortcut(QKeySequence("F2"), view, self.rename, context=context)
        self.flow.told.connect(self.told)
