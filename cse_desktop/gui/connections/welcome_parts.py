"""Pieces of the first screen that only show something."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tile import Glyph

_STEPS: Final = (
    ("ph.file-text", "Your file", "stays as it is"),
    ("ph.lock-key", "Encrypted here", "one-time data key"),
    ("ph.key", "KMS wraps the key", "under your KMS key"),
    ("ph.cloud-arrow-up", "S3 stores", "ciphertext only"),
)

_SANDBOX: Final = (
    (
        "ph.database",
        "Two buckets and five keys",
        "With sample files, some of them broken on purpose.",
    ),
    ("ph.wifi-slash", "No AWS account, no network", "S3 and KMS run on this computer only."),
    ("ph.arrow-counter-clockwise", "Forgotten when you quit", "Nothing you put there is kept."),
)

_KEYS: Final = (
    ("ph.key", "Access key ID and secret", "And a session token, where the key is temporary."),
    ("ph.lock-key", "Kept in your system keyring", "Never in a file. Without one: until you quit."),
    ("ph.trash", "Forgotten when you say so", "With the connection, or when you change the key."),
)


class AppMark(QWidget):
    """The padlock of the program on its accent."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = self._theme.px(48)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        paint_icon(painter, self._theme, "mdi6.lock", "on_accent", self.rect(), 28)
        painter.end()


class StepStrip(QFrame):
    """What happens to a file, in four steps."""

    def __init__(self, theme: Theme, margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("frame", "footer")
        row = hbox(8, self)
        row.setContentsMargins(margin, 15, margin, 14)
        for at, (glyph, title, words) in enumerate(_STEPS):
            if at:
                row.addStretch(1)
                row.addWidget(Glyph(theme, "ph.arrow-right", "text3"))
                row.addStretch(1)
            row.addLayout(_step(theme, glyph, title, words))


def sandbox_page(theme: Theme, problem: str) -> QWidget:
    """What the sandbox is, and why it can't be started where it can't."""
    words = "Try everything safely, and see how the program refuses what it should."
    page, column = _page(theme, "Try the sandbox", words, _SANDBOX, "sandbox")
    if problem:
        column.insertWidget(column.count() - 1, Banner(theme, "warn", problem))
    return page


def keys_page(theme: Theme) -> QWidget:
    """What becomes of access keys that are entered here."""
    words = "For an IAM user or a store that speaks S3. Prefer a profile or SSO where you can."
    return _page(theme, "Enter access keys", words, _KEYS, "accent_text")[0]


def _page(
    theme: Theme, title: str, words: str, steps: tuple[tuple[str, str, str], ...], token: str
) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = vbox(6, page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label(title, "h2"))
    column.addWidget(label(words, tone="text2", wrap=True))
    column.addSpacing(4)
    well = card("well")
    inside = vbox(12, well)
    inside.setContentsMargins(16, 14, 16, 14)
    for glyph, heading, said in steps:
        inside.addLayout(_step(theme, glyph, heading, said, token))
    column.addWidget(well)
    column.addSpacing(8)
    column.addStretch(1)
    return page, column


def _step(
    theme: Theme, glyph: str, title: str, words: str, token: str = "accent_text"
) -> QHBoxLayout:
    lines = vbox(0)
    lines.addWidget(label(title, "strong"))
    lines.addWidget(label(words, "small", "text2"))
    row = hbox(10)
    row.addWidget(Glyph(theme, glyph, token, 20), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addLayout(lines, 1)
    return row
