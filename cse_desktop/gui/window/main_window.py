"""The main window: it follows the user from place to place. Decisions are made elsewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QByteArray, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QStackedWidget, QVBoxLayout

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Connection
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser import pane_states
from cse_desktop.gui.browser.object_pane import UploadHint
from cse_desktop.gui.browser.pane_ring import PaneRing
from cse_desktop.gui.browser.pane_states import PaneAction
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.places import Place, place_ref
from cse_desktop.gui.window import lasting
from cse_desktop.gui.window.connecting import Connecting
from cse_desktop.gui.window.window_inside import make_inside
from cse_desktop.gui.window.window_wiring import wire
from cse_desktop.jobs.requests import Upload
from cse_desktop.jobs.snapshot import Failure, Phase, Snapshot

MINIMUM: Final = (960, 600)
USUAL: Final = (1440, 900)


class MainWindow(QMainWindow):
    """One window: sidebar, files, inspector, transfers. GUI thread."""

    def __init__(self, backstage: Backstage) -> None:
        super().__init__()
        self.backstage = backstage
        self._asks_to_quit = True
        self.setWindowTitle("CSE Desktop")
        self.setMinimumSize(*MINIMUM)
        self.resize(*USUAL)
        self.inside = make_inside(backstage, self)
        self._pages = QStackedWidget()
        self._lay_out()
        parts = self.inside.parts
        self.panes = PaneRing(
            self,
            (parts.address, parts.files, parts.inspector, parts.transfers, parts.buckets),
        )
        wire(self, self.inside)
        Connecting(self, self.inside, self)
        for number in range(1, 10):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, partial(self._open_nth, number - 1))
        self.follow_key()
        self.follow_place()

    def start(self, tell: tuple[str, ...] = ()) -> None:
        """Show the saved connections, or the welcome page when there are none.

        Args:
            tell: sentences about settings that could not be read.
        """
        self._restore()
        self.follow_preferences()
        if tell:
            self.inside.parts.status.tell(" ".join(tell))
        connections = self.backstage.sessions.connections()
        if connections:
            self.show_connection(connections[0])
        else:
            self.show_welcome()

    @Slot()
    def leave(self) -> None:
        """Close without a question."""
        self._asks_to_quit = False
        self.close()

    @Slot(object)
    def show_connection(self, connection: Connection) -> None:
        """Show a connection and its buckets."""
        self._pages.setCurrentIndex(1)
        buckets = self.inside.parts.buckets
        buckets.set_connections(self.backstage.sessions.connections())
        buckets.open_connection(connection.name)
        self.inside.connect_flow.identify(connection.name)
        buckets.setFocus()

    @Slot(str)
    def open_first_bucket(self, connection: str) -> None:
        """Open the bucket that is surely meant, as long as none is open."""
        if self.inside.navigator.here is None:
            bucket = self.inside.parts.buckets.obvious_bucket(connection)
            if bucket:
                self.choose_bucket(connection, bucket)

    @Slot(object)
    def show_connect_failure(self, failure: Failure) -> None:
        """Say why a connection does not work, where the user tried it."""
        if self._pages.currentWidget() is self.inside.welcome:
            self.inside.welcome.show_failure(failure)
        else:
            self.inside.notices.show_failure(failure)

    @Slot(object, str)
    def open_place(self, place: Place, select: str) -> None:
        """Show a folder, and all that depends on which one is open."""
        parts, folder = self.inside.parts, place.folder
        parts.address.filter.clear()
        self.inside.columns.open(place)
        parts.files.open(place.connection, folder, select)
        parts.address.path.set_place(folder.bucket, folder.key)
        parts.buckets.select_place(place.connection, folder.bucket)
        self.inside.key_flow.open(place)
        self.inside.connect_flow.identify(place.connection)
        self.follow_place()
        focused = QApplication.focusWidget()
        if focused is None or not parts.buckets.isAncestorOf(focused):
            # Whoever walks along the sidebar stays there; all others came for the files.
            parts.files.take_focus()

    @Slot()
    def follow_place(self) -> None:
        """Title, status line, banner and actions of the open place."""
        inside, here = self.inside, self.inside.navigator.here
        history, status = inside.navigator.history, inside.parts.status
        inside.actions["back"].setEnabled(history.can_go_back)
        inside.actions["forward"].setEnabled(history.can_go_forward)
        inside.actions["up"].setEnabled(here is not None and here.parent is not None)
        inside.commands.follow_selection()
        inside.commands.follow_key()
        if here is None:
            inside.layout.show_banner(False)
            return
        self.setWindowTitle(f"{visible(here.folder.bucket)} — CSE Desktop")
        connection = self.backstage.sessions.connection(here.connection)
        is_sandbox = connection is not None and connection.is_sandbox
        who = inside.connect_flow.identity(here.connection)
        region = "local" if is_sandbox else who.region if who else ""
        place = " · ".join(filter(None, (here.connection, region)))
        signed_in = f"Signed in as {who.name} · {who.account}" if who and not is_sandbox else ""
        status.set_place(place, signed_in, is_sandbox=is_sandbox)
        status.set_narrow(inside.layout.is_narrow)
        inside.layout.show_banner(is_sandbox)

    @Slot()
    def follow_key(self) -> None:
        """Chip, Upload and the words of an empty folder, after the key for uploads."""
        state, has_place = self.inside.upload_key.state, self.inside.navigator.here is not None
        bar = self.inside.parts.actions
        bar.chip.set_key(state)
        bar.chip.setEnabled(has_place)
        reason = state.reason if has_place else "Open a bucket first"
        bar.upload.set_usable(has_place and not state.refuses_uploads, reason)
        label = state.alias if state.has_key else ""
        self.inside.parts.files.set_upload_hint(UploadHint(label, state.tone == "sandbox"))
        self.inside.commands.follow_key()

    @Slot()
    def follow_preferences(self) -> None:
        """Put the settings in force."""
        settings, parts = self.backstage.preferences.settings, self.inside.parts
        parts.buckets.set_default_keys(list(settings.default_keys))
        for connection, buckets in settings.named_buckets.items():
            parts.buckets.set_named_buckets(connection, buckets)
        parts.files.view.set_compact(settings.density == "compact")
        parts.transfers.header.set_limits(settings.upload_limit, settings.download_limit)
        lasting.follow(self.backstage, settings)

    @Slot()
    def show_selection(self) -> None:
        """Show what is selected in the inspector."""
        files = self.inside.parts.files
        self.inside.parts.inspector.show_selection(files.folder, files.view.selected_entries())

    @Slot(object)
    def read_key(self, entry: Entry) -> None:
        """Ask KMS which key a file is under."""
        here = self.inside.navigator.here
        if here is not None:
            self.inside.key_notes.read_key(here, entry)

    @Slot(str, str)
    def choose_bucket(self, connection: str, bucket: str) -> None:
        """Open a bucket of the sidebar."""
        self.inside.navigator.open(Place(connection, place_ref(bucket)))

    @Slot()
    def show_welcome(self) -> None:
        """Let the user add a connection."""
        self.inside.welcome.look()
        self._pages.setCurrentIndex(0)
        self.inside.welcome.setFocus()

    @Slot()
    def leave_welcome(self) -> None:
        """Show the window without a new connection."""
        self._pages.setCurrentIndex(1)
        if not self.backstage.sessions.connections():
            self.inside.parts.files.show_nothing(pane_states.no_connection())

    @Slot(object)
    def show_policy(self, switches: tuple[str, ...]) -> None:
        """Show what the open connection may read, at what is in the way of a file."""
        here = self.inside.navigator.here
        if here is not None:
            self.inside.settings_flow.show_policy(here.connection, switches)

    @Slot(object)
    def act(self, action: PaneAction) -> None:
        """Do what a button in place of the files asks for."""
        inside = self.inside
        match action:
            case PaneAction.ADD_CONNECTION:
                self.show_welcome()
            case PaneAction.TRY_SANDBOX:
                inside.connect_flow.use_sandbox()
            case PaneAction.ADD_BUCKET:
                inside.menus.add_bucket_here()
            case PaneAction.CHOOSE_FILES:
                inside.commands.upload_files()
            case PaneAction.NEW_FOLDER:
                inside.commands.new_folder()
            case PaneAction.OPEN_PATH:
                inside.parts.address.path.edit()
            case PaneAction.SIGN_IN if inside.navigator.here is not None:
                inside.sign_in.begin(inside.navigator.here.connection)

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Show in the folder what a finished upload added."""
        request = snapshot.request
        if snapshot.phase is Phase.DONE and isinstance(request, Upload):
            stored = getattr(snapshot.result, "ref", request.ref)  # both kept: another name
            self.inside.parts.files.updates.refresh_entry(request.connection, stored)

    @Slot(object)
    def show_job(self, snapshot: Snapshot) -> None:
        """Say why a transfer failed, and try it again if the user wants."""
        if self.inside.notices.show_job(snapshot):
            self.backstage.queue.retry(snapshot.id)

    @Slot(object)
    def show_object(self, ref: ObjectRef) -> None:
        """Open the folder of an object and select it there."""
        here, connections = self.inside.navigator.here, self.backstage.sessions.connections()
        connection = here.connection if here else connections[0].name if connections else ""
        folder, slash, _name = ref.key.rstrip("/").rpartition("/")
        place = Place(connection, ObjectRef(ref.bucket, folder + slash))
        self.inside.navigator.open(place, ref.key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.inside.layout.fit(self.width(), self.height())

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks_to_quit and not (
            lasting.may_quit(self.backstage, self.inside.notices)
            and self.inside.care.edits.may_close()
        ):
            event.ignore()
            return
        self._keep()
        self.inside.care.edits.close()
        self.inside.managing.previews.close()
        event.accept()
        QApplication.quit()

    def _lay_out(self) -> None:
        parts = self.inside.parts
        browser = QFrame()
        column = QVBoxLayout(browser)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.address)
        column.addWidget(self.inside.layout.body, 1)
        column.addWidget(parts.status)
        self._pages.addWidget(self.inside.welcome)
        self._pages.addWidget(browser)
        self.setCentralWidget(self._pages)
        self.inside.actions.fill(self.menuBar())

    def _open_nth(self, number: int) -> None:
        connections = self.backstage.sessions.connections()
        if number < len(connections):
            self.show_connection(connections[number])

    def _keep(self) -> None:
        """Remember sizes for the next start."""
        preferences = self.backstage.preferences
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        windows = {"main": geometry, **self.inside.layout.saved()}
        preferences.notice(replace(preferences.state, windows=windows))

    def _restore(self) -> None:
        saved = dict(self.backstage.preferences.state.windows)
        if "main" in saved:
            # Qt moves a window that would be off all screens back onto one.
            self.restoreGeometry(QByteArray.fromBase64(saved["main"].encode()))
        self.inside.layout.restore(saved)
