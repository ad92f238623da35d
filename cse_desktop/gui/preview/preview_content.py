"""What verified bytes are, and how they are shown: an image, text, or bytes. Any thread."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

IMAGE_FORMATS: Final = frozenset(
    (b"png", b"jpg", b"jpeg", b"gif", b"bmp", b"webp", b"tif", b"tiff", b"ico", b"icns", b"ppm")
)
"""Pictures made of pixels. SVG is shown as the text that it is: drawn, it may name other files."""

MAX_PIXELS: Final = 50_000_000
MAX_TEXT_BYTES: Final = 2_000_000
MAX_LINE: Final = 5_000
"""Longer lines are broken for the screen: laying out one line of megabytes takes seconds."""
MAX_HEX_BYTES: Final = 65_536
HEX_COLUMNS: Final = 16
_HEAD_BYTES: Final = 4096

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SHOWN_CONTROLS: Final = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image, upright as its EXIF data ask.

    Attributes:
        full_size: in pixels, as stored; a very large one is held smaller.
    """

    image: QImage = field(repr=False)
    full_size: QSize


@dataclass(frozen=True, slots=True)
class Text:
    """Characters.

    Attributes:
        encoding: as a person would say it.
        is_cut: only the beginning is here.
        has_broken_lines: some lines were too long for the screen.
    """

    text: str = field(repr=False)
    encoding: str
    is_cut: bool = False
    has_broken_lines: bool = False


@dataclass(frozen=True, slots=True)
class Hex:
    """Bytes as figures, 16 a line, with the characters beside them."""

    text: str = field(repr=False)
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Pdf:
    """Pages that this program cannot draw: Qt's PDF module is no part of Qt Essentials."""


Content = Picture | Text | Hex | Pdf


def content_of(data: memoryview) -> Content:
    """Find out by looking at the bytes; a name may say anything."""
    if bytes(data[:5]) == b"%PDF-":
        return Pdf()
    return _picture(data) or _text(data) or _hex(data)


def _picture(data: memoryview) -> Picture | None:
    if _image_format(bytes(data[:_HEAD_BYTES])) not in IMAGE_FORMATS:
        return None
    copied = bytearray(data)
    held = QByteArray(copied)
    copied[:] = bytes(len(copied))
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    try:
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        size = reader.size()
        pixels = size.width() * size.height()
        if pixels > MAX_PIXELS:
            reader.setScaledSize(size * (MAX_PIXELS / pixels) ** 0.5)
        image = reader.read()
        return None if image.isNull() else Picture(image, size)
    finally:
        buffer.close()
        held.fill(0)


def _image_format(head: bytes) -> bytes:
    held = QByteArray(head)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    found = QImageReader.imageFormat(buffer)
    buffer.close()
    return bytes(found.data()).lower()


def _text(data: memoryview) -> Text | None:
    head = bytes(data[:MAX_TEXT_BYTES])
    is_cut = len(data) > len(head)
    for mark, codec, name in _BOMS:
        if head.startswith(mark):
            text = head.decode(codec, errors="replace")
            return _shown(text, name, is_cut=is_cut)
    if _CONTROLS.search(head):
        return None
    try:
        # The cut may go through the middle of a character.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, not is_cut)
        name = "ASCII" if text.isascii() and text else "UTF-8"
    except UnicodeDecodeError:
        if any(0x80 <= byte <= 0x9F for byte in set(head)):
            return None
        text, name = head.decode("latin-1"), "Latin-1"
    return _shown(text, name, is_cut=is_cut)


def _shown(text: str, encoding: str, *, is_cut: bool) -> Text:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SHOWN_CONTROLS).split("\n")
    has_long = any(len(line) > MAX_LINE for line in lines)
    if has_long:
        lines = [
            line[start : start + MAX_LINE]
            for line in lines
            for start in range(0, max(1, len(line)), MAX_LINE)
        ]
    return Text("\n".join(lines), encoding, is_cut, has_long)


def _hex(data: memoryview) -> Hex:
    lines = []
    for start in range(0, min(len(data), MAX_HEX_BYTES), HEX_COLUMNS):
        row = bytes(data[start : start + HEX_COLUMNS])
        figures = " ".join((row[:8].hex(" "), "", row[8:].hex(" "))).ljust(3 * HEX_COLUMNS + 1)
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        lines.append(f"{start:08x}  {figures} {letters}")
    return Hex("\n".join(lines), len(data) > MAX_HEX_BYTES)
