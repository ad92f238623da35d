"""Paints a transfer: direction, name, progress, pace, state and actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_columns import Columns, columns, first_line, second_line
from cse_desktop.gui.transfers.transfer_look import (
    Slots,
    State,
    amount,
    name_of,
    places,
    state_of,
    tooltip,
)
from cse_desktop.gui.transfers.transfer_model import RowRole
from cse_desktop.gui.transfers.transfer_rows import TransferRow, pace_of
from cse_desktop.gui.transfers.transfer_words import words_of
from cse_desktop.jobs.requests import Upload
from cse_desktop.jobs.snapshot import Phase, Snapshot

ROW_HEIGHT: Final = 48

AnyIndex = QModelIndex | QPersistentModelIndex
Flag = Qt.AlignmentFlag


class TransferDelegate(QStyledItemDelegate):
    """Rows of the transfers list.

    Args:
        slots: how many jobs run and may run, asked at paint time.

    Signals:
        chosen: the Action whose icon was clicked, and the id of its job.
    """

    chosen = Signal(object, int)

    def __init__(
        self, theme: Theme, slots: Callable[[], Slots], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._slots = slots
        self._hovered: tuple[int, Action] | None = None
        self._pressed: tuple[int, Action] | None = None

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """All rows are alike: two lines and some air."""
        lines = sum(QFontMetrics(self._theme.font(role)).height() for role in ("strong", "small"))
        return QSize(200, max(self._theme.px(ROW_HEIGHT), lines + self._theme.px(10)))

    def action_at(
        self, option: QStyleOptionViewItem, row: TransferRow, at: QPoint
    ) -> Action | None:
        """The action whose icon is at a point of the viewport."""
        state = state_of(row.snapshot, self._slots())
        parts = columns(self._theme, option.rect, option.direction)
        for action, rect in zip(state.actions, _places(parts, state), strict=True):
            if rect.contains(at):
                return action
        return None

    def hover(self, hovered: tuple[int, Action] | None) -> bool:
        """Paint one icon as hovered; tells whether that is another than before."""
        is_new = hovered != self._hovered
        self._hovered = hovered
        return is_new

    def editorEvent(
        self,
        event: QEvent,
        _model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """A click is a press and a release on the same icon."""
        is_press = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        if not isinstance(event, QMouseEvent) or event.button() is not Qt.MouseButton.LeftButton:
            return False
        row: TransferRow = index.data(RowRole)
        action = self.action_at(option, row, event.position().toPoint())
        here = None if action is None else (row.snapshot.id, action)
        if is_press:
            self._pressed = here
            return here is not None
        if event.type() is not QEvent.Type.MouseButtonRelease:
            return False
        pressed, self._pressed = self._pressed, None
        if here is None or here != pressed:
            return False
        self.chosen.emit(action, row.snapshot.id)
        return True

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """The name of the icon, or all of what the row had to cut short."""
        row = index.data(RowRole)
        if not isinstance(row, TransferRow):
            return False
        action = self.action_at(option, row, event.pos())
        words = action.label if action else tooltip(row.snapshot, self._slots())
        QToolTip.showText(event.globalPos(), tip(words), view.viewport(), option.rect)
        return True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a row."""
        row: TransferRow = index.data(RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        parts = columns(self._theme, option.rect, option.direction)
        state = state_of(row.snapshot, self._slots())
        self._paint_tile(painter, parts, row.snapshot)
        self._paint_name(painter, option, parts, row.snapshot)
        self._paint_progress(painter, parts, row, state)
        self._paint_state(painter, option, parts, row, state)
        self._paint_actions(painter, parts, row.snapshot.id, state)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, rect, flags = self._theme, option.rect, option.state
        token = "surface"
        if flags & QStyle.StateFlag.State_Selected:
            is_active = option.widget.isActiveWindow()
            token = "selected" if is_active else "selected_inactive"
        elif flags & QStyle.StateFlag.State_MouseOver:
            token = "hover"
        painter.fillRect(rect, theme.color(token))
        margin = theme.px(16)
        line = QRect(rect.x() + margin, rect.bottom(), rect.width() - 2 * margin, 1)
        painter.fillRect(line, theme.color("border"))
        if (
            flags & QStyle.StateFlag.State_HasFocus
            and flags & QStyle.StateFlag.State_KeyboardFocusChange
        ):
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_tile(self, painter: QPainter, parts: Columns, snapshot: Snapshot) -> None:
        theme, request = self._theme, snapshot.request
        ground, ink, glyph = "neutral_bg", "text2", words_of(request).glyph
        if isinstance(request, Upload):
            ground, ink = "accent_soft", "accent_text"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(parts.tile, 6, 6)
        paint_icon(painter, theme, glyph, ink, parts.tile)

    def _paint_name(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        parts: Columns,
        snapshot: Snapshot,
    ) -> None:
        upper = first_line(option.rect, parts.name)
        lower = second_line(option.rect, parts.name)
        self._write(painter, upper, name_of(snapshot.request), "strong", "text")
        start, end = places(snapshot.request)
        metrics = QFontMetrics(self._theme.font("small"))
        arrow = f"  {'→' if option.direction == Qt.LayoutDirection.LeftToRight else '←'}  "
        room = lower.width() - (metrics.horizontalAdvance(arrow) if end else 0)
        wanted = metrics.horizontalAdvance(start), metrics.horizontalAdvance(end)
        if sum(wanted) > room:
            # Each keeps at least its half, and what the other leaves.
            first = min(wanted[0], max(room // 2, room - wanted[1]))
            start = text.elide_middle(metrics, start, first)
            end = text.elide_middle(metrics, end, room - metrics.horizontalAdvance(start))
        self._write(painter, lower, f"{start}{arrow}{end}" if end else start, "small", "text2")

    def _paint_progress(
        self, painter: QPainter, parts: Columns, row: TransferRow, state: State
    ) -> None:
        theme, progress = self._theme, row.snapshot.progress
        if parts.bar.isEmpty():
            return
        if not state.bar:
            whole = parts.bar.united(parts.percent).united(parts.amount)
            self._write(painter, whole, amount(row.snapshot), "body", "text2", tabular=True)
            return
        share = progress.done / progress.total if progress.total else float(progress.done >= 0)
        if row.snapshot.phase in (Phase.WAITING, Phase.HELD) and not progress.total:
            share = 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(parts.bar, 3, 3)
        if share > 0:
            done = QRectF(parts.bar)
            done.setWidth(max(done.height(), done.width() * min(1.0, share)))
            painter.setBrush(theme.color(state.bar))
            painter.drawRoundedRect(done, 3, 3)
        percent = f"{int(share * 100)}%"
        self._write(
            painter, parts.percent, percent, "strong", "text", align=Flag.AlignRight, tabular=True
        )
        self._write(painter, parts.amount, amount(row.snapshot), "small", "text2", tabular=True)

    def _paint_state(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        parts: Columns,
        row: TransferRow,
        state: State,
    ) -> None:
        theme = self._theme
        pace = pace_of(row)
        second = state.second
        if not parts.speed.isEmpty():
            speed, left = pace
            self._write(
                painter, parts.speed, speed, "body", "text2", align=Flag.AlignRight, tabular=True
            )
            self._write(painter, parts.left, left, "body", "text2", tabular=True)
        elif any(pace):
            second = " · ".join(part for part in pace if part)
        side = theme.px(16)
        glyph = QRect(parts.state.x(), parts.state.y(), side, parts.state.height())
        # The words may run on where other rows have more actions.
        free = _places(parts, state)[0].x() - theme.px(8) - parts.state.right()
        words = parts.state.adjusted(side + theme.px(7), 0, max(0, free), 0)
        if option.direction == Qt.LayoutDirection.RightToLeft:
            glyph.moveRight(parts.state.right())
            words = parts.state.adjusted(0, 0, -side - theme.px(7), 0)
        paint_icon(painter, theme, state.glyph, state.tone, glyph)
        ink = "text2" if state.tone == "accent_text" else state.tone
        upper = first_line(option.rect, words) if second else words
        self._write(painter, upper, state.first, "strong", ink, is_sentence=True)
        if second:
            lower = second_line(option.rect, words)
            self._write(painter, lower, second, "small", "text2", is_sentence=True)

    def _paint_actions(self, painter: QPainter, parts: Columns, job_id: int, state: State) -> None:
        for action, rect in zip(state.actions, _places(parts, state), strict=True):
            if (job_id, action) in (self._hovered, self._pressed):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.color("pressed"))
                painter.drawRoundedRect(rect, 6, 6)
            paint_icon(painter, self._theme, action.glyph, "text2", rect)

    def _write(
        self,
        painter: QPainter,
        rect: QRect,
        words: str,
        role: str,
        token: str,
        *,
        align: Qt.AlignmentFlag = Flag.AlignLeft,
        tabular: bool = False,
        is_sentence: bool = False,
    ) -> None:
        font = self._theme.font(role, tabular=tabular)
        elide = text.elide_right if is_sentence else text.elide_middle
        painter.setFont(font)
        painter.setPen(self._theme.color(token))
        shown = elide(QFontMetrics(font), words, rect.width())
        painter.drawText(rect, Flag.AlignVCenter | Qt.TextFlag.TextSingleLine | align, shown)


def _places(parts: Columns, state: State) -> tuple[QRect, ...]:
    return parts.actions[len(parts.actions) - len(state.actions) :]
