"""Pinned and recent places: remembered, shown, and opened again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.browser.navigator import Navigator
from cse_desktop.gui.browser.pinned_places import PinnedPlaces
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import Place, folder_of
from cse_desktop.gui.preferences import Preferences

MAX_RECENT: Final = 15


class PlaceMemory(QObject):
    """GUI thread.

    Args:
        anchor: below it the menu of recent places opens.
    """

    def __init__(
        self,
        theme: Theme,
        preferences: Preferences,
        navigator: Navigator,
        actions: Actions,
        pinned: PinnedPlaces,
        anchor: QWidget,
    ) -> None:
        super().__init__(anchor)
        self._theme = theme
        self._preferences = preferences
        self._navigator = navigator
        self._actions = actions
        self._pinned = pinned
        self._anchor = anchor
        navigator.moved.connect(self._note)
        preferences.changed.connect(self.follow)
        pinned.opened.connect(navigator.open)
        pinned.unpinned.connect(self.unpin)
        actions["pin"].triggered.connect(self.toggle)
        actions["recent_places"].triggered.connect(self.show_recent)
        self.follow()

    @property
    def recent(self) -> tuple[Place, ...]:
        """Where the user was, newest first."""
        return _places(self._preferences.state.recent_places)

    @Slot()
    def toggle(self) -> None:
        """Pin the open place, or unpin it."""
        here = self._navigator.here
        if here is None:
            return
        if here in self._pinned.places:
            self.unpin(here)
        else:
            self._keep((*self._preferences.settings.pinned_places, _pair(here)))

    @Slot(object)
    def unpin(self, place: Place) -> None:
        """Show a place in the sidebar no longer."""
        left = self._preferences.settings.pinned_places
        self._keep(tuple(each for each in left if each != _pair(place)))

    @Slot()
    def follow(self) -> None:
        """Show what is pinned, and whether the open place is."""
        self._pinned.set_places(_places(self._preferences.settings.pinned_places))
        here = self._navigator.here
        self._actions["pin"].setEnabled(here is not None)
        self._actions["pin"].setChecked(here is not None and here in self._pinned.places)

    @Slot()
    def show_recent(self) -> None:
        """Offer pinned and recent places below the path."""
        menu = Menu(self._theme, parent=self._anchor)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        pinned = self._pinned.places
        recent = [each for each in self.recent if each not in pinned]
        for places, glyph in ((pinned, "ph.push-pin"), (recent, "ph.clock")):
            for place in places:
                go = partial(self._navigator.open, place)
                menu.add(
                    visible(str(place.folder)), go, glyph=glyph, hint=visible(place.connection)
                )
            if places is pinned and pinned and recent:
                menu.addSeparator()
        if menu.isEmpty():
            menu.add("No places yet", enabled=False)
        menu.popup(self._anchor.mapToGlobal(QPoint(0, self._anchor.height())))

    @Slot(object)
    def _note(self, place: Place) -> None:
        state = self._preferences.state
        others = [each for each in state.recent_places if each != _pair(place)]
        recent = (_pair(place), *others)[:MAX_RECENT]
        self._preferences.notice(replace(state, recent_places=recent))
        self.follow()

    def _keep(self, pairs: tuple[tuple[str, str], ...]) -> None:
        settings = self._preferences.settings
        self._preferences.change(replace(settings, pinned_places=pairs))


def _pair(place: Place) -> tuple[str, str]:
    return place.connection, str(place.folder)


def _places(pairs: tuple[tuple[str, str], ...]) -> tuple[Place, ...]:
    found = ((connection, folder_of(address)) for connection, address in pairs)
    return tuple(Place(connection, folder) for connection, folder in found if folder is not None)
