"""Sizes, times and names as a terminal shows them."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = ("kB", "MB", "GB", "TB")

_UNSAFE: Final = re.compile(
    # Controls move the cursor or change the title; directions, joiners and separators hide text.
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Give the text with everything that a terminal would obey or hide as escapes."""

    def escape(match: re.Match[str]) -> str:
        code = ord(match[0])
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

    return _UNSAFE.sub(escape, text)


def visible_lines(text: str) -> str:
    """As `visible`, but lines stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def size(count: int) -> str:
    """Give a number of bytes in decimal units: "1.84 MB"."""
    if count < 1000:
        return f"{count} bytes" if count != 1 else "1 byte"
    value = float(count)
    for unit in _UNITS:
        value /= 1000
        if value < 999.5 or unit == _UNITS[-1]:
            break
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{digits}f} {unit}"


def duration(seconds: float) -> str:
    """Give a time span: "4.2 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def count(number: int, noun: str) -> str:
    """Give "1 file" or "1,204 files"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
