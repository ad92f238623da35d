"""Shows all that connections of a file would do, before any of them is taken in."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QScrollArea, QWidget

from cse_desktop.gui.connections.naming import free_name
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import vbox
from cse_desktop.settings.exchange import Offered, Parcel


class ImportDialog(Dialog):
    """After `accept`, `chosen` has what was ticked, under names that are free."""

    def __init__(
        self,
        theme: Theme,
        parcel: Parcel,
        taken: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "Import connections",
            f"Import {text.count(len(parcel.offered), 'connection')}?",
            "Nothing is connected or run now. Read what each of them would do, and leave out what "
            "you did not expect.",
            glyph="ph.buildings",
            width=680,
            parent=parent,
        )
        self._boxes: list[tuple[QCheckBox, Offered, str]] = []
        names = set(taken)
        inside = QWidget()
        column = vbox(12, inside)
        column.setContentsMargins(0, 0, 4, 0)
        if parcel.notes:
            column.addWidget(Banner(theme, "warn", " ".join(map(text.visible, parcel.notes))))
        for offered in parcel.offered:
            name = free_name(offered.connection.name, names)
            names.add(name)
            column.addWidget(self._card(offered, name))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(theme.px(320))
        area.setAccessibleName("Connections in the file")
        self.body.addWidget(area, 1)
        self.note.setText("The file holds no secrets, and none are taken from it.")
        self.take = self.add_button("Import", Role.AcceptRole, kind="primary")
        self.add_button("Cancel", Role.RejectRole)
        self._follow()

    @property
    def chosen(self) -> tuple[tuple[Offered, str], ...]:
        """What is ticked, each with the name that it gets."""
        return tuple((each, name) for box, each, name in self._boxes if box.isChecked())

    def _card(self, offered: Offered, name: str) -> QFrame:
        frame = card("card")
        column = vbox(6, frame)
        column.setContentsMargins(16, 12, 16, 12)
        box = QCheckBox(text.escape_mnemonic(text.visible(name)))
        box.setAccessibleName(f"Import {text.visible(name)}")
        box.setProperty("role", "strong")
        box.setChecked(not offered.problems)
        box.setEnabled(not offered.problems)
        box.toggled.connect(self._follow)
        self._boxes.append((box, offered, name))
        column.addWidget(box)
        if name != offered.connection.name:
            words = f"“{text.visible(offered.connection.name)}” in the file; that name is taken."
            column.addWidget(label(words, "small", "text2", wrap=True))
        for problem in offered.problems:
            column.addWidget(label(problem, "small", "bad", wrap=True))
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(2)
        rows.setColumnMinimumWidth(0, self._theme.px(150))
        rows.setColumnStretch(1, 1)
        for at, fact in enumerate(offered.facts()):
            tone = "warn" if fact.is_grave else "text2"
            value = "\n".join(text.visible(line) for line in fact.value.split("\n"))
            rows.addWidget(label(fact.name, "small", "text3"), at, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(label(value, "small", tone, wrap=True), at, 1)
        column.addLayout(rows)
        return frame

    def _follow(self) -> None:
        count = len(self.chosen)
        self.take.setText(f"Import {text.count(count, 'connection')}" if count else "Import")
        self.take.setEnabled(bool(count))
        self.take.setToolTip("" if count else "Tick a connection first")
