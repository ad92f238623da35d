"""The line above the files: Upload, the key, and what can be done with a selection."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.keys.key_chip import KeyChip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import IconButton, button, icon_button, line
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.window.upload_button import UploadButton

HEIGHT: Final = 48
_WORDS: Final = (
    ("download", "Download", "ph.download-simple"),
    ("new_folder", "New folder", "ph.folder-plus"),
    ("verify", "Verify", "ph.shield-check"),
)
_MORE: Final = ("copy_path", "copy_key", "", "refresh", "add_bucket")


class ActionBar(QFrame):
    """Upload, key chip, Download, New folder, Verify, more.

    Signals:
        upload_asked: choose files and upload them.
    """

    upload_asked = Signal()

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = actions
        self.setProperty("frame", "actions")
        self.setFixedHeight(theme.px(HEIGHT))
        self.upload = UploadButton(theme, actions)
        self.upload.clicked.connect(self.upload_asked)
        self.chip = KeyChip(theme)
        self.chip.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._words = [self._word(name, text, glyph) for name, text, glyph in _WORDS]
        self._icons = [self._icon(name, text, glyph) for name, text, glyph in _WORDS]
        self._more = icon_button(theme, "ph.dots-three", "More actions")
        self._more.clicked.connect(self._open_menu)
        self._lay_out()
        self.set_narrow(False)

    def set_narrow(self, is_narrow: bool) -> None:
        """Show Download, New folder and Verify as icons."""
        for word in self._words:
            word.setVisible(not is_narrow)
        for each in self._icons:
            each.setVisible(is_narrow)

    def _word(self, name: str, text: str, glyph: str) -> QPushButton:
        made = button(self._theme, text, kind="quiet", glyph=glyph)
        self._follow(made, name)
        return made

    def _icon(self, name: str, text: str, glyph: str) -> IconButton:
        keys = self._actions[name].shortcut().toString()
        made = icon_button(self._theme, glyph, text, shortcut=keys)
        self._follow(made, name)
        return made

    def _follow(self, made: QPushButton | IconButton, name: str) -> None:
        action = self._actions[name]
        made.clicked.connect(action.trigger)

        def follow() -> None:
            made.setEnabled(action.isEnabled())
            keys = action.shortcut().toString()
            made.setToolTip(
                f"{action.toolTip()} ({keys})" if action.isEnabled() else action.toolTip()
            )

        action.changed.connect(follow)
        follow()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.upload)
        row.addWidget(self.chip)
        divider = line(vertical=True)
        divider.setFixedHeight(self._theme.px(20))
        row.addWidget(divider)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for widget in (*self._words, *self._icons, self._more):
            tools.addWidget(widget)
        row.addLayout(tools)
        row.addStretch(1)

    @Slot()
    def _open_menu(self) -> None:
        menu = Menu(self._theme, parent=self)
        for name in _MORE:
            if name:
                action = self._actions[name]
                menu.add(
                    action.text().replace("&", ""),
                    action.trigger,
                    shortcut=action.shortcut().toString(),
                    enabled=action.isEnabled(),
                )
            else:
                menu.addSeparator()
        menu.exec(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))
        menu.deleteLater()
