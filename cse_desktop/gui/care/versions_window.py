"""All versions of one object, and what can be done with each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cse_desktop.core.inspection import Inspection, inspect
from cse_desktop.core.objects import ObjectRef, Version, VersionPage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_cells import storage_class
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import CHECKING, Badge, look_of
from cse_desktop.gui.parts.buttons import button, card, label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.plain_table import Heading, PlainTable, Row
from cse_desktop.gui.questions import Asked, Lane
from cse_desktop.jobs.snapshot import Failure

USUAL: Final = (820, 520)
EXPLANATION: Final = (
    "Each version is a whole encrypted file with its own envelope. Restoring makes one the newest "
    "again, inside S3; the others stay."
)
HEADINGS: Final = (
    Heading("Version", 128, "strong"),
    Heading("Modified", 164),
    Heading("Stored size", 108, is_right=True),
    Heading("Storage class", 124),
    Heading("Version ID", role="mono_small"),
)


class VersionsWindow(Dialog):
    """An ordinary window: work goes on behind it. GUI thread.

    Signals:
        preview_asked, download_asked, verify_asked, restore_asked, delete_asked: the Version.
    """

    preview_asked = Signal(object)
    download_asked = Signal(object)
    verify_asked = Signal(object)
    restore_asked = Signal(object)
    delete_asked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session_for: SessionFor,
        connection: str,
        ref: ObjectRef,
        parent: QWidget | None = None,
    ) -> None:
        title = f"Versions of {text.curly(text.visible(ref.name))}"
        super().__init__(theme, title, title, EXPLANATION, width=640, parent=parent)
        self.connection, self.ref = connection, ref
        self._bridge, self._session_for = bridge, session_for
        self._versions: list[Version] = []
        self._token = ("", "")
        self._inspecting: Asked | None = None
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = PlainTable(theme, "Versions", HEADINGS)
        self.table.selection_changed.connect(self._follow)
        self.table.doubleClicked.connect(self._preview_current)
        self.words = label("Reading the versions…", tone="text2", wrap=True)
        self._badge = Badge(theme, CHECKING)
        self._more = button(theme, "Load more", kind="link", sz="mini")
        self._more.clicked.connect(self._load_more)
        self.buttons_of_row = self._make_buttons()
        self._fill()
        self.add_button("Close", Role.RejectRole)
        self.resize(QSize(*(theme.px(side) for side in USUAL)))
        self._follow()
        self.reload()

    @property
    def versions(self) -> tuple[Version, ...]:
        """What is listed, newest first."""
        return tuple(self._versions)

    @property
    def current(self) -> Version | None:
        """The selected version."""
        rows = self.table.selected_rows()
        return self._versions[rows[0]] if rows and rows[0] < len(self._versions) else None

    @Slot()
    def reload(self) -> None:
        """Read the versions anew."""
        self._ask(("", ""), self._show_first)

    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong where the versions are."""
        self.words.setText(f"{failure.title}. {failure.hint}".strip())

    def _ask(self, token: tuple[str, str], answer: object) -> None:
        question = partial(_page, self._session_for, self.connection, self.ref, token)
        self._bridge.ask(question, answer, self.show_failure, self)  # type: ignore[arg-type]

    def _show_first(self, page: VersionPage) -> None:
        self._versions = []
        self._show_page(page)

    def _show_page(self, page: VersionPage) -> None:
        self._versions += page.versions
        self._token = page.token
        self._more.setVisible(any(self._token))
        self.words.setText(_sentence(self._versions, has_more=any(self._token)))
        self.table.set_rows([_row(each) for each in self._versions])
        self._follow()
        self.table.setFocus()

    @Slot()
    def _load_more(self) -> None:
        self._ask(self._token, self._show_page)

    def _make_buttons(self) -> dict[str, QPushButton]:
        made: dict[str, QPushButton] = {}
        for name, word, glyph, signal in (
            ("preview", "Preview", "ph.eye", self.preview_asked),
            ("download", "Download…", "ph.download-simple", self.download_asked),
            ("verify", "Verify", "ph.shield-check", self.verify_asked),
            ("restore", "Restore", "ph.arrow-counter-clockwise", self.restore_asked),
            ("delete", "Delete…", "ph.trash", self.delete_asked),
        ):
            made[name] = button(self._theme, word, glyph=glyph, sz="small")
            made[name].clicked.connect(partial(self._emit, signal))
        return made

    def _emit(self, signal: object) -> None:
        if self.current is not None:
            signal.emit(self.current)  # type: ignore[attr-defined]

    @Slot()
    def _preview_current(self) -> None:
        if self.buttons_of_row["preview"].isEnabled():
            self._emit(self.preview_asked)

    @Slot()
    def _follow(self) -> None:
        """Turn the buttons on and off, and read the envelope of the selected version."""
        version, buttons = self.current, self.buttons_of_row
        has_content = version is not None and not version.is_marker
        for name in ("preview", "download", "verify"):
            buttons[name].setEnabled(has_content)
        is_newest = version is not None and version.is_latest
        buttons["restore"].setEnabled(has_content and not is_newest)
        why = "This is the newest version" if is_newest else "A delete marker has no content"
        buttons["restore"].setToolTip("" if buttons["restore"].isEnabled() else why)
        buttons["delete"].setEnabled(version is not None)
        if self._inspecting is not None:
            self._inspecting.cancel()
        self._badge.setVisible(has_content)
        if version is None or version.is_marker:
            return
        self._badge.set_look(CHECKING)
        question = partial(_inspect, self._session_for, self.connection, version.ref)
        self._inspecting = self._bridge.ask(
            question, self._show_envelope, self.show_failure, self, Lane.INSPECT
        )

    def _show_envelope(self, found: Inspection) -> None:
        self._badge.set_look(look_of(found))

    def _fill(self) -> None:
        frame = card("card")
        inside = vbox(0, frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.table.setMinimumHeight(self._theme.px(180))
        acts = hbox(8)
        for each in self.buttons_of_row.values():
            acts.addWidget(each)
        acts.addStretch(1)
        acts.addWidget(self._badge)
        below = hbox(8)
        below.addWidget(self.words, 1)
        below.addWidget(self._more)
        self._more.hide()
        self.body.addWidget(frame, 1)
        self.body.addLayout(acts)
        self.body.addLayout(below)


def _page(
    session_for: SessionFor, connection: str, ref: ObjectRef, token: tuple[str, str]
) -> VersionPage:
    return session_for(connection).store.versions.page(ref, token)


def _inspect(session_for: SessionFor, connection: str, ref: ObjectRef) -> Inspection:
    return inspect(session_for(connection), ref)


def _row(version: Version) -> Row:
    moment = text.date(version.modified)
    number = text.visible(version.ref.version)
    if version.is_marker:
        word = "Deleted" if version.is_latest else "Was deleted"
        return Row((word, moment, "", "", number), "ph.trash", "text3")
    word = "Newest" if version.is_latest else "Earlier"
    glyph = "ph.check-circle-fill" if version.is_latest else "ph.clock-counter-clockwise"
    return Row(
        (word, moment, text.size(version.size), storage_class(version.storage_class), number),
        glyph,
        "ok" if version.is_latest else "text2",
    )


def _sentence(versions: Sequence[Version], *, has_more: bool) -> str:
    if not versions:
        return "There is no version left."
    if len(versions) == 1 and versions[0].ref.version == "null":
        return "This bucket keeps no earlier versions: versioning is off."
    contents = [each for each in versions if not each.is_marker]
    size = sum(each.size for each in contents)
    more = " so far" if has_more else ""
    return f"{text.count(len(contents), 'version')}{more}, {text.size(size)} in S3 together."
