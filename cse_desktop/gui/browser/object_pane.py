"""The place of the file list: rows, or a sentence that says why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser import pane_states
from cse_desktop.gui.browser.drag_out import DragOut
from cse_desktop.gui.browser.drop_overlay import DropOverlay
from cse_desktop.gui.browser.drop_target import DropCheck, DropTarget
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.browser.folder_updates import FolderUpdates
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.gui.browser.object_view import ObjectView
from cse_desktop.gui.browser.pane_states import PaneAction, PaneState, SearchFacts
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label
from cse_desktop.gui.parts.empty_state import EmptyLook, EmptyState
from cse_desktop.jobs.snapshot import Failure

SPEAKS_AFTER_MS: Final = 300
"""A folder that comes faster than this needs no word about loading."""
LOADING: Final = PaneState(EmptyLook("ph.hourglass-medium", "Loading…", ""))


@dataclass(frozen=True, slots=True)
class UploadHint:
    """What an empty folder says about the next upload."""

    key_label: str = ""
    is_sandbox: bool = False


class ObjectPane(QWidget):
    """Model, table, empty states and drop target of the open folder. GUI thread.

    Signals:
        acted: a PaneAction of a button in place of the rows that the pane cannot do itself.
        details_asked: the Failure whose facts are wanted.
        dropped: paths, key of the target folder, and whether another key is wanted first.
        filter_cleared: by the button "Clear filter".
    """

    acted = Signal(object)
    details_asked = Signal(object)
    dropped = Signal(object, str, bool)
    filter_cleared = Signal()

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session_for: SessionFor,
        drop_check: DropCheck,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.reader = EnvelopeReader(bridge, session_for, self)
        self.model = ObjectModel(bridge, session_for, self.reader, self)
        self.updates = FolderUpdates(bridge, session_for, self.model, self)
        self.view = ObjectView(theme, self.model)
        self._empty = EmptyState(theme, LOADING.look)
        self._blank = QWidget()
        self._stack = QStackedWidget()
        for page in (self._blank, self.view, self._empty):
            self._stack.addWidget(page)
        self._hint = UploadHint()
        self._state: PaneState | None = None
        self._nowhere: PaneState | None = pane_states.no_bucket_open()
        self._connection, self._folder = "", ObjectRef("", "")
        self._searched = ""
        self._awaited = ""
        self._wants_focus = False
        self._patience = QTimer(self, singleShot=True, interval=SPEAKS_AFTER_MS)
        self._footer_text = label(role="small", tone="text2")
        self._footer_link = button(theme, pane_states.SEARCH_ALL, kind="link", sz="mini")
        self._footer = self._make_footer()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._footer)
        self.overlay = DropOverlay(theme, self)
        self.drop_target = DropTarget(self.view, self.overlay, drop_check, self._folder_key)
        self.drop_target.watch(self)
        self.drag_out = DragOut(theme, self.view, self.view.selected_entries)
        self._connect()
        self._show_state()

    @property
    def folder(self) -> ObjectRef:
        """The open folder, also while a search shows others; no bucket when none is open."""
        return self._folder

    @property
    def is_search(self) -> bool:
        """Whether the rows are what a search found, from all over the bucket."""
        return bool(self.model.loader.needle)

    def open(self, connection: str, folder: ObjectRef, select: str = "") -> None:
        """Show a folder.

        Args:
            select: key of the row to select when its page arrives.
        """
        self._nowhere = None
        self._awaited = select
        self._connection, self._folder = connection, folder
        self._patience.start()
        self.model.open(connection, folder)

    def show_nothing(self, state: PaneState) -> None:
        """No folder is open: say this instead."""
        self._nowhere = state
        self.model.loader.close()
        self._show_state()

    def set_upload_hint(self, hint: UploadHint) -> None:
        """What an empty folder promises about the next upload."""
        self._hint = hint
        self._show_state()

    def take_focus(self) -> None:
        """Give the rows the focus, as soon as there are any: Qt loses it on a hidden widget."""
        self._wants_focus = not self.view.isVisible()
        self.view.setFocus()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Show only names that contain `text`, of the folder: a search ends with it."""
        if self.is_search:
            self._patience.start()
            self.model.open(self._connection, self._folder)
        self.model.set_filter(text)

    def search(self, text: str) -> None:
        """Show what has `text` in its name, in the whole bucket."""
        if self._nowhere is None and text.strip():
            self._awaited = ""
            self._searched = text.strip()
            self.model.search(text)

    @Slot()
    def leave_search(self) -> None:
        """Stop what is under way; after the end of a search, show the folder again."""
        if self.model.is_loading_all:
            self.model.stop_loading_all()
        elif self.model.loader.is_searching:
            self.model.loader.stop()
        elif self.is_search:
            self.set_filter("")
            self.filter_cleared.emit()

    def _folder_key(self) -> str:
        return self.folder.key

    def _make_footer(self) -> QFrame:
        footer = QFrame()
        footer.setProperty("frame", "footer")
        row = QHBoxLayout(footer)
        row.setContentsMargins(12, 5, 12, 4)
        row.setSpacing(4)
        self._footer_link.clicked.connect(self._follow_link)
        row.addWidget(self._footer_text)
        row.addWidget(self._footer_link)
        row.addStretch(1)
        return footer

    def _connect(self) -> None:
        self.model.state_changed.connect(self._show_state)
        self.model.modelReset.connect(self._show_state)
        self._patience.timeout.connect(self._show_state)
        self._empty.acted.connect(self._act)
        self.drop_target.dropped.connect(self.dropped)
        self.view.left.connect(self.leave_search)

    @Slot()
    def _show_state(self) -> None:
        state = self._wanted_state()
        if state is not None and state != self._state:
            self._empty.set_look(state.look)
        self._state = state
        is_blank = self._state is LOADING and self._patience.isActive()
        page = self.view if self._state is None else self._blank if is_blank else self._empty
        self._stack.setCurrentWidget(page)
        if self._wants_focus and self._state is not LOADING:
            self._wants_focus = False
            page.setFocus()
        self._show_footer()
        self._select_awaited()

    def _show_footer(self) -> None:
        loader, found = self.model.loader, self.model.filtering
        footer = None
        if self.is_search and found.shown:
            footer = pane_states.search_footer(found.loaded, self._search_facts())
        elif found.text and found.has_more and not self.is_search:
            footer = pane_states.filter_footer(found.loaded)
        self._footer.setVisible(footer is not None and self._nowhere is None)
        if footer is not None:
            self._footer_text.setText(footer.text)
            self._footer_link.setText(footer.link)
            self._footer_link.setAccessibleName(footer.link)
        if loader.failure is not None and found.shown:
            self._footer.setVisible(False)  # the last row says so, and tries again

    def _search_facts(self) -> SearchFacts:
        loader = self.model.loader
        return SearchFacts(
            self._searched,
            loader.folder.bucket,
            loader.looked_at,
            is_under_way=loader.is_searching,
            was_stopped=loader.was_stopped,
        )

    def _select_awaited(self) -> None:
        if not self._awaited or self.is_search:
            return
        if self.model.row_of(self._awaited) >= 0:
            self.view.select_keys([self._awaited])
            self._awaited = ""
        elif self.model.loader.has_first_page:
            self.model.loader.more()  # it may be on any page

    @Slot()
    def _follow_link(self) -> None:
        if self.is_search:
            self.leave_search()
        else:
            self.search(self.model.filtering.text)

    def _wanted_state(self) -> PaneState | None:
        """What to say instead of rows; None shows the rows."""
        loader, found = self.model.loader, self.model.filtering
        if self._nowhere is not None or found.shown:
            return self._nowhere
        if loader.failure is not None:
            return pane_states.not_loaded(loader.failure)
        if self.is_search:
            return pane_states.no_result(self._search_facts())
        if found.text and found.loaded:
            return pane_states.no_match(found.text, self.folder, has_more=found.has_more)
        if loader.is_loading or loader.has_more:
            return LOADING
        return pane_states.empty_folder(
            self.folder, self._hint.key_label, is_sandbox=self._hint.is_sandbox
        )

    @Slot(int)
    def _act(self, number_of_button: int) -> None:
        state, failure = self._state, self.model.loader.failure
        if state is None or number_of_button >= len(state.actions):
            return
        action = state.actions[number_of_button]
        if action is PaneAction.TRY_AGAIN and isinstance(failure, Failure):
            self.model.loader.retry()
        elif action is PaneAction.SHOW_DETAILS and failure is not None:
            self.details_asked.emit(failure)
        elif action is PaneAction.SEARCH:
            self.search(self.model.filtering.text)
        elif action is PaneAction.STOP_SEARCH:
            self.leave_search()
        elif action is PaneAction.CLEAR_FILTER:
            self.set_filter("")
            self.filter_cleared.emit()
        else:
            self.acted.emit(action)
