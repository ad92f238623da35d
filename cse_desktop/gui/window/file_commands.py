"""What can be done with files: upload, download, verify, new folder, copy an address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.drop_target import local_paths
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.browser.readable import why_none_opens
from cse_desktop.gui.keys.key_flow import KeyFlow
from cse_desktop.gui.keys.upload_key import UploadKey
from cse_desktop.gui.look import text as words
from cse_desktop.gui.managing.new_folder_dialog import NewFolderDialog
from cse_desktop.gui.places import Place
from cse_desktop.gui.transfers.transfer_flows import TransferFlows
from cse_desktop.settings import KeyChoice

SETTLES_AFTER_MS = 40
"""Envelopes become known one after the other, for all rows in view."""
NO_KEY_USABLE = "the chosen key can't be used"


class FileCommands(QObject):
    """Carries out the actions on the open folder and its selection. GUI thread.

    Signals:
        told: a sentence for the status line.
        counted: what is shown and selected, for the status line.
        failed: a Failure to be shown.
    """

    told = Signal(str)
    counted = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        backstage: Backstage,
        files: ObjectPane,
        actions: Actions,
        navigator: Navigator,
        flows: TransferFlows,
        key_flow: KeyFlow,
        upload_key: UploadKey,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._backstage = backstage
        self._files = files
        self._actions = actions
        self._navigator = navigator
        self._flows = flows
        self._key_flow = key_flow
        self._upload_key = upload_key
        self._settled = QTimer(self, singleShot=True, interval=SETTLES_AFTER_MS)
        self._connect()

    @property
    def selection(self) -> tuple[Entry, ...]:
        """The selected entries."""
        return self._files.view.selected_entries()

    def upload(self, paths: Sequence[Path], folder_key: str, *, choose_key: bool = False) -> None:
        """Upload files and folders into a folder of the open bucket."""
        here = self._navigator.here
        if here is None or not paths:
            return
        place = Place(here.connection, ObjectRef(here.folder.bucket, folder_key))

        def go(choice: KeyChoice) -> None:
            self._flows.upload(paths, place, choice)

        choice = self._upload_key.choice
        if choice is None or choose_key:
            self._key_flow.choose(go)
        elif self._upload_key.state.refuses_uploads:
            self.told.emit(self._upload_key.state.reason)
        else:
            go(choice)

    @Slot(object, str, bool)
    def upload_dropped(self, paths: tuple[Path, ...], folder_key: str, choose_key: bool) -> None:
        """Upload what was dropped on the list or on a folder row."""
        self.upload(paths, folder_key, choose_key=choose_key)

    @Slot()
    def upload_files(self) -> None:
        """Let the user choose files, and upload them."""
        names, _filter = QFileDialog.getOpenFileNames(
            self._files.window(), "Choose files to encrypt and upload", str(Path.home())
        )
        self.upload([Path(name) for name in names], self._files.folder.key)

    @Slot()
    def upload_folder(self) -> None:
        """Let the user choose a folder, and upload it."""
        name = QFileDialog.getExistingDirectory(
            self._files.window(), "Choose a folder to encrypt and upload", str(Path.home())
        )
        if name:
            self.upload([Path(name)], self._files.folder.key)

    @Slot()
    def paste_files(self) -> None:
        """Upload the files that a file manager has copied."""
        paths = local_paths(QGuiApplication.clipboard().mimeData())
        if paths:
            self.upload(paths, self._files.folder.key)
        else:
            self.told.emit("There are no files on the clipboard")

    @Slot()
    def download(self) -> None:
        """Let the user choose a folder, and download the selection into it."""
        here, entries = self._navigator.here, self.selection
        if here is None or not entries:
            return
        settings = self._backstage.preferences.settings
        name = QFileDialog.getExistingDirectory(
            self._files.window(),
            "Choose the folder for the decrypted files",
            str(settings.download_folder or Path.home()),
        )
        if name:
            self._flows.download(entries, here, Path(name))

    @Slot(object, object)
    def download_dragged(self, entries: tuple[Entry, ...], folder: Path) -> None:
        """Download what was dragged to where it was dropped."""
        here = self._navigator.here
        if here is not None:
            self._flows.download(entries, here, folder)

    @Slot()
    def verify(self) -> None:
        """Check the tags of the selection, saving nothing."""
        here, entries = self._navigator.here, self.selection
        if here is not None and entries:
            self._flows.verify(entries, here)

    @Slot()
    def new_folder(self) -> None:
        """Ask for a name, make the folder, and open it."""
        here = self._navigator.here
        if here is None:
            return
        dialog = NewFolderDialog(self._backstage.theme, here.folder.key, self._files.window())
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        name = dialog.name.text()
        dialog.deleteLater()
        if not is_wanted:
            return
        folder = ObjectRef(here.folder.bucket, f"{here.folder.key}{name}/")

        def go(_nothing: None) -> None:
            self._navigator.open(Place(here.connection, folder))

        self._backstage.bridge.ask(
            lambda: self._backstage.sessions.get(here.connection).store.make_folder(folder),
            go,
            self.failed.emit,
            self,
        )

    @Slot()
    def copy_path(self) -> None:
        """Put the addresses of the selection, or of the open folder, on the clipboard."""
        here = self._navigator.here
        if here is None:
            return
        keys = [entry.key for entry in self.selection] or [here.folder.key]
        addresses = [f"s3://{here.folder.bucket}/{key}" for key in keys]
        QGuiApplication.clipboard().setText("\n".join(addresses))
        count = len(addresses)
        self.told.emit("S3 path copied" if count == 1 else f"{words.number(count)} S3 paths copied")

    @Slot()
    def copy_key(self) -> None:
        """Put the ARN of the key for uploads on the clipboard."""
        choice = self._upload_key.choice
        if choice is not None:
            QGuiApplication.clipboard().setText(choice.key_id)
            self.told.emit("Key copied")

    @Slot(object)
    def open_entry(self, entry: Entry) -> None:
        """Open a folder, or the place of what a search found; download a file."""
        here = self._navigator.here
        if here is None:
            return
        if self._files.is_search:
            above = entry.key[: entry.key.rstrip("/").rfind("/") + 1]
            self._navigator.open(
                Place(here.connection, ObjectRef(here.folder.bucket, above)), entry.key
            )
        elif entry.is_folder:
            ref = ObjectRef(here.folder.bucket, entry.key)
            self._navigator.open(Place(here.connection, ref))
        elif reason := why_none_opens([entry], self._files.reader):
            self.told.emit(reason)
        else:
            self.download()

    @Slot()
    def enter(self) -> None:
        """Go from the filter to what it found; where it found nothing, search the bucket."""
        view = self._files.view
        if not view.model().rowCount() and not self._files.is_search:
            self._files.search(self._files.model.filtering.text)
            return
        if not view.currentIndex().isValid():
            view.setCurrentIndex(view.model().index(0, 0))
        view.setFocus()

    @Slot()
    def follow_selection(self) -> None:
        """Turn actions on and off, and count."""
        here, entries = self._navigator.here, self.selection
        reason = why_none_opens(entries, self._files.reader)
        self._actions.enable(
            bool(entries) and not reason,
            "download",
            "verify",
            reason=reason or "select files or folders first",
        )
        self._actions.enable(
            here is not None, "copy_path", "refresh", "filter", "search", "select_all"
        )
        self.counted.emit(self._count(entries) if here is not None else "")

    @Slot()
    def follow_key(self) -> None:
        """Turn uploads off under a key that can't be used."""
        here, chip = self._navigator.here, self._upload_key.state
        usable = here is not None and not chip.refuses_uploads
        reason = NO_KEY_USABLE if here is not None else "open a bucket first"
        self._actions.enable(usable, "upload_files", "upload_folder", "paste_files", reason=reason)
        has_key = self._upload_key.choice is not None
        self._actions.enable(here is not None, "choose_key", "new_folder", "edit_path")
        self._actions.enable(has_key and here is not None, "edit_context", "copy_key")

    def _count(self, entries: tuple[Entry, ...]) -> str:
        filtering = self._files.model.filtering
        more = "+" if filtering.has_more else ""
        plural = filtering.shown != 1 or bool(more)
        text = f"{words.number(filtering.shown)}{more} {'items' if plural else 'item'}"
        if not entries:
            return text
        states = [self._files.reader.state(entry).inspection for entry in entries]
        known = [state.size if state else None for state in states]
        size = sum(
            entry.size if plain is None else plain
            for entry, plain in zip(entries, known, strict=True)
        )
        text += f" · {words.number(len(entries))} selected"
        if any(entry.is_folder for entry in entries):
            return text
        return f"{text} · {words.about(size) if None in known else words.size(size)}"

    def _connect(self) -> None:
        for name, slot in (
            ("upload_files", self.upload_files),
            ("upload_folder", self.upload_folder),
            ("paste_files", self.paste_files),
            ("download", self.download),
            ("verify", self.verify),
            ("new_folder", self.new_folder),
            ("copy_path", self.copy_path),
            ("copy_key", self.copy_key),
        ):
            self._actions[name].triggered.connect(slot)
        self._files.dropped.connect(self.upload_dropped)
        self._files.drag_out.dropped.connect(self.download_dragged)
        self._files.drag_out.refused.connect(self.told)
        self._files.view.opened.connect(self.open_entry)
        self._files.view.selection_changed.connect(self.follow_selection)
        self._files.model.state_changed.connect(self.follow_selection)
        self._files.reader.changed.connect(self._settled.start)
        self._files.reader.forgotten.connect(self._settled.start)
        self._settled.timeout.connect(self.follow_selection)
        self._upload_key.changed.connect(self.follow_key)
