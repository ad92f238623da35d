"""The table of a folder on the screen: keyboard, selection, columns, rows in view."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.folder_table import Index
from cse_desktop.gui.browser.object_columns import ObjectColumns
from cse_desktop.gui.browser.object_delegate import SPINNER_STEPS, ObjectDelegate
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.gui.browser.object_selection import KeySelection
from cse_desktop.gui.browser.type_ahead import TypeAhead
from cse_desktop.gui.look.theme import Theme

QUIET_MS: Final = 80
"""Envelopes are asked for when scrolling has stopped for so long."""
SPINNER_MS: Final = 100

_Key = Qt.Key


class ObjectView(QTableView):
    """Shows an ObjectModel. GUI thread.

    It decides nothing: keys and clicks become signals.

    Signals:
        opened: the Entry of Enter or a double click, folder or file.
        up_asked: to the folder above.
        selection_changed: other rows are selected, or another row is current.
        menu_asked: where to show a context menu, in screen coordinates.
        delete_asked, preview_asked: for the selection.
        left: by Esc, a search or the loading of all names.
    """

    opened = Signal(object)
    up_asked = Signal()
    selection_changed = Signal()
    menu_asked = Signal(QPoint)
    delete_asked = Signal()
    preview_asked = Signal()
    left = Signal()

    def __init__(self, theme: Theme, model: ObjectModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._objects = model
        self._delegate = ObjectDelegate(theme, self)
        self._type_ahead = TypeAhead(model)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._read_visible)
        self._turn = QTimer(self, interval=SPINNER_MS)
        self._turn.timeout.connect(self._turn_spinner)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self._set_up()
        self.columns = ObjectColumns(theme, self.horizontalHeader(), self)
        self._chosen = KeySelection(self, model)
        self._connect()
        self._measure_rows()

    def selected_entries(self) -> tuple[Entry, ...]:
        """The selected entries from top to bottom."""
        return self._chosen.entries()

    def current_entry(self) -> Entry | None:
        """The entry with the keyboard's mark."""
        return self._chosen.current()

    def select_keys(self, keys: Collection[str], current: str = "") -> None:
        """Select the rows of these object keys, and only them."""
        self._chosen.select(keys, current)

    def set_compact(self, compact: bool) -> None:
        """Rows of 28 pixels instead of 36."""
        self._delegate.is_compact = compact
        self._measure_rows()

    def read_envelopes(self) -> None:
        """Ask for the envelopes of the rows in view, once nothing has moved for a moment."""
        self._quiet.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers()
        bare = modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        is_up = modifiers == Qt.KeyboardModifier.AltModifier and key == _Key.Key_Up
        if bare and key in (_Key.Key_Return, _Key.Key_Enter):
            self._open(self.currentIndex())
        elif is_up or (bare and key == _Key.Key_Backspace):
            self.up_asked.emit()
        elif bare and key == _Key.Key_Delete:
            self.delete_asked.emit()
        elif bare and key == _Key.Key_Space and not self._type_ahead.is_typing:
            self.preview_asked.emit()
        elif key == _Key.Key_Escape and self._objects.can_be_left:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def moveCursor(
        self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads: Home and End to the first and last row, not column."""
        ends = {QTableView.CursorAction.MoveHome: 0}
        ends[QTableView.CursorAction.MoveEnd] = self.model().rowCount() - 1
        if action in ends:
            return self.model().index(ends[action], Column.NAME)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next name that begins with what is typed."""
        row = self._type_ahead.row_for(search, self.currentIndex().row())
        if row >= 0:
            self.setCurrentIndex(self._objects.index(row, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            ring = QRectF(self._row_rect(index.row())).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, 3, 3)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self.viewport().width()
        self.columns.fit(width, self.window().width() if self.window() is not self else 10_000)
        self._delegate.has_short_badges = self.columns.has_short_badges
        self._quiet.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._retry_at(index.row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            rect = self.visualRect(self.currentIndex().siblingAtColumn(Column.NAME))
            at = self.viewport().mapToGlobal(rect.center())
        self.menu_asked.emit(at)

    def _set_up(self) -> None:
        self.setAccessibleName("Files")
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setSortIndicatorShown(False)

    def _connect(self) -> None:
        model = self._objects
        model.modelReset.connect(self._settle)
        model.rowsInserted.connect(self.read_envelopes)
        model.state_changed.connect(self._follow_model)
        self.horizontalHeader().sectionClicked.connect(self._sort_by)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.doubleClicked.connect(self._open)
        self._theme.changed.connect(self._measure_rows)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Tell the window."""
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Repaint both rings: they are wider than the cell that changed."""
        super().currentChanged(current, previous)
        for index in (current, previous):
            if index.isValid():
                self.viewport().update(self._row_rect(index.row()))

    @Slot()
    def _measure_rows(self) -> None:
        height = self._delegate.row_height()
        header = self.verticalHeader()
        header.setMinimumSectionSize(height)
        header.setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        entry = self._objects.entry(index.row()) if index.isValid() else None
        if entry is not None:
            self.opened.emit(entry)
        elif index.isValid():
            self._retry_at(index.row())

    def _retry_at(self, row: int) -> None:
        if self._objects.entry(row) is None:
            self._objects.loader.retry()

    @Slot(int)
    def _sort_by(self, column: int) -> None:
        shown, sorting = self._objects.is_sorted, self._objects.sorting
        is_again = shown and sorting.column == column and not sorting.is_descending
        order = Qt.SortOrder.DescendingOrder if is_again else Qt.SortOrder.AscendingOrder
        self._chosen.keeps_place = False
        self._objects.sort(column, order)

    @Slot()
    def _follow_model(self) -> None:
        """Sort mark and spinner as the model has them."""
        model, header = self._objects, self.horizontalHeader()
        header.setSortIndicatorShown(model.is_sorted)
        if model.is_sorted:
            descending = model.sorting.is_descending
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            header.setSortIndicator(model.sorting.column, order)
        is_turning = model.loader.is_loading and not self._theme.reduced_motion
        if is_turning != self._turn.isActive():
            self._turn.start() if is_turning else self._turn.stop()
        self._quiet.start()

    @Slot()
    def _turn_spinner(self) -> None:
        row = self._objects.shown_count()
        if row < self._objects.rowCount():
            self._delegate.spinner_step = (self._delegate.spinner_step + 1) % SPINNER_STEPS
            self.viewport().update(self._row_rect(row))

    @Slot()
    def _settle(self) -> None:
        self.selection_changed.emit()
        self._hover(-1)
        self._quiet.start()

    @Slot()
    def _scrolled(self) -> None:
        self._hover(
            self.rowAt(self.viewport().mapFromGlobal(self.cursor().pos()).y())
            if self.viewport().underMouse()
            else -1
        )
        self._quiet.start()

    @Slot()
    def _read_visible(self) -> None:
        if not self.isVisible():
            return
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = last if last >= 0 else self._objects.shown_count() - 1
        self._objects.reader.want(self._objects.entries_between(max(first, 0), last))

    def _hover(self, row: int) -> None:
        before, self._delegate.hovered_row = self._delegate.hovered_row, row
        for changed in {before, row} if before != row else ():
            if changed >= 0:
                self.viewport().update(self._row_rect(changed))

    def _row_rect(self, row: int) -> QRect:
        header = self.horizontalHeader()
        width = min(self.viewport().width(), header.length() - header.offset())
        return QRect(0, self.rowViewportPosition(row), width, self.rowHeight(row))
