"""One SQLite file of rows that are whole or not there, owned by one process at a time."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cse_desktop.core.errors import DiskFull, LocalDisk
from cse_desktop.jobs.journal_rows import (
    CREATE,
    Body,
    Damaged,
    Row,
    check,
    insert,
    is_empty,
    select,
    update,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME: Final = "journal.db"
_LOCK_NAME: Final = "journal.lock"
_BESIDE: Final = ("", "-wal", "-shm")
_PAGE: Final = 512  # bytes; no page of SQLite is smaller


class Owned(Exception):
    """Another process has the journal."""


class JournalFile:
    """Rows of JSON, each with a checksum. Any thread; each write is durable when it returns.

    Raises:
        Owned: another process has it.
        Damaged: it cannot be read.
        LocalDisk: the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._threads = threading.Lock()
        with _as_local_disk(self._path):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._owner = _own(folder / _LOCK_NAME)
        try:
            self._database = _opened(self._path)
        except BaseException:
            os.close(self._owner)
            raise

    def add(self, kind: str, name: str, body: Body, parent: int = 0) -> int:
        """Write a new row; gives its id."""
        with self._writing() as database:
            return insert(database, kind, [(name, body)], parent)[0]

    def add_all(self, kind: str, bodies: Mapping[str, Body]) -> None:
        """Write new rows by name, all or none."""
        with self._writing() as database:
            insert(database, kind, list(bodies.items()))

    def amend(self, kind: str, news: Mapping[str, Body]) -> None:
        """Write other values into the bodies of rows by name, all or none."""
        with self._writing() as database:
            for name, body in news.items():
                for row in select(database, "kind = ? AND name = ?", (kind, name)):
                    update(database, replace(row, body={**row.body, **body}))

    def drop_named(self, kind: str, names: Iterable[str]) -> None:
        """Remove rows by name."""
        with self._writing() as database:
            values = [(kind, name) for name in names]
            database.executemany("DELETE FROM rows WHERE kind = ? AND name = ?", values)

    def change(self, *rows: Row) -> None:
        """Write other bodies for rows that are there; what is gone stays gone."""
        with self._writing() as database:
            for row in rows:
                update(database, row)

    def drop(self, *ids: int) -> None:
        """Remove rows and those that belong to them."""
        with self._writing() as database:
            for each in ids:
                database.execute("DELETE FROM rows WHERE id = ? OR parent = ?", (each, each))

    def find(self, kind: str, name: str | None = None) -> list[Row]:
        """All rows of a kind, or those of a name; oldest first."""
        return self._select("kind = ? AND (? IS NULL OR name = ?)", (kind, name, name))

    def get(self, row_id: int) -> Row | None:
        """One row; None when it is gone."""
        found = self._select("id = ?", (row_id,))
        return found[0] if found else None

    def parts_of(self, row_id: int) -> list[Row]:
        """The rows that belong to one, oldest first."""
        return self._select("parent = ?", (row_id,))

    def close(self) -> None:
        """Give the journal up for other processes."""
        with self._threads:
            self._database.close()
            os.close(self._owner)

    def _select(self, where: str, values: tuple[Any, ...]) -> list[Row]:
        with self._threads, _as_local_disk(self._path):
            return select(self._database, where, values)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._threads, _as_local_disk(self._path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise


def set_aside(folder: Path) -> Path:
    """Give a damaged journal another name; gives that name."""
    now = datetime.now().astimezone().strftime("%Y-%m-%dT%H%M%S.%f")
    aside = folder / f"journal-damaged-{now}.db"
    with _as_local_disk(folder):
        for end in _BESIDE:
            path = folder / (NAME + end)
            if path.exists():
                path.rename(aside.with_name(aside.name + end))
    return aside


def _own(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Owned from None
    return descriptor


def _opened(path: Path) -> sqlite3.Connection:
    with _as_local_disk(path, (Damaged,)):
        # SQLite gives the files beside it the permissions of this one.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _check_head(os.read(descriptor, _PAGE))
        finally:
            os.close(descriptor)
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            database.execute(f"PRAGMA {pragma}")
        if is_empty(database):
            database.executescript(f"BEGIN;{CREATE}COMMIT;")
        check(database)
    except (sqlite3.DatabaseError, Damaged, ValueError, UnicodeError) as error:
        database.close()
        if isinstance(error, sqlite3.OperationalError) and _is_of_the_disk(error):
            raise _unwritable(path, error) from None
        raise Damaged from None
    except BaseException:
        database.close()
        raise
    return database


def _check_head(head: bytes) -> None:
    """Raise Damaged for what SQLite would take for an empty file, and overwrite."""
    if head and (len(head) < _PAGE or not head.startswith(b"SQLite format 3\0")):
        raise Damaged


def _is_of_the_disk(error: sqlite3.OperationalError) -> bool:
    # An error of Python's own module, about text that is none, has no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    )


def _unwritable(path: Path, error: Exception) -> LocalDisk:
    is_full = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
    return (DiskFull if is_full else LocalDisk)(
        "The journal of transfers can't be written",
        "Without it nothing could be resumed safely. Make room on the disk, then try again.",
        f"File: {path}\n{error}",
    )


@contextmanager
def _as_local_disk(path: Path, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    try:
        yield
    except but:
        raise
    except (sqlite3.Error, OSError, Damaged) as error:
        raise _unwritable(path, error) from None
