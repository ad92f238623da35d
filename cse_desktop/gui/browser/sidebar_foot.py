"""The foot of the sidebar: add a connection, keys, settings."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import elide_right
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CONTROL
from cse_desktop.gui.parts.buttons import icon_button, line


class FootRow(QAbstractButton):
    """A row of the foot: icon, word, and its shortcut at the right."""

    def __init__(
        self,
        theme: Theme,
        glyph: str,
        text: str,
        shortcut: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._shortcut = shortcut
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        line_height = QFontMetrics(self._theme.font("body")).height()
        return QSize(self._theme.px(160), max(self._theme.px(32), line_height + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.rect().adjusted(8, 0, -8, 0)
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("pressed" if self.isDown() else "hover"))
            painter.drawRoundedRect(rect, RADIUS_CONTROL, RADIUS_CONTROL)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 5, 5)
        side = theme.px(16)
        icon = QRect(theme.px(16), 0, side, self.height())
        paint_icon(painter, theme, self._glyph, "text2", icon, 16)
        right = self.width() - theme.px(16)
        if self._shortcut:
            painter.setFont(theme.font("caption"))
            painter.setPen(theme.color("text3"))
            width = painter.fontMetrics().horizontalAdvance(self._shortcut)
            room = QRect(right - width, 0, width + 1, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._shortcut)
            right -= width + theme.px(8)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        left = theme.px(40)
        room = QRect(left, 0, right - left, self.height())
        shown = elide_right(painter.fontMetrics(), self.text(), room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class SidebarFoot(QWidget):
    """Three rows, or one row of icons where the window is low.

    Signals:
        add_connection_asked, keys_asked, settings_asked: pressed.
    """

    add_connection_asked = Signal()
    keys_asked = Signal()
    settings_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tall = self._make_tall(theme)
        self._low = self._make_low(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tall)
        column.addWidget(self._low)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """One row of icons instead of three rows."""
        self._tall.setVisible(not compact)
        self._low.setVisible(compact)

    def _make_tall(self, theme: Theme) -> QWidget:
        rows = QWidget()
        add = FootRow(theme, "ph.plus", "Add connection")
        keys = FootRow(theme, "ph.key", "Keys", "Ctrl+K")
        settings = FootRow(theme, "ph.gear", "Settings", "Ctrl+,")
        self._connect(add, keys, settings)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(0)
        column.addWidget(add)
        column.addSpacing(6)
        column.addWidget(line())
        column.addSpacing(6)
        column.addWidget(keys)
        column.addWidget(settings)
        return rows

    def _make_low(self, theme: Theme) -> QWidget:
        icons = QWidget()
        add = icon_button(theme, "ph.plus", "Add connection")
        keys = icon_button(theme, "ph.key", "Keys", shortcut="Ctrl+K")
        settings = icon_button(theme, "ph.gear", "Settings", shortcut="Ctrl+,")
        self._connect(add, keys, settings)
        row = QHBoxLayout()
        row.setContentsMargins(12, 3, 12, 4)
        row.setSpacing(4)
        row.addWidget(add)
        row.addStretch(1)
        row.addWidget(keys)
        row.addWidget(settings)
        column = QVBoxLayout(icons)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        column.addLayout(row)
        return icons

    def _connect(
        self, add: QAbstractButton, keys: QAbstractButton, settings: QAbstractButton
    ) -> None:
        add.clicked.connect(self.add_connection_asked)
        keys.clicked.connect(self.keys_asked)
        settings.clicked.connect(self.settings_asked)
