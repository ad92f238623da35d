"""The pane at the right: how the selected object is encrypted, and what S3 says about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.browser import inspector_facts
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.browser.inspector_facts import Sheet
from cse_desktop.gui.browser.inspector_parts import CopyText, FoldableSection
from cse_desktop.gui.browser.readable import why_none_opens
from cse_desktop.gui.look.icons import FOLDER
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import PANE_MARGIN
from cse_desktop.gui.parts.badge import Badge
from cse_desktop.gui.parts.buttons import button, icon_button, label, line
from cse_desktop.gui.parts.tile import Glyph

WIDTH = 336
SETTLES_AFTER_MS = 40
"""While the selection runs through rows, the pane waits for it to stop."""


class Inspector(QScrollArea):
    """Shows the selection and follows what becomes known of it. GUI thread.

    Signals:
        download_asked, verify_asked, preview_asked: for the selection.
        menu_asked: where to show more actions, in screen coordinates.
        read_key_asked: the Entry whose key is to be read from KMS.
        details_asked: the Failure that says what AWS would have to allow.
        policy_asked: the names of the switches that are in the way of the selected object.
    """

    download_asked = Signal()
    verify_asked = Signal()
    preview_asked = Signal()
    menu_asked = Signal(QPoint)
    read_key_asked = Signal(object)
    details_asked = Signal(object)
    policy_asked = Signal(object)

    def __init__(self, theme: Theme, reader: EnvelopeReader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._reader = reader
        self._folder = ObjectRef("", "")
        self._entries: tuple[Entry, ...] = ()
        self._closed: set[str] = set()
        self._sheet: Sheet | None = None
        self._settled = QTimer(self, singleShot=True, interval=SETTLES_AFTER_MS)
        self._settled.timeout.connect(self._show)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Inspector")
        reader.changed.connect(self._follow)
        reader.forgotten.connect(self._settled.start)
        self._show()

    @property
    def sheet(self) -> Sheet:
        """What is shown now."""
        assert self._sheet is not None  # set by the constructor
        return self._sheet

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), 400)

    def show_selection(self, folder: ObjectRef, entries: Sequence[Entry]) -> None:
        """Show the selected entries of a folder, or the folder when there are none."""
        self._folder, self._entries = folder, tuple(entries)
        self._settled.start()

    @Slot(str)
    def _follow(self, key: str) -> None:
        # Of several, each counts; the timer makes one look of many.
        if len(self._entries) > 1 or (self._entries and self._entries[0].key == key):
            self._settled.start()

    @Slot()
    def _show(self) -> None:
        if len(self._entries) == 1:
            # Never for all rows in view: only for the one object that the user stays at.
            self._reader.peek(self._entries[0])
        sheet = self._make_sheet()
        if sheet == self._sheet:
            return
        scrolled = self.verticalScrollBar().value()
        is_same = self._sheet is not None and self._sheet.title == sheet.title
        self._sheet = sheet
        self.setWidget(self._make_page(sheet))
        if is_same:
            self.verticalScrollBar().setValue(scrolled)

    def _make_sheet(self) -> Sheet:
        if not self._entries:
            return inspector_facts.nothing_selected(self._folder)
        if len(self._entries) > 1:
            problem = why_none_opens(self._entries, self._reader)
            return inspector_facts.several(self._entries, problem)
        entry = self._entries[0]
        if entry.is_folder:
            return inspector_facts.one_folder(self._folder, entry)
        return inspector_facts.one_file(self._folder, entry, self._reader.state(entry))

    def _make_page(self, sheet: Sheet) -> QWidget:
        page = QWidget()
        page.setProperty("frame", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(PANE_MARGIN, PANE_MARGIN, PANE_MARGIN, PANE_MARGIN)
        column.setSpacing(0)
        column.addLayout(self._make_head(sheet))
        if sheet.badge is not None:
            column.addSpacing(10)
            column.addWidget(Badge(self._theme, sheet.badge), 0, Qt.AlignmentFlag.AlignLeft)
        if self._entries:
            column.addSpacing(10)
            column.addLayout(self._make_buttons(sheet))
        if sheet.summary:
            column.addSpacing(12)
            column.addWidget(label(sheet.summary, wrap=True))
        if sheet.sentence:
            column.addSpacing(12)
            column.addWidget(self._make_problem(sheet))
        for section in sheet.sections:
            column.addSpacing(14)
            if section is sheet.sections[0]:
                column.addWidget(line())
                column.addSpacing(10)
            column.addWidget(self._make_section(section))
        if sheet.json:
            column.addSpacing(12)
            column.addWidget(self._make_copy(), 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return page

    def _make_head(self, sheet: Sheet) -> QHBoxLayout:
        theme = self._theme
        token = "folder" if sheet.glyph == FOLDER else "text2"
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(CopyText(theme, sheet.title, "h2"))
        if sheet.meta:
            words.addWidget(label(sheet.meta, tone="text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(13)
        row.addWidget(Glyph(theme, sheet.glyph, token, 26), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _make_buttons(self, sheet: Sheet) -> QHBoxLayout:
        theme = self._theme
        download = button(theme, "Download", glyph="ph.download-simple")
        verify = button(theme, "Verify", glyph="ph.shield-check")
        download.setEnabled(sheet.can_download)
        verify.setEnabled(sheet.can_verify)
        for each, on in ((download, sheet.can_download), (verify, sheet.can_verify)):
            each.setToolTip("" if on else tip(sheet.sentence))
        download.clicked.connect(self.download_asked)
        verify.clicked.connect(self.verify_asked)
        preview = icon_button(theme, "ph.eye", "Preview", shortcut="Space")
        preview.setEnabled(sheet.can_verify and len(self._entries) == 1)
        preview.clicked.connect(self.preview_asked)
        more = icon_button(theme, "ph.dots-three", "More actions")
        more.clicked.connect(self._ask_menu)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(download)
        row.addWidget(verify)
        row.addWidget(preview)
        row.addWidget(more)
        row.addStretch(1)
        return row

    def _make_problem(self, sheet: Sheet) -> QFrame:
        frame = QFrame()
        tone = sheet.badge.tone if sheet.badge is not None else "neutral"
        frame.setProperty("banner", tone if tone in ("bad", "warn") else "neutral")
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 9, 12, 10)
        column.setSpacing(3)
        column.addWidget(label(sheet.sentence, "h3", wrap=True))
        if sheet.remedy:
            column.addWidget(label(sheet.remedy, wrap=True))
        if sheet.switches:
            policy = button(self._theme, "Open encryption policy…", kind="link")
            policy.clicked.connect(self._ask_policy)
            column.addWidget(policy, 0, Qt.AlignmentFlag.AlignLeft)
        if sheet.failure is not None:
            missing = button(self._theme, "What has to be allowed…", kind="link")
            missing.clicked.connect(self._ask_details)
            column.addWidget(missing, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _make_section(self, section: inspector_facts.Section) -> FoldableSection:
        made = FoldableSection(self._theme, section, is_closed=section.title in self._closed)
        made.read_key_asked.connect(self._ask_key)
        made.folded.connect(self._remember_fold)
        return made

    def _make_copy(self) -> QWidget:
        copy = button(self._theme, "Copy as JSON", kind="link", glyph="ph.copy-simple")
        copy.clicked.connect(self.copy_json)
        return copy

    @Slot()
    def copy_json(self) -> None:
        """Put the facts of the selected object on the clipboard."""
        if self.sheet.json:
            QGuiApplication.clipboard().setText(self.sheet.json)

    @Slot(str, bool)
    def _remember_fold(self, title: str, is_closed: bool) -> None:
        self._closed = self._closed | {title} if is_closed else self._closed - {title}

    @Slot()
    def _ask_key(self) -> None:
        if len(self._entries) == 1:
            self.read_key_asked.emit(self._entries[0])

    @Slot()
    def _ask_policy(self) -> None:
        self.policy_asked.emit(self.sheet.switches)

    @Slot()
    def _ask_details(self) -> None:
        self.details_asked.emit(self.sheet.failure)

    @Slot()
    def _ask_menu(self) -> None:
        sender = self.sender()
        if isinstance(sender, QWidget):
            self.menu_asked.emit(sender.mapToGlobal(QPoint(0, sender.height())))
