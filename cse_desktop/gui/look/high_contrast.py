"""Colours for people whose system asks for more contrast: those of the system, and no others."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from cse_desktop.gui.look.tokens import LIGHT

Role = QPalette.ColorRole


def is_wanted() -> bool:
    """Whether the system asks for more contrast; Qt tells since 6.10."""
    hints = QApplication.styleHints()
    if not hasattr(hints, "accessibility"):
        return False
    return bool(hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


def tokens_of(palette: QPalette) -> Mapping[str, str]:
    """A colour for each token from a system palette.

    Tones lose their colours and keep their icons and words; fills become the ground, and outlines
    the colour of the text.
    """
    ground, ink = palette.color(Role.Base), palette.color(Role.Text)
    colors = dict.fromkeys(LIGHT, ink.name())
    fills = ("surface", "subtle", "window", "tooltip_fg", "on_accent")
    for token in LIGHT:
        if token in fills or token.endswith("_bg"):
            colors[token] = ground.name()
    colors["tooltip_bg"] = ink.name()
    for token in ("hover", "selected_inactive", "accent_soft", "sunken"):
        colors[token] = _mixed(ground, ink, 0.12)
    for token in ("selected", "pressed"):
        colors[token] = _mixed(ground, ink, 0.22)
    colors["disabled"] = _mixed(ground, ink, 0.55)
    return colors


def _mixed(ground: QColor, ink: QColor, share: float) -> str:
    pairs = (
        (ground.red(), ink.red()),
        (ground.green(), ink.green()),
        (ground.blue(), ink.blue()),
    )
    return QColor(*(round(a + (b - a) * share) for a, b in pairs)).name()
