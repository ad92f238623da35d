"""The key that uploads to the open bucket use, and whether it may be used."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.kms_key import KmsKey, Permissions
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.keys.key_chip import NO_KEY, ChipState, chip_state
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure, FailureKind
from cse_desktop.settings import KeyChoice


@dataclass(frozen=True, slots=True)
class Checked:
    """What KMS said about a key, so far as it said anything."""

    key: KmsKey
    permissions: Permissions | None


class UploadKey(QObject):
    """Follows the open bucket: its default key, or the one chosen for it in this session.

    A choice that comes out of the settings is checked with KMS (describe and dry runs) before the
    chip calls it ready; a choice made in the picker was checked there.

    Signals:
        changed: another key, or another answer about it.
    """

    changed = Signal()

    def __init__(
        self, bridge: Bridge, sessions: Sessions, preferences: Preferences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._chosen: dict[tuple[str, str], KeyChoice] = {}
        self._checked: dict[tuple[str, str], Checked] = {}
        self._place = ("", "")

    @property
    def choice(self) -> KeyChoice | None:
        """The key for the open bucket; None while none is chosen."""
        return self._chosen.get(self._place) or self._preferences.settings.default_keys.get(
            self._place
        )

    @property
    def state(self) -> ChipState:
        """What the chip shows."""
        choice = self.choice
        if choice is None:
            return NO_KEY
        connection = self._sessions.connection(self._place[0])
        is_sandbox = connection is not None and connection.is_sandbox
        checked = self._checked.get((self._place[0], choice.key_id))
        if checked is None:
            key = KmsKey(choice.key_id, aliases=(choice.label,) if choice.label else ())
            return chip_state(key, label=choice.label, is_offline=True)
        return chip_state(
            checked.key, checked.permissions, label=choice.label, is_sandbox=is_sandbox
        )

    def open(self, connection: str, bucket: str) -> None:
        """Follow the user to a bucket."""
        self._place = (connection, bucket)
        self.check()
        self.changed.emit()

    def use(self, choice: KeyChoice, *, remember: bool, checked: Checked | None = None) -> None:
        """Take another key for the open bucket.

        Args:
            remember: make it the bucket's default.
            checked: what the picker already found out.
        """
        connection, bucket = self._place
        self._chosen[self._place] = choice
        if checked is not None:
            self._checked[connection, choice.key_id] = checked
        if remember:
            settings = self._preferences.settings
            self._preferences.change(settings.with_default_key(connection, bucket, choice))
        self._preferences.notice(self._preferences.state.with_recent_key(choice))
        self.check()
        self.changed.emit()

    def use_context(self, context: tuple[tuple[str, str], ...]) -> None:
        """Take other context pairs with the same key."""
        choice = self.choice
        if choice is not None:
            is_default = self._place in self._preferences.settings.default_keys
            self.use(replace(choice, context=context), remember=is_default)

    def check(self, *, again: bool = False) -> None:
        """Ask KMS about the key unless it has answered; `again` asks in any case."""
        choice, place = self.choice, self._place
        if choice is None or not place[0]:
            return
        asked = (place[0], choice.key_id)
        if asked in self._checked and not again:
            return
        context = dict(choice.context)

        def question() -> Checked:
            keys = self._sessions.get(place[0]).keys
            return Checked(keys.describe(choice.key_id), keys.probe(choice.key_id, context))

        def take(checked: Checked) -> None:
            self._checked[asked] = checked
            self.changed.emit()

        def fail(failure: Failure) -> None:
            if failure.kind in (FailureKind.NOT_PERMITTED, FailureKind.NOT_FOUND):
                # Describing is another permission than using: then the upload itself will tell.
                aliases = (choice.label,) if choice.label else ()
                state = "" if failure.kind is FailureKind.NOT_PERMITTED else "NotFound"
                self._checked[asked] = Checked(KmsKey(choice.key_id, aliases, state=state), None)
            self.changed.emit()

        self._bridge.ask(question, take, fail, self)
