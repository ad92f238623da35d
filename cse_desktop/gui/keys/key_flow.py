"""Choosing the key for uploads: the chip's menu, the picker, the context editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.keys import KmsKeys
from cse_desktop.core.session import Identity
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.keys.context_dialog import ContextDialog
from cse_desktop.gui.keys.context_pairs import PLAIN_ROOM, Room, room_for
from cse_desktop.gui.keys.key_chip import KeyChip
from cse_desktop.gui.keys.key_picker import KeyPicker, PickerPlace
from cse_desktop.gui.keys.upload_key import UploadKey
from cse_desktop.gui.look.text import count, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import KeyChoice

MENU_KEYS = 6

Then = Callable[[KeyChoice], None]


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the picker needs before it can be shown."""

    keys: KmsKeys
    identity: Identity


class KeyFlow(QObject):
    """Shows what changes the key of the open bucket. GUI thread.

    Signals:
        failed: a Failure; the picker could not be opened.
    """

    failed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        sessions: Sessions,
        preferences: Preferences,
        upload_key: UploadKey,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._upload_key = upload_key
        self._window = window
        self._place: Place | None = None
        self._is_opening = False

    def open(self, place: Place | None) -> None:
        """Follow the user to a place."""
        self._place = place
        if place is not None:
            self._upload_key.open(place.connection, place.folder.bucket)

    def choose(self, then: Then | None = None) -> None:
        """Show the picker; `then` gets the choice, and nothing when there was none."""
        place = self._place
        if place is None or self._is_opening:
            return
        self._is_opening = True

        def question() -> _Opening:
            session = self._sessions.get(place.connection)
            return _Opening(session.keys, session.identity())

        def show(opening: _Opening) -> None:
            self._is_opening = False
            if self._place == place:
                self._pick(opening, place, then)

        def fail(failure: object) -> None:
            self._is_opening = False
            self.failed.emit(failure)

        self._bridge.ask(question, show, fail, self)

    @Slot()
    def choose_any(self) -> None:
        """Show the picker."""
        self.choose()

    @Slot()
    def edit_context(self) -> None:
        """Change the context pairs, the key staying as it is."""
        choice = self._upload_key.choice
        if choice is None:
            self.choose()
            return
        dialog = ContextDialog(self._theme, choice, self._room(self._place), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._upload_key.use_context(dialog.choice().context)
        dialog.deleteLater()

    def attach(self, chip: KeyChip) -> None:
        """Give the chip its menu: known keys, the context, and the picker."""
        menu = Menu(self._theme, parent=chip)
        menu.aboutToShow.connect(partial(self._fill, menu))
        chip.set_menu(menu)

    def _fill(self, menu: Menu) -> None:
        menu.clear()
        chosen = self._upload_key.choice
        for choice in self._known_keys(chosen):
            is_chosen = chosen is not None and choice.key_id == chosen.key_id
            menu.add(
                visible(choice.label or choice.key_id),
                partial(self._use_again, choice),
                glyph="ph.check" if is_chosen else "ph.key",
                hint=self._upload_key.state.word if is_chosen else "",
            )
        if menu.actions():
            menu.addSeparator()
        if chosen is not None:
            pairs = len(chosen.context)
            hint = count(pairs, "pair") if pairs else ""
            menu.add("Edit encryption context…", self.edit_context, glyph="ph.tag", hint=hint)
        word = "Choose another key…" if chosen else "Choose a key…"
        menu.add(word, self.choose_any, glyph="ph.key", shortcut="Ctrl+K")

    def _pick(self, opening: _Opening, place: Place, then: Then | None) -> None:
        state = self._preferences.state
        picker = KeyPicker(
            self._theme,
            self._bridge,
            opening.keys,
            PickerPlace(
                place.folder.bucket,
                opening.identity.account,
                opening.identity.region,
                self._room(place),
            ),
            chosen=self._upload_key.choice,
            favourites=state.favourite_keys,
            recent=self._recent_in(opening.identity.region),
            parent=self._window,
        )
        picker.favourites_changed.connect(self._keep_favourites)
        if picker.exec() == QDialog.DialogCode.Accepted:
            choice = picker.choice()
            self._upload_key.use(choice, remember=picker.is_remembered)
            if then is not None:
                then(choice)
        picker.deleteLater()

    def _room(self, place: Place | None) -> Room:
        connection = self._sessions.connection(place.connection) if place else None
        return room_for(connection, place.folder) if place and connection else PLAIN_ROOM

    def _use_again(self, choice: KeyChoice, _checked: bool = False) -> None:
        self._upload_key.use(choice, remember=False)

    def _known_keys(self, chosen: KeyChoice | None) -> list[KeyChoice]:
        """The chosen key, then recent ones, each once."""
        region = chosen.key_id.split(":")[3:4] if chosen else []
        recent = self._recent_in(region[0]) if region else self._preferences.state.recent_keys
        found = {each.key_id: each for each in recent}
        if chosen is not None:
            found = {chosen.key_id: chosen} | found
        return list(found.values())[:MENU_KEYS]

    def _recent_in(self, region: str) -> tuple[KeyChoice, ...]:
        """Recent keys that this Region can use: an ARN names its own."""
        recent = self._preferences.state.recent_keys
        return tuple(each for each in recent if f":kms:{region}:" in each.key_id)

    @Slot(object)
    def _keep_favourites(self, favourites: tuple[str, ...]) -> None:
        state = self._preferences.state
        self._preferences.notice(replace(state, favourite_keys=favourites))
