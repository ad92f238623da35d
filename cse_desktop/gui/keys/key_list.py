"""The list of the key picker."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from cse_desktop.gui.keys.key_delegate import KeyDelegate
from cse_desktop.gui.keys.key_model import Column, Index, KeyModel
from cse_desktop.gui.look.theme import Theme

WIDTHS: Final = {Column.KEY_ID: 130, Column.STATE: 142, Column.MATERIAL: 168, Column.YOU_CAN: 98}
HIDDEN_BELOW: Final = {Column.KEY_ID: 680, Column.MATERIAL: 570}
"""Where the list is narrower than this, a column hides: the details show what it says."""


class KeyList(QTreeView):
    """Rows of keys: choose by mouse or arrows, F or Space makes a favourite, Enter uses.

    Signals:
        current_changed: another key is selected, or none.
        sight_changed: other rows may be visible now.
        used: Enter or a double click on a key.
    """

    current_changed = Signal()
    sight_changed = Signal()
    used = Signal()

    def __init__(self, theme: Theme, model: KeyModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = model
        self._pressed_on_star = False
        self._delegate = KeyDelegate(theme, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(False)
        self.setMouseTracking(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("KMS keys")
        self._lay_out_header()
        self.verticalScrollBar().valueChanged.connect(self._note_sight)
        model.modelReset.connect(self._note_sight)
        model.rowsRemoved.connect(self._note_sight)
        theme.changed.connect(self._relayout)

    def current_row(self) -> int:
        """The selected row, or -1."""
        return self.currentIndex().row() if self.currentIndex().isValid() else -1

    def select_row(self, row: int) -> None:
        """Select a row and bring it into view."""
        index = self._keys.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def step(self, rows: int) -> None:
        """Move the selection down, or up by a negative number; the ends hold it."""
        last = self._keys.rowCount() - 1
        if last >= 0:
            self.select_row(max(0, min(self.current_row() + rows, last)))

    def visible_rows(self) -> range:
        """The rows in sight."""
        count = self._keys.rowCount()
        if not count:
            return range(0)
        first = self.indexAt(QPoint(1, 1)).row()
        last = self.indexAt(QPoint(1, self.viewport().height() - 1)).row()
        return range(max(first, 0), (last if last >= 0 else count - 1) + 1)

    def page_rows(self) -> int:
        """How many rows fit, at least one."""
        height = self.rowHeight(self._keys.index(0, 0)) if self._keys.rowCount() else 0
        return max(1, self.viewport().height() // height) if height else 1

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        match event.key():
            case Qt.Key.Key_F | Qt.Key.Key_Space if row >= 0 and not _is_shortcut(event):
                self._keys.toggle_favourite(row)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if row >= 0:
                self.used.emit()
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_on_star = self._is_on_star(event)
        if not self._pressed_on_star:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._pressed_on_star:
            super().mouseReleaseEvent(event)
        elif self._is_on_star(event):
            self._keys.toggle_favourite(self.indexAt(event.position().toPoint()).row())
        self._pressed_on_star = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed_on_star = self._is_on_star(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._pressed_on_star:
            self.select_row(index.row())
            self.used.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Whoever hovers over a star sees that it can be clicked."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            is_on_star = self._is_on_star(event)
            shape = Qt.CursorShape.PointingHandCursor if is_on_star else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
        return bool(super().viewportEvent(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in HIDDEN_BELOW.items():
            self.setColumnHidden(column, self.width() < self._theme.px(width))
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self.sight_changed.emit()

    def _is_on_star(self, event: QMouseEvent) -> bool:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return False
        star = self._delegate.star_rect(self.visualRect(index), index)
        return bool(star.contains(event.position().toPoint()))

    def _lay_out_header(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(self._theme.px(60))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(Column.ALIAS, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, self._theme.px(width))

    def _relayout(self) -> None:
        self._lay_out_header()
        self.doItemsLayout()

    def _note_sight(self) -> None:
        self.sight_changed.emit()


def _is_shortcut(event: QKeyEvent) -> bool:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.modifiers() & (held | Qt.KeyboardModifier.MetaModifier))
