"""Pages of one folder, fetched one at a time while the user scrolls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry, ObjectRef, Page
from cse_desktop.core.session import Session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.questions import Asked
from cse_desktop.jobs.name_search import Found, search
from cse_desktop.jobs.snapshot import Failure

PAGE_SIZE = 1000
"""S3 gives no more at once."""
GATHERS_S = 0.25

SessionFor = Callable[[str], Session]
"""A connection's name -> its session. May block; any thread."""


class FolderLoader(QObject):
    """Loads the open folder page by page. GUI thread.

    Each `open` and `reload` is a visit with a number of its own; answers to an earlier visit are
    dropped. Nothing is asked again by itself after a failure: `retry` does that.

    Signals:
        came: entries of a page, and whether they replace all entries so far; others follow.
        arrived: the same of the last page of an answer.
        failed: why the page did not come.
        changed: loading, complete or failed, other than before.
    """

    came = Signal(object, bool)
    arrived = Signal(object, bool)
    failed = Signal(object)
    changed = Signal()

    def __init__(
        self, bridge: Bridge, session_for: SessionFor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_for = session_for
        self._asked: Asked | None = None
        self._visit = 0
        self._token = ""
        self._fresh: list[Entry] | None = None
        self._fresh_target = 0
        self._looked_at = 0
        self.needle = ""
        self.was_stopped = False
        self.connection = ""
        self.folder = ObjectRef("", "")
        self.is_loading = False
        self.has_first_page = False
        self.failure: Failure | None = None

    @property
    def has_more(self) -> bool:
        """Whether S3 has pages that were not fetched yet."""
        return bool(self._token) or not self.has_first_page

    @property
    def is_searching(self) -> bool:
        """Whether a search is under way."""
        return bool(self.needle) and (self.is_loading or bool(self._token))

    @property
    def looked_at(self) -> int:
        """How many names a search has looked at."""
        return self._looked_at

    @property
    def is_complete(self) -> bool:
        """Whether all pages are in."""
        return self.has_first_page and not self._token and not self.is_loading

    def open(self, connection: str, folder: ObjectRef) -> None:
        """Leave the folder and fetch the first page of another."""
        self._visit_anew(connection, folder, "")

    def search(self, connection: str, bucket: str, needle: str) -> None:
        """Leave the folder and look for a name in the whole bucket, until it is looked through.

        Args:
            needle: see `name_search.search`.
        """
        self._visit_anew(connection, ObjectRef(bucket, ""), needle)

    def reload(self, loaded: int) -> None:
        """Fetch the folder again, as far as it was loaded; what is shown stays until then."""
        self._leave()
        self._fresh, self._fresh_target = [], loaded
        self._ask()

    def more(self, *, many: bool = False) -> None:
        """Fetch the next page, if there is one and nothing is on its way.

        Args:
            many: as many as come in a moment: the rows are painted anew for each answer.
        """
        if self.has_more and not self.is_loading and self.failure is None:
            self._ask(many=many)

    def retry(self) -> None:
        """Ask again for the page that failed."""
        if self.failure is not None and not self.is_loading:
            self._ask()

    def stop(self) -> None:
        """Be content with what a search has found so far."""
        self._leave()
        self.was_stopped = True
        self.changed.emit()

    def close(self) -> None:
        """Drop whatever is on its way."""
        self._leave()

    def _visit_anew(self, connection: str, folder: ObjectRef, needle: str) -> None:
        self._leave()
        self.connection, self.folder, self.needle = connection, folder, needle
        self._looked_at = 0
        self.was_stopped = False
        self.has_first_page = False
        self._fresh = None
        self._ask()

    def _leave(self) -> None:
        self._visit += 1
        self._token = ""
        self.is_loading = False
        self.failure = None
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    def _ask(self, *, many: bool = False) -> None:
        self.is_loading, self.failure = True, None
        visit = self._visit
        failed = partial(self._fail, visit)
        where = (self._session_for, self.connection, self.folder)
        if self.needle:
            search = partial(_search, *where, self.needle, self._token)
            self._asked = self._bridge.ask(search, partial(self._take_found, visit), failed, self)
        else:
            fetch = partial(_fetch, *where, self._token, GATHERS_S if many else 0.0)
            self._asked = self._bridge.ask(fetch, partial(self._take, visit), failed, self)
        self.changed.emit()

    def _take_found(self, visit: int, found: Found) -> None:
        if visit != self._visit:
            return
        self._looked_at += found.looked_at
        self._take(visit, (Page(found.entries, found.token),))
        if visit == self._visit and self._token:
            self._ask()

    def _take(self, visit: int, pages: Sequence[Page]) -> None:
        if visit != self._visit:
            return
        self._token = pages[-1].token
        self.is_loading = False
        self._asked = None
        if self._fresh is not None:
            self._fresh.extend(entry for page in pages for entry in page.entries)
            if self._token and len(self._fresh) < self._fresh_target:
                self._ask(many=True)
                return
            fresh, self._fresh = self._fresh, None
            self._hand_on([fresh], replaces=True)
        else:
            self._hand_on([page.entries for page in pages], replaces=not self.has_first_page)
        self.changed.emit()

    def _hand_on(self, parts: Sequence[Sequence[Entry]], *, replaces: bool) -> None:
        self.has_first_page = True
        for part in parts[:-1]:
            self.came.emit(part, replaces)
            replaces = False
        self.arrived.emit(parts[-1], replaces)

    def _fail(self, visit: int, failure: Failure) -> None:
        if visit != self._visit:
            return
        self.is_loading, self.failure = False, failure
        self._asked = None
        self.failed.emit(failure)
        self.changed.emit()


def _search(
    session_for: SessionFor, connection: str, place: ObjectRef, needle: str, token: str
) -> Found:
    return search(session_for(connection), place, needle, token)


def _fetch(
    session_for: SessionFor, connection: str, folder: ObjectRef, token: str, for_s: float
) -> tuple[Page, ...]:
    store, ends_s, pages = session_for(connection).store, time.monotonic() + for_s, []
    while True:
        page = store.page(folder, token, PAGE_SIZE)
        if isinstance(page.entries, Entries):
            _ = page.entries.is_sorted  # looked up here, not in the window's thread
        pages.append(page)
        token = page.token
        if not token or time.monotonic() >= ends_s:
            return tuple(pages)
