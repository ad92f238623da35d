"""The settings of encryption, for one connection at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from cse_desktop.core.session import Connection
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import line
from cse_desktop.gui.settings.policy_form import PolicyForm
from cse_desktop.gui.settings.settings_pages import SettingsPage
from cse_desktop.gui.settings.settings_parts import SettingRow
from cse_desktop.settings import Settings

NO_CONNECTION = "Each connection has a policy of its own. Add a connection first."
NOT_SAVED = "The sandbox is not saved: what you choose here counts until you quit."


class EncryptionPage(SettingsPage):
    """What a connection writes and reads.

    Signals:
        unsaved_changed: a Connection that is in no Settings, as it is wanted from now on.
    """

    unsaved_changed = Signal(object)

    def __init__(
        self, theme: Theme, unsaved: Sequence[Connection] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__("Encryption policy", parent)
        self._unsaved = tuple(unsaved)
        self.choice = QComboBox()
        self.choice.setAccessibleName("Connection")
        self.choice.setMinimumWidth(theme.px(240))
        self.choice.activated.connect(self._show_chosen)
        self.note = Banner(theme, "sandbox", NOT_SAVED)
        self.nothing = Banner(theme, "info", NO_CONNECTION)
        self.form = PolicyForm(theme)
        self.form.changed.connect(self._take)
        self._row = SettingRow(
            "Connection",
            "Changes count for new transfers; running ones end as they began",
            self.choice,
        )
        self._line = line()
        for part in (self.nothing, self._row, self.note, self._line, self.form):
            self.column.addWidget(part)
        self.column.addStretch(1)

    @property
    def connection(self) -> Connection | None:
        """The one whose policy is shown."""
        found = self._connections()
        at = self.choice.currentIndex()
        return found[at] if 0 <= at < len(found) else None

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        names = [each.name for each in self._connections()]
        if names != [self.choice.itemData(at) for at in range(self.choice.count())]:
            chosen = self.choice.currentData()
            self.choice.clear()
            for name in names:
                self.choice.addItem(visible(name), name)
            self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)) if names else -1)
        self._show_chosen()

    def choose(self, connection: str) -> None:
        """Show the policy of the connection of that name."""
        at = self.choice.findData(connection)
        if at >= 0:
            self.choice.setCurrentIndex(at)
            self._show_chosen()

    def reset(self) -> None:
        connection = self.connection
        if connection is None:
            return
        plain = Connection(connection.name)
        usual = replace(
            connection,
            policy=plain.policy,
            write_format=plain.write_format,
            bind_names=plain.bind_names,
        )
        self.form.show_connection(usual)
        self._take(usual)

    @Slot()
    def _show_chosen(self) -> None:
        connection = self.connection
        for part in (self._row, self._line, self.form):
            part.setVisible(connection is not None)
        self.nothing.setVisible(connection is None)
        self.note.setVisible(connection in self._unsaved)
        if connection is not None:
            self.form.show_connection(connection)

    @Slot(object)
    def _take(self, connection: Connection) -> None:
        if self._settings.connection(connection.name) is not None:
            self._want(self._settings.with_connection(connection))
            return
        self._unsaved = tuple(
            connection if each.name == connection.name else each for each in self._unsaved
        )
        self.unsaved_changed.emit(connection)

    def _connections(self) -> tuple[Connection, ...]:
        saved = self._settings.connections
        names = {each.name for each in saved}
        return (*saved, *(each for each in self._unsaved if each.name not in names))
