"""Makes or changes a connection: a form on the left, a test of it on the right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from cse_desktop.core.connection import Connection, Credentials, Source
from cse_desktop.core.connection_check import Problem, problems_of
from cse_desktop.core.profiles import Profile, profiles
from cse_desktop.core.regions import regions
from cse_desktop.core.session import Session
from cse_desktop.core.system_keyring import MISSING
from cse_desktop.core.trial import Trial
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.connection_form import ConnectionForm
from cse_desktop.gui.connections.trial_pane import Question, TrialPane
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.sessions import Sessions

SIZE: Final = (960, 624)
MINIMUM: Final = (760, 560)


@dataclass(frozen=True, slots=True)
class Edited:
    """What comes out of the editor.

    Attributes:
        buckets: shown although they cannot be listed; folders as "bucket/folder/".
        credentials: an access key that was typed, to be kept in the system keyring.
    """

    connection: Connection
    buckets: tuple[str, ...] = ()
    credentials: Credentials | None = None


class ConnectionEditor(QDialog):
    """Check, test, save. A secret stays in its field, and in `Edited`. GUI thread.

    Args:
        taken: names of other connections.
        key: under which the test encrypts a value; "" for the first key that may decrypt.
        is_new: whether there is nothing to delete yet.

    Signals:
        saved: an Edited; the dialog closes.
        removed: "Delete connection" was pressed.
        sign_in_asked: a Connection whose portal is to be signed in to.
    """

    saved = Signal(object)
    removed = Signal()
    sign_in_asked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        sessions: Sessions,
        edited: Edited,
        *,
        taken: Collection[str],
        key: str = "",
        is_new: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bridge = bridge
        self._sessions = sessions
        self._before = edited.connection
        self._taken = {name.casefold() for name in taken}
        self._key = key
        self._profiles: tuple[Profile, ...] = ()
        self._has_tried_to_save = False
        self.setWindowTitle("New connection" if is_new else "Edit connection")
        self.setAccessibleName(self.windowTitle())
        self.form = ConnectionForm(theme)
        self.trial = TrialPane(theme, bridge, self._question)
        self.delete = button(theme, "Delete connection", kind="quiet", glyph="ph.trash")
        self.delete.setVisible(not is_new)
        self.save = button(theme, "Save connection", kind="primary")
        self.save.setDefault(True)
        self.note = label("", "small", "text2", wrap=True)
        self.cancel = button(theme, "Cancel")
        self._lay_out()
        self._connect()
        self.form.show_connection(edited.connection)
        self.trial.buckets.set_names(edited.buckets)
        self._look_around()
        self.form.name.setFocus()
        self.form.name.selectAll()

    def edited(self) -> Edited:
        """What the fields say now."""
        return Edited(self.form.connection(), self.trial.buckets.names(), self.form.credentials())

    def offer(self, accounts: Sequence[tuple[str, str]]) -> None:
        """Offer what a sign-in found: pairs of account and role."""
        self.form.sources.offer(accounts)
        self.note.setText("Signed in. Choose account and role.")

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the fields from being used."""
        edited = self.edited()
        connection = edited.connection
        found = list(problems_of(connection, has_region=self._profile_has_region(connection)))
        if connection.name.casefold() in self._taken:
            found.insert(0, Problem("name", "Another connection has this name. Choose another."))
        is_other_key = connection.access_key != self._before.access_key
        if connection.source is Source.KEYS and edited.credentials is None:
            is_other = is_other_key or self._before.source is not Source.KEYS
            if is_other:
                found.append(Problem("secret", "Enter the secret that belongs to this key."))
        return tuple(found)

    def accept(self) -> None:
        """Save, if nothing is wrong."""
        self._has_tried_to_save = True
        if not self.trial.buckets.take() or not self._show_problems():
            return
        self.trial.stop()
        self.saved.emit(self.edited())
        super().accept()

    def reject(self) -> None:
        self.trial.stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.trial.stop()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        screen = self.screen() or QGuiApplication.primaryScreen()
        self.setMaximumHeight(round(screen.availableGeometry().height() * 0.95))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(SIZE[0]), self._theme.px(SIZE[1]))

    def _look_around(self) -> None:
        """What the fields offer: read from files, and from the keyring."""
        ask, keyring = self._bridge.ask, self._sessions.keyring
        ask(profiles, self._offer_profiles, _let_be, self)
        ask(regions, self.form.set_regions, _let_be, self)
        ask(keyring.name, self._name_keyring, _let_be, self, lane=Lane.SIGN_IN)

    def _offer_profiles(self, found: tuple[Profile, ...]) -> None:
        self._profiles = found
        self.form.set_profiles(found)

    def _name_keyring(self, name: str) -> None:
        where = f"Kept in {name}, never in a file." if name else MISSING
        is_kept = self._before.source is Source.KEYS and self._before.access_key
        if name and is_kept:
            where += " Leave the secret empty to keep the one that is there."
        self.form.sources.rows["token"].set_hint(where)

    def _profile_has_region(self, connection: Connection) -> bool:
        if connection.source not in (Source.PROFILE, Source.ENVIRONMENT):
            return False
        # What a variable or the default chain says about the Region is found out by the test.
        named = {profile.name: bool(profile.region) for profile in self._profiles}
        return named.get(connection.profile, True)

    def _question(self) -> Question | None:
        if not self.trial.buckets.take() or not self._show_problems():
            return None
        edited = self.edited()
        connection, sessions = edited.connection, self._sessions
        keys = edited.credentials or self._memory_of(connection)

        def open_it() -> Session:
            return sessions.open(connection, keys)

        key = next(iter(connection.allowed_keys), self._key)
        return open_it, edited.buckets, key

    def _memory_of(self, connection: Connection) -> Credentials | None:
        """The key that the connection has for this session only."""
        kept = self._sessions.credentials(self._before.name)
        is_same = kept is not None and kept.access_key == connection.access_key
        return kept if is_same and connection.source is Source.KEYS else None

    def _show_problems(self) -> bool:
        found = self.problems()
        self.form.show_problems(found)
        count = len(found)
        words = "1 field needs" if count == 1 else f"{count} fields need"
        self.note.setText(f"{words} your attention." if found else "")
        return not found

    @Slot()
    def _follow_fields(self) -> None:
        """After the first try each correction is seen at once."""
        if self._has_tried_to_save:
            self.form.blockSignals(True)
            focused = self.focusWidget()
            self._show_problems()
            if focused is not None:
                focused.setFocus()
            self.form.blockSignals(False)

    @Slot(object)
    def _take_trial(self, trial: Trial) -> None:
        """From now on the connection must belong to this account."""
        who = trial.identity
        if who is not None and not self.form.account.text():
            self.form.account.setText(who.account)

    @Slot()
    def _ask_sign_in(self) -> None:
        self.sign_in_asked.emit(self.form.connection())

    def _connect(self) -> None:
        self.save.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.delete.clicked.connect(self.removed)
        self.form.changed.connect(self._follow_fields)
        self.form.sign_in_asked.connect(self._ask_sign_in)
        self.trial.ended.connect(self._take_trial)

    def _lay_out(self) -> None:
        halves = hbox(0)
        halves.addWidget(self.form, 1)
        halves.addWidget(line(vertical=True))
        halves.addWidget(self.trial)
        footer = card("footer")
        row = hbox(8, footer)
        row.setContentsMargins(20, 13, 24, 12)
        buttons = QDialogButtonBox()
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        row.addWidget(self.delete)
        row.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(buttons)
        column = vbox(0, self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(halves, 1)
        column.addWidget(footer)
        self.setMinimumSize(self._theme.px(MINIMUM[0]), self._theme.px(MINIMUM[1]))


def _let_be(_failure: object) -> None:
    """What cannot be offered can be typed."""
