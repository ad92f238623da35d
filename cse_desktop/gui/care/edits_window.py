"""The files that are open for editing: readable copies on this computer, and how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.care.open_file import OpenFile, State
from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import file_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import button, card
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.plain_table import Heading, PlainTable, Row

USUAL: Final = (640, 420)
HEADINGS: Final = (Heading("File", role="strong"), Heading("State", 250))
READABLE: Final = (
    "Readable copies of these files are on this computer",
    "In a folder that only you can open. Each save is encrypted under the same key and sent to S3. "
    "The copies are removed when you stop editing, or quit.",
)


class EditsWindow(Dialog):
    """An ordinary window, hidden when it is closed. GUI thread.

    Signals:
        open_asked, retry_asked, stop_asked: the OpenFile.
    """

    open_asked = Signal(object)
    retry_asked = Signal(object)
    stop_asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Open files", "Open files", width=560, parent=parent)
        self.setModal(False)
        self._files: tuple[OpenFile, ...] = ()
        self.table = PlainTable(theme, "Open files", HEADINGS)
        self.table.selection_changed.connect(self._follow)
        self.table.doubleClicked.connect(self._open)
        self.open_again = button(theme, "Open again", glyph="ph.note-pencil", sz="small")
        self.open_again.clicked.connect(self._open)
        self.retry = button(theme, "Save again…", glyph="ph.arrow-clockwise", sz="small")
        self.retry.clicked.connect(self._retry)
        self.stop = button(theme, "Stop editing", glyph="ph.x", sz="small")
        self.stop.clicked.connect(self._stop)
        self.body.addWidget(Banner(theme, "info", READABLE[1], title=READABLE[0]))
        frame = card("card")
        inside = vbox(0, frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.table)
        self.table.setMinimumHeight(theme.px(120))
        acts = hbox(8)
        for each in (self.open_again, self.retry, self.stop):
            acts.addWidget(each)
        acts.addStretch(1)
        self.body.addWidget(frame, 1)
        self.body.addLayout(acts)
        self.add_button("Close", Role.RejectRole)
        self.resize(QSize(*(theme.px(side) for side in USUAL)))
        self._follow()

    def show_files(self, files: Sequence[OpenFile]) -> None:
        """Show these, and how they stand now."""
        self._files = tuple(files)
        self.table.set_rows([_row(each) for each in self._files])
        self._follow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide: the files stay open."""
        event.ignore()
        self.hide()

    @property
    def current(self) -> OpenFile | None:
        """The selected file."""
        rows = self.table.selected_rows()
        return self._files[rows[0]] if rows and rows[0] < len(self._files) else None

    @Slot()
    def _follow(self) -> None:
        file = self.current
        self.open_again.setEnabled(file is not None and file.original is not None)
        is_stuck = file is not None and file.state in (State.CONFLICT, State.FAILED)
        self.retry.setEnabled(is_stuck)
        self.stop.setEnabled(file is not None)

    @Slot()
    def _open(self) -> None:
        if self.current is not None and self.open_again.isEnabled():
            self.open_asked.emit(self.current)

    @Slot()
    def _retry(self) -> None:
        if self.current is not None:
            self.retry_asked.emit(self.current)

    @Slot()
    def _stop(self) -> None:
        if self.current is not None:
            self.stop_asked.emit(self.current)


_LOOKS: Final = {
    State.FETCHING: ("Decrypting…", "text2"),
    State.OPEN: ("Open; no changes to save", "text2"),
    State.SAVING: ("Encrypting and saving…", "accent_text"),
    State.SAVED: ("All changes are in S3, encrypted", "ok"),
    State.CONFLICT: ("Not saved: changed by somebody else", "bad"),
    State.FAILED: ("Not saved", "bad"),
}


def _row(file: OpenFile) -> Row:
    words, token = _LOOKS[file.state]
    return Row((text.visible(file.ref.name), words), file_icon(file.ref.name), token)
