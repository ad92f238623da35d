"""Paints the rows of the key picker."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cse_desktop.core.kms_key import KmsKey, Permission
from cse_desktop.gui.keys import key_words
from cse_desktop.gui.keys.key_model import (
    Checked,
    CheckedRole,
    Column,
    FavouriteRole,
    KeyRole,
    UsableRole,
)
from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.state_dot import key_look, paint_dot

Index = QModelIndex | QPersistentModelIndex

PADDING: Final = 12
"""As the header's, so that words stand below their heading at every font size."""
STAR_WIDTH: Final = 44
"""The star and the air around it: the target of a click."""

_MARKS: Final = {
    Permission.ALLOWED: ("ph.check-circle-fill", "ok", "text"),
    Permission.DENIED: ("ph.x-circle", "bad", "bad"),
    Permission.UNKNOWN: ("ph.minus-circle", "text3", "text2"),
}


class KeyDelegate(QStyledItemDelegate):
    """Two-line rows: star, names, id, state, material, permissions."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Two lines of text and air; 48 px at the usual font size."""
        lines = QFontMetrics(self._theme.font("body")).height()
        lines += QFontMetrics(self._theme.font("small")).height()
        return QSize(self._theme.px(80), max(self._theme.px(48), lines + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        key: KmsKey = index.data(KeyRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, index)
        rect = option.rect.adjusted(PADDING, 0, -4, -1)
        is_usable = bool(index.data(UsableRole)) or key.can_wrap
        match Column(index.column()):
            case Column.ALIAS:
                self._paint_alias(painter, option.rect, key, index, is_usable)
            case Column.KEY_ID:
                self._line(painter, rect, key_words.short_id(key), "mono", "text2")
            case Column.STATE:
                self._paint_state(painter, rect, key, is_usable)
            case Column.MATERIAL:
                words = (key_words.origin(key), key_words.kind(key))
                self._two_lines(painter, rect, words, ("body", "text" if is_usable else "text3"))
            case Column.YOU_CAN:
                self._paint_permissions(painter, rect, index.data(CheckedRole), key)
        painter.restore()

    def star_rect(self, cell: QRect, index: Index) -> QRect:
        """Where a click means the star; empty in other columns."""
        if index.column() != Column.ALIAS:
            return QRect()
        return QRect(cell.left(), cell.top(), self._theme.px(STAR_WIDTH), cell.height())

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect, state = self._theme, option.rect, option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(rect, theme.color("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("hover"))
        is_first = index.column() == Column.ALIAS
        if not is_selected:
            start = rect.left() + (theme.px(12) if is_first else 0)
            line = QRect(start, rect.bottom(), rect.right() - start + 1, 1)
            painter.fillRect(line, theme.color("border"))
        if is_selected and is_first:
            token = "accent_text" if theme.is_dark else "accent"
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color(token))
        view = option.widget
        if is_selected and view is not None and view.hasFocus():
            self._paint_focus(painter, rect, index)

    def _paint_focus(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The part of the row's ring that lies in this cell."""
        color = self._theme.color("focus")
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), color)
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), color)
        if index.column() == len(Column) - 1:
            painter.fillRect(QRect(rect.right() - 1, rect.top(), 2, rect.height()), color)

    def _paint_alias(
        self, painter: QPainter, cell: QRect, key: KmsKey, index: Index, is_usable: bool
    ) -> None:
        theme = self._theme
        is_favourite = bool(index.data(FavouriteRole))
        star = self.star_rect(cell, index)
        name, token = ("ph.star-fill", "star") if is_favourite else ("ph.star", "text3")
        paint_icon(painter, theme, name, token, star, 18)
        rect = cell.adjusted(theme.px(STAR_WIDTH), 0, -theme.px(8), -1)
        token = "text" if is_usable else "text3"
        role = "strong" if key.aliases else "mono"
        self._two_lines(painter, rect, (key.label, key.description), (role, token))

    def _paint_state(self, painter: QPainter, rect: QRect, key: KmsKey, is_usable: bool) -> None:
        theme, look = self._theme, key_look(key)
        indent = theme.px(16)
        text_rect = rect.adjusted(indent, 0, 0, 0)
        self._two_lines(
            painter, text_rect, (look.word, look.note), ("body", "text" if is_usable else "text2")
        )
        middle = rect.center().y() + 1
        if look.note:
            middle -= (QFontMetrics(theme.font("small")).height() + 1) // 2
        paint_dot(painter, QPointF(rect.left() + theme.px(4), middle), look.dot, theme)

    def _paint_permissions(
        self, painter: QPainter, rect: QRect, checked: Checked | None, key: KmsKey
    ) -> None:
        theme = self._theme
        unknown = Permission.UNKNOWN
        found = checked.permissions if checked and key.can_wrap else None
        pairs = (
            ("Encrypt", found.encrypt if found else unknown),
            ("Decrypt", found.decrypt if found else unknown),
        )
        font = theme.font("small")
        height = max(QFontMetrics(font).height(), theme.px(16)) + 3
        top = rect.center().y() - height + 1
        for word, permission in pairs:
            icon, icon_token, text_token = _MARKS[permission]
            mark = QRect(rect.left(), top, theme.px(16), height)
            paint_icon(painter, theme, icon, icon_token, mark, 16)
            line = QRect(mark.right() + theme.px(6), top, rect.right() - mark.right(), height)
            painter.setFont(font)
            painter.setPen(QPen(theme.color(text_token)))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, word)
            top += height

    def _line(self, painter: QPainter, rect: QRect, text: str, role: str, token: str) -> None:
        font = self._theme.font(role)
        painter.setFont(font)
        painter.setPen(QPen(self._theme.color(token)))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, shown)

    def _two_lines(
        self,
        painter: QPainter,
        rect: QRect,
        lines: tuple[str, str],
        look: tuple[str, str],
    ) -> None:
        """The first line in its own look, the second small; one line alone sits in the middle."""
        first, second = lines
        role, token = look
        if not second:
            self._line(painter, rect, first, role, token)
            return
        upper = QFontMetrics(self._theme.font("body")).height()
        lower = QFontMetrics(self._theme.font("small")).height()
        top = rect.top() + (rect.height() - upper - lower - 1) // 2
        self._line(painter, QRect(rect.left(), top, rect.width(), upper), first, role, token)
        font = self._theme.font("small")
        painter.setFont(font)
        painter.setPen(QPen(self._theme.color("text2")))
        shown = QFontMetrics(font).elidedText(second, Qt.TextElideMode.ElideRight, rect.width())
        line = QRect(rect.left(), top + upper + 1, rect.width(), lower)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
