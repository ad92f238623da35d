"""The card in the middle of the drop veil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import elide_middle
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import RADIUS_CARD, RADIUS_CONTROL

CARD_WIDTH: Final = 560
CARD_HEIGHT: Final = 268
MARGIN: Final = 24
TILE: Final = 56
FACT_HEIGHT: Final = 30
FACT_PADDING: Final = 12
GAP: Final = 8

_LINES: Final = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
_LIMITLESS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Fact:
    """An icon and a few words in a frame."""

    glyph: str
    text: str


@dataclass(frozen=True, slots=True)
class DropCard:
    """What the card says.

    Attributes:
        is_refused: the drop would do nothing; everything is red.
    """

    title: str
    text: str
    facts: tuple[Fact, ...] = ()
    hint: str = ""
    is_refused: bool = False
    glyph: str = "mdi6.lock"


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the card: the distance above it, and its height."""

    name: str
    above: int
    height: int


class DropCardPainter:
    """Measures and paints one card; what does not fit is left out from the bottom up."""

    def __init__(self, theme: Theme, card: DropCard) -> None:
        self._theme = theme
        self._card = card

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint the card in the middle of an area."""
        px = self._theme.px
        width = min(px(CARD_WIDTH), area.width() - 2 * MARGIN)
        inner_width = width - 2 * MARGIN
        room = area.height() - 2 * MARGIN
        blocks = self._blocks(inner_width)
        while len(blocks) > 1 and _height(blocks) + 2 * px(16) > room:
            blocks.pop()
        if inner_width < px(80):
            return
        height = min(max(px(CARD_HEIGHT), _height(blocks) + 2 * px(28)), room)
        box = QRect(0, 0, width, height)
        box.moveCenter(area.center())
        self._paint_box(painter, box)
        top = box.y() + (height - _height(blocks)) // 2
        for block in blocks:
            top += block.above
            self._paint_block(
                painter, block, QRect(box.x() + MARGIN, top, inner_width, block.height)
            )
            top += block.height

    def _blocks(self, width: int) -> list[_Block]:
        px, card = self._theme.px, self._card
        blocks = [
            _Block("tile", 0, px(TILE)),
            _Block("title", px(18), self._text_height(card.title, "h1", width)),
            _Block("text", px(8), self._text_height(card.text, "body", width)),
        ]
        if card.facts:
            rows = len(self._fact_rows(width))
            blocks.append(_Block("facts", px(18), rows * (px(FACT_HEIGHT) + GAP) - GAP))
        if card.hint:
            blocks.append(_Block("hint", px(17), self._text_height(card.hint, "small", width)))
        return blocks

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        border = "bad_border" if self._card.is_refused else "info_border"
        painter.setPen(QPen(self._theme.color(border), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(
            QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD
        )

    def _paint_block(self, painter: QPainter, block: _Block, rect: QRect) -> None:
        card = self._card
        match block.name:
            case "tile":
                self._paint_tile(painter, rect)
            case "title":
                self._paint_text(painter, rect, card.title, ("h1", "text"))
            case "text":
                self._paint_text(painter, rect, card.text, ("body", "text2"))
            case "facts":
                self._paint_facts(painter, rect)
            case "hint":
                self._paint_text(painter, rect, card.hint, ("small", "text2"))

    def _paint_tile(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        side = theme.px(TILE)
        tile = QRect(rect.center().x() - side // 2, rect.y(), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bad_solid" if self._card.is_refused else "accent"))
        painter.drawRoundedRect(tile, 12, 12)
        paint_icon(painter, theme, self._card.glyph, "on_accent", tile, 32)

    def _paint_text(
        self, painter: QPainter, rect: QRect, text: str, style: tuple[str, str]
    ) -> None:
        role, token = style
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(token))
        painter.drawText(rect, _LINES, text)

    def _paint_facts(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        height = theme.px(FACT_HEIGHT)
        top = rect.y()
        for row in self._fact_rows(rect.width()):
            widths = [self._fact_width(fact, rect.width()) for fact in row]
            left = rect.x() + (rect.width() - sum(widths) - GAP * (len(row) - 1)) // 2
            for fact, width in zip(row, widths, strict=True):
                self._paint_fact(painter, QRect(left, top, width, height), fact)
                left += width + GAP
            top += height + GAP

    def _paint_fact(self, painter: QPainter, box: QRect, fact: Fact) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.color("border_button"), 1))
        painter.setBrush(theme.color("subtle"))
        painter.drawRoundedRect(
            QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CONTROL, RADIUS_CONTROL
        )
        side, padding = theme.px(16), theme.px(FACT_PADDING)
        icon = QRect(box.x() + padding, box.y(), side, box.height())
        paint_icon(painter, theme, fact.glyph, "text2", icon)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        left = icon.right() + 1 + GAP - 2
        room = QRect(left, box.y(), box.right() + 2 - padding - left, box.height())
        text = elide_middle(painter.fontMetrics(), fact.text, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _fact_rows(self, width: int) -> list[list[Fact]]:
        """The facts in as many rows as they need."""
        rows: list[list[Fact]] = []
        left = 0
        for fact in self._card.facts:
            wanted = self._fact_width(fact, width)
            if not rows or left + GAP + wanted > width:
                rows.append([])
                left = -GAP
            rows[-1].append(fact)
            left += GAP + wanted
        return rows

    def _fact_width(self, fact: Fact, limit: int) -> int:
        px = self._theme.px
        text = QFontMetrics(self._theme.font("body")).horizontalAdvance(fact.text)
        return min(limit, text + px(16) + GAP + 2 * px(FACT_PADDING))

    def _text_height(self, text: str, role: str, width: int) -> int:
        room = QRect(0, 0, width, _LIMITLESS)
        return QFontMetrics(self._theme.font(role)).boundingRect(room, _LINES, text).height()


def _height(blocks: list[_Block]) -> int:
    return sum(block.above + block.height for block in blocks)
