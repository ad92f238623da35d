"""The state of a KMS key as a shape of 8 px and a word."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cse_desktop.core.kms_key import KmsKey
from cse_desktop.gui.look.text import count
from cse_desktop.gui.look.theme import Theme

EXPIRES_SOON_DAYS: Final = 90
SIDE: Final = 8


class Dot(Enum):
    """A shape; its meaning does not depend on its colour."""

    CIRCLE = "enabled"
    RING = "disabled"
    SQUARE = "pending deletion"
    TRIANGLE = "needs attention soon"
    DOTTED = "not checked"


_TOKENS: Final = {
    Dot.CIRCLE: "ok_solid",
    Dot.RING: "text2",
    Dot.SQUARE: "progress_bad",
    Dot.TRIANGLE: "warn_solid",
    Dot.DOTTED: "text2",
}


@dataclass(frozen=True, slots=True)
class KeyLook:
    """How the state of a key is shown.

    Attributes:
        word: the state.
        note: a second line ("in 12 days"), or "".
        tone: ok, warn, bad or neutral.
    """

    word: str
    dot: Dot
    tone: str
    note: str = ""


_STATES: Final = {
    "Enabled": KeyLook("Enabled", Dot.CIRCLE, "ok"),
    "Disabled": KeyLook("Disabled", Dot.RING, "bad"),
    "PendingDeletion": KeyLook("Pending deletion", Dot.SQUARE, "bad"),
    "PendingReplicaDeletion": KeyLook("Pending deletion", Dot.SQUARE, "bad"),
    "PendingImport": KeyLook("Waiting for key material", Dot.RING, "bad"),
    "Unavailable": KeyLook("Key store not reachable", Dot.RING, "bad"),
    "Creating": KeyLook("Getting ready", Dot.DOTTED, "neutral"),
    "Updating": KeyLook("Getting ready", Dot.DOTTED, "neutral"),
    "": KeyLook("Not checked", Dot.DOTTED, "neutral"),
}


def key_look(key: KmsKey, now: datetime | None = None) -> KeyLook:
    """How the state of a key is shown; a state this program does not know is shown by its name."""
    look = _STATES.get(key.state) or KeyLook(key.state, Dot.DOTTED, "neutral")
    moment = now or datetime.now(UTC)
    if look.dot is Dot.SQUARE and key.deletion is not None:
        return KeyLook(look.word, look.dot, look.tone, f"in {days_until(key.deletion, moment)}")
    if look.dot is Dot.CIRCLE and key.expires is not None and expires_soon(key, moment):
        note = f"Expires in {days_until(key.expires, moment)}"
        return KeyLook(look.word, Dot.TRIANGLE, "warn", note)
    return look


def expires_soon(key: KmsKey, now: datetime) -> bool:
    """Whether imported key material ends within three months."""
    return key.expires is not None and (key.expires - now).days < EXPIRES_SOON_DAYS


def days_until(moment: datetime, now: datetime) -> str:
    """Whole days until then, such as "12 days"; none when it has passed."""
    return count(max(0, (moment - now).days), "day")


def paint_dot(painter: QPainter, center: QPointF, dot: Dot, theme: Theme) -> None:
    """Paint a state dot around a point."""
    side = SIDE * theme.scale
    box = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
    color = theme.color(_TOKENS[dot])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    match dot:
        case Dot.CIRCLE:
            painter.drawEllipse(box)
        case Dot.SQUARE:
            painter.drawRoundedRect(box, 1.5, 1.5)
        case Dot.TRIANGLE:
            wide = box.adjusted(-0.5, -0.5, 0.5, 0)
            top = QPointF(wide.center().x(), wide.top())
            painter.drawPolygon(QPolygonF([top, wide.bottomRight(), wide.bottomLeft()]))
        case Dot.RING | Dot.DOTTED:
            _paint_ring(painter, box, dot, QPen(color, 1.5 * theme.scale))
    painter.restore()


def _paint_ring(painter: QPainter, box: QRectF, dot: Dot, pen: QPen) -> None:
    width = pen.widthF()
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if dot is Dot.RING:
        painter.setPen(pen)
        painter.drawEllipse(inner)
        reach = inner.width() / 2 * math.sqrt(0.5)
        middle = inner.center()
        painter.drawLine(
            QPointF(middle.x() - reach, middle.y() + reach),
            QPointF(middle.x() + reach, middle.y() - reach),
        )
        return
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for step in range(6):
        # drawArc counts in sixteenths of a degree: six strokes of 36 degrees.
        painter.drawArc(inner, (step * 60 + 12) * 16, 36 * 16)


class StateDot(QWidget):
    """A state dot that stands alone, beside the word that says the same."""

    def __init__(self, theme: Theme, dot: Dot = Dot.DOTTED, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_dot(dot)

    def set_dot(self, dot: Dot) -> None:
        """Show another state."""
        self._dot = dot
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(SIDE + 2)
        return QSize(side, self._theme.px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dot(painter, QRectF(self.rect()).center(), self._dot, self._theme)
        painter.end()
