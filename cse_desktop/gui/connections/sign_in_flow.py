"""Signs in again: for a transfer that waits, for a list that was refused, for the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.connection import Connection, Credentials, Source
from cse_desktop.core.portals import Portal, portal_of
from cse_desktop.core.profiles import Profile
from cse_desktop.core.single_sign_on import roles_at
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.code_dialog import CodeDialog
from cse_desktop.gui.connections.connection_editor import ConnectionEditor
from cse_desktop.gui.connections.person import CodeWanted, PersonAtWindow
from cse_desktop.gui.connections.sign_in_dialog import SignInDialog
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure


class SignInFlow(QObject):
    """One dialog a connection at most, none of them in the way of the rest. GUI thread.

    Signals:
        signed_in: name of a connection whose credentials are to be looked for again.
        failed: a Failure.
        keys_wanted: name of a connection whose access keys are nowhere.
        profile_ready: a Profile that was signed in to, to be connected with now.
        profile_refused: the Failure of one that was not.
    """

    signed_in = Signal(str)
    failed = Signal(object)
    keys_wanted = Signal(str)
    profile_ready = Signal(object)
    profile_refused = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        sessions: Sessions,
        person: PersonAtWindow,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._sessions = sessions
        self._window = window
        self._codes: dict[tuple[str, str], CodeDialog] = {}
        self._dialogs: dict[str, SignInDialog] = {}
        self._put_off: set[str] = set()
        self._just_signed_in: set[str] = set()
        person.code_wanted.connect(self.ask_code)
        person.sign_in_wanted.connect(self.remind)

    @Slot(str)
    def begin(self, name: str) -> None:
        """Sign in to a connection, because the user wants it."""
        self._put_off.discard(name)
        connection = self._sessions.connection(name)
        if connection is None:
            return
        if connection.source is Source.KEYS and self._sessions.credentials(name) is None:
            self._look_for_keys(connection)
        else:
            self._look_for_portal(connection, "")

    @Slot(object, object)
    def for_profile(self, profile: Profile, failure: Failure) -> None:
        """Sign in with a profile that is no connection yet, where it has a portal."""
        connection = Connection(profile.name, profile=profile.name, region=profile.region)
        if profile.name in self._just_signed_in:
            self._just_signed_in.discard(profile.name)
            self.profile_refused.emit(failure)
            return

        def take(portal: Portal | None) -> None:
            if portal is None:
                self.profile_refused.emit(failure)
                return
            dialog = SignInDialog(
                self._theme, self._bridge, portal, connection.network, parent=self._window
            )
            dialog.signed_in.connect(partial(self._go_on_with, profile))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._ask_portal(connection, take, self)

    def _go_on_with(self, profile: Profile) -> None:
        self._just_signed_in.add(profile.name)
        self.profile_ready.emit(profile)

    def _look_for_keys(self, connection: Connection) -> None:
        def take(found: Credentials | None) -> None:
            if found is None:
                self.keys_wanted.emit(connection.name)
            else:
                self._finish(connection.name)

        keyring = self._sessions.keyring
        find = partial(keyring.find, connection.access_key)
        self._bridge.ask(find, take, self._tell, self, Lane.SIGN_IN)

    @Slot(str)
    def remind(self, name: str) -> None:
        """Transfers wait for a sign-in; asked once, and then left to the user."""
        connection = self._sessions.connection(name)
        if connection is not None and name not in self._put_off:
            why = f"Your session for {visible(name)} ended. Transfers are paused, not lost."
            self._look_for_portal(connection, why)

    @Slot(object)
    def ask_code(self, wanted: CodeWanted) -> None:
        """Show where to type a code."""
        which = (wanted.connection, wanted.device)
        dialog = self._codes.get(which)
        if dialog is None:
            dialog = CodeDialog(self._theme, wanted.connection, wanted.device, self._window)
            dialog.finished.connect(partial(self._forget_code, which))
            self._codes[which] = dialog
            dialog.show()
        dialog.answered.connect(wanted.answer)

    def sign_in_for(self, editor: ConnectionEditor, connection: Connection) -> None:
        """Sign in to a portal that is not saved yet, and tell the editor what it offers."""

        def offer(portal: Portal | None) -> None:
            if portal is None:
                return
            dialog = SignInDialog(
                self._theme, self._bridge, portal, connection.network, parent=editor
            )
            dialog.signed_in.connect(partial(self._find_roles, editor, portal, connection))
            dialog.open()

        self._ask_portal(connection, offer, editor)

    def _look_for_portal(self, connection: Connection, why: str) -> None:
        self._ask_portal(connection, partial(self._open, connection, why), self)

    def _ask_portal(
        self, connection: Connection, answer: Callable[[Portal | None], None], owner: QObject
    ) -> None:
        self._bridge.ask(lambda: portal_of(connection), answer, self._tell, owner)

    def _open(self, connection: Connection, why: str, portal: Portal | None) -> None:
        name = connection.name
        if portal is None:
            # Whatever else signs in is asked again with the next request.
            self._finish(name)
            return
        if name in self._dialogs:
            if not why:  # somebody asks for it; a waiting transfer takes no window to the front
                self._dialogs[name].raise_()
            return
        dialog = SignInDialog(
            self._theme, self._bridge, portal, connection.network, why=why, parent=self._window
        )
        dialog.signed_in.connect(partial(self._finish, name))
        dialog.rejected.connect(partial(self._put_off.add, name))
        dialog.finished.connect(partial(self._forget, name))
        self._dialogs[name] = dialog
        dialog.show()

    def _finish(self, name: str) -> None:
        self._put_off.discard(name)
        self._sessions.renew(name)
        self.signed_in.emit(name)

    def _find_roles(self, editor: ConnectionEditor, portal: Portal, connection: Connection) -> None:
        network = connection.network
        self._bridge.ask(
            lambda: roles_at(portal, network), editor.offer, self._tell, editor, Lane.SIGN_IN
        )

    def _tell(self, failure: Failure) -> None:
        self.failed.emit(failure)

    def _forget(self, name: str, _result: int) -> None:
        self._dialogs.pop(name).deleteLater()

    def _forget_code(self, which: tuple[str, str], _result: int) -> None:
        self._codes.pop(which).deleteLater()
