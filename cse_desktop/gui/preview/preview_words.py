"""What a preview says instead of content."""

from __future__ import annotations

from typing import Final

from cse_desktop.gui.look import text
from cse_desktop.gui.parts.empty_state import Action, EmptyLook
from cse_desktop.jobs.snapshot import Failure, FailureKind

TOO_LARGE: Final = "Too large to preview. Download it instead."
LOADING: Final = EmptyLook(
    "ph.hourglass-medium",
    "Decrypting…",
    "The content is fetched, decrypted and verified.",
    actions=(Action("Cancel"),),
)

PDF: Final = EmptyLook(
    "ph.file-pdf",
    "Pages of PDF files can't be shown here",
    "The file was decrypted and verified. Another program can show it: for that, a readable copy "
    "is written that only you can open, and removed when you stop editing.",
    actions=(Action("Open", "ph.note-pencil"),),
)


def failed(failure: Failure) -> EmptyLook:
    """Why there is nothing to be seen."""
    glyph = "ph.shield-slash" if failure.kind is FailureKind.REFUSED else "ph.warning-circle"
    return EmptyLook(glyph, text.visible(failure.title), text.visible(failure.hint), "bad")


def too_large(size: int, limit: int) -> EmptyLook:
    """The file is beyond the limit of previews."""
    why = f"This file has {text.size(size)}. A preview is decrypted in memory, up to "
    save = Action("Save decrypted copy…", "ph.download-simple")
    return EmptyLook("ph.file", TOO_LARGE, f"{why}{text.size(limit)}.", actions=(save,))


def short_key(arn: str) -> str:
    """A key by the beginning of its id, as far as people compare ids."""
    key_id = arn.rpartition("/")[2]
    return f"key {key_id[:12]}…" if len(key_id) > 13 else f"key {key_id}"
