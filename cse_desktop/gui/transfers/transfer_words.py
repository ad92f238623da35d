"""What each kind of request is called while it runs, when it is done, and when it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.requests import Copy, Delete, Download, Move, Request, Upload, Verify

_AS_IT_WAS: Final = "Still encrypted as it was"


@dataclass(frozen=True, slots=True)
class Words:
    """Words and icon of one kind of request.

    Attributes:
        doing: as in "a.zip, uploading, 62 percent".
        done: as in "3 files decrypted and verified".
        note: a second line when it is done and there is nothing better to say; or "".
        unchanged: what is true after it was cancelled.
        glyph: in the tile of its row.
    """

    doing: str
    done: str
    note: str
    unchanged: str
    glyph: str


_WORDS: Final[Mapping[type, Words]] = MappingProxyType(
    {
        Upload: Words(
            "uploading", "encrypted and stored", "CSE-KMS v3", "Nothing was stored", "ph.arrow-up"
        ),
        Download: Words(
            "downloading", "decrypted and verified", "", "Nothing was saved", "ph.arrow-down"
        ),
        Verify: Words(
            "verifying", "verified", "Nothing was saved", "Nothing was saved", "ph.shield-check"
        ),
        Copy: Words("copying", "copied", _AS_IT_WAS, "Nothing was copied", "ph.copy-simple"),
        Move: Words(
            "moving", "moved", _AS_IT_WAS, "The file is still at its old place", "ph.copy-simple"
        ),
        Delete: Words(
            "deleting", "deleted", "", "What was not deleted yet is still there", "ph.trash"
        ),
        Restore: Words(
            "restoring", "restored", _AS_IT_WAS, "Nothing was changed", "ph.arrow-counter-clockwise"
        ),
        FetchCopy: Words(
            "opening",
            "decrypted and verified",
            "For editing",
            "Nothing was saved",
            "ph.note-pencil",
        ),
        SaveBack: Words(
            "saving",
            "encrypted and stored",
            "Under the same key",
            "Your changes are still in the open copy",
            "ph.arrow-up",
        ),
        Change: Words(
            "changing properties",
            "properties changed",
            _AS_IT_WAS,
            "Nothing was changed",
            "ph.pencil-simple",
        ),
    }
)


def words_of(request: Request) -> Words:
    """The words of a request."""
    return _WORDS[type(request)]
