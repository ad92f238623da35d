"""The left half of the connection editor: all that makes a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from cse_desktop.core.clients import DIRECT, Network
from cse_desktop.core.connection import Connection, Credentials, Source
from cse_desktop.core.connection_check import Problem
from cse_desktop.core.profiles import Profile
from cse_desktop.core.regions import Region
from cse_desktop.gui.connections.form_grid import FormGrid, FormRow, choice_field, text_field
from cse_desktop.gui.connections.source_fields import SourceFields, chosen_by_dialog
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, line
from cse_desktop.gui.parts.segmented import Segmented

MARGIN: Final = 24
_SOURCES: Final = (Source.PROFILE, Source.SSO, Source.KEYS, Source.ROLE)
_OF_PROFILE: Final = "From the profile"
_PROXIES: Final = (("Of the system", ""), ("None", DIRECT), ("This one", None))


class ConnectionForm(QScrollArea):
    """Fields in sections; scrolls where the window is low. GUI thread.

    Signals:
        changed: something else was typed or chosen.
        sign_in_asked: for the portal that is typed.
    """

    changed = Signal()
    sign_in_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._base = Connection("")
        self.name = text_field(mono=False)
        self.source = Segmented(
            theme, "Sign in with", ("Profile", "SSO", "Access keys", "Role", "Other")
        )
        self.region = choice_field(editable=True)
        self.s3_endpoint = text_field(example="https://s3.example.com:9443")
        self.path_style = QCheckBox("Path-style addresses (bucket in the path)")
        self.kms_endpoint = text_field(example="https://kms.example.com")
        self.account = text_field(example="Filled in when you have signed in")
        self.keys = QPlainTextEdit()
        self.keys.setFixedHeight(theme.px(72))
        self.keys.setTabChangesFocus(True)
        self.keys.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.proxy, self.proxy_address = choice_field(), text_field(example="http://proxy:8080")
        for words, _value in _PROXIES:
            self.proxy.addItem(words)
        self.ca_file = text_field(example="The usual certificates")
        self.fips = QCheckBox("FIPS 140 endpoints")
        self.dual_stack = QCheckBox("Dual-stack endpoints (IPv6 as well)")
        self.sts_endpoint, self.sso_endpoint = text_field(), text_field()
        self.rows: dict[str, FormRow] = {}
        self._lay_out()
        self._connect()
        self.show_connection(self._base)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(556), self._theme.px(560))

    def connection(self) -> Connection:
        """What the fields say; everything that has no field is as it was shown."""
        source = self.chosen_source()
        cleared: dict[str, Any] = {
            name: getattr(Connection(""), name)
            for name in ("profile", "access_key", "sso", "role", "process")
        }
        return replace(
            self._base,
            **{**cleared, **self.sources.values(source)},
            name=self.name.text().strip(),
            source=source,
            region=self._region(),
            s3_endpoint=self.s3_endpoint.text().strip(),
            kms_endpoint=self.kms_endpoint.text().strip(),
            account=self.account.text().strip().replace("-", ""),
            allowed_keys=tuple(filter(None, map(str.strip, self.keys.toPlainText().split("\n")))),
            network=Network(
                proxy=self._proxy(),
                ca_file=self.ca_file.text().strip(),
                fips=self.fips.isChecked(),
                dual_stack=self.dual_stack.isChecked(),
                path_style=self.path_style.isChecked(),
                sts_endpoint=self.sts_endpoint.text().strip(),
                sso_endpoint=self.sso_endpoint.text().strip(),
            ),
        )

    def credentials(self) -> Credentials | None:
        """The access key that was typed, if its secret was."""
        return self.sources.credentials() if self.chosen_source() is Source.KEYS else None

    def chosen_source(self) -> Source:
        """Where credentials come from."""
        at = self.source.current
        return _SOURCES[at] if at < len(_SOURCES) else self.sources.other_source()

    def show_connection(self, connection: Connection) -> None:
        """Fill the fields."""
        self._base, network = connection, connection.network
        self.name.setText(connection.name)
        is_usual = connection.source in _SOURCES
        self.source.set_current(_SOURCES.index(connection.source) if is_usual else len(_SOURCES))
        self.sources.show_connection(connection)
        self.sources.show_source(connection.source)
        self._set_region(connection.region)
        self.s3_endpoint.setText(connection.s3_endpoint)
        self.path_style.setChecked(network.path_style)
        self.kms_endpoint.setText(connection.kms_endpoint)
        self.account.setText(connection.account)
        self.keys.setPlainText("\n".join(connection.allowed_keys))
        values = [value for _words, value in _PROXIES]
        is_other = network.proxy not in values
        self.proxy.setCurrentIndex(2 if is_other else values.index(network.proxy))
        self.proxy_address.setText(network.proxy if is_other else "")
        self.ca_file.setText(network.ca_file)
        self.fips.setChecked(network.fips)
        self.dual_stack.setChecked(network.dual_stack)
        self.sts_endpoint.setText(network.sts_endpoint)
        self.sso_endpoint.setText(network.sso_endpoint)
        self._follow_proxy()

    def set_profiles(self, profiles: Sequence[Profile]) -> None:
        """Offer these profiles."""
        self.sources.set_profiles(profiles)

    def set_regions(self, regions: Sequence[Region]) -> None:
        """Offer these Regions."""
        chosen = self._region()
        self.region.clear()
        self.region.addItem(_OF_PROFILE, "")
        for region in regions:
            self.region.addItem(f"{region.name}  {region.code}", region.code)
        self._set_region(chosen)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say at each field what is wrong, and bring the first into view."""
        said: Mapping[str, str] = {each.field: each.sentence for each in reversed(problems)}
        rows = {**self.rows, **self.sources.rows}
        for name, row in rows.items():
            row.set_problem(said.get(name, ""))
        first = next((rows[each.field] for each in problems if each.field in rows), None)
        if first is not None:
            first.control.setFocus()
            self.ensureWidgetVisible(first.control)

    def _region(self) -> str:
        typed = self.region.currentText().strip()
        at = self.region.findText(typed)
        return str(self.region.itemData(at) or "") if at >= 0 else typed.rpartition(" ")[2]

    def _set_region(self, code: str) -> None:
        at = self.region.findData(code)
        if at >= 0:
            self.region.setCurrentIndex(at)
        else:
            self.region.setEditText(code)

    def _proxy(self) -> str:
        value = _PROXIES[self.proxy.currentIndex()][1]
        return self.proxy_address.text().strip() if value is None else value

    @Slot()
    def _follow_source(self) -> None:
        self.sources.show_source(self.chosen_source())
        self.changed.emit()

    @Slot()
    def _follow_proxy(self) -> None:
        is_own = _PROXIES[self.proxy.currentIndex()][1] is None
        self.rows["network.proxy"].set_shown(is_own)

    def _connect(self) -> None:
        lines = (
            self.name, self.s3_endpoint, self.kms_endpoint, self.account, self.proxy_address,
            self.ca_file, self.sts_endpoint, self.sso_endpoint,
        )  # fmt: skip
        for field in lines:
            field.textChanged.connect(self.changed)
        for box in (self.path_style, self.fips, self.dual_stack):
            box.toggled.connect(self.changed)
        self.keys.textChanged.connect(self.changed)
        self.region.currentTextChanged.connect(self.changed)
        self.proxy.currentIndexChanged.connect(self._follow_proxy)
        self.proxy.currentIndexChanged.connect(self.changed)
        self.source.chosen.connect(self._follow_source)
        self.sources.changed.connect(self.changed)
        self.sources.sign_in_asked.connect(self.sign_in_asked)

    def _lay_out(self) -> None:
        page = QFrame()
        page.setProperty("frame", "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(MARGIN, 16, MARGIN, 16)
        column.setSpacing(8)
        column.addWidget(label("Connection", "h3"))
        column.addLayout(self._connection_rows(page))
        for title, rows in (
            ("Endpoints", self._endpoint_rows()),
            ("Account and keys", self._account_rows()),
            ("Network", self._network_rows()),
        ):
            column.addSpacing(4)
            column.addWidget(line())
            column.addSpacing(4)
            column.addWidget(label(title, "h3"))
            column.addLayout(rows)
        column.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connection_rows(self, page: QWidget) -> FormGrid:
        grid, rows = FormGrid(self._theme), self.rows
        rows["name"] = grid.add("Name", self.name)
        rows["source"] = grid.add("Sign in with", self.source)
        self.sources = SourceFields(self._theme, grid, page)
        rows["region"] = grid.add("Region", self.region)
        return grid

    def _endpoint_rows(self) -> FormGrid:
        grid, rows = FormGrid(self._theme), self.rows
        usual = "Leave empty to use Amazon S3."
        rows["s3_endpoint"] = grid.add("S3 endpoint", self.s3_endpoint, usual)
        grid.addWidget(self.path_style, grid.rowCount(), 1)
        usual = "Leave empty to use AWS KMS in the Region above."
        rows["kms_endpoint"] = grid.add("KMS endpoint", self.kms_endpoint, usual)
        grid.addWidget(self.fips, grid.rowCount(), 1)
        grid.addWidget(self.dual_stack, grid.rowCount(), 1)
        return grid

    def _account_rows(self) -> FormGrid:
        grid, rows = FormGrid(self._theme), self.rows
        words = "Another account is refused from then on, never used silently."
        rows["account"] = grid.add("Account", self.account, words)
        words = (
            "ARNs, ids or aliases of the keys that may open files, one a line. Empty: all keys of "
            "the account."
        )
        rows["allowed_keys"] = grid.add("Keys to decrypt", self.keys, words)
        return grid

    def _network_rows(self) -> FormGrid:
        grid, rows = FormGrid(self._theme), self.rows
        rows["proxy"] = grid.add("Proxy", self.proxy)
        rows["network.proxy"] = grid.add("Proxy address", self.proxy_address)
        chosen = chosen_by_dialog(self._theme, self.ca_file, self)
        words = "Certificates (PEM) that your network uses instead of the usual ones."
        rows["network.ca_file"] = grid.add("Certificates", chosen, words)
        self.ca_file.setAccessibleName("Certificates")
        usual = "Leave empty to use Amazon's."
        rows["network.sts_endpoint"] = grid.add("STS endpoint", self.sts_endpoint, usual)
        rows["network.sso_endpoint"] = grid.add("Sign-in endpoint", self.sso_endpoint, usual)
        return grid
