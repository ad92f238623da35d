"""Icon glyphs as pixmaps, from the two icon fonts that the design uses."""

from __future__ import annotations

from typing import Final

import qtawesome
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from qtawesome.iconic_font import IconicFont

SCALE: Final = {"ph": 1.14, "mdi6": 1.1}
"""Factors with which the glyphs of each font fill their box."""


class Glyphs:
    """Pixmaps of glyphs, each drawn once per name, colour, size and device pixel ratio.

    GUI thread; needs a QApplication. The fonts are loaded when the first glyph is asked for,
    and only these two: qtawesome's own entry point would load all eleven of its fonts.
    """

    def __init__(self) -> None:
        self._font: IconicFont | None = None
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, color: QColor, size: int, dpr: float = 1.0) -> QPixmap:
        """A square pixmap of `size` logical pixels; an unknown name raises."""
        key = (name, color.name(QColor.NameFormat.HexArgb), size, dpr)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(name, color, size, dpr)
        return found

    def has(self, name: str) -> bool:
        """Whether the installed fonts know a name such as "ph.key"."""
        prefix, _, glyph = name.partition(".")
        return glyph in self._fonts().charmap.get(prefix, {})

    def _draw(self, name: str, color: QColor, size: int, dpr: float) -> QPixmap:
        side = max(1, round(size * dpr))
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        # Drawn as a path, not as text: hinting would move thin strokes by half a pixel.
        icon = self._fonts().icon(
            name, color=color, scale_factor=SCALE[name.partition(".")[0]], draw="path"
        )
        painter = QPainter(pixmap)
        icon.paint(painter, QRect(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(dpr)
        return pixmap

    def _fonts(self) -> IconicFont:
        if self._font is None:
            wanted = [font for font in qtawesome._BUNDLED_FONTS if font[0] in SCALE]
            self._font = IconicFont(*wanted)
        return self._font
