"""Asks before files are deleted: plainly where versions stay, else by a word to be typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import FOLDER, file_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import Badge, BadgeLook
from cse_desktop.gui.parts.buttons import card, label, line
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tile import Glyph
from cse_desktop.jobs.arrange_planner import Heap

WORD: Final = "delete"
ROWS: Final = 6
"""Shown one by one; all others are one line."""

LookOf = Callable[[Entry], BadgeLook | None]
"""What is known of a file's encryption; None of a folder or when nothing is known."""
SizeOf = Callable[[Entry], int | None]
"""Bytes of plaintext, where they are known."""


class DeleteDialog(Dialog):
    """Two strengths, after what can be brought back.

    Args:
        heaps: what was chosen, with all that is below it.
        is_versioned: whether the bucket keeps earlier versions; None if nobody may know.
    """

    def __init__(
        self,
        theme: Theme,
        bucket: str,
        heaps: Sequence[Heap],
        *,
        is_versioned: bool | None,
        look_of: LookOf,
        size_of: SizeOf,
        parent: QWidget | None = None,
    ) -> None:
        self._heaps = tuple(heaps)
        self._files = sum(heap.files for heap in heaps)
        self._is_one = len(heaps) == 1 and not heaps[0].entry.is_folder
        self._size_of = size_of
        self._is_versioned = is_versioned
        super().__init__(
            theme,
            "Delete file" if self._is_one else "Delete files",
            self._title_text(),
            self._consequence(bucket),
            glyph="ph.trash",
            tone="neutral" if is_versioned else "bad",
            width=560 if self._is_one else 640,
            parent=parent,
        )
        if not self._is_one:
            self.body.addWidget(self._make_list(look_of))
        self.word = self._make_word_field()
        self.cancel = self.add_button("Cancel", Role.RejectRole)
        act = "Delete" if self._is_one else f"Delete {text.count(self._files, 'file')}"
        self.confirm = self.add_button(act, Role.AcceptRole, kind="danger")
        self.word.textChanged.connect(self._judge)
        if self.needs_word:
            self.confirm.setEnabled(False)
            self.confirm.setToolTip(f"Type {WORD} first")
            self.word.setFocus()
        else:
            # Enter keeps the file, as it is pressed too easily; on the other button it deletes.
            for each in (self.cancel, self.confirm):
                each.setAutoDefault(True)
            self.cancel.setDefault(True)
            self.cancel.setFocus()

    @property
    def needs_word(self) -> bool:
        """Whether a word has to be typed."""
        return not self._is_versioned and not self._is_one

    @Slot()
    def accept(self) -> None:
        """Close, if what has to be typed is typed."""
        if self.confirm.isEnabled():
            super().accept()

    def _title_text(self) -> str:
        what = text.count(self._files, "file")
        if self._is_one:
            what = text.curly(text.visible(self._heaps[0].entry.name))
        if self._is_versioned:
            return f"Delete {what}?"
        return f"Permanently delete {what} ({self._size(self._heaps)})?"

    def _consequence(self, bucket: str) -> str:
        if self._is_versioned:
            goes = "The file disappears" if self._is_one else "The files disappear"
            whose = "its" if self._is_one else "their"
            return (
                f"{bucket} has versioning on. {goes} from the list, and {whose} earlier versions "
                "stay until your bucket rules remove them."
            )
        they = "it can't" if self._is_one else "they can't"
        if self._is_versioned is None:
            return (
                f"From s3://{bucket}. You may not see whether this bucket has versioning; without "
                f"it {they} be restored by anyone."
            )
        return (
            f"From s3://{bucket}. This bucket has no versioning, so {they} be restored by anyone."
        )

    def _size(self, heaps: Sequence[Heap]) -> str:
        """Of plaintext; with "≈" where a file's envelope was not read."""
        known = [self._size_of(heap.entry) if not heap.entry.is_folder else None for heap in heaps]
        total = sum(
            heap.size if size is None else size for heap, size in zip(heaps, known, strict=True)
        )
        return text.about(total) if None in known and total else text.size(total)

    def _make_list(self, look_of: LookOf) -> QFrame:
        frame = card("well")
        column = vbox(0, frame)
        column.setContentsMargins(1, 1, 1, 1)
        shown = self._heaps if len(self._heaps) <= ROWS else self._heaps[: ROWS - 1]
        looks = [look_of(heap.entry) for heap in shown]
        has_badges = any(looks)
        for heap, look in zip(shown, looks, strict=True):
            if heap is not shown[0]:
                column.addWidget(line())
            row = self._make_row(heap)
            if has_badges:
                row.addWidget(self._make_place(look))
            column.addLayout(row)
        rest = self._heaps[len(shown) :]
        if rest:
            column.addWidget(line())
            more = sum(heap.files for heap in rest)
            row = hbox(12)
            row.setContentsMargins(16, 7, 16, 7)
            row.addWidget(label(f"and {text.count(more, 'more file')}", tone="text2"), 1)
            row.addWidget(label(self._size(rest), tone="text2"))
            if has_badges:
                row.addWidget(self._make_place(None))
            column.addLayout(row)
        return frame

    def _make_row(self, heap: Heap) -> QHBoxLayout:
        theme, entry = self._theme, heap.entry
        glyph = FOLDER if entry.is_folder else file_icon(entry.name)
        name = ElidedLabel()
        count = f" ({text.count(heap.files, 'file')})" if entry.is_folder else ""
        name.set_text(text.visible(entry.name or entry.key) + count)
        size = label(self._size([heap]), tone="text2")
        size.setFont(theme.font("body", tabular=True))
        row = hbox(12)
        row.setContentsMargins(16, 7, 16, 7)
        row.addWidget(Glyph(theme, glyph, "folder" if entry.is_folder else "text2", 18))
        row.addWidget(name, 1)
        row.addWidget(size, 0, Qt.AlignmentFlag.AlignRight)
        return row

    def _make_place(self, look: BadgeLook | None) -> QWidget:
        """Room for a badge, with one or without, so that sizes stay in their column."""
        place = QWidget()
        place.setFixedSize(self._theme.px(140), self._theme.px(24))
        inner = hbox(0, place)
        inner.setContentsMargins(0, 0, 0, 0)
        if look is not None:
            inner.addWidget(Badge(self._theme, look))
        inner.addStretch(1)
        return place

    def _make_word_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(f"Type {WORD} to confirm")
        field.setMaximumWidth(self._theme.px(220))
        # The one rich text here: a constant of ours, no name from anywhere.
        asked = label()
        asked.setTextFormat(Qt.TextFormat.RichText)
        asked.setText(f"Type <b>{WORD}</b> to confirm")
        asked.setBuddy(field)
        if self.needs_word:
            self.body.addWidget(asked)
            self.body.addWidget(field)
        return field

    @Slot(str)
    def _judge(self, typed: str) -> None:
        is_right = typed.strip().lower() == WORD
        self.confirm.setEnabled(is_right)
        self.confirm.setDefault(is_right)
        self.confirm.setToolTip("" if is_right else f"Type {WORD} first")
