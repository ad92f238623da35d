"""The encryption context of a chosen key, edited without choosing the key again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from cse_desktop.gui.keys.context_editor import ContextEditor
from cse_desktop.gui.keys.context_pairs import PLAIN_ROOM, Room
from cse_desktop.gui.look.text import tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import vbox
from cse_desktop.settings import KeyChoice


class ContextDialog(Dialog):
    """Edit the pairs of a key choice; after `accept`, `choice` has them."""

    def __init__(
        self,
        theme: Theme,
        choice: KeyChoice,
        room: Room = PLAIN_ROOM,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "Encryption context",
            "Encryption context for uploads",
            f"Every file encrypted under {visible(choice.label or choice.key_id)} gets these "
            "pairs. Files already in S3 keep theirs.",
            width=560,
            parent=parent,
        )
        self._choice = choice
        self.editor = ContextEditor(theme, room)
        self.editor.set_pairs(choice.context)
        self.editor.changed.connect(self._update_save)
        self.editor.added.connect(self._bring_into_view)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        self._column = vbox(0, page)
        self._column.setContentsMargins(0, 0, 12, 0)  # keeps the scroll bar off the fields
        self._column.addWidget(self.editor)
        self._column.addStretch(1)
        self._scroll.setWidget(page)
        # Both would paint the window's colour over the surface.
        self._scroll.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        self.body.addWidget(self._scroll, 1)
        self.save = self.add_button("Use these pairs", Role.AcceptRole, kind="primary")
        self.add_button("Cancel", Role.RejectRole).setAutoDefault(True)
        self.setMinimumHeight(theme.px(320))
        self.resize(theme.px(560), theme.px(420))
        self._update_save()
        self.editor.focus_first()

    def choice(self) -> KeyChoice:
        """The same key with the pairs as edited."""
        return KeyChoice(self._choice.key_id, self._choice.label, self.editor.pairs())

    def accept(self) -> None:
        """Close, unless something is wrong with the pairs."""
        if not self.editor.problem():
            super().accept()

    def _bring_into_view(self, row: QWidget) -> None:
        self._column.activate()  # gives the new row its place first
        self._scroll.ensureWidgetVisible(row)

    def _update_save(self) -> None:
        problem = self.editor.problem()
        self.save.setEnabled(not problem)
        self.save.setToolTip(tip(problem))
