"""Keeps the window in step with its connections: saved, gone, or signed in to again."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.connection import Connection
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser import pane_states
from cse_desktop.gui.window import lasting
from cse_desktop.gui.window.window_inside import Inside


class ConnectionShell(Protocol):
    """What the window does here; see MainWindow."""

    backstage: Backstage

    def show_connection(self, connection: Connection) -> None: ...
    def show_welcome(self) -> None: ...
    def leave_welcome(self) -> None: ...
    def follow_place(self) -> None: ...


class Connecting(QObject):
    """Wires connections and sign-in to the rest of the window. GUI thread."""

    def __init__(self, shell: ConnectionShell, inside: Inside, window: QWidget) -> None:
        super().__init__(window)
        self._shell = shell
        self._inside = inside
        connections, sign_in = inside.connections, inside.sign_in
        tell, fail = inside.parts.status.tell, inside.notices.show_failure
        connections.saved.connect(self.take_saved)
        connections.gone.connect(self.take_gone)
        connections.taken_in.connect(self.take_imported)
        connections.told.connect(tell)
        connections.failed.connect(fail)
        sign_in.signed_in.connect(self.take_signed_in)
        sign_in.keys_wanted.connect(connections.edit)
        sign_in.failed.connect(fail)
        sign_in.profile_ready.connect(inside.connect_flow.use_profile)
        sign_in.profile_refused.connect(inside.connect_flow.failed)
        inside.connect_flow.sign_in_wanted.connect(sign_in.for_profile)
        inside.parts.buckets.sign_in_asked.connect(sign_in.begin)
        inside.welcome.keys_chosen.connect(connections.add_with_keys)
        inside.welcome.advanced_chosen.connect(connections.add)
        inside.menus.edit_asked.connect(connections.edit)
        inside.menus.duplicate_asked.connect(connections.duplicate)
        inside.menus.remove_asked.connect(connections.remove)
        inside.menus.sign_in_asked.connect(sign_in.begin)
        for name, slot in (
            ("edit_connection", self.edit_here),
            ("import_connections", connections.exchange.take_in),
            ("export_connections", connections.exchange.give_out),
        ):
            inside.actions[name].triggered.connect(slot)

    @Slot()
    def edit_here(self) -> None:
        """Change the connection that is open."""
        here = self._inside.navigator.here
        if here is not None:
            self._inside.connections.edit(here.connection)

    @Slot(object)
    def take_saved(self, connection: Connection) -> None:
        """Show a connection as it is from now on."""
        self._inside.connect_flow.forget(connection.name)
        here = self._inside.navigator.here
        self._shell.show_connection(connection)
        if here is not None and here.connection == connection.name:
            self._inside.parts.files.model.refresh()

    @Slot(object)
    def take_imported(self, _connection: Connection) -> None:
        """Show it in the sidebar; it is connected to when somebody opens it."""
        self._inside.parts.buckets.set_connections(self._shell.backstage.sessions.connections())
        self._shell.leave_welcome()

    @Slot(str)
    def take_gone(self, name: str) -> None:
        """Leave a connection that is there no more."""
        inside, known = self._inside, self._shell.backstage.sessions.connections()
        was_here = inside.navigator.here is not None and inside.navigator.here.connection == name
        inside.navigator.history.forget(name)
        inside.connect_flow.forget(name)
        inside.parts.buckets.set_connections(known)
        if was_here:
            inside.parts.files.show_nothing(pane_states.no_connection())
            inside.parts.buckets.select_place("", "")
            self._shell.follow_place()
        if not known:
            self._shell.show_welcome()

    @Slot(str)
    def take_signed_in(self, name: str) -> None:
        """Ask again for what a sign-in was in the way of."""
        inside = self._inside
        lasting.sign_in_again(self._shell.backstage, name)
        inside.connect_flow.forget(name)
        inside.parts.buckets.refresh(name)
        inside.connect_flow.identify(name)
        here = inside.navigator.here
        if here is not None and here.connection == name:
            inside.parts.files.model.refresh()
