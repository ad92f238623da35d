"""Asks where files are to be copied or moved to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.managing.place_field import PlaceField
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.places import folder_of


class PlaceDialog(Dialog):
    """After `accept`, `folder` is where they go.

    Args:
        what: "3 files", or a name in quotation marks.
        here: the open folder: the field begins there.
    """

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session: Callable[[], Session],
        what: str,
        here: ObjectRef,
        *,
        is_move: bool,
        parent: QWidget | None = None,
    ) -> None:
        verb = "Move" if is_move else "Copy"
        super().__init__(
            theme,
            f"{verb} to",
            f"{verb} {what}",
            "S3 does it without sending anything through this computer. Files stay encrypted under "
            "their key, with their encryption context.",
            width=600,
            parent=parent,
        )
        self.folder = here
        self.field = PlaceField(theme, bridge, session)
        self.field.setText(str(here))
        self.field.textChanged.connect(self._judge)
        heading = label("To folder", "strong")
        heading.setBuddy(self.field)
        self._problem = label(role="small", tone="bad", wrap=True)
        for part in (heading, self.field, self._problem):
            self.body.addWidget(part)
        self.add_button("Cancel", Role.RejectRole)
        self.go = self.add_button(verb, Role.AcceptRole, kind="primary")
        self._judge(self.field.text())
        self.field.setFocus()
        self.field.selectAll()

    def accept(self) -> None:
        """Close, if the field has an address."""
        folder = folder_of(self.field.text())
        if folder is not None:
            self.folder = folder
            super().accept()

    def _judge(self, typed: str) -> None:
        is_right = folder_of(typed) is not None
        problem = "" if is_right else "Write an address like s3://bucket/folder/"
        self._problem.setText(problem)
        restyle(self.field, error="true" if problem else "false")
        self.field.setAccessibleDescription(problem)
        self.go.setEnabled(is_right)
