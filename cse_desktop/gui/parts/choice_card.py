"""A large choice: tile, title, two lines, chevron."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CARD

_PADDING = 16
_TILE = 40


class ChoiceCard(QAbstractButton):
    """One of several choices; a button group makes them exclusive.

    Signals:
        opened: a double click or Enter: this, and go on.
    """

    opened = Signal()

    def __init__(
        self, theme: Theme, glyph: str, tone: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._tone = tone
        self._title = title
        self._words = ""
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        theme.changed.connect(self.updateGeometry)

    def set_words(self, words: str) -> None:
        """Change the lines below the title."""
        self._words = words
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._theme.px(316)
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for the title and the wrapped words."""
        title = QFontMetrics(self._theme.font("h3")).height()
        room = QRect(0, 0, self._text_width(width), 10_000)
        metrics = QFontMetrics(self._theme.font("small"))
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._words).height()
        return max(self._theme.px(80), title + words + 6 + 2 * self._theme.px(_PADDING))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.setChecked(True)
            self.opened.emit()
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, padding = self._theme, self._theme.px(_PADDING)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        tile = QRect(padding, padding - 1, theme.px(_TILE), theme.px(_TILE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._tone}_bg"))
        painter.drawRoundedRect(tile, 6, 6)
        paint_icon(painter, theme, self._glyph, self._tone, tile, 20)
        self._paint_words(painter, tile.right() + 1 + theme.px(12))
        chevron = QRect(self.width() - theme.px(28), 0, theme.px(16), self.height())
        paint_icon(painter, theme, "ph.caret-right", "text2", chevron, 14)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        theme = self._theme
        is_hot = self.isChecked() or self.hasFocus()
        width = 2 if is_hot else 1
        token = "border"
        if self.isChecked():
            token = "accent_text" if theme.is_dark else "accent"
        if self.hasFocus():
            token = "focus"
        painter.setPen(QPen(theme.color(token), width))
        is_hovered = self.underMouse() and not self.isChecked()
        painter.setBrush(theme.color("hover" if is_hovered else "surface"))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)

    def _paint_words(self, painter: QPainter, left: int) -> None:
        theme = self._theme
        width = self._text_width(self.width())
        top = theme.px(_PADDING) - 2
        painter.setFont(theme.font("h3"))
        painter.setPen(theme.color("text"))
        height = painter.fontMetrics().height()
        painter.drawText(
            QRect(left, top, width, height), Qt.AlignmentFlag.AlignVCenter, self._title
        )
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        corner = QPoint(left, top + height + 3)
        room = QRect(corner, QSize(width, self.height() - corner.y()))
        painter.drawText(room, Qt.TextFlag.TextWordWrap, self._words)

    def _text_width(self, width: int) -> int:
        return width - self._theme.px(_PADDING + _TILE + 12 + 34)
