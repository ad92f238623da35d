"""What this computer has stored, so that an older version in its place is noticed.

An object cannot tell that it is not the newest: whoever serves the storage may serve an old one,
and it will be whole. So the ETag of each object that was uploaded from here is remembered. It is
advice and no more: the file may be lost, and others may replace an object with every right.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.receiving import Opened
from cse_desktop.core.record import target_text
from cse_desktop.core.transfer import Uploaded
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.requests import Copy, Delete, Move, Request

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

log = logging.getLogger(__name__)

IS_ANOTHER: Final = "Not the version that this computer stored"

_NAME: Final = "stored.db"
_KEEPS: Final = 50_000
_LOOKS_EVERY: Final = 1000
_WAITS_S: Final = 5.0
_CREATE: Final = """
CREATE TABLE IF NOT EXISTS stored (target TEXT PRIMARY KEY, etag TEXT NOT NULL) WITHOUT ROWID
"""


class Memory:
    """The objects that were stored from here. Any thread, and several processes at a time.

    Args:
        folder: of the settings; None remembers nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        # Kept open: a database that is opened and closed for each small file costs more than it.
        self._database: sqlite3.Connection | None = None
        self._stored = 0

    def after(self, session: Session, request: Request, outcome: Outcome) -> Outcome:
        """Remember what a request has stored; say so where it read something else than that."""
        if self._folder is None or outcome.result is None or session.connection.is_sandbox:
            return outcome
        try:
            with self._lock:
                if self._database is None:
                    self._database = self._opened(self._folder)
                    weakref.finalize(self, self._database.close)
                with self._database as database:
                    if isinstance(outcome.result, Uploaded):
                        self._make_room(database)
                    return _after(database, session, request, outcome)
        except (sqlite3.Error, OSError) as error:
            log.info("What was stored is not remembered: %s", error)
            return outcome

    def _opened(self, folder: Path) -> sqlite3.Connection:
        path = folder / _NAME
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives the files beside it the permissions of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        database = sqlite3.connect(path, timeout=_WAITS_S, check_same_thread=False)
        # A crash may lose the last few rows, but costs no transfer the time of a disk.
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(_CREATE)
        return database

    def _make_room(self, database: sqlite3.Connection) -> None:
        """Look now and then whether there are too many; counting them takes a while."""
        if self._stored % _LOOKS_EVERY == 0:
            (count,) = database.execute("SELECT count(*) FROM stored").fetchone()
            if count > _KEEPS:
                database.execute(
                    "DELETE FROM stored WHERE target IN (SELECT target FROM stored LIMIT ?)",
                    (count - _KEEPS + _KEEPS // 10,),
                )
        self._stored += 1


def _after(
    database: sqlite3.Connection, session: Session, request: Request, outcome: Outcome
) -> Outcome:
    result = outcome.result
    if isinstance(result, Opened):
        known = _etag(database, _text(session, result.head.ref))
        if not request.ref.version and known not in ("", result.head.etag):
            note = f"{outcome.note}. {IS_ANOTHER}" if outcome.note else IS_ANOTHER
            return replace(outcome, note=note)
        return outcome
    if isinstance(result, Uploaded):
        values = (_text(session, result.ref), result.stored.etag)
        database.execute("INSERT OR REPLACE INTO stored VALUES (?, ?)", values)
        return outcome
    gone = [(_text(session, ref),) for ref in _touched(request)]
    database.executemany("DELETE FROM stored WHERE target = ?", gone)
    return outcome


def _touched(request: Request) -> list[ObjectRef]:
    """What is not what was stored from here any more, or not known to be."""
    if isinstance(request, Delete):
        return [ObjectRef(request.ref.bucket, each.key) for each in request.doomed]
    if isinstance(request, Copy):
        return [request.to]
    return [request.ref, request.to] if isinstance(request, Move) else [request.ref]


def _etag(database: sqlite3.Connection, target: str) -> str:
    found = database.execute("SELECT etag FROM stored WHERE target = ?", (target,)).fetchone()
    return str(found[0]) if found else ""


def _text(session: Session, ref: ObjectRef) -> str:
    return json.dumps([target_text(session.place, ObjectRef(ref.bucket, ref.key))])
