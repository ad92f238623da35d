"""Tabs with a count in a pill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from cse_desktop.gui.look.text import escape_mnemonic, number
from cse_desktop.gui.look.theme import Theme

HEIGHT: Final = 40
PADDING: Final = 4
GAP: Final = 6
DISTANCE: Final = 8
PILL_HEIGHT: Final = 18
PILL_PADDING: Final = 6


@dataclass(frozen=True, slots=True)
class _Tab:
    text: str
    count: int | None
    tone: str


class TabStrip(QTabBar):
    """A tab bar without frames: the current tab is underlined, counts stand in pills.

    `currentChanged` tells the choice, as with every tab bar.
    """

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tabs: list[_Tab] = []
        self._hovered = -1
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._relayout)

    def add(self, text: str, count: int | None = None, *, tone: str = "neutral") -> int:
        """Add a tab.

        Args:
            count: in a pill; None for no pill.
            tone: "bad" makes the pill red while the count is not zero.
        """
        self._tabs.append(_Tab(text, count, tone))
        index = self.addTab(escape_mnemonic(text))
        self._name(index)
        return index

    def set_count(self, index: int, count: int | None) -> None:
        """Change the count of a tab."""
        if self._tabs[index].count != count:
            self._tabs[index] = replace(self._tabs[index], count=count)
            self._name(index)
            self._relayout()

    def count_of(self, index: int) -> int | None:
        """The count that a tab shows."""
        return self._tabs[index].count

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        if index >= len(self._tabs):
            return QSize(0, self._theme.px(HEIGHT))
        tab = self._tabs[index]
        text = QFontMetrics(self._theme.font("strong")).horizontalAdvance(tab.text)
        pill = self._pill_width(tab) + GAP if tab.count is not None else 0
        return QSize(text + pill + 2 * PADDING + 2 * DISTANCE, self._theme.px(HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        return self.tabSizeHint(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hovered = self.tabAt(event.position().toPoint())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self._tabs)):
            if self.isTabVisible(index):
                self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        theme, tab = self._theme, self._tabs[index]
        rect = self.tabRect(index)
        is_current = index == self.currentIndex()
        is_hovered = index == self._hovered and self.underMouse()
        inner = rect.adjusted(DISTANCE, 0, -DISTANCE, 0)
        painter.setFont(theme.font("strong"))
        token = "text" if is_current or is_hovered else "text2"
        painter.setPen(theme.color(token if self.isTabEnabled(index) else "disabled"))
        words = inner.adjusted(PADDING, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, tab.text)
        if tab.count is not None:
            left = words.x() + painter.fontMetrics().horizontalAdvance(tab.text) + GAP
            self._paint_pill(painter, left, tab, is_current)
        if is_current:
            # On dark surfaces the accent itself is too weak for a bar.
            line = theme.color("accent_text" if theme.is_dark else "accent")
            painter.fillRect(inner.x(), rect.bottom() - 1, inner.width(), 2, line)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(inner).adjusted(-3, 5, 3, -5), 4, 4)

    def _paint_pill(self, painter: QPainter, left: int, tab: _Tab, is_current: bool) -> None:
        theme = self._theme
        height = theme.px(PILL_HEIGHT)
        box = QRect(left, (self.height() - height) // 2, self._pill_width(tab), height)
        fill, ink = ("info_bg", "info") if is_current else ("sunken", "text2")
        if tab.tone == "bad" and tab.count:
            fill, ink = "bad_bg", "bad"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(theme.font("badge", tabular=True))
        painter.setPen(theme.color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number(tab.count or 0))

    def _pill_width(self, tab: _Tab) -> int:
        metrics = QFontMetrics(self._theme.font("badge", tabular=True))
        text = metrics.horizontalAdvance(number(tab.count or 0))
        return max(self._theme.px(PILL_HEIGHT), text + 2 * PILL_PADDING)

    def _name(self, index: int) -> None:
        tab = self._tabs[index]
        spoken = tab.text if tab.count is None else f"{tab.text}, {number(tab.count)}"
        self.setAccessibleTabName(index, spoken)

    def _relayout(self) -> None:
        # A tab bar measures its tabs again only when one of them changes.
        for index, tab in enumerate(self._tabs):
            self.setTabText(index, "")
            self.setTabText(index, escape_mnemonic(tab.text))
        self.updateGeometry()
        self.update()
