"""Shows the settings, and puts a changed policy of a connection in force at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.session import Connection
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.settings.settings_dialog import SettingsDialog
from cse_desktop.jobs.sessions import Sessions


class SettingsFlow(QObject):
    """What is chosen counts for all that begins afterwards; running transfers go on as they are.

    Signals:
        policy_changed: the name of a connection that has another policy now.
    """

    policy_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        sessions: Sessions,
        preferences: Preferences,
        reader: EnvelopeReader,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._sessions = sessions
        self._preferences = preferences
        self._reader = reader
        self._window = window
        preferences.changed.connect(self._follow)

    @Slot()
    def show(self) -> None:
        """Show the settings."""
        self._exec(self._dialog())

    def show_policy(self, connection: str, switches: Sequence[str] = ()) -> None:
        """Show the encryption policy of a connection, at what would have to be turned on."""
        dialog = self._dialog()
        dialog.show_policy(connection, switches)
        self._exec(dialog)

    def _dialog(self) -> SettingsDialog:
        settings = self._preferences.settings
        known = self._sessions.connections()
        unsaved = [each for each in known if settings.connection(each.name) is None]
        return SettingsDialog(self._theme, settings, unsaved=unsaved, parent=self._window)

    def _exec(self, dialog: SettingsDialog) -> None:
        dialog.changed.connect(self._preferences.change)
        dialog.unsaved_changed.connect(self._change)
        dialog.exec()
        dialog.deleteLater()

    @Slot()
    def _follow(self) -> None:
        for connection in self._preferences.settings.connections:
            self._change(connection)

    @Slot(object)
    def _change(self, connection: Connection) -> None:
        known = self._sessions.connection(connection.name)
        if known is None or known == connection:
            return
        self._sessions.change(connection)
        # What was found out about its files was judged by the policy of before.
        self._reader.forget(connection.name)
        self.policy_changed.emit(connection.name)
