"""Open and edit: a readable copy, watched, and each save of it back to S3 under the same key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.editing import CONFLICT, Original, now_at
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.care.conflict_dialog import ChangedDialog, Choice
from cse_desktop.gui.care.edits_window import EditsWindow
from cse_desktop.gui.care.open_file import (
    OpenFile,
    State,
    leftovers,
    new_place,
    remove,
    stamp_of,
)
from cse_desktop.gui.look import text
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.places import Place
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.requests import IfExists, Upload
from cse_desktop.jobs.snapshot import FailureKind, Phase, Snapshot

SETTLES_MS: Final = 700
"""An editor may write a file in several steps; it is looked at when it has been quiet so long."""


class EditFlow(QObject):
    """GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
        saved: connection and ObjectRef of an object that was stored anew.
        counted: how many files are open.
    """

    told = Signal(str)
    failed = Signal(object)
    saved = Signal(str, object)
    counted = Signal(int)

    def __init__(self, backstage: Backstage, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self.open_with: Callable[[QUrl], bool] = QDesktopServices.openUrl
        self._files: list[OpenFile] = []
        self._watcher = QFileSystemWatcher(self)
        self._quiet = QTimer(self, singleShot=True, interval=SETTLES_MS)
        self._quiet.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._quiet.start)
        self._watcher.directoryChanged.connect(self._quiet.start)
        self.list = EditsWindow(backstage.theme, window)
        self.list.open_asked.connect(self._open)
        self.list.retry_asked.connect(self._retry)
        self.list.stop_asked.connect(self.stop)
        old = leftovers()
        if old:
            backstage.bridge.ask(partial(remove, old), self._told_nothing, self.failed.emit, self)

    @property
    def files(self) -> tuple[OpenFile, ...]:
        """What is open now."""
        return tuple(self._files)

    def edit(self, place: Place, entry: Entry) -> None:
        """Decrypt a file into a folder of its owner alone, and open it there."""
        ref = ObjectRef(place.folder.bucket, entry.key)
        for file in self._files:
            if (file.connection, file.ref) == (place.connection, ref):
                self._open(file)
                return
        try:
            path = new_place(ref)
        except OSError as error:
            self.failed.emit(failure_of(error))
            return
        self._files.append(OpenFile(place.connection, ref, path))
        self._backstage.queue.submit([FetchCopy(place.connection, ref, path, entry.size)])
        self.told.emit(f"Opening {_name(ref)}")
        self._show()

    @Slot()
    def show_list(self) -> None:
        """Show which files are open."""
        self.list.show()
        self.list.raise_()
        self.list.activateWindow()

    @Slot(object)
    def stop(self, file: OpenFile) -> None:
        """Stop editing: the readable copy is removed, after a question where it was not saved."""
        is_unsaved = file.is_changed or file.state in (State.SAVING, State.CONFLICT, State.FAILED)
        if is_unsaved and file.original is not None and not self._may_lose(file):
            return
        self._drop(file)
        self.told.emit(f"The readable copy of {_name(file.ref)} was removed")

    def may_close(self) -> bool:
        """Whether the program may end: asks, where changes would be lost."""
        unsaved = [each for each in self._files if each.is_changed]
        return all(self._may_lose(each) for each in unsaved)

    def close(self) -> None:
        """Remove all readable copies."""
        self._quiet.stop()
        remove(tuple(file.path.parent for file in self._files))
        self._files = []
        self.list.hide()

    def take_end(self, snapshot: Snapshot) -> None:
        """Go on with a file whose way down or up has ended."""
        request, is_done = snapshot.request, snapshot.phase is Phase.DONE
        if isinstance(request, FetchCopy):
            file = self._file_at(request.target.parent.name)
            if file is not None and is_done and isinstance(snapshot.result, Original):
                self._begin(file, snapshot.result)
            elif file is not None:
                self._drop(file)
        elif isinstance(request, SaveBack):
            file = self._file_at(request.source.parent.name)
            if file is not None and is_done and isinstance(snapshot.result, Original):
                self._note_saved(file, snapshot.result)
            elif file is not None:
                self._note_failure(file, snapshot)

    def _begin(self, file: OpenFile, original: Original) -> None:
        file.original, file.state = original, State.OPEN
        file.stamp = stamp_of(file.path)
        # Many editors put a new file in the place of the old one: only the folder tells of that.
        self._watcher.addPaths([str(file.path.parent), str(file.path)])
        self._show()
        self.show_list()
        self._open(file)

    @Slot(object)
    def _open(self, file: OpenFile) -> None:
        if file.original is None:
            return
        if not self.open_with(QUrl.fromLocalFile(str(file.path))):
            self.told.emit(f"No program is set for {_name(file.ref)}: {file.path}")

    @Slot()
    def _look(self) -> None:
        for file in self._files:
            is_idle = file.state not in (State.FETCHING, State.SAVING)
            if is_idle and file.is_changed and stamp_of(file.path) != file.tried:
                self._save(file)
            if file.path.exists() and str(file.path) not in self._watcher.files():
                self._watcher.addPath(str(file.path))

    def _save(self, file: OpenFile) -> None:
        assert file.original is not None
        stamp = stamp_of(file.path)
        file.tried, file.state = stamp, State.SAVING
        size = stamp[1] if stamp else 0
        request = SaveBack(file.connection, file.ref, file.path, file.original, size)
        self._backstage.queue.submit([request])
        self._show()

    def _note_saved(self, file: OpenFile, original: Original) -> None:
        file.original, file.state, file.stamp = original, State.SAVED, file.tried
        file.tried = None
        self.told.emit(f"{_name(file.ref)} is saved, encrypted under the same key")
        self.saved.emit(file.connection, file.ref)
        self._show()
        self._quiet.start()  # it may have been written again meanwhile

    def _note_failure(self, file: OpenFile, snapshot: Snapshot) -> None:
        failure = snapshot.failure
        file.state = State.FAILED
        if failure is not None and failure.title == CONFLICT:
            file.state = State.CONFLICT
            self._show()
            self.show_list()
            self._decide(file)
            return
        if failure is not None and failure.kind is FailureKind.CHANGED:
            file.tried = None  # it was written while it was read
            self._quiet.start()
        elif failure is not None:
            self.failed.emit(failure)
        self._show()

    @Slot(object)
    def _retry(self, file: OpenFile) -> None:
        if file.state is State.CONFLICT:
            self._decide(file)
        elif file.original is not None:
            self._save(file)

    def _decide(self, file: OpenFile) -> None:
        dialog = ChangedDialog(self._backstage.theme, file.ref, self._window)
        dialog.exec()
        choice = dialog.choice
        dialog.deleteLater()
        if choice is Choice.COPY:
            self._save_second(file)
        elif choice is Choice.REPLACE:
            self._replace(file)

    def _save_second(self, file: OpenFile) -> None:
        original = file.original
        assert original is not None
        stamp = stamp_of(file.path)
        second = Upload(
            file.connection, file.path, file.ref, stamp[1] if stamp else 0, original.key_arn,
            context=original.context, if_exists=IfExists.KEEP_BOTH,
        )  # fmt: skip
        self._backstage.queue.submit([second])
        self.told.emit(f"Your changes to {_name(file.ref)} become a second file")

    def _replace(self, file: OpenFile) -> None:
        original = file.original
        assert original is not None

        def go(found: Original) -> None:
            file.original = found
            self._save(file)

        self._backstage.bridge.ask(
            lambda: now_at(self._backstage.sessions.get(file.connection), original),
            go,
            self.failed.emit,
            self,
        )

    def _may_lose(self, file: OpenFile) -> bool:
        dialog = Dialog(
            self._backstage.theme,
            "Not saved",
            f"Your changes to {_name(file.ref)} are not in S3",
            "The readable copy is removed now, and the changes with it.",
            glyph="ph.warning",
            tone="warn",
            width=520,
            parent=self._window,
        )
        dialog.add_button("Lose the changes", Role.AcceptRole, kind="danger")
        dialog.add_button("Keep editing", Role.RejectRole).setFocus()
        may = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return may

    def _drop(self, file: OpenFile) -> None:
        if file in self._files:
            self._files.remove(file)
        self._watcher.removePaths([str(file.path), str(file.path.parent)])
        question = partial(remove, (file.path.parent,))
        self._backstage.bridge.ask(question, self._told_nothing, self.failed.emit, self)
        self._show()

    def _file_at(self, folder: str) -> OpenFile | None:
        return next((each for each in self._files if each.path.parent.name == folder), None)

    def _show(self) -> None:
        self.list.show_files(self._files)
        self.counted.emit(len(self._files))

    def _told_nothing(self, _nothing: None) -> None:
        """It is gone."""


def _name(ref: ObjectRef) -> str:
    return text.curly(text.visible(ref.name))
