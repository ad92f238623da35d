"""Icon glyphs as pixmaps, from the two icon fonts that the design uses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPixmap, QRawFont

FONT_SHARE: Final = 0.875
"""Font size of a glyph in a box of size 1; as qtawesome has it, whose scale factors these are."""


@dataclass(frozen=True, slots=True)
class IconFont:
    """One of qtawesome's fonts: how its files begin, and what makes its glyphs fill their box."""

    stem: str
    scale: float


FONTS: Final = {
    "ph": IconFont("phosphor", 1.14),
    "mdi6": IconFont("materialdesignicons6-webfont", 1.1),
}


class Glyphs:
    """Pixmaps of glyphs, each drawn once per name, colour, size and device pixel ratio.

    GUI thread; needs a QApplication. Only qtawesome's font files are used. Its modules, and the
    wrapper of all of Qt that they import, would cost a fifth of the time the program starts in.
    """

    def __init__(self) -> None:
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, color: QColor, size: int, dpr: float = 1.0) -> QPixmap:
        """A square pixmap of `size` logical pixels; an unknown name raises KeyError."""
        key = (name, color.name(QColor.NameFormat.HexArgb), size, dpr)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = _drawn(name, color, size, dpr)
        return found

    def has(self, name: str) -> bool:
        """Whether the installed fonts know a name such as "ph.key"."""
        prefix, _, glyph = name.partition(".")
        return prefix in FONTS and glyph in _names(FONTS[prefix])


def _drawn(name: str, color: QColor, size: int, dpr: float) -> QPixmap:
    side = max(1, round(size * dpr))
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Drawn as a path, not as text: hinting would move thin strokes by half a pixel.
    painter.fillPath(_path(name, side), color)
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def _path(name: str, side: int) -> QPainterPath:
    """The outline of a glyph in the middle of a square."""
    prefix, _, glyph = name.partition(".")
    kind = FONTS[prefix]
    font = QRawFont(
        str(_file(kind, ".ttf")),
        round(FONT_SHARE * side * kind.scale),
        QFont.HintingPreference.PreferNoHinting,
    )
    index = font.glyphIndexesForString(chr(int(_names(kind)[glyph], 16)))[0]
    path = font.pathForGlyph(index)
    path.setFillRule(Qt.FillRule.WindingFill)
    advance = font.advancesForGlyphIndexes([index])[0].x()
    height = font.ascent() + font.descent()
    path.translate(QPointF((side - advance) / 2, (side - height) / 2 + font.ascent()))
    return path


@cache
def _names(kind: IconFont) -> dict[str, str]:
    """Code points in hexadecimal by glyph name."""
    found: dict[str, str] = json.loads(_file(kind, ".json").read_text(encoding="utf-8"))
    return found


@cache
def _file(kind: IconFont, suffix: str) -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("qtawesome, whose icon fonts this program uses, is not installed")
    # The file names end with a version that follows that of qtawesome.
    return next((Path(spec.origin).parent / "fonts").glob(f"{kind.stem}-*{suffix}"))
