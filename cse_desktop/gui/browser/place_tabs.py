"""Tabs: several places open at once, each with a history of its own."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.pinned_places import short_name
from cse_desktop.gui.look.text import escape_mnemonic, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import icon_button
from cse_desktop.gui.places import History, Place

MAX_TABS: Final = 20


class TabBar(QTabBar):
    """A tab for each place, hidden while there is only one. GUI thread.

    Signals:
        close_asked: the index of a tab.
    """

    close_asked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "places")
        self.setAccessibleName("Tabs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def add(self) -> int:
        """Add an empty tab at the end; gives its index."""
        index = self.addTab("")
        button = icon_button(self._theme, "ph.x", "Close tab", shortcut="Ctrl+W", sz="mini")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(partial(self._ask_close, button))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, button)
        self.setVisible(self.count() > 1)
        return index

    def drop(self, index: int) -> None:
        """Remove a tab."""
        self.removeTab(index)
        self.setVisible(self.count() > 1)

    def name(self, index: int, place: Place | None) -> None:
        """Name a tab after its place."""
        words = short_name(place) if place is not None else "New tab"
        self.setTabText(index, escape_mnemonic(words))
        where = visible(str(place.folder)) if place is not None else words
        self.setTabToolTip(index, where)
        self.setAccessibleTabName(index, where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and index >= 0:
            self.close_asked.emit(index)
        else:
            super().mouseReleaseEvent(event)

    def _ask_close(self, button: QWidget) -> None:
        side = QTabBar.ButtonPosition.RightSide
        for index in range(self.count()):
            if self.tabButton(index, side) is button:
                self.close_asked.emit(index)
                return


class PlaceTabs(QObject):
    """Which tab is open, and what was visited in each. GUI thread."""

    def __init__(self, bar: TabBar, navigator: Navigator, actions: Actions) -> None:
        super().__init__(bar)
        self._bar = bar
        self._navigator = navigator
        self._actions = actions
        self._histories = [navigator.history]
        bar.add()
        bar.currentChanged.connect(self._open)
        bar.close_asked.connect(self.close)
        navigator.moved.connect(self.follow)
        for name, slot in (
            ("new_tab", self.add),
            ("close_tab", self.close_current),
            ("next_tab", partial(self._step, 1)),
            ("previous_tab", partial(self._step, -1)),
        ):
            actions[name].triggered.connect(slot)
        self.follow()

    @property
    def count(self) -> int:
        """How many tabs there are."""
        return len(self._histories)

    @Slot()
    def add(self) -> None:
        """Open the place once more, in a tab of its own."""
        here = self._navigator.here
        if here is not None and len(self._histories) < MAX_TABS:
            self.open(here)

    def open(self, place: Place) -> None:
        """Open a place in a new tab."""
        history = History()
        history.visit(place)
        self._histories.append(history)
        index = self._bar.add()
        self._bar.name(index, place)
        self._bar.setCurrentIndex(index)
        self.follow()

    @Slot(int)
    def close(self, index: int) -> None:
        """Close a tab; the last one stays."""
        if len(self._histories) > 1:
            del self._histories[index]
            self._bar.blockSignals(True)
            self._bar.drop(index)
            self._bar.blockSignals(False)
            self._open(self._bar.currentIndex())

    @Slot()
    def close_current(self) -> None:
        """Close the open tab."""
        self.close(self._bar.currentIndex())

    @Slot()
    def follow(self) -> None:
        """Name the open tab after what it shows."""
        self._bar.name(self._bar.currentIndex(), self._navigator.here)
        has_several = self.count > 1
        self._actions["new_tab"].setEnabled(
            self._navigator.here is not None and self.count < MAX_TABS
        )
        for name in ("close_tab", "next_tab", "previous_tab"):
            self._actions[name].setEnabled(has_several)

    def _step(self, by: int) -> None:
        self._bar.setCurrentIndex((self._bar.currentIndex() + by) % self.count)

    @Slot(int)
    def _open(self, index: int) -> None:
        if 0 <= index < self.count and self._histories[index] is not self._navigator.history:
            self._navigator.use(self._histories[index])
        self.follow()
