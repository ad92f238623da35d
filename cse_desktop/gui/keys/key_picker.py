"""The dialog in which a KMS key and its encryption context are chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.key_catalogue import KeyCatalogue
from cse_desktop.core.kms_key import KmsKey, Permissions
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.keys import key_pane, key_words
from cse_desktop.gui.keys.context_pairs import PLAIN_ROOM, Pair, Room
from cse_desktop.gui.keys.key_model import Filter, KeyModel
from cse_desktop.gui.keys.key_picker_layout import PickerParts, lay_out
from cse_desktop.gui.keys.key_probing import FoundKey, KeyProber, LoadedKeys, find_key, load_keys
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.empty_state import Action
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.settings import KeyChoice

NARROW_BELOW: Final = 1000
SIGHT_SETTLES_MS: Final = 120
CONTEXT_SETTLES_MS: Final = 600


@dataclass(frozen=True, slots=True)
class PickerPlace:
    """For what a key is chosen.

    Attributes:
        bucket: whose uploads it is for.
        account: that is signed in; "" while not known.
        region: of the connection.
        room: what else is stored beside the files.
    """

    bucket: str
    account: str = ""
    region: str = ""
    room: Room = PLAIN_ROOM


class KeyPicker(QDialog):
    """Choose a key; after `accept`, `choice` and `is_remembered` tell the outcome. GUI thread.

    Keys and permissions are read through the bridge; the dialog never waits for them.

    Signals:
        favourites_changed: the ARNs of all favourites, as a tuple.
    """

    favourites_changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        keys: KeyCatalogue,
        place: PickerPlace,
        *,
        chosen: KeyChoice | None = None,
        favourites: Sequence[str] = (),
        recent: Sequence[KeyChoice] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bridge = bridge
        self._keys = keys
        self._place = place
        self._wanted_key = chosen.key_id if chosen else ""
        self._extras = (self._wanted_key, *(each.key_id for each in recent), *favourites)
        self._is_refused = False
        self._model = KeyModel(favourites, [each.key_id for each in recent], self)
        self._prober = KeyProber(bridge, keys, self)
        self.parts: PickerParts = lay_out(theme, self._model, place.bucket, place.region, self)
        self._sight = QTimer(self, singleShot=True, interval=SIGHT_SETTLES_MS)
        self._settled = QTimer(self, singleShot=True, interval=CONTEXT_SETTLES_MS)
        self.setWindowTitle("Choose a KMS key")
        self.setMinimumSize(self._fitting(880, 560))
        self.resize(self._fitting(1120, 676))
        self.parts.set_narrow(False)
        self._connect()
        self.parts.context.set_room(place.room)
        self.parts.context.set_pairs(chosen.context if chosen else ())
        self._prober.set_context(self.parts.context.pairs())
        self.parts.filter_bar.set_place(place.account, place.region)
        self._update_use()
        self.parts.filter_bar.search.setFocus()
        self._load()

    @property
    def is_remembered(self) -> bool:
        """Whether the key is to be used for the bucket from now on."""
        return self.parts.remember.isChecked()

    def choice(self) -> KeyChoice:
        """The key and context that were chosen; only after `accept`."""
        key = self._current()
        assert key is not None
        return KeyChoice(key.arn, key.label, self.parts.context.pairs())

    def accept(self) -> None:
        """Close with the selected key, unless it can't be used."""
        if not self._why_not():
            super().accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.parts.set_narrow(self.width() < self._theme.px(NARROW_BELOW))
        self.parts.fit_footer(self.width())

    def focus_context(self) -> None:
        """Go to the encryption context."""
        self.parts.show_details()
        self.parts.context.focus_first()

    def _fitting(self, width: int, height: int) -> QSize:
        """A size of the design, larger for a larger font as far as the screen allows."""
        room = (self.screen().availableSize() - QSize(40, 60)).expandedTo(QSize(width, height))
        return QSize(self._theme.px(width), self._theme.px(height)).boundedTo(room)

    def _connect(self) -> None:
        parts = self.parts
        parts.filter_bar.changed.connect(self._filter)
        parts.filter_bar.refresh_wanted.connect(self._load)
        parts.filter_bar.search.stepped.connect(parts.list.step)
        parts.filter_bar.search.paged.connect(self._page)
        parts.list.current_changed.connect(self._show_current)
        parts.list.sight_changed.connect(self._sight.start)
        parts.list.used.connect(self.accept)
        parts.pane.acted.connect(self._act)
        parts.paste.check_wanted.connect(self._find)
        parts.details.check_wanted.connect(self._check_again)
        parts.context.changed.connect(self._note_context)
        parts.buttons.accepted.connect(self.accept)
        parts.buttons.rejected.connect(self.reject)
        self._sight.timeout.connect(self._probe_sight)
        self._settled.timeout.connect(self._use_context)
        self._prober.checked.connect(self._show_checked)
        self._model.favourites_changed.connect(self.favourites_changed)
        for sequence in ("F5", "Ctrl+R"):
            QShortcut(QKeySequence(sequence), self, self._load)
        QShortcut(QKeySequence.StandardKey.Find, self, parts.filter_bar.search.setFocus)

    def _load(self) -> None:
        self.parts.filter_bar.set_busy(True)
        self.parts.pane.show_loading()
        extras = [name for name in self._extras if name]
        self._bridge.ask(
            partial(load_keys, self._keys, extras), self._show_keys, self._show_failure, owner=self
        )

    def _show_keys(self, loaded: LoadedKeys) -> None:
        self.parts.filter_bar.set_busy(False)
        self._is_refused = loaded.refusal is not None
        self._select_after(partial(self._model.set_keys, loaded.keys))
        if not self._place.account and loaded.keys:
            account = (loaded.keys[0].arn.split(":") + [""] * 5)[4]
            self.parts.filter_bar.set_place(account, self._place.region)

    def _show_failure(self, failure: Failure) -> None:
        self.parts.filter_bar.set_busy(False)
        self.parts.pane.show_failure(failure)
        self._update_use()

    def _filter(self, wanted: Filter) -> None:
        self._select_after(partial(self._model.set_filter, wanted))

    def _select_after(self, change: Callable[[], None], wanted: str = "") -> None:
        """Change the rows, then select the wanted key, else the same as before, else the first."""
        wanted = wanted or self._wanted_key
        change()
        self.parts.pane.show_result(self.parts.filter_bar.wanted(), is_refused=self._is_refused)
        if self._model.rowCount():
            self.parts.list.select_row(max(0, self._model.row_named(wanted)))
        self._show_current()

    def _current(self) -> KmsKey | None:
        return self._model.key(self.parts.list.current_row())

    def _show_current(self) -> None:
        key = self._current()
        self.parts.details.show_key(key)
        if key is not None:
            self._wanted_key = key.arn
            self._show_permissions(key)
        self._update_use()
        self._sight.start()

    def _show_permissions(self, key: KmsKey) -> None:
        checked = self._model.checked(key.arn)
        is_checking = self._prober.is_checking(key.arn)
        self.parts.details.show_checked(key, checked, is_checking=is_checking)

    def _probe_sight(self) -> None:
        """Check the selected key for its context, then the keys in sight that never were."""
        rows = (self._model.key(row) for row in self.parts.list.visible_rows())
        unchecked = [
            key.arn for key in rows if key and key.can_wrap and not self._model.checked(key.arn)
        ]
        current = self._current()
        if current is not None and current.can_wrap:
            checked = self._model.checked(current.arn)
            if checked is None or checked.context != self._prober.context:
                unchecked.insert(0, current.arn)
        self._prober.want(unchecked)
        if current is not None:
            self._show_permissions(current)

    def _check_again(self) -> None:
        key = self._current()
        if key is not None:
            self._prober.check_again(key.arn)
            self._show_permissions(key)

    def _show_checked(self, arn: str, permissions: Permissions, context: tuple[Pair, ...]) -> None:
        self._model.set_permissions(arn, permissions, context)
        current = self._current()
        if current is not None and current.arn == arn:
            self._show_permissions(current)
            self._update_use()
            self._announce(f"{current.label}: {self._why_not() or 'can be used'}")
        if not self._model.rowCount():
            self._select_after(partial(self._model.set_filter, self.parts.filter_bar.wanted()))
        self._sight.start()

    def _note_context(self) -> None:
        self._update_use()
        self._settled.start()

    def _use_context(self) -> None:
        if not self.parts.context.problem():
            self._prober.set_context(self.parts.context.pairs())
            self._probe_sight()

    def _find(self, name: str) -> None:
        self.parts.paste.show_busy(True)
        self._bridge.ask(
            partial(find_key, self._keys, name, self._prober.context),
            self._show_found,
            self._show_not_found,
            owner=self,
        )

    def _show_found(self, found: FoundKey) -> None:
        self.parts.paste.show_busy(False)
        self.parts.paste.clear()
        self._extras = (found.key.arn, *self._extras)
        self.parts.filter_bar.show_all()
        self._model.set_permissions(found.key.arn, found.permissions, self._prober.context)
        self._select_after(partial(self._model.put_first, found.key), found.key.arn)
        self._announce(f"{found.key.label}: {self._why_not() or 'can be used'}")

    def _show_not_found(self, failure: Failure) -> None:
        self.parts.paste.show_busy(False)
        self.parts.paste.show_failure(failure)
        self._announce(self.parts.paste.problem())

    def _act(self, action: Action) -> None:
        if action == key_pane.PASTE:
            self.parts.paste.field.setFocus()
        elif action == key_pane.TRY_AGAIN:
            self._load()
        else:
            self.parts.filter_bar.show_all()

    def _page(self, pages: int) -> None:
        self.parts.list.step(pages * self.parts.list.page_rows())

    def _why_not(self) -> str:
        """Why the selected key can't be used; "" when it can."""
        key = self._current()
        if key is None:
            return "Select a key first."
        checked = self._model.checked(key.arn)
        obstacle = key_words.obstacle(key, checked.permissions if checked else None)
        if obstacle is not None:
            return f"{obstacle.title}. {obstacle.text}"
        return self.parts.context.problem()

    def _update_use(self) -> None:
        key, why_not = self._current(), self._why_not()
        self.parts.show_use(key.label if key else "", why_not)

    def _announce(self, message: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, message))
