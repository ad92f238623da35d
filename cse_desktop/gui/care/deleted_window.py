"""Files of a folder that were deleted, and whose versions the bucket still keeps."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from cse_desktop.core.objects import ObjectRef, Version, VersionPage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import file_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.plain_table import Heading, PlainTable, Row
from cse_desktop.jobs.snapshot import Failure

USUAL: Final = (640, 480)
HEADINGS: Final = (Heading("Name", role="strong"), Heading("Deleted", 160))


class DeletedWindow(Dialog):
    """An ordinary window: work goes on behind it. GUI thread.

    Signals:
        restore_asked: the ObjectRefs that are to come back.
        versions_asked: the ObjectRef whose versions are wanted.
    """

    restore_asked = Signal(object)
    versions_asked = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session_for: SessionFor,
        connection: str,
        folder: ObjectRef,
        parent: QWidget | None = None,
    ) -> None:
        title = f"Deleted files in {text.curly(text.visible(folder.name or folder.bucket))}"
        super().__init__(
            theme,
            title,
            title,
            "A bucket with versioning keeps what was deleted until its rules remove it. Restoring "
            "removes the delete marker: the file is as it was.",
            width=560,
            parent=parent,
        )
        self.connection, self.folder = connection, folder
        self._bridge, self._session_for = bridge, session_for
        self._found: list[Version] = []
        self._token = ("", "")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = PlainTable(theme, "Deleted files", HEADINGS, is_multiple=True)
        self.table.selection_changed.connect(self._follow)
        self.words = label("Looking for deleted files…", tone="text2", wrap=True)
        self._more = button(theme, "Look further", kind="link", sz="mini")
        self._more.clicked.connect(self._look_further)
        self.versions = button(theme, "Versions…", glyph="ph.clock-counter-clockwise", sz="small")
        self.versions.clicked.connect(self._ask_versions)
        self._fill()
        self.add_button("Close", Role.RejectRole)
        self.restore = self.add_button("Restore", Role.AcceptRole, kind="primary")
        self.resize(QSize(*(theme.px(side) for side in USUAL)))
        self._follow()
        self.reload()

    @property
    def selected(self) -> tuple[ObjectRef, ...]:
        """The objects whose rows are selected."""
        refs = (
            self._found[row].ref for row in self.table.selected_rows() if row < len(self._found)
        )
        return tuple(ObjectRef(ref.bucket, ref.key) for ref in refs)

    @Slot()
    def reload(self) -> None:
        """Look anew."""
        self._ask(("", ""), self._show_first)

    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong where the files are."""
        self.words.setText(f"{failure.title}. {failure.hint}".strip())

    def _ask(self, token: tuple[str, str], answer: object) -> None:
        question = partial(_page, self._session_for, self.connection, self.folder, token)
        self._bridge.ask(question, answer, self.show_failure, self)  # type: ignore[arg-type]

    def _show_first(self, page: VersionPage) -> None:
        self._found = []
        self._show_page(page)

    def _show_page(self, page: VersionPage) -> None:
        self._found += page.versions
        self._token = page.token
        has_more = any(self._token)
        self._more.setVisible(has_more)
        count = text.count(len(self._found), "deleted file")
        nothing = "No file that was deleted here is kept. Without versioning, nothing is."
        self.words.setText(
            f"{count}{' so far' if has_more else ''}" if self._found or has_more else nothing
        )
        self.table.set_rows([_row(each, self.folder.key) for each in self._found])
        self._follow()
        self.table.setFocus()

    @Slot()
    def _look_further(self) -> None:
        self._ask(self._token, self._show_page)

    @Slot()
    def _follow(self) -> None:
        self.restore.setEnabled(bool(self.selected))
        self.versions.setEnabled(len(self.selected) == 1)

    def accept(self) -> None:
        """Ask for what is selected to come back; the window stays."""
        if self.selected:
            self.restore_asked.emit(self.selected)

    @Slot()
    def _ask_versions(self) -> None:
        if self.selected:
            self.versions_asked.emit(self.selected[0])

    def _fill(self) -> None:
        frame = card("card")
        inside = vbox(0, frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.table.setMinimumHeight(self._theme.px(160))
        below = hbox(8)
        below.addWidget(self.versions)
        below.addWidget(self.words, 1)
        below.addWidget(self._more)
        self._more.hide()
        self.body.addWidget(frame, 1)
        self.body.addLayout(below)


def _page(
    session_for: SessionFor, connection: str, folder: ObjectRef, token: tuple[str, str]
) -> VersionPage:
    return session_for(connection).store.versions.deleted(folder, token)


def _row(version: Version, folder_key: str) -> Row:
    name = text.visible(version.ref.key.removeprefix(folder_key))
    return Row((name, text.date(version.modified)), file_icon(version.ref.name))
