"""Rows, navigation and theme pictures of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QSizePolicy,
    QWidget,
)

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import DARK, LIGHT, RADIUS_CARD, RADIUS_CONTROL
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.layouts import hbox, vbox

PICTURE_SIZE: Final = QSize(148, 88)

_BARS: Final = ("ok_border", "ok_border", "warn_border", "ok_border")


class SettingRow(QWidget):
    """What a setting is on the left, its control on the right."""

    def __init__(
        self, title: str, words: str, control: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        lines = vbox(1)
        lines.addWidget(label(title, "strong"))
        self.words = label(words, "small", "text2", wrap=True)
        lines.addWidget(self.words)
        row = hbox(16, self)
        row.setContentsMargins(0, 8, 0, 8)
        row.addLayout(lines, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)


def set_checked(box: QCheckBox, is_on: bool) -> None:
    """Show a choice without telling anybody."""
    box.blockSignals(True)
    box.setChecked(is_on)
    box.blockSignals(False)


class NavButton(QAbstractButton):
    """A page in the navigation: icon, word, bar when it is open."""

    def __init__(self, theme: Theme, glyph: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(196), self._theme.px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(theme.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.color("selected" if self.isChecked() else "hover"))
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        if self.isChecked():
            bar = QRect(0, (self.height() - theme.px(16)) // 2, 3, theme.px(16))
            painter.fillRect(bar, theme.color("accent_text" if theme.is_dark else "accent"))
        token = "accent_text" if self.isChecked() else "text2"
        icon = QRect(theme.px(14), 0, theme.px(16), self.height())
        paint_icon(painter, theme, self._glyph, token, icon)
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("strong" if self.isChecked() else "body"))
        words = self.rect().adjusted(theme.px(40), 0, -8, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class ThemePicture(QAbstractButton):
    """A small window in the colours of a theme; light and dark halves for the system's."""

    def __init__(self, theme: Theme, mode: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mode = mode
        self._words = words
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{words} theme")
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        line = self._theme.px(32)
        return QSize(
            self._theme.px(PICTURE_SIZE.width()), self._theme.px(PICTURE_SIZE.height()) + line
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRect(0, 0, self.width(), theme.px(PICTURE_SIZE.height()))
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), RADIUS_CARD, RADIUS_CARD)
        painter.setClipPath(clip)
        half = QRect(box.left(), box.top(), box.width() // 2, box.height())
        match self._mode:
            case "system":
                self._paint_window(painter, box, DARK)
                painter.setClipRect(half, Qt.ClipOperation.IntersectClip)
                self._paint_window(painter, box, LIGHT)
            case "dark":
                self._paint_window(painter, box, DARK)
            case _:
                self._paint_window(painter, box, LIGHT)
        painter.setClipping(False)
        self._paint_frame(painter, box)
        self._paint_words(painter, box.bottom() + 1)
        painter.end()

    def _paint_frame(self, painter: QPainter, box: QRect) -> None:
        theme, is_on = self._theme, self.isChecked()
        on = "accent_text" if theme.is_dark else "accent"
        token = "focus" if self.hasFocus() else on if is_on else "border_button"
        width = 2 if is_on or self.hasFocus() else 1
        painter.setPen(QPen(theme.color(token), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        frame = QRectF(box).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, RADIUS_CARD, RADIUS_CARD)

    def _paint_words(self, painter: QPainter, top: int) -> None:
        theme, is_on = self._theme, self.isChecked()
        side = theme.px(16)
        height = self.height() - top
        radio = QRectF(1, top + (height - side) / 2, side, side).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("accent" if is_on else "border_strong"), 1))
        painter.setBrush(theme.color("accent" if is_on else "surface"))
        painter.drawEllipse(radio)
        if is_on:
            inset = side * 0.31
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("on_accent"))
            painter.drawEllipse(radio.adjusted(inset, inset, -inset, -inset))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("strong" if is_on else "body"))
        words = QRect(side + theme.px(10), top, self.width(), height)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._words)

    def _paint_window(self, painter: QPainter, box: QRect, colors: Mapping[str, str]) -> None:
        """Sidebar, two buttons, four rows with badges; in units of the picture."""
        unit = box.width() / PICTURE_SIZE.width()

        def bar(left: float, top: float, width: float, height: float, token: str) -> None:
            painter.setBrush(QColor(colors[token]))
            painter.drawRoundedRect(
                QRectF(left * unit, top * unit, width * unit, height * unit), 2, 2
            )

        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(box, QColor(colors["surface"]))
        bar(0, 0, PICTURE_SIZE.width(), 12, "sunken")
        bar(0, 12, 40, PICTURE_SIZE.height(), "window")
        for row in range(4):
            bar(6, 20 + 12 * row, 29, 6, "selected" if row == 1 else "sunken")
        bar(48, 18, 26, 10, "accent")
        bar(78, 18, 36, 10, "sunken")
        for row, badge in enumerate(_BARS):
            bar(48, 37 + 12 * row, 44 if row % 2 else 34, 4, "text3")
            bar(104, 36 + 12 * row, 30, 6, badge)
