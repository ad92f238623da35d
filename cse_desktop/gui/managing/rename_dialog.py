"""Asks for another name of a file or a folder."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.managing.new_folder_dialog import problem_of
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.jobs.names import split_suffix


class RenameDialog(Dialog):
    """After `accept`, `name` has what was typed.

    Args:
        folder_key: the folder the entry is in.
    """

    def __init__(
        self, theme: Theme, folder_key: str, entry: Entry, parent: QWidget | None = None
    ) -> None:
        what = "folder" if entry.is_folder else "file"
        hint = (
            "A folder is a part of the name of each file in it: S3 copies them one by one and "
            "deletes the originals. They stay encrypted as they are."
            if entry.is_folder
            else "S3 makes a copy under the new name and deletes the original. It stays encrypted "
            "as it is."
        )
        shown = text.curly(text.visible(entry.name))
        super().__init__(theme, f"Rename {what}", f"Rename {shown}", hint, width=520, parent=parent)
        self._folder_key, self._old, self._what = folder_key, entry.name, what
        self.name = QLineEdit(entry.name)
        self.name.setAccessibleName(f"New name of the {what}")
        self.name.textChanged.connect(self._judge)
        self._problem = label(role="small", tone="bad", wrap=True)
        self.body.addWidget(self.name)
        self.body.addWidget(self._problem)
        self.add_button("Cancel", Role.RejectRole)
        self._rename = self.add_button("Rename", Role.AcceptRole, kind="primary")
        self._rename.setEnabled(False)
        self.name.setFocus()
        # The ending says what the file is; it is rarely what is to be changed.
        stem = entry.name if entry.is_folder else split_suffix(entry.name)[0]
        self.name.setSelection(0, len(stem))

    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._problem.text()

    def accept(self) -> None:
        """Close, if the name can be taken."""
        if self._rename.isEnabled():
            super().accept()

    def _judge(self, name: str) -> None:
        problem = problem_of(name, self._folder_key).replace(
            "Give the folder a name.", f"Give the {self._what} a name."
        )
        if "/" in name:
            problem = "A name cannot contain “/”. To put it elsewhere, use “Move to…”."
        self._problem.setText(problem)
        restyle(self.name, error="true" if problem else "false")
        self.name.setAccessibleDescription(problem)
        self._rename.setEnabled(not problem and name != self._old)
