"""From a profile or the sandbox to a connection that works; who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cse_desktop.core.profiles import Profile
from cse_desktop.core.session import Connection, Identity
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure, FailureKind

StartSandbox = Callable[[], Connection]
"""Starts the sandbox if it does not run, and makes its connection known; blocks for seconds."""


class ConnectFlow(QObject):
    """Connects, and remembers who AWS says we are under each connection. GUI thread.

    Signals:
        busy: what is being done ("Connecting…"), or "" when it is over.
        connected: a Connection that works now.
        failed: a Failure; nothing was saved.
        identified: the name of a connection whose identity became known.
        sign_in_wanted: a Profile that has to be signed in to first, and the Failure that says so.
    """

    busy = Signal(str)
    connected = Signal(object)
    failed = Signal(object)
    identified = Signal(str)
    sign_in_wanted = Signal(object, object)

    def __init__(
        self,
        bridge: Bridge,
        sessions: Sessions,
        preferences: Preferences,
        start_sandbox: StartSandbox,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._start_sandbox = start_sandbox
        self._identities: dict[str, Identity] = {}

    def identity(self, connection: str) -> Identity | None:
        """Who is signed in; None while that is not known."""
        return self._identities.get(connection)

    @Slot(object)
    def use_profile(self, profile: Profile) -> None:
        """Sign in with a profile of ~/.aws, and save it as a connection when that works."""
        self.busy.emit(f"Connecting with {profile.name}…")
        name = self._free_name(profile)
        # What was chosen for a connection before, as its policy, outlives a new sign-in.
        saved = self._preferences.settings.connection(name) or Connection(name)
        region = profile.region or saved.region
        connection = replace(saved, profile=profile.name, region=region)

        def take(identity: Identity) -> None:
            # From now on the profile must belong to this account: never silently another one.
            pinned = replace(connection, account=identity.account, region=identity.region)
            self._sessions.add(pinned)
            self._identities[pinned.name] = identity
            self._preferences.change(self._preferences.settings.with_connection(pinned))
            self._end(pinned)

        def fail(failure: Failure) -> None:
            self.busy.emit("")
            if failure.kind is FailureKind.SIGN_IN:
                self.sign_in_wanted.emit(profile, failure)
            else:
                self.failed.emit(failure)

        # Tried apart from the connections in use: one that fails takes nothing away.
        self._bridge.ask(
            lambda: self._sessions.open(connection).identity(), take, fail, self, Lane.SIGN_IN
        )

    @Slot()
    def use_sandbox(self) -> None:
        """Start the sandbox and connect to it."""
        self.busy.emit("Starting the sandbox…")
        self._bridge.ask(self._start_sandbox, self._end, self._fail, self)

    def identify(self, connection: str) -> None:
        """Ask who is signed in, unless that is known."""
        if connection in self._identities:
            return

        def take(identity: Identity) -> None:
            self._identities[connection] = identity
            saved = self._preferences.settings.connection(connection)
            if saved is not None and not saved.account:
                # From now on it must belong to this account: never silently another one.
                pinned = replace(saved, account=identity.account)
                self._preferences.change(self._preferences.settings.with_connection(pinned))
            self.identified.emit(connection)

        def keep_quiet(_failure: Failure) -> None:
            # The listing fails for the same reason and says so where the user looks.
            return

        self._bridge.ask(
            lambda: self._sessions.get(connection).identity(),
            take,
            keep_quiet,
            self,
            Lane.SIGN_IN,
        )

    def forget(self, connection: str) -> None:
        """Its identity may be another from now on."""
        self._identities.pop(connection, None)

    def _end(self, connection: Connection) -> None:
        self.busy.emit("")
        self.connected.emit(connection)

    def _fail(self, failure: Failure) -> None:
        self.busy.emit("")
        self.failed.emit(failure)

    def _free_name(self, profile: Profile) -> str:
        """The profile's name; with a number where another connection has it."""
        name, count = profile.name, 1
        while True:
            other = self._sessions.connection(name)
            if other is None or other.profile == profile.name:
                return name
            count += 1
            name = f"{profile.name} ({count})"
