"""The top line: where the user is, how to go elsewhere, and the filter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.browser.path_bar import FillMenu, PathBar
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import IconButton, icon_button
from cse_desktop.gui.parts.search_field import SearchField

HEIGHT = 48
FILTER_WIDE, FILTER_NARROW = 220, 168


class AddressBar(QFrame):
    """Back, forward, up, path, refresh, filter, and what opens the side panes.

    Signals:
        filter_changed: the text of the filter.
        filter_left: Enter or Down in the filter, so to what it found.
        search_asked: for the text of the filter, in the whole bucket.
    """

    filter_changed = Signal(str)
    filter_left = Signal()
    search_asked = Signal(str)

    def __init__(
        self, theme: Theme, actions: Actions, fill_menu: FillMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("frame", "bar")
        self.setFixedHeight(theme.px(HEIGHT))
        self._theme = theme
        self.sidebar_button = self._button(theme, actions, "sidebar", "ph.list", "Sidebar")
        self.back = self._button(theme, actions, "back", "ph.arrow-left", "Back")
        self.forward = self._button(theme, actions, "forward", "ph.arrow-right", "Forward")
        self.up = self._button(theme, actions, "up", "ph.arrow-up", "Up")
        self.path = PathBar(theme, fill_menu)
        self.path.setAccessibleName("Path")
        self.refresh = self._button(theme, actions, "refresh", "ph.arrow-clockwise", "Refresh")
        self.filter = SearchField(theme, "Filter this folder")
        self.filter.setAccessibleName("Filter this folder")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.filter_changed)
        self.filter.installEventFilter(self)
        self.inspector = self._button(theme, actions, "inspector", "mdi6.dock-right", "Inspector")
        self._lay_out()
        self.setFocusProxy(self.path)
        self.set_narrow(False)

    def set_narrow(self, is_narrow: bool) -> None:
        """Make room: a shorter filter, and a button for the sidebar."""
        self.filter.setFixedWidth(self._theme.px(FILTER_NARROW if is_narrow else FILTER_WIDE))
        self.sidebar_button.setVisible(is_narrow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Esc in the filter clear it, Enter and Down leave it."""
        is_press = event.type() == QEvent.Type.KeyPress
        if watched is self.filter and is_press and isinstance(event, QKeyEvent):
            key = event.key()
            if key == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
                self.filter_left.emit()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def start_filter(self) -> None:
        """Put the cursor into the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    @Slot()
    def start_search(self) -> None:
        """Search for what the filter says; where it says nothing, put the cursor there."""
        if self.filter.text().strip():
            self.search_asked.emit(self.filter.text())
        else:
            self.start_filter()

    def _button(
        self, theme: Theme, actions: Actions, action_name: str, glyph: str, name: str
    ) -> IconButton:
        """A button that does what an action does, and is on or off with it."""
        action = actions[action_name]
        made = icon_button(
            theme,
            glyph,
            name,
            shortcut=action.shortcut().toString(),
            checkable=action.isCheckable(),
        )
        made.clicked.connect(action.trigger)

        def follow() -> None:
            made.setEnabled(action.isEnabled())
            if action.isCheckable():
                made.setChecked(action.isChecked())
                made.set_glyph(glyph, "accent_text" if action.isChecked() else "text2")

        action.changed.connect(follow)
        follow()
        return made

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(0)
        for widget in (self.sidebar_button, self.back, self.forward, self.up):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.path, 1)
        row.addSpacing(8)
        row.addWidget(self.refresh)
        row.addSpacing(8)
        row.addWidget(self.filter)
        row.addSpacing(8)
        row.addWidget(self.inspector)
