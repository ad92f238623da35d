"""Makes, changes, copies and removes connections, and puts their keys where keys belong."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.connection import Connection, Source
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.connection_editor import ConnectionEditor, Edited
from cse_desktop.gui.connections.exchange_flow import ExchangeFlow
from cse_desktop.gui.connections.naming import free_name
from cse_desktop.gui.connections.removing import RemoveDialog
from cse_desktop.gui.connections.sign_in_flow import SignInFlow
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.settings import Settings


class ConnectionsFlow(QObject):
    """What is saved counts at once; transfers that run end as they began. GUI thread.

    Signals:
        saved: the Connection, as it is from now on.
        gone: name of a connection that is there no more, or has another name.
        taken_in: a Connection that came from a file; it is not tried by itself.
        told: a sentence for the status line.
        failed: a Failure.
    """

    taken_in = Signal(object)
    saved = Signal(object)
    gone = Signal(str)
    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        sessions: Sessions,
        preferences: Preferences,
        sign_in: SignInFlow,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._sign_in = sign_in
        self._editor: ConnectionEditor | None = None
        self._window = window
        self.exchange = ExchangeFlow(theme, bridge, sessions, preferences, window)
        self.exchange.told.connect(self.told)
        self.exchange.failed.connect(self.failed)
        self.exchange.taken_in.connect(self.taken_in)

    @property
    def editor(self) -> ConnectionEditor | None:
        """The editor, while it is open."""
        return self._editor

    @Slot()
    def add(self) -> None:
        """Make a connection."""
        self._edit(Edited(Connection("")), "")

    @Slot()
    def add_with_keys(self) -> None:
        """Make a connection whose access keys are typed."""
        self._edit(Edited(Connection("", source=Source.KEYS)), "")

    @Slot(str)
    def edit(self, name: str) -> None:
        """Change a saved connection."""
        settings = self._preferences.settings
        connection = settings.connection(name)
        if connection is not None:
            self._edit(Edited(connection, settings.named_buckets.get(name, ())), name)

    @Slot(str)
    def duplicate(self, name: str) -> None:
        """Make another like a saved one."""
        settings = self._preferences.settings
        connection = settings.connection(name)
        if connection is not None:
            copied = replace(connection, name=free_name(f"{name} copy", self._names()))
            self._edit(Edited(copied, settings.named_buckets.get(name, ())), "")

    @Slot(str)
    def remove(self, name: str) -> None:
        """Ask, and forget a connection with the key that only it uses."""
        connection = self._preferences.settings.connection(name)
        if connection is not None:
            dialog = RemoveDialog(self._theme, connection, self._editor or self._window)
            dialog.accepted.connect(partial(self._forget, connection))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _edit(self, edited: Edited, before: str) -> None:
        settings = self._preferences.settings
        key = next((k.key_id for (c, _b), k in settings.default_keys.items() if c == before), "")
        editor = ConnectionEditor(
            self._theme,
            self._bridge,
            self._sessions,
            edited,
            taken=self._names() - {before},
            key=key,
            is_new=not before,
            parent=self._window,
        )
        editor.saved.connect(partial(self._save, before))
        editor.removed.connect(partial(self.remove, before))
        editor.sign_in_asked.connect(partial(self._sign_in.sign_in_for, editor))
        editor.finished.connect(self._close_editor)
        self._editor = editor
        editor.open()

    @Slot()
    def _close_editor(self) -> None:
        if self._editor is not None:
            self._editor.deleteLater()
            self._editor = None

    def _save(self, before: str, edited: Edited) -> None:
        connection, keys = edited.connection, edited.credentials
        old = self._sessions.connection(before) if before else None
        in_memory = self._sessions.credentials(before) if before else None
        if before and before != connection.name:
            self._sessions.remove(before)
            self.gone.emit(before)
        is_same_key = in_memory is not None and in_memory.access_key == connection.access_key
        # In force with the key in hand; once the keyring has it, it is taken from there.
        self._sessions.add(connection, keys or (in_memory if is_same_key else None))
        self._preferences.change(_with(self._preferences.settings, before, edited))
        if keys is not None:
            keyring = self._sessions.keyring
            self._bridge.ask(
                partial(keyring.keep, keys),
                partial(self._tell_kept, connection),
                self._tell_not_kept,
                self,
                Lane.SIGN_IN,
            )
        if old is not None and old.access_key != connection.access_key:
            self._forget_key(old.access_key)
        self.saved.emit(connection)

    def _tell_kept(self, connection: Connection, _nothing: None) -> None:
        self.told.emit(f"The access key of “{visible(connection.name)}” is in the system keyring")

    def _tell_not_kept(self, failure: Failure) -> None:
        self.told.emit(f"{failure.title}. The access key is kept until you quit.")

    def _forget(self, connection: Connection) -> None:
        if self._editor is not None:
            self._editor.reject()
        self._sessions.remove(connection.name)
        self._preferences.change(self._preferences.settings.without_connection(connection.name))
        self._forget_key(connection.access_key)
        self.gone.emit(connection.name)
        self.told.emit(f"“{visible(connection.name)}” is removed. Nothing in AWS was changed.")

    def _forget_key(self, access_key: str) -> None:
        """Remove a key from the keyring, unless another connection uses it."""
        used = {each.access_key for each in self._preferences.settings.connections}
        if access_key and access_key not in used:
            keyring = self._sessions.keyring
            forget = partial(keyring.forget, access_key)
            self._bridge.ask(forget, _done, self.failed.emit, self, Lane.SIGN_IN)

    def _names(self) -> set[str]:
        return {each.name for each in self._sessions.connections()}


def _with(settings: Settings, before: str, edited: Edited) -> Settings:
    connection = edited.connection
    if before and before != connection.name:
        settings = settings.with_renamed_connection(before, connection.name)
    return settings.with_connection(connection).with_named_buckets(connection.name, edited.buckets)


def _done(_nothing: None) -> None:
    """Nothing has to be said."""
