"""All commands in one list that is searched by typing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from cse_desktop.gui.actions import MENUS, Actions
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.layouts import vbox
from cse_desktop.gui.parts.search_field import SearchField

WIDTH: Final = 560
_ROWS: Final = 10
_WALKING: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """What can be done now, by its words; Enter does it. What is off is not there."""

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._actions = theme, actions
        self.setWindowTitle("Find a command")
        self.field = SearchField(theme, "Find a command")
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(theme.px(16), theme.px(16)))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = label("No command is called that", tone="text2")
        column = vbox(8, self)
        column.setContentsMargins(16, 16, 16, 16)
        for part in (self.field, self.nothing, self.list):
            column.addWidget(part)
        self._fill()
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)
        self.search("")
        self.setMinimumWidth(theme.px(WIDTH))
        self.list.setFixedHeight(theme.px(30) * _ROWS + 4)

    @Slot(str)
    def search(self, text: str) -> None:
        """Show the commands that have all these words, in any order."""
        words = text.casefold().split()
        first = None
        for row in range(self.list.count()):
            item = self.list.item(row)
            said = item.text().casefold()
            item.setHidden(not all(word in said for word in words))
            if first is None and not item.isHidden():
                first = item
        if first is not None:
            self.list.setCurrentItem(first)
        self.nothing.setVisible(first is None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows walk along the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _WALKING:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        room = QPixmap(self.list.iconSize())
        room.fill(Qt.GlobalColor.transparent)
        blank = QIcon(room)  # words begin in one line
        for title, specs in MENUS:
            for spec in specs:
                if spec is None or not self._actions[spec.name].isEnabled():
                    continue
                keys = self._actions.keys(spec.name)
                words = f"{title.replace('&', '')}: {self._actions.word(spec.name)}"
                item = QListWidgetItem(f"{words}   {keys}" if keys else words)
                item.setData(Qt.ItemDataRole.UserRole, spec.name)
                item.setSizeHint(QSize(0, self._theme.px(30)))
                item.setIcon(icon(self._theme, spec.glyph) if spec.glyph else blank)
                self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        action = self._actions[item.data(Qt.ItemDataRole.UserRole)]
        self.accept()
        # Only when this dialog is gone: the command may open one of its own.
        QTimer.singleShot(0, action, action.trigger)
