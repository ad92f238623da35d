"""One choice of the encryption policy: a control, a badge, and a sentence below."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import Badge, BadgeLook
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tile import Glyph

RECOMMENDED: Final = BadgeLook("Recommended", tone="ok", icon="ph.check-circle-fill")
DEFAULT: Final = BadgeLook("Default", tone="neutral")
COMPATIBILITY: Final = BadgeLook("Compatibility", tone="warn", icon="ph.clock-counter-clockwise")
WEAK: Final = BadgeLook("Weak", tone="warn", icon="ph.warning-fill")
INDENT: Final = 26


def option(
    theme: Theme, control: QAbstractButton, words: str, badge: BadgeLook | None = None
) -> QVBoxLayout:
    """A radio button or check box with what speaks for it or against it.

    A screen reader says the words after the name of the control, and the badge before them.
    """
    control.setFont(theme.font("strong"))
    said = f"{badge.text}. {words}" if badge else words
    control.setAccessibleDescription(said)
    heading = hbox(8)
    heading.addWidget(control)
    if badge is not None:
        heading.addWidget(Badge(theme, badge))
    heading.addStretch(1)
    tone = "warn" if badge is WEAK else "text2"
    column = vbox(1)
    column.addLayout(heading)
    column.addLayout(indented(theme, label(words, "small", tone, wrap=True)))
    return column


def indented(theme: Theme, widget: QWidget) -> QHBoxLayout:
    """A widget under the words of an option."""
    row = hbox(0)
    row.addSpacing(theme.px(INDENT))
    row.addWidget(widget, 1)
    return row


def statement(theme: Theme, glyph: str, token: str, title: str, words: str) -> QHBoxLayout:
    """Something that is so and cannot be chosen."""
    lines = vbox(1)
    lines.addWidget(label(title, "strong"))
    lines.addWidget(label(words, "small", "text2", wrap=True))
    row = hbox(12)
    row.addWidget(Glyph(theme, glyph, token), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(lines, 1)
    return row
