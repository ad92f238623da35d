"""Asks for a new bucket: its name is judged while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from cse_desktop.core.buckets import NewBucket, name_problem
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import vbox

OPEN: Final = (
    "Somebody could make files readable for everybody. They are encrypted all the same, but their "
    "names and metadata are not."
)


class NewBucketDialog(Dialog):
    """After `accept`, `new` is the bucket that is wanted.

    Args:
        region: of the connection; keys of KMS are used there.
    """

    def __init__(
        self, theme: Theme, region: str, regions: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme,
            "New bucket",
            "New bucket",
            "Names of buckets are shared by all of AWS, and everybody can see that one is taken.",
            width=540,
            parent=parent,
        )
        self._own_region = region
        self.name = QLineEdit()
        self.name.setProperty("role", "mono")
        self.name.setAccessibleName("Bucket name")
        self.name.setPlaceholderText("my-company-documents")
        self._problem = label("", "small", "bad", wrap=True)
        self.region = QComboBox()
        self.region.setAccessibleName("Region")
        self.region.addItems([*([] if region in regions else [region]), *regions])
        self.region.setCurrentText(region)
        self._region_note = label("", "small", "text2", wrap=True)
        self.is_private = QCheckBox("Block all public access")
        self._private_note = label(OPEN, "small", "warn", wrap=True)
        self.keeps_versions = QCheckBox("Keep earlier versions of files")
        for box in (self.is_private, self.keeps_versions):
            box.setChecked(True)
        self._fill()
        self.add_button("Cancel", Role.RejectRole)
        self.create_button = self.add_button("Create bucket", Role.AcceptRole, kind="primary")
        self.name.textChanged.connect(self._judge)
        self.region.currentTextChanged.connect(self._judge)
        self.is_private.toggled.connect(self._judge)
        self._judge()
        self.name.setFocus()

    @property
    def new(self) -> NewBucket:
        """What is entered."""
        return NewBucket(
            self.name.text(),
            self.region.currentText(),
            self.is_private.isChecked(),
            self.keeps_versions.isChecked(),
        )

    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._problem.text()

    def accept(self) -> None:
        """Close, if the name can be taken."""
        if self.create_button.isEnabled():
            super().accept()

    @Slot()
    def _judge(self) -> None:
        typed = self.name.text()
        problem = name_problem(typed)
        shown = problem if typed else ""
        self._problem.setText(shown)
        self.name.setAccessibleDescription(shown)
        restyle(self.name, error="true" if shown else "false")
        self.create_button.setEnabled(not problem)
        self.create_button.setToolTip(tip(problem))
        is_other = self.region.currentText() != self._own_region
        where = f"Your keys of KMS are used in {self._own_region}, the Region of the connection."
        self._region_note.setText(where if is_other else "The Region of the connection.")
        self._private_note.setVisible(not self.is_private.isChecked())

    def _fill(self) -> None:
        for words, field, note in (
            ("Name", self.name, self._problem),
            ("Region", self.region, self._region_note),
        ):
            heading = label(words, "strong")
            heading.setBuddy(field)
            group = vbox(4)
            for each in (heading, field, note):
                group.addWidget(each)
            self.body.addLayout(group)
        self.body.addSpacing(4)
        versions = label(
            "Recommended: what is replaced or deleted by mistake can be brought back. Earlier "
            "versions cost as much as files.",
            "small",
            "text2",
            wrap=True,
        )
        self.body.addWidget(self.is_private)
        self.body.addWidget(self._private_note)
        self.body.addWidget(self.keeps_versions)
        self.body.addWidget(versions)
