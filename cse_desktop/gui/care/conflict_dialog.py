"""Asks what is to become of changes, now that somebody else has changed the file, too."""

from __future__ import annotations

from enum import Enum

from PySide6.QtWidgets import QWidget

from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.dialog import Dialog, Role


class Choice(Enum):
    """What is to happen."""

    WAIT = "keep editing"
    COPY = "save as a second file"
    REPLACE = "replace theirs"


class ChangedDialog(Dialog):
    """After it is closed, `choice` is what was chosen; Esc keeps editing."""

    def __init__(self, theme: Theme, ref: ObjectRef, parent: QWidget | None = None) -> None:
        name = text.curly(text.visible(ref.name))
        super().__init__(
            theme,
            "Changed by somebody else",
            f"Somebody else has changed {name} in S3",
            "Since you opened it. Nothing was stored, and your changes are still in the open copy. "
            "Save yours as a second file to compare them, or replace theirs; where the bucket "
            "keeps versions, theirs stays as one.",
            glyph="ph.warning",
            tone="warn",
            width=600,
            parent=parent,
        )
        self.choice = Choice.WAIT
        self.replace = self.add_button("Replace theirs", Role.DestructiveRole)
        self.replace.clicked.connect(self._choose_replace)
        self.wait = self.add_button("Keep editing", Role.RejectRole)
        self.copy = self.add_button("Save as a second file", Role.AcceptRole, kind="primary")
        self.copy.clicked.connect(self._choose_copy)
        self.copy.setFocus()

    def _choose_replace(self) -> None:
        self.choice = Choice.REPLACE
        self.accept()

    def _choose_copy(self) -> None:
        self.choice = Choice.COPY
