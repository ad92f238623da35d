"""Asks before a connection is removed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cse_desktop.core.connection import Connection, Source
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.dialog import Dialog, Role


class RemoveDialog(Dialog):
    """Says what goes and what stays; Cancel has the focus."""

    def __init__(self, theme: Theme, connection: Connection, parent: QWidget | None = None) -> None:
        kept = (
            "Its access key is removed from the system keyring as well, unless another connection "
            "uses it."
            if connection.source is Source.KEYS
            else "Its profile and sign-in stay as they are."
        )
        super().__init__(
            theme,
            "Delete connection",
            f"Delete the connection “{visible(connection.name)}”?",
            f"Buckets, files and keys in AWS stay as they are. {kept}",
            glyph="ph.trash",
            tone="bad",
            width=520,
            parent=parent,
        )
        self.add_button("Delete connection", Role.AcceptRole, kind="danger")
        self.cancel = self.add_button("Cancel", Role.RejectRole)
        self.cancel.setAutoDefault(True)
        self.cancel.setFocus()
