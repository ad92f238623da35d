"""Asks for the name of a new folder."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role

MAX_KEY_BYTES = 1024


def problem_of(name: str, parent_key: str) -> str:
    """Why a folder cannot be called so; "" when it can."""
    if not name.strip():
        return "Give the folder a name."
    if "/" in name:
        return "A name cannot contain “/”. Make one folder inside the other."
    if name in (".", ".."):
        return "This name would be lost when the folder is downloaded. Choose another."
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in name):
        return "The name contains characters that cannot be seen. Type it again."
    if len(f"{parent_key}{name}/".encode()) > MAX_KEY_BYTES:
        return "The whole path would be longer than the 1,024 bytes that S3 allows."
    return ""


class NewFolderDialog(Dialog):
    """After `accept`, `name` has what was typed."""

    def __init__(self, theme: Theme, parent_key: str, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            "New folder",
            "New folder",
            "Folder names are visible in S3. Only the content of files is encrypted.",
            width=480,
            parent=parent,
        )
        self._parent_key = parent_key
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the folder")
        self.name.textChanged.connect(self._judge)
        self._problem = label(role="small", tone="bad", wrap=True)
        self.body.addWidget(self.name)
        self.body.addWidget(self._problem)
        self.add_button("Cancel", Role.RejectRole)
        self._create = self.add_button("Create folder", Role.AcceptRole, kind="primary")
        self._create.setEnabled(False)
        self.name.setFocus()

    def _judge(self, name: str) -> None:
        problem = problem_of(name, self._parent_key)
        self._problem.setText(problem if name else "")
        self._create.setEnabled(not problem)
