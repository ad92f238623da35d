"""One of the two files of one name: where it is, how large, how old."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import Badge, BadgeLook
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.state_dot import Dot, StateDot
from cse_desktop.gui.parts.tile import Glyph
from cse_desktop.jobs.plan import Side


class ConflictCard(QFrame):
    """Place, size and date of a file; "Newer" on the one that is.

    Args:
        is_local: on this computer, else in S3, where the size is that of the ciphertext.
        key_label: the key it will be encrypted with, or "".
        place: instead of "In S3" or "On this computer".
    """

    def __init__(
        self,
        theme: Theme,
        *,
        is_local: bool,
        key_label: str = "",
        place: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_local = is_local
        self.setProperty("frame", "card")
        place = place or ("On this computer" if is_local else "In S3")
        self.setAccessibleName(place)
        self._newer = Badge(theme, BadgeLook("Newer", "Newer", "info", "", "", "Newer"))
        policy = self._newer.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._newer.setSizePolicy(policy)
        self._size, self._modified = label(), label()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Glyph(theme, "ph.desktop" if is_local else "ph.database"))
        head.addWidget(label(place, "h3"))
        head.addStretch(1)
        head.addWidget(self._newer)
        facts = QGridLayout()
        facts.setVerticalSpacing(6)
        facts.setColumnMinimumWidth(0, theme.px(76))
        facts.setColumnStretch(1, 1)
        for row, (name, value) in enumerate((("Size", self._size), ("Modified", self._modified))):
            facts.addWidget(label(name, tone="text2"), row, 0)
            facts.addWidget(value, row, 1)
        if key_label:
            facts.addWidget(label("Will use", tone="text2"), 2, 0)
            facts.addLayout(_key(theme, key_label), 2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(facts)
        column.addStretch(1)

    def show_side(self, side: Side, other: Side) -> None:
        """Show a file, beside the other one of its name."""
        self._size.setText(text.size(side.size) if self._is_local else text.about(side.size))
        self._modified.setText(text.date(side.modified) if side.modified else "Unknown")
        is_newer = bool(side.modified and other.modified and side.modified > other.modified)
        self._newer.setVisible(is_newer)
        spoken = "newer, " if is_newer else ""
        self.setAccessibleDescription(f"{spoken}{self._size.text()}, {self._modified.text()}")


def _key(theme: Theme, key_label: str) -> QHBoxLayout:
    words = ElidedLabel()
    words.set_text(text.visible(key_label))
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(StateDot(theme, Dot.CIRCLE))
    row.addWidget(words, 1)
    return row
