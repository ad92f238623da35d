"""Names that are taken: replace, keep both or skip, asked before the first byte moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.tile import Glyph
from cse_desktop.gui.transfers.conflict_card import ConflictCard
from cse_desktop.jobs.plan import Clash
from cse_desktop.jobs.requests import IfExists

WIDTH: Final = 640

_CHOICES: Final = (
    (IfExists.REPLACE, "Replace it"),
    (IfExists.KEEP_BOTH, "Keep both"),
    (IfExists.SKIP, "Skip this file"),
)
_WORDS: Final[Mapping[IfExists, tuple[str, str]]] = {
    IfExists.REPLACE: ("Replace it", "Replace {files}"),
    IfExists.KEEP_BOTH: ("Keep both", "Keep both of {files}"),
    IfExists.SKIP: ("Skip this file", "Skip {files}"),
}


class ConflictDialog(Dialog):
    """Goes through clashes one by one, or decides all at once.

    Accepted, `decisions` is complete and can be handed to the planner; rejected, nothing is to be
    transferred at all.

    Args:
        clashes: at least one.
        is_upload: else the files are fetched from S3, or stay there.
        arranging: "copy" or "move" where both files are in S3, else "".
        key_label: the key that new files are encrypted with.
        is_late: jobs ask that have begun; rejected, they wait on.
        is_versioned: whether S3 keeps what is replaced; None if nobody knows.
    """

    def __init__(
        self,
        theme: Theme,
        clashes: Sequence[Clash],
        *,
        is_upload: bool,
        arranging: str = "",
        is_late: bool = False,
        key_label: str = "",
        is_versioned: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "Files already exist",
            text.curly(text.visible(clashes[0].name)),
            text.visible(clashes[0].place),
            glyph="ph.copy-simple",
            tone="info",
            width=WIDTH,
            parent=parent,
        )
        self.decisions: dict[int, IfExists] = {}
        self._clashes, self._at = tuple(clashes), 0
        self._is_upload, self._is_versioned = is_upload, is_versioned
        self._arranging, self._is_late = arranging, is_late
        coming = {"copy": "To be copied", "move": "To be moved"}.get(arranging, "")
        self._new = ConflictCard(theme, is_local=is_upload, key_label=key_label, place=coming)
        self._existing = ConflictCard(theme, is_local=not is_upload and not arranging)
        self.choices = QButtonGroup(self)
        self._hints = [label(tone="text2", wrap=True) for _ in _CHOICES]
        self.for_all = QCheckBox()
        self.body.addLayout(self._cards())
        self.body.addSpacing(8)
        for place in range(len(_CHOICES)):
            self.body.addLayout(self._choice(place))
        self._add_footer()
        self.choices.idToggled.connect(self._name_button)
        self._show_clash()

    @property
    def clash(self) -> Clash:
        """The clash that is shown."""
        return self._clashes[self._at]

    def choose(self, decision: IfExists) -> None:
        """Check one of the three choices."""
        self.choices.button([one for one, _ in _CHOICES].index(decision)).setChecked(True)

    @Slot()
    def accept(self) -> None:
        """Note the decision and go on to the next clash; after the last one, be done."""
        decision = _CHOICES[self.choices.checkedId()][0]
        rest = self._clashes[self._at :]
        for clash in rest if self.for_all.isChecked() else rest[:1]:
            self.decisions[clash.index] = decision
        if len(self.decisions) == len(self._clashes):
            super().accept()
            return
        self._at += 1
        self._show_clash()

    def _cards(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._new, 1)
        row.addWidget(Glyph(self._theme, "ph.arrow-right"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._existing, 1)
        return row

    def _choice(self, place: int) -> QVBoxLayout:
        radio = QRadioButton(_CHOICES[place][1])
        radio.setFont(self._theme.font("strong"))
        self.choices.addButton(radio, place)
        indent = QHBoxLayout()
        indent.addSpacing(self._theme.px(24))
        indent.addWidget(self._hints[place], 1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(radio)
        column.addLayout(indent)
        return column

    def _add_footer(self) -> None:
        self.for_all.setChecked(True)
        self.for_all.toggled.connect(self._name_button)
        # The check box takes the place of the frame's note.
        footer = self.note.parentWidget()
        row = footer.layout() if footer else None
        if row is not None:
            row.replaceWidget(self.note, self.for_all)
        self.note.hide()
        stop = "Stop upload" if self._is_upload else "Stop download"
        stop = "Cancel" if self._arranging else stop
        stop = "Not now" if self._is_late else stop
        self.stop = self.add_button(stop, Role.RejectRole)
        self.go_on = self.add_button("", Role.AcceptRole, kind="primary")
        # What replaces is chosen by the user, unless the bucket keeps what is replaced.
        is_safe = self._is_upload and self._is_versioned
        self.choose(IfExists.REPLACE if is_safe else IfExists.KEEP_BOTH)

    def _show_clash(self) -> None:
        clash, count = self.clash, len(self._clashes)
        place = f" ({self._at + 1} of {text.number(count)})" if count > 1 and self._at else ""
        self.setWindowTitle(f"Files already exist{place}")
        where = "in this folder"
        title = f"{text.curly(text.visible(clash.name))} is already {where}"
        self.title.setText(title)
        self.setAccessibleName(title)
        self.text.setText(text.visible(clash.place))
        self._new.show_side(clash.new, clash.existing)
        self._existing.show_side(clash.existing, clash.new)
        for hint, words in zip(self._hints, self._consequences(clash), strict=True):
            hint.setText(words)
        for place_, (_, name) in enumerate(_CHOICES):
            self.choices.button(place_).setAccessibleDescription(self._hints[place_].text())
            self.choices.button(place_).setAccessibleName(name)
        rest = count - self._at
        self.for_all.setVisible(rest > 1)
        self.for_all.setChecked(self.for_all.isChecked() and rest > 1)
        left = (
            f"{text.number(rest)} conflicts"
            if self._at == 0
            else f"{text.number(rest)} that are left"
        )
        self.for_all.setText(f"Do this for all {left}")
        self._name_button()
        self._fit()

    def _consequences(self, clash: Clash) -> tuple[str, str, str]:
        other = text.curly(text.visible(clash.other_name))
        if not self._is_upload and not self._arranging:
            return (
                "The file on this computer is replaced when the new one is verified.",
                f"Saves as {other}.",
                "Leaves the file on this computer as it is.",
            )
        kept = {
            True: "The bucket has versioning on, so the current file is kept as an earlier "
            "version.",
            False: "This bucket has no versioning, so the current file can't be restored.",
            None: "The current file is gone, unless the bucket has versioning on.",
        }
        stays = "Leaves both files as they are." if self._arranging else "Leaves S3 as it is."
        kept_both = f"Stores it as {other}." if self._arranging else f"Uploads as {other}."
        return kept[self._is_versioned], kept_both, stays

    @Slot()
    def _name_button(self) -> None:
        decision = _CHOICES[self.choices.checkedId()][0]
        one, many = _WORDS[decision]
        files = len(self._clashes) - self._at if self.for_all.isChecked() else 1
        words = many.format(files=text.count(files, "file")) if files > 1 else one
        self.go_on.setText(text.escape_mnemonic(words))

    def _fit(self) -> None:
        width, column = self._theme.px(WIDTH), self.layout()
        if column is not None:
            column.activate()
            self.resize(width, column.totalHeightForWidth(width))
