"""Offers to restore archived files, which can be read only after that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QGridLayout, QSpinBox, QWidget

from cse_desktop.core.labels import Tier
from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role

MAX_DAYS: Final = 365
USUAL_DAYS: Final = 7
WAYS: Final[tuple[tuple[str, Tier], ...]] = (
    ("Standard: 3 to 5 hours; from Deep Archive 12 hours", "Standard"),
    ("Bulk, the cheapest: 5 to 12 hours; from Deep Archive 48 hours", "Bulk"),
    ("Expedited, the dearest: 1 to 5 minutes; not from Deep Archive", "Expedited"),
)


class ThawDialog(Dialog):
    """After `accept`, `days` and `tier` are what was chosen."""

    def __init__(
        self, theme: Theme, refs: Sequence[ObjectRef], parent: QWidget | None = None
    ) -> None:
        one = text.curly(text.visible(refs[0].name)) if refs else ""
        what = f"{one} is" if len(refs) == 1 else f"{text.count(len(refs), 'file')} are"
        super().__init__(
            theme,
            "Archived",
            f"{what} archived",
            "Files in an archive storage class can be read only after S3 has made a copy that "
            "lives for some days. Amazon bills that by size and speed. The file stays encrypted.",
            glyph="ph.package",
            width=600,
            parent=parent,
        )
        self._days = QSpinBox()
        self._days.setRange(1, MAX_DAYS)
        self._days.setValue(USUAL_DAYS)
        self._days.setSuffix(" days")
        self._days.setAccessibleName("Readable for")
        self._days.lineEdit().setTextMargins(7, 0, 0, 0)
        self._tier = QComboBox()
        self._tier.setAccessibleName("How fast")
        for words, tier in WAYS:
            self._tier.addItem(words, tier)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(
            (("Readable for", self._days), ("How fast", self._tier))
        ):
            name = label(words, "strong")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        self.body.addLayout(grid)
        self.note.setText("Download again when S3 is done")
        self.add_button("Cancel", Role.RejectRole)
        self.restore = self.add_button("Restore from archive", Role.AcceptRole, kind="primary")
        self._tier.setFocus()

    @property
    def days(self) -> int:
        """How long the copy lives."""
        return self._days.value()

    @property
    def tier(self) -> Tier:
        """How fast it is made."""
        return WAYS[self._tier.currentIndex()][1]
