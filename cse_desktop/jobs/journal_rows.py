"""Rows of JSON in SQLite, each with a checksum over all of it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

_VERSION: Final = 2
CREATE: Final = f"""
CREATE TABLE rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL,
    body TEXT NOT NULL, sum BLOB NOT NULL
);
CREATE INDEX by_name ON rows (kind, name);
CREATE INDEX by_parent ON rows (parent);
PRAGMA user_version = {_VERSION};
"""

Body = Mapping[str, Any]


class Damaged(Exception):
    """The file is not what this program has written."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: never used again.
        kind: what it is about.
        parent: id of the row it belongs to; 0 for none.
        name: what it is looked for by.
    """

    id: int
    kind: str
    parent: int
    name: str
    body: Body


def is_empty(database: sqlite3.Connection) -> bool:
    """Whether nothing was ever written, as after a crash in the first moment."""
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    version = database.execute("PRAGMA user_version").fetchone()
    return (*tables, *version) == (0, 0)


def check(database: sqlite3.Connection) -> None:
    """Raise Damaged unless structure and every row are whole."""
    if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        raise Damaged
    if database.execute("PRAGMA user_version").fetchone() != (_VERSION,):
        raise Damaged
    select(database, "1 = ?", (1,))


def select(database: sqlite3.Connection, where: str, values: tuple[Any, ...]) -> list[Row]:
    """Rows that are whole, oldest first.

    Raises:
        Damaged: one is not.
    """
    found = []
    query = f"SELECT id, kind, parent, name, body, sum FROM rows WHERE {where} ORDER BY id"
    for row_id, kind, parent, name, body, stored in database.execute(query, values):
        row = Row(row_id, kind, parent, name, {})
        if checksum(row, body) != stored:
            raise Damaged
        read = json.loads(body)
        if not isinstance(read, dict):
            raise Damaged
        found.append(replace(row, body=read))
    return found


def insert(
    database: sqlite3.Connection, kind: str, named: Sequence[tuple[str, Body]], parent: int = 0
) -> list[int]:
    """Write new rows; gives their ids."""
    query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'rows'"
    (last,) = database.execute(query).fetchone()
    rows = [Row(last + 1 + i, kind, parent, name, body) for i, (name, body) in enumerate(named)]
    texts = [json.dumps(row.body) for row in rows]
    database.executemany(
        "INSERT INTO rows (id, kind, parent, name, body, sum) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (row.id, kind, parent, row.name, text, checksum(row, text))
            for row, text in zip(rows, texts, strict=True)
        ],
    )
    return [row.id for row in rows]


def update(database: sqlite3.Connection, row: Row) -> None:
    """Write another body for a row; one that is gone stays gone."""
    text = json.dumps(row.body)
    values = (text, checksum(row, text), row.id)
    database.execute("UPDATE rows SET body = ?, sum = ? WHERE id = ?", values)


def checksum(row: Row, text: str) -> bytes:
    """Tells a row that the disk has changed; against a person only the MACs in it help."""
    facts = json.dumps([row.id, row.kind, row.parent, row.name, text])
    return hashlib.sha256(facts.encode()).digest()[:16]
