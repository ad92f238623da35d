"""Takes connections in from a file, and gives them out to one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.import_dialog import ImportDialog
from cse_desktop.gui.look.text import count, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings.exchange import SUFFIX, Parcel, read_connections, write_connections

_KINDS = f"Connections (*{SUFFIX} *.toml);;All files (*)"


class ExchangeFlow(QObject):
    """Nothing of a file is used before the user has seen it and said yes. GUI thread.

    Signals:
        taken_in: a Connection that is known now.
        told: a sentence for the status line.
        failed: a Failure.
    """

    taken_in = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        sessions: Sessions,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._window = window

    @Slot()
    def take_in(self) -> None:
        """Choose a file, look at what is in it, and take in what is wanted."""
        path, _kind = QFileDialog.getOpenFileName(
            self._window, "Import connections", str(Path.home()), _KINDS
        )
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Show what a file holds."""
        self._bridge.ask(partial(read_connections, path), self._show, self.failed.emit, self)

    def _show(self, parcel: Parcel) -> None:
        """Ask which of these are wanted."""
        names = [each.name for each in self._sessions.connections()]
        dialog = ImportDialog(self._theme, parcel, names, self._window)
        dialog.accepted.connect(partial(self._take, dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def give_out(self) -> None:
        """Choose where, and write all saved connections there."""
        settings = self._preferences.settings
        if not settings.connections:
            self.told.emit("There are no saved connections to export")
            return
        path, _kind = QFileDialog.getSaveFileName(
            self._window, "Export connections", str(Path.home() / f"my{SUFFIX}"), _KINDS
        )
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> None:
        """Write all saved connections to a file."""
        settings = self._preferences.settings
        names = [each.name for each in settings.connections]
        words = f"{count(len(names), 'connection')} exported to “{visible(path.name)}”, no secrets"

        def tell(_nothing: None) -> None:
            self.told.emit(words)

        write = partial(write_connections, path, settings, names)
        self._bridge.ask(write, tell, self.failed.emit, self)

    def _take(self, dialog: ImportDialog) -> None:
        settings = self._preferences.settings
        for offered, name in dialog.chosen:
            connection = replace(offered.connection, name=name)
            self._sessions.add(connection)
            settings = settings.with_connection(connection)
            settings = settings.with_named_buckets(name, offered.buckets)
        self._preferences.change(settings)
        for _offered, name in dialog.chosen[-1:]:
            self.taken_in.emit(self._sessions.connection(name))
        self.told.emit(f"{count(len(dialog.chosen), 'connection')} imported")
