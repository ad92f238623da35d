"""Finding names in a whole bucket: S3 cannot search, so every name is looked at."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cse_desktop.core.entries import Entries
from cse_desktop.core.objects import Entry, ObjectRef

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

SLICE_S: Final = 0.2
"""So often the one who asked hears how far it is, and can stop it."""
SLICE_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """What one slice of a search found.

    Attributes:
        entries: objects whose names match, in S3's order.
        looked_at: names in this slice, matching or not.
        token: where the next slice begins; "" after the last.
    """

    entries: Entries
    looked_at: int
    token: str


def search(session: Session, place: ObjectRef, needle: str, token: str = "") -> Found:
    """Look through the names below `place` for a moment. Any thread; blocks.

    Args:
        needle: as `folded` gives it. It is looked for in names; with a "/" in it, in whole keys.
        token: of the slice before, "" for the first.

    Raises:
        CseError: S3 would not.
    """
    found: list[Entry] = []
    looked_at, ends_s = 0, time.monotonic() + SLICE_S
    for page in session.store.walk(place, token):
        looked_at += len(page.entries)
        token = page.token
        found += [page.entries[row] for row in _matching(page.entries, needle)]
        if time.monotonic() >= ends_s or len(found) >= SLICE_ROWS:
            break
    return Found(Entries.of(found), looked_at, token)


def folded(text: str) -> str:
    """Text in which a search does not mind upper case, nor how accents are written."""
    # macOS writes names decomposed: "é" as two characters.
    return unicodedata.normalize("NFC", text).casefold()


def _matching(page: Sequence[Entry], needle: str) -> list[int]:
    keys = page.all_keys() if isinstance(page, Entries) else [entry.key for entry in page]
    text = folded("\n".join(keys))
    if needle not in text:
        return []
    lines = text.split("\n")
    if len(lines) != len(keys):  # a name of two lines
        lines = [folded(key) for key in keys]
    if "/" not in needle:
        lines = [line.rstrip("/").rpartition("/")[2] for line in lines]
    return [row for row, line in enumerate(lines) if needle in line]
