"""Menus that can show a quiet word at the right and a destructive row in red."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QStyle, QStyleOptionMenuItem, QWidget

from cse_desktop.gui.look.icons import icon, paint_icon
from cse_desktop.gui.look.text import escape_mnemonic
from cse_desktop.gui.look.theme import Theme

DESTRUCTIVE: Final = "destructive"
"""Property of an action whose row is red; such a row stands last."""

PADDING: Final = 14
ICON_ROOM: Final = 26


class Menu(QMenu):
    """A QMenu that paints its own rows; all else is Qt's."""

    def __init__(self, theme: Theme, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._theme = theme
        self.setToolTipsVisible(True)

    def add(
        self,
        text: str,
        slot: Callable[[], object] | None = None,
        *,
        glyph: str = "",
        hint: str = "",
        shortcut: str = "",
        enabled: bool = True,
        destructive: bool = False,
    ) -> QAction:
        """Add a row; a "&" in the text is shown.

        Args:
            hint: a quiet word at the right ("Enabled").
            shortcut: shown at the right; the window's own action handles the keys.
        """
        shown = escape_mnemonic(text)
        action = self.addAction(f"{shown}\t{hint or shortcut}" if hint or shortcut else shown)
        if glyph:
            action.setIcon(icon(self._theme, glyph, "bad" if destructive else "text2"))
        action.setEnabled(enabled)
        action.setProperty(DESTRUCTIVE, destructive)
        if slot is not None:
            action.triggered.connect(slot)
        return action

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for action in self.actions():
            rect = self.actionGeometry(action)
            if action.isVisible() and not action.isSeparator() and event.rect().intersects(rect):
                self._paint_row(painter, rect, action)
        painter.end()

    def _paint_row(self, painter: QPainter, rect: QRect, action: QAction) -> None:
        theme = self._theme
        option = QStyleOptionMenuItem()
        self.initStyleOption(option, action)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected) and action.isEnabled()
        painter.fillRect(rect, theme.color("surface"))
        if is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(QRectF(rect), 4, 4)
        left = rect.x() + theme.px(PADDING)
        self._paint_mark(painter, QRect(left, rect.y(), theme.px(16), rect.height()), action)
        room = rect.adjusted(theme.px(PADDING + ICON_ROOM), 0, -theme.px(PADDING), 0)
        text, _, hint = option.text.partition("\t")
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color(_ink(action)))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(room, flags, text)
        if action.menu() is not None:
            side = theme.px(12)
            caret = QRect(room.right() + 1 - side, rect.y(), side, rect.height())
            paint_icon(painter, theme, "ph.caret-right", "text2", caret, 12)
        elif hint:
            painter.setPen(theme.color("text3" if action.isEnabled() else "disabled"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.setFont(theme.font("small"))
            painter.drawText(room, right, hint)

    def _paint_mark(self, painter: QPainter, box: QRect, action: QAction) -> None:
        if action.isCheckable() and action.isChecked():
            paint_icon(painter, self._theme, "ph.check", _ink(action), box)
        elif not action.icon().isNull():
            mode = QIcon.Mode.Normal if action.isEnabled() else QIcon.Mode.Disabled
            side = box.width()
            square = QRect(box.x(), box.y() + (box.height() - side) // 2, side, side)
            action.icon().paint(painter, square, Qt.AlignmentFlag.AlignCenter, mode)


def _ink(action: QAction) -> str:
    if not action.isEnabled():
        return "disabled"
    return "bad" if action.property(DESTRUCTIVE) else "text"
