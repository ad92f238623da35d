"""The fields of each source of credentials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from cse_desktop.core.connection import (
    AssumedRole,
    Connection,
    Credentials,
    SingleSignOn,
    Source,
)
from cse_desktop.core.profiles import Profile
from cse_desktop.gui.connections.form_grid import FormGrid, FormRow, choice_field, text_field
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button

NO_PROFILE: Final = "AWS's own search (variables, default profile, instance)"
NO_BASE: Final = "Environment of this computer"
OTHERS: Final = (
    (Source.ENVIRONMENT, "Environment, container or instance"),
    (Source.WEB_IDENTITY, "Web identity token"),
    (Source.PROCESS, "Program (credential_process)"),
)
_ENVIRONMENT_HINT: Final = (
    "Variables, container and instance roles of this computer. No file is read, no other profile "
    "is tried."
)
_SSO_REGION_HINT: Final = "Of IAM Identity Center; the buckets may be elsewhere."
_MFA_HINT: Final = "Its code is asked for when you sign in. Leave empty for none."
_TAKEN: Final[dict[Source, tuple[str, ...]]] = {
    Source.PROFILE: ("profile",),
    Source.SSO: ("sso",),
    Source.KEYS: ("access_key",),
    Source.ROLE: ("profile", "role"),
    Source.ENVIRONMENT: (),
    Source.WEB_IDENTITY: ("role",),
    Source.PROCESS: ("process",),
}
"""Attributes of a Connection that its source has a say in."""
_PROCESS_HINT: Final = (
    "This program is run on your computer whenever credentials are needed. It prints JSON."
)


class SourceFields(QObject):
    """Makes the rows, shows those of one source, and reads them.

    Signals:
        changed: something else was typed or chosen.
        sign_in_asked: "Sign in" beside the start URL.
    """

    changed = Signal()
    sign_in_asked = Signal()

    def __init__(self, theme: Theme, grid: FormGrid, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._widget = parent
        self.profile, self.base = choice_field(), choice_field()
        self.start_url = text_field(example="https://d-1234567890.awsapps.com/start")
        self.sso_region = text_field(example="eu-west-1")
        self.account, self.role_name = choice_field(editable=True), choice_field(editable=True)
        self.sign_in = button(theme, "Sign in…", glyph="ph.sign-in", sz="small")
        self.access_key = text_field(example="AKIAIOSFODNN7EXAMPLE")
        self.secret = text_field(secret=True)
        self.token = text_field(secret=True, example="Only for temporary keys")
        self.role = text_field(example="arn:aws:iam::111122223333:role/payroll-ops")
        self.session_name = text_field(example="Optional")
        self.external_id = text_field(example="Only where the role demands one")
        self.mfa = text_field(example="arn:aws:iam::111122223333:mfa/your-name")
        self.other = choice_field()
        for _source, words in OTHERS:
            self.other.addItem(words)
        self.token_file = text_field()
        self.process = text_field(example="/opt/company/aws-credentials --json")
        self.rows: dict[str, FormRow] = {}
        self._of: dict[Source, tuple[str, ...]] = {}
        self._sso_session = ""
        self._fill(grid)
        self._connect()

    def set_profiles(self, profiles: Sequence[Profile]) -> None:
        """Offer these; what is chosen stays chosen."""
        for field, nothing in ((self.profile, NO_PROFILE), (self.base, NO_BASE)):
            chosen = field.currentData()
            field.blockSignals(True)
            field.clear()
            field.addItem(nothing, "")
            for profile in profiles:
                field.addItem(visible(profile.name), profile.name)
            if chosen and field.findData(chosen) < 0:
                field.addItem(f"{visible(chosen)} (not in ~/.aws)", chosen)
            field.setCurrentIndex(max(0, field.findData(chosen or "")))
            field.blockSignals(False)

    def show_source(self, source: Source) -> None:
        """Show the rows of this source only."""
        shown = self._of[source]
        for name, row in self.rows.items():
            if name in _SOURCE_ROWS:
                row.set_shown(name in shown)

    def show_connection(self, connection: Connection) -> None:
        """Fill the rows."""
        sso, role = connection.sso, connection.role
        for field in (self.profile, self.base):
            if connection.profile and field.findData(connection.profile) < 0:
                field.addItem(visible(connection.profile), connection.profile)
            field.setCurrentIndex(max(0, field.findData(connection.profile)))
        self.start_url.setText(sso.start_url)
        self.sso_region.setText(sso.region)
        self._sso_session = sso.session
        self.account.setEditText(sso.account)
        self.role_name.setEditText(sso.role)
        self.access_key.setText(connection.access_key)
        self.role.setText(role.arn)
        self.session_name.setText(role.session_name)
        self.external_id.setText(role.external_id)
        self.mfa.setText(role.mfa_serial)
        self.token_file.setText(role.token_file)
        self.process.setText(connection.process)
        kinds = [source for source, _words in OTHERS]
        if connection.source in kinds:
            self.other.setCurrentIndex(kinds.index(connection.source))

    def other_source(self) -> Source:
        """The one that is chosen of the less usual."""
        return OTHERS[self.other.currentIndex()][0]

    def values(self, source: Source) -> dict[str, object]:
        """What a Connection of this source takes from the rows."""
        chosen = self.base if source is Source.ROLE else self.profile
        every: dict[str, object] = {
            "profile": str(chosen.currentData() or ""),
            "sso": self._sso(),
            "access_key": self.access_key.text().strip(),
            "role": self._role(),
            "process": self.process.text().strip(),
        }
        return {name: every[name] for name in _TAKEN[source]}

    def credentials(self) -> Credentials | None:
        """The access key that was typed; None where its secret was not."""
        secret = self.secret.text().strip()
        key, token = self.access_key.text().strip(), self.token.text().strip()
        return Credentials(key, secret, token) if secret else None

    def offer(self, accounts: Sequence[tuple[str, str]]) -> None:
        """Offer accounts and roles of the portal: pairs of account id and role."""
        for field, found in (
            (self.account, dict.fromkeys(account for account, _role in accounts)),
            (self.role_name, dict.fromkeys(role for _account, role in accounts)),
        ):
            typed = field.currentText()
            field.clear()
            field.addItems(list(found))
            field.setEditText(typed or next(iter(found), ""))

    def _sso(self) -> SingleSignOn:
        return SingleSignOn(
            self.start_url.text().strip(),
            self.sso_region.text().strip(),
            self._sso_session,
            self.account.currentText().strip(),
            self.role_name.currentText().strip(),
        )

    def _role(self) -> AssumedRole:
        is_web = bool(self.rows["role.token_file"].control.isVisibleTo(self._widget))
        return AssumedRole(
            self.role.text().strip(),
            self.session_name.text().strip(),
            "" if is_web else self.external_id.text().strip(),
            "" if is_web else self.mfa.text().strip(),
            self.token_file.text().strip() if is_web else "",
        )

    def _fill(self, grid: FormGrid) -> None:
        token_file = chosen_by_dialog(self._theme, self.token_file, self._widget)
        for field, name, control, hint in (
            ("profile", "Profile", self.profile, "Read from the files in ~/.aws."),
            ("sso.start_url", "Start URL", beside(self.start_url, self.sign_in), ""),
            ("sso.region", "Sign-in Region", self.sso_region, _SSO_REGION_HINT),
            ("sso.account", "Account", self.account, ""),
            ("sso.role", "Role", self.role_name, ""),
            ("access_key", "Access key ID", self.access_key, ""),
            ("secret", "Secret access key", self.secret, ""),
            ("token", "Session token", self.token, ""),
            ("other", "Kind", self.other, _ENVIRONMENT_HINT),
            ("base", "Base profile", self.base, ""),
            ("role.arn", "Role ARN", self.role, ""),
            ("role.session_name", "Session name", self.session_name, ""),
            ("role.external_id", "External ID", self.external_id, ""),
            ("role.mfa", "MFA device", self.mfa, _MFA_HINT),
            ("role.token_file", "Token file", token_file, ""),
            ("process", "Program", self.process, _PROCESS_HINT),
        ):
            self.rows[field] = grid.add(name, control, hint)
        self.start_url.setAccessibleName("Start URL")
        self.token_file.setAccessibleName("Token file")
        role = ("role.arn", "role.session_name")
        self._of = {
            Source.PROFILE: ("profile",),
            Source.SSO: ("sso.start_url", "sso.region", "sso.account", "sso.role"),
            Source.KEYS: ("access_key", "secret", "token"),
            Source.ROLE: ("base", *role, "role.external_id", "role.mfa"),
            Source.ENVIRONMENT: ("other",),
            Source.WEB_IDENTITY: ("other", *role, "role.token_file"),
            Source.PROCESS: ("other", "process"),
        }

    def _connect(self) -> None:
        lines = (
            self.start_url, self.sso_region, self.access_key, self.secret, self.token, self.role,
            self.session_name, self.external_id, self.mfa, self.token_file, self.process,
        )  # fmt: skip
        for line in lines:
            line.textChanged.connect(self.changed)
        for choice in (self.profile, self.base, self.account, self.role_name, self.other):
            choice.currentTextChanged.connect(self.changed)
        self.start_url.textEdited.connect(self._forget_session)
        self.other.currentIndexChanged.connect(self._follow_other)
        self.sign_in.clicked.connect(self.sign_in_asked)

    @Slot()
    def _forget_session(self) -> None:
        self._sso_session = ""

    @Slot()
    def _follow_other(self) -> None:
        source = self.other_source()
        self.rows["other"].set_hint(_ENVIRONMENT_HINT if source is Source.ENVIRONMENT else "")
        if self.rows["other"].control.isVisibleTo(self._widget):
            self.show_source(source)


_SOURCE_ROWS: Final = frozenset(
    (
        *("profile", "sso.start_url", "sso.region", "sso.account", "sso.role", "access_key"),
        *("secret", "token", "other", "base", "role.arn", "role.session_name"),
        *("role.external_id", "role.mfa", "role.token_file", "process"),
    )
)


def beside(field: QWidget, pressed: QWidget) -> QWidget:
    """A field with a button at its right, as one control."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(field, 1)
    row.addWidget(pressed)
    both.setFocusProxy(field)
    return both


def chosen_by_dialog(theme: Theme, field: QLineEdit, window: QWidget) -> QWidget:
    """A path that may be typed, or chosen in the dialog of the system."""
    choose = button(theme, "Choose…", sz="small")

    def ask() -> None:
        path, _kind = QFileDialog.getOpenFileName(window, "Choose a file", field.text())
        if path:
            field.setText(path)

    choose.clicked.connect(ask)
    return beside(field, choose)
