"""What a person does with one object: made, and joined to the actions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.beside import ARCHIVES
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.browser.totals_dialog import TotalsDialog
from cse_desktop.gui.care.bucket_flow import BucketFlow
from cse_desktop.gui.care.edit_flow import EditFlow
from cse_desktop.gui.care.property_flow import PropertyFlow
from cse_desktop.gui.care.version_flow import VersionFlow
from cse_desktop.gui.preview.preview_flow import PreviewFlow
from cse_desktop.jobs.amending import Change
from cse_desktop.jobs.snapshot import Phase, Snapshot

ONE_FILE = "select one file first"


class Care(QObject):
    """Carries out the actions on one object. GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
        bucket_made: connection and name of a new bucket.
    """

    told = Signal(str)
    failed = Signal(object)
    bucket_made = Signal(str, str)

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
        self._backstage = backstage
        self._files = files
        self._actions = actions
        self._navigator = navigator
        self.versions = VersionFlow(backstage, previews, window)
        self.properties = PropertyFlow(backstage, window)
        self.buckets = BucketFlow(backstage, window)
        self.edits = EditFlow(backstage, window)
        self.totals: TotalsDialog | None = None
        previews.open_asked.connect(self.edits.edit)
        self._connect()
        self.follow_selection()

    @Slot()
    def show_versions(self) -> None:
        """Show the versions of the selected file."""
        here, ref = self._navigator.here, self._selected()
        if here is not None and ref is not None:
            self.versions.show_versions(here, ref)

    @Slot()
    def edit_properties(self) -> None:
        """Show and change what is kept beside the selected file."""
        here, ref = self._navigator.here, self._selected()
        if here is not None and ref is not None:
            self.properties.edit(here, ref)

    @Slot()
    def make_link(self) -> None:
        """Make a link to the selected file, as it is stored."""
        here, ref = self._navigator.here, self._selected()
        if here is not None and ref is not None:
            self.properties.make_link(here, ref)

    @Slot()
    def show_totals(self) -> None:
        """Count all that is in the selected folder, or in the open one."""
        here, entries = self._navigator.here, self._files.view.selected_entries()
        if here is None:
            return
        is_folder = len(entries) == 1 and entries[0].is_folder
        key = entries[0].key if is_folder else here.folder.key
        backstage = self._backstage
        self.totals = TotalsDialog(
            backstage.theme, backstage.bridge, backstage.sessions.get, here.connection,
            ObjectRef(here.folder.bucket, key), self._files.window(),
        )  # fmt: skip
        self.totals.show()

    @Slot()
    def open_and_edit(self) -> None:
        """Open a readable copy of the selected file; each save of it goes back to S3."""
        here, entries = self._navigator.here, self._files.view.selected_entries()
        if here is not None and self._selected() is not None:
            self.edits.edit(here, entries[0])

    @Slot()
    def thaw(self) -> None:
        """Have S3 restore the archived files of the selection."""
        here = self._navigator.here
        if here is not None:
            self.properties.thaw(here.connection, self._archived())

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
        about_one = ("versions", "properties", "make_link", "open_edit")
        self._actions.enable(is_file, *about_one, reason=ONE_FILE)
        has_archived = bool(self._archived())
        self._actions.enable(has_archived, "thaw", reason="no selected file is archived")
        is_open = self._navigator.here is not None
        self._actions.enable(is_open, "deleted_files", "totals", reason="open a bucket first")

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Bring what is shown in step with a job that has ended."""
        self.versions.take_end(snapshot)
        self.properties.take_end(snapshot)
        self.edits.take_end(snapshot)
        request = snapshot.request
        if isinstance(request, Change) and snapshot.phase is Phase.DONE:
            self._files.updates.refresh_entry(request.connection, request.ref)

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

    def _archived(self) -> list[ObjectRef]:
        here = self._navigator.here
        if here is None:
            return []
        entries = self._files.view.selected_entries()
        found = (each for each in entries if each.storage_class in ARCHIVES)
        return [ObjectRef(here.folder.bucket, each.key) for each in found]

    def _connect(self) -> None:
        for name, slot in (
            ("versions", self.show_versions),
            ("deleted_files", self.show_deleted),
            ("properties", self.edit_properties),
            ("make_link", self.make_link),
            ("thaw", self.thaw),
            ("totals", self.show_totals),
            ("open_edit", self.open_and_edit),
            ("open_files", self.edits.show_list),
        ):
            self._actions[name].triggered.connect(slot)
        self._files.view.selection_changed.connect(self.follow_selection)
        self._files.model.state_changed.connect(self.follow_selection)
        self._navigator.moved.connect(self.follow_selection)
        for flow in (self.versions, self.properties, self.buckets, self.edits):
            flow.told.connect(self.told)
            flow.failed.connect(self.failed)
        self.buckets.made.connect(self.bucket_made)
        self.edits.saved.connect(self._files.updates.refresh_entry)
        self.versions.changed.connect(self._refresh)
