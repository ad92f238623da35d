"""Paints the rows of the sidebar."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cse_desktop.gui.browser.bucket_model import (
    Branch,
    BranchRole,
    OpenRole,
    Reach,
    RowKind,
    RowRole,
    SidebarRow,
)
from cse_desktop.gui.browser.folder_table import Index
from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import elide_middle, elide_right
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CHECK, RADIUS_CONTROL
from cse_desktop.gui.parts.badge import SANDBOX, BadgeLook
from cse_desktop.gui.parts.spinner import paint_spinner

ROW_HEIGHT: Final = 32
HEADING_HEIGHT: Final = 28
SIDE: Final = 8
RIGHT: Final = 16
CARET_AT: Final = 12
CONNECTION_ICON_AT: Final = 32
CONNECTION_TEXT_AT: Final = 56
BUCKET_ICON_AT: Final = 38
BUCKET_TEXT_AT: Final = 62

_State = QStyle.StateFlag
_BADGES: Final = {
    Reach.NOT_REACHABLE: BadgeLook("Not reachable", tone="bad"),
    Reach.SIGN_IN: BadgeLook("Sign in", tone="info"),
    Reach.REFUSED: BadgeLook("Not available", tone="bad"),
}


class BucketDelegate(QStyledItemDelegate):
    """Headings, connections with their state, buckets with their lock.

    Attributes:
        spinner_step: how far the spinner of connecting rows has turned.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.spinner_step = 0

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows of 32 pixels, headings of 28, more where the font is larger."""
        row: SidebarRow = index.data(RowRole)
        wanted = HEADING_HEIGHT if row.kind is RowKind.HEADING else ROW_HEIGHT
        line = QFontMetrics(self._theme.font("body")).height()
        return QSize(self._theme.px(160), max(self._theme.px(wanted), line + 6))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        row: SidebarRow = index.data(RowRole)
        branch: Branch | None = index.data(BranchRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_open = bool(index.data(OpenRole))
        self._paint_ground(painter, option, is_open)
        text = str(index.data())
        if row.kind is RowKind.HEADING:
            self._text(painter, self._from(option.rect, RIGHT), text, "caption", "text3")
        elif row.kind is RowKind.CONNECTION and branch is not None:
            self._paint_connection(painter, option.rect, branch, text)
        elif row.kind is RowKind.BUCKET:
            self._paint_bucket(painter, option.rect, row, text, is_open)
        else:
            self._paint_other(painter, option.rect, row, text)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, is_open: bool) -> None:
        theme, rect = self._theme, option.rect.adjusted(SIDE, 0, -SIDE, 0)
        token = ""
        if is_open:
            # State_Active is off in a list without the focus; the open bucket stays marked.
            token = "selected" if option.widget.isActiveWindow() else "selected_inactive"
        elif option.state & _State.State_MouseOver and option.state & _State.State_Enabled:
            token = "hover"
        painter.setPen(Qt.PenStyle.NoPen)
        if token:
            painter.setBrush(theme.color(token))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), RADIUS_CONTROL, RADIUS_CONTROL)
        if token == "selected":
            painter.setBrush(theme.color("accent_text" if theme.is_dark else "accent"))
            height = theme.px(16)
            top = rect.center().y() - height // 2 + 1
            painter.drawRoundedRect(QRect(rect.left(), top, 3, height), 1, 1)
        if option.state & _State.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            ring = QRectF(rect).adjusted(1, 2, -1, -2)
            painter.drawRoundedRect(ring, RADIUS_CONTROL - 1, RADIUS_CONTROL - 1)

    def _paint_connection(self, painter: QPainter, rect: QRect, branch: Branch, name: str) -> None:
        theme = self._theme
        caret = "ph.caret-down" if branch.is_open else "ph.caret-right"
        paint_icon(painter, theme, caret, "text3", self._box(rect, CARET_AT), 12)
        is_sandbox = branch.connection.is_sandbox
        glyph, token = ("ph.cube", "sandbox") if is_sandbox else ("ph.buildings", "text2")
        paint_icon(painter, theme, glyph, token, self._box(rect, CONNECTION_ICON_AT), 16)
        room = self._from(rect, CONNECTION_TEXT_AT)
        room.setRight(self._paint_state(painter, rect, branch) - theme.px(6))
        self._text(painter, room, name, "h3", "text")

    def _paint_state(self, painter: QPainter, rect: QRect, branch: Branch) -> int:
        """Paint the state at the right end; give where it begins."""
        theme = self._theme
        right = rect.right() + 1 - theme.px(RIGHT)
        look = _BADGES.get(branch.reach)
        if look is None and branch.connection.is_sandbox and branch.reach is not Reach.CONNECTING:
            look = SANDBOX
        if look is not None:
            return self._paint_pill(painter, rect, right, look)
        side = theme.px(16)
        box = QRect(right - side, rect.top(), side, rect.height())
        if branch.reach is Reach.CONNECTING:
            paint_spinner(painter, box, self.spinner_step, theme)
        elif branch.reach is Reach.CONNECTED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("ok_solid"))
            dot = QRectF(0, 0, theme.px(8), theme.px(8))
            dot.moveCenter(QRectF(box).center())
            painter.drawEllipse(dot)
        return right - side

    def _paint_pill(self, painter: QPainter, rect: QRect, right: int, look: BadgeLook) -> int:
        """A badge without icon, lower than those of files; give where it begins."""
        theme = self._theme
        painter.setFont(theme.font("caption"))
        width = painter.fontMetrics().horizontalAdvance(look.text) + theme.px(12)
        box = QRect(0, 0, width, max(theme.px(18), painter.fontMetrics().height() + 2))
        box.moveCenter(rect.center())
        box.moveRight(right - 1)
        painter.setPen(QPen(theme.color(f"{look.tone}_border"), 1))
        painter.setBrush(theme.color(f"{look.tone}_bg"))
        outline = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(outline, RADIUS_CHECK, RADIUS_CHECK)
        painter.setPen(theme.color(look.tone))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.text)
        return box.left()

    def _paint_bucket(
        self, painter: QPainter, rect: QRect, row: SidebarRow, name: str, is_open: bool
    ) -> None:
        theme = self._theme
        token = "accent_text" if is_open else "text2"
        glyph = "ph.folder" if "/" in row.text else "ph.database"
        paint_icon(painter, theme, glyph, token, self._box(rect, BUCKET_ICON_AT), 16)
        room = self._from(rect, BUCKET_TEXT_AT)
        if row.has_key:
            side = theme.px(14)
            lock = QRect(room.right() + 1 - side, rect.top(), side, rect.height())
            paint_icon(painter, theme, "mdi6.lock", "ok", lock, 14)
            room.setRight(lock.left() - theme.px(4))
        self._text(painter, room, name, "strong" if is_open else "body", "text")

    def _paint_other(self, painter: QPainter, rect: QRect, row: SidebarRow, text: str) -> None:
        glyph, icon_token, token = {
            RowKind.RETRY: ("ph.arrow-clockwise", "accent_text", "accent_text"),
            RowKind.ADD_BUCKET: ("ph.plus", "text2", "text2"),
        }.get(row.kind, ("", "text3", "text3"))
        if glyph:
            paint_icon(painter, self._theme, glyph, icon_token, self._box(rect, BUCKET_ICON_AT), 16)
        room = self._from(rect, BUCKET_TEXT_AT)
        self._text(painter, room, text, "body", token, is_sentence=True)

    def _box(self, rect: QRect, at: int) -> QRect:
        return QRect(
            rect.left() + self._theme.px(at), rect.top(), self._theme.px(16), rect.height()
        )

    def _from(self, rect: QRect, at: int) -> QRect:
        return rect.adjusted(self._theme.px(at), 0, -self._theme.px(RIGHT), 0)

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        role: str,
        token: str,
        *,
        is_sentence: bool = False,
    ) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(token))
        elide = elide_right if is_sentence else elide_middle
        shown = elide(painter.fontMetrics(), text, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
