"""A line of information in the colours of its tone, with at most one button."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cse_desktop.gui.look.text import escape_mnemonic
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label, restyle
from cse_desktop.gui.parts.tile import Glyph

BannerTone = Literal["ok", "info", "warn", "bad", "sandbox", "neutral"]

_GLYPHS: Final[dict[str, str]] = {
    "ok": "ph.shield-check",
    "info": "ph.info",
    "warn": "ph.warning",
    "bad": "ph.warning-circle",
    "sandbox": "ph.cube",
    "neutral": "ph.info",
}


class Banner(QFrame):
    """Icon, words, and a button where something can be done about it.

    Signals:
        acted: the button was pressed.
    """

    acted = Signal()

    def __init__(
        self,
        theme: Theme,
        tone: BannerTone,
        text: str,
        *,
        title: str = "",
        glyph: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = Glyph(theme, glyph or _GLYPHS[tone], tone)
        self._title = label(title, "h3")
        self._text = label(text, wrap=True)
        self._button = button(theme, action, sz="small")
        self._button.clicked.connect(self.acted)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 8, 12, 8)
        row.setSpacing(11)
        self._row = row
        row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_message(tone, text, title=title, glyph=glyph, action=action)

    def show_message(
        self,
        tone: BannerTone,
        text: str,
        *,
        title: str = "",
        glyph: str = "",
        action: str = "",
    ) -> None:
        """Say something else."""
        self._glyph.set_glyph(glyph or _GLYPHS[tone], tone)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._button.setText(escape_mnemonic(action))
        self._button.setVisible(bool(action))
        side = Qt.AlignmentFlag.AlignTop if title else Qt.AlignmentFlag.AlignVCenter
        self._row.setAlignment(self._glyph, side)
        self.setAccessibleName(f"{title}. {text}" if title else text)
        restyle(self, banner=tone)
