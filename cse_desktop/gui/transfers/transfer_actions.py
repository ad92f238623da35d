"""What can be done with a row of the transfers list. No widgets."""

from __future__ import annotations

from enum import Enum


class Action(Enum):
    """What can be done with a row: icon and name."""

    DECIDE = ("ph.question", "Replace, keep both or skip…")
    MOVE_UP = ("ph.arrow-up", "Move up")
    HOLD = ("ph.pause", "Pause")
    RELEASE = ("ph.play", "Continue")
    RETRY = ("ph.arrow-clockwise", "Try again")
    DETAILS = ("ph.info", "Show details")
    OPEN_FOLDER = ("ph.folder-open", "Open folder")
    CANCEL = ("ph.x", "Cancel")
    REMOVE = ("ph.x", "Remove from list")

    @property
    def glyph(self) -> str:
        """The icon."""
        return self.value[0]

    @property
    def label(self) -> str:
        """The name, as in tooltip and menu."""
        return self.value[1]
