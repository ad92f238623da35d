"""Where each part of a transfer row stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QStyle

from cse_desktop.gui.look.theme import Theme

ACTIONS: Final = 3

_MARGIN: Final = 16
_TILE: Final = 28
_BUTTON: Final = 24
_STEP: Final = 30
_WIDE: Final = 980
_MIDDLE: Final = 820
_NARROW: Final = 560
_TINY: Final = 460


@dataclass(frozen=True, slots=True)
class Columns:
    """The parts of a row; those that the row is too narrow for are empty.

    First speed and time left go, then the bar with what belongs to it.

    Attributes:
        name: two lines: name, and from where to where.
        bar, percent: first line; `amount` is the line below.
        actions: from the first action to the last; empty ones stand first.
    """

    tile: QRect
    name: QRect
    bar: QRect
    percent: QRect
    amount: QRect
    speed: QRect
    left: QRect
    state: QRect
    actions: tuple[QRect, ...]


def columns(theme: Theme, row: QRect, direction: Qt.LayoutDirection) -> Columns:
    """Divide a row; the name takes what the others leave. Right to left, all is mirrored."""
    px = theme.px
    inner = row.adjusted(px(_MARGIN), 0, -px(_MARGIN), 0)
    width = row.width() / theme.scale
    has_pace, has_bar = width >= _MIDDLE, width >= _NARROW
    state_width, bar_width = (254, 156) if width >= _WIDE else (196, 100)
    if width < _TINY:
        state_width = 120
    cursor = inner.right() + 1

    def take(measure: int, gap: int = 0) -> QRect:
        nonlocal cursor
        cursor -= px(measure)
        taken = QRect(cursor, row.y(), px(measure), row.height())
        cursor -= px(gap)
        return taken

    buttons = []
    for at in range(ACTIONS):
        buttons.append(take(_BUTTON, _STEP - _BUTTON if at < ACTIONS - 1 else 8))
    state = take(state_width, 8)
    left = take(72, 24) if has_pace else QRect()
    speed = take(84, 16) if has_pace else QRect()
    percent = take(46) if has_bar else QRect()
    bar = take(bar_width, 16) if has_bar else QRect()
    tile = QRect(inner.x(), row.y(), px(_TILE), row.height())
    name_left = tile.right() + 1 + px(12)
    name = QRect(name_left, row.y(), max(0, cursor - name_left), row.height())
    amount = bar.united(percent)
    square = QSize(px(_BUTTON), px(_BUTTON))

    def place(part: QRect) -> QRect:
        return part if part.isEmpty() else QStyle.visualRect(direction, row, part)

    return Columns(
        tile=place(_centred(tile, QSize(px(_TILE), px(_TILE)))),
        name=place(name),
        bar=place(_centred(_line(row, bar, 0), QSize(bar.width(), px(6)))),
        percent=place(_line(row, percent, 0)),
        amount=place(_line(row, amount, 1)),
        speed=place(speed),
        left=place(left),
        state=place(state),
        actions=tuple(place(_centred(button, square)) for button in reversed(buttons)),
    )


def first_line(row: QRect, part: QRect) -> QRect:
    """The upper of two lines."""
    return _line(row, part, 0)


def second_line(row: QRect, part: QRect) -> QRect:
    """The lower of two lines."""
    return _line(row, part, 1)


def _line(row: QRect, part: QRect, line: int) -> QRect:
    # Two lines of three eighths of the height each, close together in the middle.
    height = row.height() * 3 // 8
    top = row.y() + (row.height() - 2 * height) // 2
    return QRect(part.x(), top + line * height, part.width(), height)


def _centred(part: QRect, size: QSize) -> QRect:
    made = QRect(QPoint(0, 0), size)
    made.moveCenter(part.center())
    return made
