"""Paints the rows of the folder table."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser import folder_cells
from cse_desktop.gui.browser.envelope_reader import EnvelopeState
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.folder_table import EntryRole, Index, InspectionRole
from cse_desktop.gui.look.icons import FOLDER, file_icon, paint_icon
from cse_desktop.gui.look.text import elide_middle, elide_right, tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import paint_badge

ROW_HEIGHT: Final = 36
COMPACT_ROW_HEIGHT: Final = 28
PADDING: Final = 12
"""As in the header, whose style sheet knows no scale."""
ICON: Final = 18
ICON_GAP: Final = 10
BAR: Final = 3
SPINNER_STEPS: Final = 8

_State = QStyle.StateFlag
_AT_LEFT: Final = (
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
)
_AT_RIGHT: Final = (
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
)


class ObjectDelegate(QStyledItemDelegate):
    """One cell at a time; what concerns the whole row comes from the view.

    Attributes:
        hovered_row: under the mouse, -1 for none.
        has_short_badges: where the list is narrow.
        is_compact: rows of 28 instead of 36 pixels.
        spinner_step: 0 to 7, how far the spinner of the last row has turned.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self.hovered_row = -1
        self.has_short_badges = False
        self.is_compact = False
        self.spinner_step = 0
        theme.changed.connect(self._fonts.clear)

    def row_height(self) -> int:
        """The height of every row, from the font."""
        wanted = self._theme.px(COMPACT_ROW_HEIGHT if self.is_compact else ROW_HEIGHT)
        return max(wanted, QFontMetrics(self._font("body")).height() + 8)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the text, for a column that is fitted to its content."""
        text = str(index.data() or "")
        width = QFontMetrics(self._font("strong")).horizontalAdvance(text)
        room = {Column.NAME: ICON + ICON_GAP, Column.ENCRYPTION: 40}.get(Column(index.column()), 0)
        return QSize(width + 2 * PADDING + self._theme.px(room), self.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        entry: Entry | None = index.data(EntryRole)
        painter.save()
        self._paint_ground(painter, option, index)
        rect = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        if entry is None:
            if index.column() == Column.NAME:
                self._paint_status(painter, rect, str(index.data()))
        elif index.column() == Column.NAME:
            self._paint_name(painter, rect, entry, option, str(index.data()))
        elif index.column() == Column.ENCRYPTION:
            self._paint_badge(painter, option.rect.adjusted(PADDING, 0, 0, 0), entry, index)
        else:
            self._paint_text(painter, rect, Column(index.column()), str(index.data()))
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show a tooltip; a name only where it is cut short."""
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        text = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        if index.column() == Column.NAME:
            room = option.rect.width() - 2 * PADDING - self._theme.px(ICON + ICON_GAP)
            if QFontMetrics(self._font("strong")).horizontalAdvance(text) <= room:
                text = ""
        QToolTip.showText(event.globalPos(), tip(text), view)
        return True

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, option.rect
        is_selected = bool(option.state & _State.State_Selected)
        is_active = option.widget.isActiveWindow()
        if is_selected:
            painter.fillRect(rect, theme.color("selected" if is_active else "selected_inactive"))
        elif index.row() == self.hovered_row:
            painter.fillRect(rect, theme.color("hover"))
        if is_selected and is_active and index.column() == Column.NAME:
            token = "accent_text" if theme.is_dark else "accent"
            bar = QRect(rect.left(), rect.top(), BAR, rect.height())
            if option.direction == Qt.LayoutDirection.RightToLeft:
                bar.moveRight(rect.right())
            painter.fillRect(bar, theme.color(token))

    def _paint_name(
        self,
        painter: QPainter,
        rect: QRect,
        entry: Entry,
        option: QStyleOptionViewItem,
        name: str,
    ) -> None:
        theme, direction = self._theme, option.direction
        side = theme.px(ICON)
        glyph, token = (FOLDER, "folder") if entry.is_folder else (file_icon(entry.name), "text2")
        icon = QRect(rect.left(), rect.top(), side, rect.height())
        paint_icon(painter, theme, glyph, token, _mirrored(direction, rect, icon), ICON)
        is_strong = entry.is_folder or bool(option.state & _State.State_Selected)
        painter.setFont(self._font("strong" if is_strong else "body"))
        painter.setPen(theme.color("text"))
        room = rect.adjusted(side + theme.px(ICON_GAP), 0, 0, 0)
        painter.drawText(
            _mirrored(direction, rect, room),
            _align(direction),
            elide_middle(painter.fontMetrics(), name, room.width()),
        )

    def _paint_text(self, painter: QPainter, rect: QRect, column: Column, text: str) -> None:
        if not text:
            return
        if column is Column.SIZE:
            # "≈ 918.3 KB" needs the room that other columns leave at their start.
            rect = rect.adjusted(-PADDING, 0, 0, 0)
        painter.setFont(self._font("body", tabular=column is not Column.STORAGE_CLASS))
        painter.setPen(self._theme.color("text2"))
        painter.drawText(
            rect,
            folder_cells.alignment(column),
            elide_right(painter.fontMetrics(), text, rect.width()),
        )

    def _paint_badge(self, painter: QPainter, rect: QRect, entry: Entry, index: Index) -> None:
        state: EnvelopeState = index.data(InspectionRole)
        look = folder_cells.look(entry, state)
        if look is not None:
            room = rect.adjusted(0, 0, -self._theme.px(4), 0)
            paint_badge(painter, room, look, self._theme, short=self.has_short_badges)

    def _paint_status(self, painter: QPainter, rect: QRect, text: str) -> None:
        theme = self._theme
        side = theme.px(ICON)
        icon = QRect(rect.left(), rect.top(), side, rect.height())
        has_failed = text == folder_cells.NOT_LOADED
        if has_failed:
            paint_icon(painter, theme, "ph.warning-fill", "bad", icon, 16)
        else:
            self._paint_spinner(painter, icon)
        room = rect.adjusted(side + theme.px(ICON_GAP), 0, 0, 0)
        painter.setFont(self._font("body"))
        painter.setPen(theme.color("text3"))
        if not has_failed:
            painter.drawText(room, _align(Qt.LayoutDirection.LeftToRight), text)
            return
        sentence, action = text[: text.rindex(". ") + 2], text[text.rindex(". ") + 2 :]
        painter.drawText(room, _align(Qt.LayoutDirection.LeftToRight), sentence)
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(sentence))
        link = QFont(self._font("strong"))
        link.setUnderline(True)
        painter.setFont(link)
        painter.setPen(theme.color("accent_text"))
        painter.drawText(room, _align(Qt.LayoutDirection.LeftToRight), action)

    def _paint_spinner(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(rect.center())
        painter.rotate(360 * self.spinner_step / SPINNER_STEPS)
        painter.translate(-rect.center())
        paint_icon(painter, self._theme, "ph.spinner", "text3", rect, 16)
        painter.restore()

    def _font(self, role: str, *, tabular: bool = False) -> QFont:
        # Made once per theme: a font is asked for in every cell of every frame.
        found = self._fonts.get((role, tabular))
        if found is None:
            found = self._fonts[role, tabular] = self._theme.font(role, tabular=tabular)
        return found


def _align(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    # Absolute: a name in Arabic still stands where the layout of the window puts it.
    return _AT_RIGHT if direction == Qt.LayoutDirection.RightToLeft else _AT_LEFT


def _mirrored(direction: Qt.LayoutDirection, whole: QRect, part: QRect) -> QRect:
    return QStyle.visualRect(direction, whole, part)
