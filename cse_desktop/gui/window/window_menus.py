"""Context menus of the main window, and the buttons that stand in place of the files."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.store import ObjectStore
from cse_desktop.gui.actions import Actions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.add_bucket_dialog import AddBucketDialog
from cse_desktop.gui.browser.bucket_list import BucketList
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.notices.notices import Notices
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import Place, place_ref
from cse_desktop.gui.window.command_palette import CommandPalette

_OF_FILE = (
    *("download", "preview", "open_edit", "verify", "versions", "properties", ""),
    *("copy_path", "make_link", "copy_key", ""),
    *("rename", "copy_to", "move_to", "delete"),
)
_OF_FOLDER = (
    "upload_files",
    "upload_folder",
    "paste_files",
    "new_folder",
    "",
    "totals",
    "deleted_files",
    "refresh",
)


class WindowMenus(QObject):
    """Opens menus where they are asked for. GUI thread.

    Signals:
        new_bucket_asked: for a connection.
        edit_asked, duplicate_asked, remove_asked, sign_in_asked: for a connection.
    """

    new_bucket_asked = Signal(str)
    edit_asked = Signal(str)
    duplicate_asked = Signal(str)
    remove_asked = Signal(str)
    sign_in_asked = Signal(str)

    def __init__(
        self,
        backstage: Backstage,
        actions: Actions,
        navigator: Navigator,
        buckets: BucketList,
        notices: Notices,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = backstage.theme
        self._bridge = backstage.bridge
        self._sessions = backstage.sessions
        self._preferences = backstage.preferences
        self._actions = actions
        self._navigator = navigator
        self._buckets = buckets
        self._notices = notices
        self._window = window

    @Slot(QPoint)
    def open_for_files(self, at: QPoint) -> None:
        """The menu of the selected files; of the folder where nothing is selected."""
        has_selection = self._actions["download"].isEnabled()
        menu = Menu(self._theme, parent=self._window)
        for name in _OF_FILE if has_selection else _OF_FOLDER:
            if not name:
                menu.addSeparator()
                continue
            action = self._actions[name]
            menu.add(
                self._actions.word(name),
                action.trigger,
                glyph=self._actions.glyph(name),
                shortcut=self._actions.keys(name),
                enabled=action.isEnabled(),
                destructive=name == "delete",
            )
        menu.exec(at)
        menu.deleteLater()

    @Slot(str, str, QPoint)
    def open_for_bucket(self, connection: str, bucket: str, at: QPoint) -> None:
        """The menu of a connection or of a bucket in the sidebar."""
        menu = Menu(self._theme, parent=self._window)
        if bucket:
            place = Place(connection, place_ref(bucket))
            menu.add("Open", partial(self._navigator.open, place), glyph="ph.database")
            address = str(place.folder)
            copy = partial(QGuiApplication.clipboard().setText, address)
            menu.add("Copy S3 path", copy, glyph="ph.copy-simple")
        else:
            refresh = partial(self._buckets.refresh, connection)
            menu.add("Refresh buckets", refresh, glyph="ph.arrow-clockwise")
            menu.add("Add bucket by name…", partial(self.add_bucket, connection), glyph="ph.plus")
            new = partial(self.new_bucket_asked.emit, connection)
            menu.add("New bucket…", new, glyph="ph.database")
            self._add_upkeep(menu, connection)
        menu.exec(at)
        menu.deleteLater()

    def _add_upkeep(self, menu: Menu, connection: str) -> None:
        """What may be done with a connection itself; the sandbox is as it is."""
        if self._preferences.settings.connection(connection) is None:
            return
        menu.addSeparator()
        for words, glyph, asked in (
            ("Sign in again", "ph.sign-in", self.sign_in_asked),
            ("Edit connection…", "ph.pencil-simple", self.edit_asked),
            ("Duplicate connection…", "ph.copy-simple", self.duplicate_asked),
        ):
            menu.add(words, partial(asked.emit, connection), glyph=glyph)
        menu.addSeparator()
        remove = partial(self.remove_asked.emit, connection)
        menu.add("Delete connection…", remove, glyph="ph.trash", destructive=True)

    @Slot()
    def find_command(self) -> None:
        """All commands in one list, found by typing."""
        palette = CommandPalette(self._theme, self._actions, self._window)
        palette.exec()
        palette.deleteLater()

    @Slot()
    def add_bucket_here(self) -> None:
        """Add a bucket to the connection that is open, or to the first."""
        here, connections = self._navigator.here, self._sessions.connections()
        if here is not None or connections:
            self.add_bucket(here.connection if here else connections[0].name)

    @Slot()
    def new_bucket_here(self) -> None:
        """Make a bucket under the connection that is open, or under the first."""
        here, connections = self._navigator.here, self._sessions.connections()
        if here is not None or connections:
            self.new_bucket_asked.emit(here.connection if here else connections[0].name)

    @Slot(str)
    def add_bucket(self, connection: str) -> None:
        """Ask for the name of a bucket, and open it."""
        self._bridge.ask(
            lambda: self._sessions.get(connection).store,
            partial(self._ask_for_bucket, connection),
            self._notices.show_failure,
            self,
        )

    def _ask_for_bucket(self, connection: str, store: ObjectStore) -> None:
        settings = self._preferences.settings
        known = settings.named_buckets.get(connection, ())
        dialog = AddBucketDialog(self._theme, self._bridge, store, known, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._preferences.change(settings.with_named_bucket(connection, dialog.bucket))
            self._buckets.open_connection(connection)
            self._navigator.open(Place(connection, place_ref(dialog.bucket)))
        dialog.deleteLater()
