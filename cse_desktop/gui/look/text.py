"""Numbers, sizes, times and foreign text as the user reads them. No widgets."""

from __future__ import annotations

import html
import unicodedata
from datetime import datetime
from typing import Final

from PySide6 import QtGui
from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, QTime
from PySide6.QtGui import QFontMetrics

UNITS: Final = ("B", "KB", "MB", "GB", "TB", "PB")
JOINERS: Final = "\u200c\u200d"
"""Zero-width characters that letters of some scripts and emoji need between them."""


def locale() -> QLocale:
    """The user's locale; British English where the system names none."""
    own = QLocale()
    if own.language() == QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    return own


def number(value: int) -> str:
    """A whole number with thousands separators: "2,184"."""
    text = locale().toString(abs(value))
    return f"-{text}" if value < 0 else text


def count(value: int, noun: str, plural: str = "") -> str:
    """A number and its noun: "1 file", "2,184 files"; `plural` where it is irregular."""
    return f"{number(value)} {noun if value == 1 else plural or noun + 's'}"


def size(value: int) -> str:
    """A size in decimal units: "512 B", "642.0 KB", "1.84 MB", "48.1 MB"."""
    figure, unit = _scaled(value)
    return f"{figure} {unit}"


def about(value: int) -> str:
    """A size that is not exact: "≈ 48.1 MB"."""
    return f"≈ {size(value)}"


def exact_size(value: int) -> str:
    """A size to the byte: "1,840,112 bytes"."""
    return count(value, "byte")


def part_of(done: int, total: int) -> str:
    """How much of how much, the unit said once: "178.2 of 286.4 MB"."""
    left, left_unit = _scaled(done)
    right, right_unit = _scaled(total)
    if done == 0:
        left, left_unit = "0", right_unit
    if left_unit == right_unit:
        return f"{left} of {right} {right_unit}"
    return f"{left} {left_unit} of {right} {right_unit}"


def percent(done: int, total: int) -> str:
    """A share, never rounded up to 100%: "62%"."""
    return f"{done * 100 // total if total else 100}%"


def rate(bytes_per_s: float) -> str:
    """A speed: "42.1 MB/s"."""
    return f"{size(round(bytes_per_s))}/s"


def left(seconds: float) -> str:
    """Time left: "3 s left", "about 1 min left", "about 2 h 5 min left"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s left"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"about {minutes} min left"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"about {number(round(hours / 24))} days left"
    return f"about {hours} h {minutes} min left" if minutes else f"about {hours} h left"


def date(moment: datetime) -> str:
    """Date and time of day in local time: "31 Jul 2025, 17:42"."""
    own = locale()
    local = moment.astimezone() if moment.tzinfo else moment
    day = own.toString(QDate(local.year, local.month, local.day), "d MMM yyyy")
    return f"{day}, {clock(local)}"


def clock(moment: datetime) -> str:
    """Time of day in local time: "17:42"."""
    own = locale()
    local = moment.astimezone() if moment.tzinfo else moment
    pattern = own.timeFormat(QLocale.FormatType.ShortFormat)
    return own.toString(QTime(local.hour, local.minute), pattern)


def utc(moment: datetime) -> str:
    """A moment for details that others read: "2025-07-31T15:46:09Z"."""
    stamp = QDateTime.fromSecsSinceEpoch(int(moment.timestamp())).toUTC()
    return stamp.toString(Qt.DateFormat.ISODate)


def elide_middle(metrics: QFontMetrics, text: str, width: int) -> str:
    """Names keep their beginning and their end."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def elide_right(metrics: QFontMetrics, text: str, width: int) -> str:
    """Sentences keep their beginning."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def visible(text: str) -> str:
    r"""Foreign text with everything shown that would hide or reorder: "a\u{202e}fdp.exe".

    Control and format characters (bidirectional overrides, zero-width spaces, line breaks) become
    escapes. A zero-width joiner stays where it does its work: between two non-ASCII characters.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{{{ord(char):x}}}" if _hides(text, at) else char for at, char in enumerate(text)
    )


def tip(text: str) -> str:
    """Text for a tooltip, which guesses whether it is markup: a file may be called "<b>"."""
    is_markup = QtGui.Qt.mightBeRichText(text)  # which QtCore's Qt does not have
    return f"<qt>{html.escape(text)}</qt>" if is_markup else text


def escape_mnemonic(text: str) -> str:
    """Text for a button, menu or tab, where "&" would underline the next letter."""
    return text.replace("&", "&&")


def curly(text: str) -> str:
    """A name in quotation marks."""
    return f"“{text}”"


def _hides(text: str, at: int) -> bool:
    char = text[at]
    if char in JOINERS and 0 < at < len(text) - 1:
        return text[at - 1].isascii() or text[at + 1].isascii()
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _scaled(value: int) -> tuple[str, str]:
    if value < 1000:
        return number(value), UNITS[0]
    amount = float(value)
    for unit in UNITS[1:]:
        amount /= 1000
        # 999.95 would be shown as 1000.0 of the smaller unit.
        if amount < 999.95 or unit == UNITS[-1]:
            break
    digits = 2 if amount < 9.995 and unit != "KB" else 1
    return locale().toString(amount, "f", digits), unit
