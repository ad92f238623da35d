"""The sessions of all connections, opened when first asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from cse_desktop.core.bandwidth import Bandwidth
from cse_desktop.core.connection import Source
from cse_desktop.core.errors import NotFound
from cse_desktop.core.means import Means
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from cse_desktop.core.system_keyring import SystemKeyring


@dataclass(slots=True)
class _Place:
    """Where one session is kept; its lock lets connections open side by side."""

    connection: Connection
    credentials: Credentials | None
    session: Session | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Sessions:
    """One session a connection, shared by everybody. Any thread.

    Args:
        means: who is asked when signing in needs a person; None asks nobody.

    Attributes:
        keyring: where access keys are that were entered here.
        bandwidth: what all their transfers together may take of the network.
    """

    def __init__(self, means: Means | None = None) -> None:
        self._means = means or Means()
        self.bandwidth = Bandwidth()
        self.keyring = SystemKeyring()
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}

    def add(self, connection: Connection, credentials: Credentials | None = None) -> None:
        """Know a connection; one of the same name is forgotten, running transfers keep it.

        Args:
            credentials: held in memory for this process only.
        """
        with self._lock:
            self._places[connection.name] = _Place(connection, credentials)

    def change(self, connection: Connection) -> None:
        """Put other settings of a known connection in force; running transfers keep the old ones.

        The credentials stay. Nothing happens when the connection is not known or as it was.
        """
        with self._lock:
            place = self._places.get(connection.name)
            if place is not None and place.connection != connection:
                self._places[connection.name] = _Place(connection, place.credentials)

    def remove(self, name: str) -> None:
        """Forget a connection; transfers that run under it go on."""
        with self._lock:
            self._places.pop(name, None)

    def connections(self) -> tuple[Connection, ...]:
        """All connections, in the order in which they were added."""
        with self._lock:
            return tuple(place.connection for place in self._places.values())

    def connection(self, name: str) -> Connection | None:
        """The connection of that name."""
        with self._lock:
            place = self._places.get(name)
        return place.connection if place else None

    def get(self, name: str) -> Session:
        """The session of a connection; building it takes a moment and no network.

        Raises:
            NotFound: there is no connection of that name.
            CseError: it cannot be opened.
        """
        with self._lock:
            place = self._places.get(name)
        if place is None:
            raise NotFound(
                f"The connection “{name}” is not here any more", "Add it again, or choose another."
            )
        with place.lock:
            if place.session is None:
                place.session = self.open(place.connection, place.credentials)
            return place.session

    def open(self, connection: Connection, credentials: Credentials | None = None) -> Session:
        """A session that nobody else gets, so to try something.

        Args:
            credentials: None for the connection's own, from the keyring if they are there.

        Raises:
            CseError: it cannot be opened.
        """
        if credentials is None and connection.source is Source.KEYS and connection.access_key:
            credentials = self.keyring.find(connection.access_key)
        return open_session(connection, credentials, means=self._means, bandwidth=self.bandwidth)

    def credentials(self, name: str) -> Credentials | None:
        """What a connection has in memory only; None where it needs nothing from there."""
        with self._lock:
            place = self._places.get(name)
        return place.credentials if place else None

    def renew(self, name: str) -> None:
        """Open the session anew when it is next asked for, so after a new sign-in."""
        self._means.declined.pop(name, None)
        with self._lock:
            place = self._places.get(name)
            if place is not None:
                self._places[name] = _Place(place.connection, place.credentials)
