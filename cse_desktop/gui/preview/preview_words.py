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


def failed(failure: Failure) -> EmptyLook:
    """Why there is nothing to be seen."""
    glyph = "ph.shield-slash" if failure.kind is FailureKind.REFUSED else "ph.warning-circle"
    return EmptyLook(glyph, text.visible(failure.title), text.visible(failure.hint), "bad")


def too_large(size: int, limit: int) -> EmptyLook:
    """The file is beyond the limit of previews."""
    why = f"This file has {text.size(size)}. A preview is decrypted in memory, up to "
    save = Action("Save decrypted copy…", "ph.download-simple")
    return EmptyLook("ph.file", TOO_LARGE, f"{why}{text.size(limit)}.", actions=(save,))
