"""Versions and deleted files: windows, and what their buttons do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from cse_desktop.core.objects import Entry, ObjectRef, Version
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.care.deleted_window import DeletedWindow
from cse_desktop.gui.care.versions_window import VersionsWindow
from cse_desktop.gui.look import text
from cse_desktop.gui.parts.confirm_dialog import ConfirmDialog
from cse_desktop.gui.places import Place
from cse_desktop.gui.preview.preview_flow import PreviewFlow
from cse_desktop.jobs.amending import Restore
from cse_desktop.jobs.download_planner import plan_downloads
from cse_desktop.jobs.plan import DownloadPlan, resolve
from cse_desktop.jobs.requests import IfExists, Verify
from cse_desktop.jobs.snapshot import Failure, Phase, Snapshot

Windows = VersionsWindow | DeletedWindow


class VersionFlow(QObject):
    """From an object to its versions, and from these to jobs. GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
        changed: connection and ObjectRef of an object whose newest version is another one now.
    """

    told = Signal(str)
    failed = Signal(object)
    changed = Signal(str, object)

    def __init__(self, backstage: Backstage, previews: PreviewFlow, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._previews = previews
        self._window = window
        self._open: list[Windows] = []

    def show_versions(self, place: Place, ref: ObjectRef) -> VersionsWindow:
        """Show all versions of an object."""
        ref = replace(ref, version="")
        for each in self._windows():
            if isinstance(each, VersionsWindow) and (each.connection, each.ref) == (
                place.connection,
                ref,
            ):
                _bring_up(each)
                return each
        backstage = self._backstage
        made = VersionsWindow(
            backstage.theme, backstage.bridge, backstage.sessions.get, place.connection, ref,
            self._window,
        )  # fmt: skip
        made.preview_asked.connect(partial(self._preview, place))
        made.download_asked.connect(partial(self._download, place))
        made.verify_asked.connect(partial(self._verify, place))
        made.restore_asked.connect(partial(self._restore, place))
        made.delete_asked.connect(partial(self._delete, place, made))
        self._open.append(made)
        made.show()
        return made

    def show_deleted(self, place: Place) -> DeletedWindow:
        """Show which files of a folder are deleted and still kept."""
        backstage = self._backstage
        made = DeletedWindow(
            backstage.theme, backstage.bridge, backstage.sessions.get, place.connection,
            place.folder, self._window,
        )  # fmt: skip
        made.restore_asked.connect(partial(self._restore_all, place.connection))
        made.versions_asked.connect(partial(self.show_versions, place))
        self._open.append(made)
        made.show()
        return made

    def take_end(self, snapshot: Snapshot) -> None:
        """Bring windows and rows in step with a job that has ended."""
        request = snapshot.request
        if snapshot.phase is Phase.DONE:
            for each in self._windows():
                if each.connection == request.connection and _is_about(each, request.ref):
                    each.reload()
        if isinstance(request, Restore) and snapshot.phase is Phase.DONE:
            self.changed.emit(request.connection, replace(request.ref, version=""))

    def _preview(self, place: Place, version: Version) -> None:
        self._previews.show_version(place, _entry(version), version.ref.version)

    def _verify(self, place: Place, version: Version) -> None:
        self._backstage.queue.submit([Verify(place.connection, version.ref, version.size)])
        self.told.emit(f"Verifying a version of {_name(version.ref)}")

    def _restore(self, place: Place, version: Version) -> None:
        self._backstage.queue.submit([Restore(place.connection, version.ref, version.size)])
        self.told.emit(f"Restoring a version of {_name(version.ref)}")

    def _restore_all(self, connection: str, refs: tuple[ObjectRef, ...]) -> None:
        self._backstage.queue.submit([Restore(connection, ref, 0) for ref in refs])
        self.told.emit(f"Restoring {text.count(len(refs), 'file')}")

    def _download(self, place: Place, version: Version) -> None:
        settings = self._backstage.preferences.settings
        name = QFileDialog.getExistingDirectory(
            self._window,
            "Choose the folder for the decrypted version",
            str(settings.download_folder or Path.home()),
        )
        if name:
            self.download_to(place, version, Path(name))

    def download_to(self, place: Place, version: Version, folder: Path) -> None:
        """Decrypt a version into a folder; a file of that name there stays."""

        def plan() -> DownloadPlan:
            session = self._backstage.sessions.get(place.connection)
            return plan_downloads(session, version.ref.bucket, [_entry(version)], folder)

        def submit(plan: DownloadPlan) -> None:
            requests = resolve(plan, IfExists.KEEP_BOTH)
            self._backstage.queue.submit(
                [replace(each, ref=version.ref, if_exists=IfExists.KEEP_BOTH) for each in requests]
            )
            self.told.emit(f"Downloading a version of {_name(version.ref)}")

        self._backstage.bridge.ask(plan, submit, self.failed.emit, self)

    def _delete(self, place: Place, window: VersionsWindow, version: Version) -> None:
        dialog = ConfirmDialog(
            self._backstage.theme, "Delete version", *_question(version), parent=window
        )
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not is_wanted:
            self.told.emit("Nothing was deleted")
            return

        def delete() -> None:
            session = self._backstage.sessions.get(place.connection)
            session.store.versions.delete(version.ref)

        def follow(_nothing: None) -> None:
            self.changed.emit(place.connection, replace(version.ref, version=""))
            self.told.emit(f"A version of {_name(version.ref)} was deleted")
            if shiboken6.isValid(window):
                window.reload()

        self._backstage.bridge.ask(delete, follow, self._tell, self)

    def _tell(self, failure: Failure) -> None:
        self.failed.emit(failure)

    def _windows(self) -> list[Windows]:
        self._open = [each for each in self._open if shiboken6.isValid(each) and each.isVisible()]
        return self._open


def _is_about(window: Windows, ref: ObjectRef) -> bool:
    if isinstance(window, VersionsWindow):
        return (window.ref.bucket, window.ref.key) == (ref.bucket, ref.key)
    return window.folder.bucket == ref.bucket and ref.key.startswith(window.folder.key)


def _question(version: Version) -> tuple[str, str, str]:
    """Title, text and button of what is asked."""
    name = _name(version.ref)
    moment = text.date(version.modified)
    if version.is_marker:
        return (
            f"Delete this delete marker of {name}?",
            f"It was set on {moment}. Without it, the version below it is the file again, where it "
            "is the newest mark.",
            "Delete marker",
        )
    return (
        f"Permanently delete this version of {name} ({text.size(version.size)})?",
        f"The version of {moment}. A version that is deleted can't be restored by anyone; the "
        "others stay.",
        "Delete version",
    )


def _bring_up(window: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()


def _name(ref: ObjectRef) -> str:
    return text.curly(text.visible(ref.name))


def _entry(version: Version) -> Entry:
    return Entry(
        version.ref.key, version.size, version.etag, version.modified, version.storage_class
    )
