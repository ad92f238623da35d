"""What is wrong with the pairs of an encryption context, and how much room they take. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cse_desktop.core.binding import names_of
from cse_desktop.core.budget import envelope_bytes
from cse_desktop.core.envelope import (
    MAX_METADATA_BYTES,
    RESERVED_CONTEXT_NAMES,
    WRITTEN_SUITES,
    Suite,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection

Pair = tuple[str, str]

RESERVED: Final = "This name is reserved for the encryption format. Choose another."
DUPLICATE: Final = "This name is already used above. Each name can have one value."
NAMELESS: Final = "Give this value a name, or remove the pair."
BROKEN: Final = "This has a character that can't be stored. Type it again."
TAKEN: Final = "This name is used to bind files to their bucket and name. Choose another."
TOO_LONG: Final = "Too long to be stored beside a file. Shorten the pairs or remove one."


@dataclass(frozen=True, slots=True)
class Room:
    """What else is stored beside a file, and so leaves less room for the pairs.

    Attributes:
        suite: how files are written.
        names: the pairs that bind files to their names; empty where they are not bound.
    """

    suite: Suite = Suite.GCM_COMMITTING
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


PLAIN_ROOM: Final = Room()
"""That of a connection with the default settings."""


def room_for(connection: Connection, folder: ObjectRef | None = None) -> Room:
    """The room beside files that a connection writes, into `folder` as far as that is known."""
    bound = names_of(folder) if folder is not None and connection.bind_names else {}
    return Room(WRITTEN_SUITES[connection.write_format], bound)


def filled(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs without those that are still empty on both sides."""
    return tuple(pair for pair in pairs if pair != ("", ""))


def problems(pairs: Sequence[Pair], taken: Collection[str] = ()) -> tuple[str, ...]:
    """One sentence for each pair; "" where nothing is wrong.

    Args:
        taken: names that the program itself uses.
    """
    seen: set[str] = set()
    found = []
    for name, value in pairs:
        found.append(TAKEN if name in taken else _problem(name, value, seen))
        seen.add(name)
    return tuple(found)


def stored_bytes(pairs: Sequence[Pair], room: Room = PLAIN_ROOM) -> int:
    """All metadata of a file with the usable ones of these pairs, as S3 counts it."""
    judged = zip(pairs, problems(pairs, room.names), strict=True)
    usable = dict(pair for pair, problem in judged if pair[0] and not problem)
    return envelope_bytes({**usable, **room.names}, room.suite)


def is_too_long(pairs: Sequence[Pair], room: Room = PLAIN_ROOM) -> bool:
    """Whether a file with this context could not be stored."""
    return stored_bytes(pairs, room) > MAX_METADATA_BYTES


def _problem(name: str, value: str, seen: set[str]) -> str:
    if name in RESERVED_CONTEXT_NAMES:
        return RESERVED
    if not _is_text(name + value):
        return BROKEN
    if not name:
        return NAMELESS if value else ""
    return DUPLICATE if name in seen else ""


def _is_text(entered: str) -> bool:
    """Whether it can be written as UTF-8; half of a surrogate pair, as some pastes hold, can't."""
    try:
        entered.encode()
    except UnicodeEncodeError:
        return False
    return True
