"""A short table of words: rows of one height, a ring around the row with the keyboard's mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme


@dataclass(frozen=True, slots=True)
class Heading:
    """A column.

    Attributes:
        width: in pixels of a 13 px font; 0 takes what is left.
        role: of the font of its cells.
    """

    title: str
    width: int = 0
    role: str = "body"
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Its words, and an icon in the first cell.

    Attributes:
        token: colour of the icon.
        spoken: for screen readers; "" for the words of all cells.
    """

    cells: tuple[str, ...]
    glyph: str = ""
    token: str = "text2"
    spoken: str = ""


class PlainTable(QTreeView):
    """Shows rows that are all there; for lists without end there are models. GUI thread.

    Signals:
        selection_changed: other rows are selected.
    """

    selection_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        headings: Sequence[Heading],
        *,
        is_multiple: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._headings = tuple(headings)
        self._rows = QStandardItemModel(0, len(headings), self)
        self.setModel(self._rows)
        self.setProperty("kind", "table")
        self.setAccessibleName(name)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setItemsExpandable(False)
        self.setAllColumnsShowFocus(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if is_multiple else mode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(theme.px(16), theme.px(16)))
        self._lay_out_header()
        theme.changed.connect(self._lay_out_header)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows instead; what was selected is so again, by its place."""
        selected = self.selected_rows()
        self._rows.removeRows(0, self._rows.rowCount())
        for row in rows:
            self._rows.appendRow(self._items(row))
        for number in selected[:1]:
            self.select_row(min(number, len(rows) - 1))
        if not selected:
            self.select_row(0)

    def selected_rows(self) -> list[int]:
        """From top to bottom."""
        return sorted({index.row() for index in self.selectedIndexes()})

    def select_row(self, row: int) -> None:
        """Select one row and give it the keyboard's mark."""
        if 0 <= row < self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(row, 0))

    def row_count(self) -> int:
        """How many rows there are."""
        return self._rows.rowCount()

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        return self._rows.item(row, column).text()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802 - Qt's name
        """Tell who listens."""
        super().selectionChanged(selected, deselected)
        self.selection_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            rect = self.visualRect(index)
            rect.setLeft(0)
            rect.setWidth(self.viewport().width())
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3)
            painter.end()

    def _items(self, row: Row) -> list[QStandardItem]:
        height = self._theme.px(36)
        items = []
        for heading, words in zip(self._headings, row.cells, strict=True):
            item = QStandardItem(words)
            item.setFont(self._theme.font(heading.role, tabular=heading.is_right))
            item.setSizeHint(QSize(0, height))
            item.setToolTip(tip(words))
            if heading.is_right:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            items.append(item)
        if row.glyph:
            items[0].setIcon(icon(self._theme, row.glyph, row.token))
        spoken = row.spoken or ", ".join(filter(None, row.cells))
        items[0].setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
        return items

    @Slot()
    def _lay_out_header(self) -> None:
        self._rows.setHorizontalHeaderLabels([each.title for each in self._headings])
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, heading in enumerate(self._headings):
            if heading.is_right:
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                self._rows.setHeaderData(
                    number, Qt.Orientation.Horizontal, right, Qt.ItemDataRole.TextAlignmentRole
                )
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(number, mode.Interactive if heading.width else mode.Stretch)
            if heading.width:
                header.resizeSection(number, self._theme.px(heading.width))
