"""Sessions whose transfers are written down, where there is a journal."""

from __future__ import annotations

import logging
import threading

from cse_desktop.core.errors import CseError
from cse_desktop.core.session import Session
from cse_desktop.jobs.backlog import NoBacklog
from cse_desktop.jobs.journal import Journal
from cse_desktop.jobs.recovery import clear_downloads, recover
from cse_desktop.jobs.sessions import Sessions

log = logging.getLogger(__name__)


class Recording:
    """Gives the sessions of a queue. Any thread.

    Args:
        journal: None where transfers are not written down.
    """

    def __init__(self, sessions: Sessions, journal: Journal | None) -> None:
        self._sessions = sessions
        self._journal = journal
        self._recovering: threading.Thread | None = None

    @property
    def backlog(self) -> NoBacklog:
        """Where jobs are written down."""
        return self._journal.backlog if self._journal else NoBacklog()

    def get(self, name: str) -> Session:
        """The session of a connection.

        Raises:
            CseError: there is none of that name, or it cannot be opened.
        """
        session = self._sessions.get(name)
        return session.recording(self._journal.records) if self._journal else session

    def recover(self) -> None:
        """Take back what earlier runs left and nobody can go on with, in a thread of its own."""
        if self._journal is not None:
            self._recovering = threading.Thread(
                target=self._recover, args=(self._journal,), name="recovery", daemon=True
            )
            self._recovering.start()

    def close(self) -> None:
        """Give the journal up; no transfer may be running."""
        if self._recovering is not None:
            self._recovering.join(1.0)
        if self._journal is not None and not (self._recovering and self._recovering.is_alive()):
            self._journal.close()

    def _recover(self, journal: Journal) -> None:
        clear_downloads(journal)
        for connection in self._sessions.connections() if journal.uploads.rows() else ():
            try:
                recover(self._sessions.get(connection.name), journal)
            except CseError as error:
                # The next start tries again; nobody can do anything about it now.
                log.info("Uploads of earlier runs were not looked at: %s", error.title)
