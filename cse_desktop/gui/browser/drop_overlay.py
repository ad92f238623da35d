"""The veil over a list while files are dragged above it: what a drop would do, or why it can't."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Property, QEvent, QObject, QPropertyAnimation, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.browser.drop_card import DropCard, DropCardPainter, Fact
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CARD

__all__ = ["DropCard", "DropOverlay", "Fact"]

FADE_IN_MS: Final = 120
FADE_OUT_MS: Final = 80
VEIL: Final = 0.85
INSET: Final = 9


class DropOverlay(QWidget):
    """A child of the list's parent, above the list; it never takes an event from it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._over = parent
        self._card: DropCard | None = None
        self._is_up = False
        self._target: QRect | None = None
        self._veil = 0.0
        self._fade = QPropertyAnimation(self, b"veil", self)
        self._fade.finished.connect(self._end_fade)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        parent.installEventFilter(self)
        theme.changed.connect(self.update)

    @property
    def card(self) -> DropCard | None:
        """What it says; None while it is down."""
        return self._card if self._is_up else None

    def show_card(self, card: DropCard) -> None:
        """Appear, or say something else."""
        is_news = card != self.card
        self._card = card
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        if not self._is_up:
            self._is_up = True
            self._fade_to(1.0, FADE_IN_MS)
        if is_news:
            self.setAccessibleName(f"{card.title}. {card.text}")
            if card.is_refused:
                message = QAccessibleAnnouncementEvent(self, self.accessibleName())
                QAccessible.updateAccessibility(message)
        self.update()

    def set_target(self, rect: QRect | None) -> None:
        """Ring the folder row under the pointer, in coordinates of the parent."""
        if rect != self._target:
            self._target = rect
            self.update()

    def clear(self) -> None:
        """Disappear."""
        if self._is_up:
            self._is_up = False
            self._target = None
            self._fade_to(0.0, FADE_OUT_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        card = self._card
        if card is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(self._veil * VEIL)
        painter.fillRect(
            self.rect(), self._theme.color("bad_bg" if card.is_refused else "accent_soft")
        )
        painter.setOpacity(self._veil)
        self._paint_outline(painter, card)
        DropCardPainter(self._theme, card).paint(painter, self.rect())
        if self._target is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self._target).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_outline(self, painter: QPainter, card: DropCard) -> None:
        pen = QPen(self._theme.color("bad" if card.is_refused else "focus"), 2)
        pen.setDashPattern([4, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET)
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)

    def _fade_to(self, veil: float, duration_ms: int) -> None:
        self._fade.stop()
        if self._theme.reduced_motion:
            self._set_veil(veil)
            self._end_fade()
            return
        self._fade.setDuration(duration_ms)
        self._fade.setStartValue(self._veil)
        self._fade.setEndValue(veil)
        self._fade.start()

    def _end_fade(self) -> None:
        if not self._is_up:
            self._card = None
            self.hide()

    def _get_veil(self) -> float:
        return self._veil

    def _set_veil(self, veil: float) -> None:
        self._veil = veil
        self.update()

    veil = Property(float, _get_veil, _set_veil)
