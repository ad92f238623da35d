"""Cards of the component gallery: badges, chips and banners."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.keys.key_chip import NO_KEY, ChipState, KeyChip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts import badge
from cse_desktop.gui.parts.badge import Badge, BadgeLook
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.state_dot import Dot, StateDot


class _FocusedChip(KeyChip):
    def hasFocus(self) -> bool:  # noqa: N802 - Qt's name
        return True


def section(title: str, content: QLayout) -> QFrame:
    """A card with a heading."""
    made = card()
    column = QVBoxLayout(made)
    column.setContentsMargins(20, 16, 20, 20)
    column.setSpacing(12)
    column.addWidget(label(title, "h3"))
    column.addLayout(content)
    return made


def badges(theme: Theme) -> QLayout:
    """Badges, state dots and progress."""
    v3 = BadgeLook("CSE-KMS v3", "v3", "ok", "mdi6.lock")
    rows = (
        (
            BadgeLook("CSE-KMS v3 · alias/finance-prod", "v3", "ok", "mdi6.lock"),
            BadgeLook("v2 legacy · alias/finance-2023", "v2", "warn", "ph.clock-counter-clockwise"),
        ),
        (
            BadgeLook("CSE-KMS v3 · no access to key", "v3", "bad", "ph.prohibit"),
            BadgeLook("v1 legacy · alias/finance-2019", "v1", "warn", "ph.clock-counter-clockwise"),
            v3,
        ),
        (
            badge.NOT_ENCRYPTED,
            badge.OTHER_FORMAT,
            badge.CHECKING,
            badge.SANDBOX,
            BadgeLook("Sign in", tone="info"),
        ),
    )
    column = QVBoxLayout()
    column.setSpacing(12)
    for looks in rows:
        column.addLayout(row_of((Badge(theme, look) for look in looks), 8))
    dots = QHBoxLayout()
    dots.setSpacing(4)
    for dot, word in zip(
        Dot, ("Enabled", "Disabled", "Pending deletion", "Expires soon", "Not checked"), strict=True
    ):
        dots.addWidget(StateDot(theme, dot))
        dots.addWidget(label(word, "small"))
        dots.addSpacing(8)
    dots.addStretch(1)
    column.addLayout(dots)
    column.addLayout(_progress())
    return column


def chips(theme: Theme) -> QLayout:
    """The key chip in all its states."""
    ready = ChipState("alias/finance-prod")
    long = ChipState("alias/a-department-with-a-very-long-name/and-more-of-it-2026")
    states = (
        (ready, "Ready"),
        (ready, "Hover"),
        (ready, "Focus"),
        (NO_KEY, "No key chosen yet: Upload asks first"),
        (
            ChipState("alias/finance-2023", "bad", "Disabled", Dot.RING),
            "Key disabled: Upload is off",
        ),
        (
            ChipState("alias/finance-2019", "bad", "Pending deletion", Dot.SQUARE),
            "Key will be deleted: Upload is off",
        ),
        (
            ChipState("alias/hr-prod", "bad", "No permission", Dot.RING),
            "Role may not create data keys: Upload is off",
        ),
        (
            ChipState("alias/partner-bank-bcv", "warn", "61 days left", Dot.TRIANGLE),
            "Imported material expires soon",
        ),
        (ChipState("alias/sandbox", "sandbox"), "Sandbox"),
        (
            ChipState("alias/finance-prod", "offline", "Not checked", Dot.DOTTED),
            "Offline, last known",
        ),
        (long, "A long alias keeps both ends"),
    )
    column = QVBoxLayout()
    column.setSpacing(8)
    for state, words in states:
        chip = (_FocusedChip if words == "Focus" else KeyChip)(theme, state)
        if words == "Hover":
            chip.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        column.addLayout(row_of((chip, label(words, "small", "text2")), 12))
    return column


def banners(theme: Theme) -> QLayout:
    """Banners in all tones."""
    column = QVBoxLayout()
    column.setSpacing(12)
    column.addWidget(
        Banner(
            theme,
            "ok",
            "Never written to disk. Forgotten when you close this window.",
            title="Decrypted in memory only",
        )
    )
    column.addWidget(
        Banner(
            theme,
            "info",
            "Settings with a lock come from acme-policy.json and can't be changed here.",
        )
    )
    column.addWidget(
        Banner(
            theme,
            "warn",
            "Your sign-in ends in 5 minutes. Transfers will pause.",
            action="Sign in again",
        )
    )
    column.addWidget(
        Banner(
            theme,
            "bad",
            "alias/finance-2023 is disabled. Choose another key to upload.",
            action="Choose key…",
        )
    )
    column.addWidget(
        Banner(
            theme,
            "sandbox",
            "You are in the sandbox. Files and keys here exist only on this computer.",
        )
    )
    return column


def _progress() -> QLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    for word, tone, share in (
        ("Running", "", 620),
        ("Done", "ok", 1000),
        ("Waiting", "warn", 300),
        ("Paused", "paused", 450),
        ("Failed", "bad", 800),
    ):
        bar = QProgressBar()
        bar.setRange(0, 1000)
        bar.setValue(share)
        bar.setTextVisible(False)
        bar.setProperty("tone", tone)
        bar.setAccessibleName(word)
        cell = QVBoxLayout()
        cell.setSpacing(4)
        cell.addWidget(bar)
        cell.addWidget(label(word, "small", "text2"))
        row.addLayout(cell)
    return row


def row_of(widgets: Iterable[QWidget], spacing: int) -> QHBoxLayout:
    """Widgets beside each other, from the left."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
