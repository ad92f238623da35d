"""What a person does with one object: made, and joined to the actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.care.version_flow import VersionFlow
from cse_desktop.gui.preview.preview_flow import PreviewFlow
from cse_desktop.jobs.snapshot import Snapshot

ONE_FILE = "select one file first"


class Care(QObject):
    """Carries out the actions on one object. GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
    """

    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        backstage: Backstage,
        files: ObjectPane,
        actions: Actions,
        navigator: Navigator,
        previews: PreviewFlow,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._files = files
        self._actions = actions
        self._navigator = navigator
        self.versions = VersionFlow(backstage, previews, window)
        self._connect()
        self.follow_selection()

    @Slot()
    def show_versions(self) -> None:
        """Show the versions of the selected file."""
        here, ref = self._navigator.here, self._selected()
        if here is not None and ref is not None:
            self.versions.show_versions(here, ref)

    @Slot()
    def show_deleted(self) -> None:
        """Show which files of the open folder are deleted and still kept."""
        here = self._navigator.here
        if here is not None:
            self.versions.show_deleted(here)

    @Slot()
    def follow_selection(self) -> None:
        """Turn the actions on and off."""
        is_file = self._selected() is not None
        self._actions.enable(is_file, "versions", reason=ONE_FILE)
        is_open = self._navigator.here is not None
        self._actions.enable(is_open, "deleted_files", reason="open a bucket first")

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Bring what is shown in step with a job that has ended."""
        self.versions.take_end(snapshot)

    @Slot(str, object)
    def _refresh(self, connection: str, ref: ObjectRef) -> None:
        loader = self._files.model.loader
        is_here = (connection, ref.bucket) == (loader.connection, loader.folder.bucket)
        if is_here and ref.key.startswith(loader.folder.key):
            self._files.model.refresh()

    def _selected(self) -> ObjectRef | None:
        entries: tuple[Entry, ...] = self._files.view.selected_entries()
        here = self._navigator.here
        if here is None or len(entries) != 1 or entries[0].is_folder:
            return None
        return ObjectRef(here.folder.bucket, entries[0].key)

    def _connect(self) -> None:
        for name, slot in (
            ("versions", self.show_versions),
            ("deleted_files", self.show_deleted),
        ):
            self._actions[name].triggered.connect(slot)
        self._files.view.selection_changed.connect(self.follow_selection)
        self._files.model.state_changed.connect(self.follow_selection)
        self._navigator.moved.connect(self.follow_selection)
        self.versions.told.connect(self.told)
        self.versions.failed.connect(self.failed)
        self.versions.changed.connect(self._refresh)
