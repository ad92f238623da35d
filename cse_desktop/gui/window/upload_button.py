"""Upload, with a menu of its kinds behind the caret."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button
from cse_desktop.gui.parts.menu import Menu


class UploadButton(QFrame):
    """Two halves of one primary button: choose files, or open the menu.

    Signals:
        clicked: the left half.
    """

    clicked = Signal()

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = actions
        self.upload = button(theme, "Upload", kind="primary", glyph="ph.upload-simple")
        self.upload.setProperty("half", "left")
        self.more = QPushButton()
        self.more.setProperty("kind", "primary")
        self.more.setProperty("half", "right")
        self.more.setIcon(icon(theme, "ph.caret-down", "on_accent", 12))
        self.more.setIconSize(QSize(theme.px(12), theme.px(12)))
        self.more.setAccessibleName("More ways to upload")
        self.more.setToolTip("Upload a folder, or what is on the clipboard")
        self.upload.clicked.connect(self.clicked)
        self.more.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.upload)
        row.addWidget(self.more)

    def set_usable(self, is_usable: bool, reason: str) -> None:
        """Turn both halves on or off; `reason` becomes the tooltip when they are off."""
        for half in (self.upload, self.more):
            half.setEnabled(is_usable)
        self.upload.setToolTip("Upload files (Ctrl+U)" if is_usable else tip(reason))

    @Slot()
    def _open_menu(self) -> None:
        menu = Menu(self._theme, parent=self)
        for name, text, glyph in (
            ("upload_files", "Files…", "ph.file"),
            ("upload_folder", "Folder…", "ph.folder"),
            ("paste_files", "From clipboard", "ph.clipboard"),
        ):
            action = self._actions[name]
            keys = "" if name == "paste_files" else action.shortcut().toString()
            menu.add(text, action.trigger, glyph=glyph, shortcut=keys, enabled=action.isEnabled())
        menu.exec(self.mapToGlobal(QPoint(0, self.height() + 2)))
        menu.deleteLater()
