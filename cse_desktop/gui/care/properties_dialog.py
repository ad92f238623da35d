"""What is kept beside an object: shown, and as far as that is safe, edited."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QScrollArea, QWidget

from cse_desktop.core.beside import ARCHIVES, STORAGE_CLASSES
from cse_desktop.core.changing import (
    NewProperties,
    Properties,
    metadata_problem,
    tag_problem,
    tags_problem,
)
from cse_desktop.core.envelope import MAX_METADATA_BYTES, metadata_bytes
from cse_desktop.gui.browser.folder_cells import storage_class
from cse_desktop.gui.browser.inspector_parts import PairTable
from cse_desktop.gui.care.pair_rows import PairRows
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import button, label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tile import Glyph

LOCKED: Final = (
    "Written by the encryption. Without them, or with others, nobody could open this file any "
    "more; so they can't be edited here, and every change keeps them word for word."
)
REWRITES: Final = (
    "Saving has S3 copy the file onto itself: it gets a new date, a new version where the bucket "
    "keeps versions, and the access list of a new file. Its content stays in S3."
)
ARCHIVE_NOTE: Final = "A file in this class can be read only after it was restored, hours later."
TYPES: Final = (
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "image/jpeg",
    "image/png",
    "text/csv",
    "text/plain",
)


class PropertiesDialog(Dialog):
    """After `accept`, `new` is what is to be stored."""

    def __init__(self, theme: Theme, found: Properties, parent: QWidget | None = None) -> None:
        name = text.curly(text.visible(found.head.ref.name))
        super().__init__(theme, "Properties", f"Properties of {name}", width=620, parent=parent)
        self.found = found
        self.content_type = self._make_types()
        self.storage_class = self._make_classes()
        self.own = PairRows(
            theme,
            "User metadata",
            "Kept beside the file, not encrypted: everybody who may read the file's place sees it.",
            metadata_problem,
        )
        self.tags = PairRows(
            theme, "Tags", "For rules and bills; at most 10, not encrypted.", tag_problem
        )
        self._class_note = label(ARCHIVE_NOTE, "small", "warn", wrap=True)
        self._rewrites = Banner(theme, "info", REWRITES)
        self._scroll = self._make_page()
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self._rewrites)
        self.add_button("Cancel", Role.RejectRole)
        self.save = self.add_button("Save properties", Role.AcceptRole, kind="primary")
        self._show_found()
        self._connect()
        self._judge()
        self.resize(theme.px(640), theme.px(620))
        self.content_type.setFocus()

    @property
    def new(self) -> NewProperties:
        """What is entered; tags only where they are others now."""
        tags = self.tags.pairs()
        return NewProperties(
            self.content_type.currentText().strip(),
            str(self.storage_class.currentData()),
            self.own.pairs(),
            tags if self.found.tags is not None and tags != self.found.tags else None,
        )

    @property
    def rewrites(self) -> bool:
        """Whether more than tags would change."""
        beside, new = self.found.beside, self.new
        before = (beside.content_type, beside.storage_class, tuple(beside.own.items()))
        return before != (new.content_type, new.storage_class, new.own)

    def accept(self) -> None:
        """Close, if what is entered can be stored."""
        if self.save.isEnabled():
            super().accept()

    def _show_found(self) -> None:
        found = self.found
        self.own.set_pairs(found.beside.own.items())
        self.tags.set_pairs(found.tags or ())
        self.tags.setEnabled(found.tags is not None)
        if found.tags is None:
            self.tags.setToolTip("Your role may not read the tags: it lacks s3:GetObjectTagging")

    def _connect(self) -> None:
        self.content_type.currentTextChanged.connect(self._judge)
        self.storage_class.currentIndexChanged.connect(self._judge)
        self.own.changed.connect(self._judge)
        self.tags.changed.connect(self._judge)

    @Slot()
    def _judge(self) -> None:
        """Say what is wrong, and what saving would do."""
        new = self.new
        stored = metadata_bytes({**self.found.beside.envelope, **dict(new.own)})
        problem = self.own.problem() or self.tags.problem() or tags_problem(new.tags or ())
        if not problem and stored > MAX_METADATA_BYTES:
            problem = "The metadata are too long: shorten names or values."
        if not new.content_type.isascii() or not new.content_type.isprintable():
            problem = problem or "A content type has plain letters only."
        restyle(self.note, tone="bad" if problem else "text2")
        self.note.setText(
            problem
            or f"{text.number(stored)} of {text.number(MAX_METADATA_BYTES)} bytes of metadata used"
        )
        is_other = self.rewrites or new.tags is not None
        self.save.setEnabled(is_other and not problem)
        self.save.setToolTip("" if is_other else "Nothing was changed")
        self._rewrites.setVisible(self.rewrites)
        self._class_note.setVisible(new.storage_class in ARCHIVES)

    def _make_types(self) -> QComboBox:
        made = QComboBox()
        made.setEditable(True)
        made.setAccessibleName("Content type")
        made.addItems(TYPES)
        made.setCurrentText(self.found.beside.content_type)
        return made

    def _make_classes(self) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName("Storage class")
        own = self.found.beside.storage_class
        for each in (*STORAGE_CLASSES, *(() if own in STORAGE_CLASSES else (own,))):
            made.addItem(storage_class(each), each)
        made.setCurrentIndex(made.findData(own))
        return made

    def _make_page(self) -> QScrollArea:
        theme = self._theme
        page = QWidget()
        column = vbox(16, page)
        column.setContentsMargins(0, 0, 12, 0)  # keeps the scroll bar off the fields
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(
            (("Content type", self.content_type), ("Storage class", self.storage_class))
        ):
            name = label(words, "strong")
            name.setBuddy(field)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        grid.addWidget(self._class_note, 2, 1)
        column.addLayout(grid)
        column.addWidget(self.own)
        if self.found.beside.envelope:
            column.addWidget(self._make_envelope(theme))
        column.addWidget(self.tags)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        # Both would paint the window's colour over the surface.
        scroll.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        return scroll

    def _make_envelope(self, theme: Theme) -> QWidget:
        """The entries of the envelope: locked, explained, folded at first."""
        box = QWidget()
        column = vbox(6, box)
        column.setContentsMargins(0, 0, 0, 0)
        heading = hbox(8)
        heading.addWidget(Glyph(theme, "mdi6.lock", "ok", 16))
        heading.addWidget(label("Encryption envelope", "h3"))
        heading.addWidget(label("Locked", "small", "text2"), 1)
        show = button(theme, "Show entries", kind="link")
        heading.addWidget(show)
        table = PairTable(theme, tuple(self.found.beside.envelope.items()))
        table.hide()

        def fold() -> None:
            table.setVisible(table.isHidden())
            show.setText("Show entries" if table.isHidden() else "Hide entries")

        show.clicked.connect(fold)
        self.show_envelope, self.envelope = show, table
        column.addLayout(heading)
        column.addWidget(label(LOCKED, "small", "text2", wrap=True))
        column.addWidget(table)
        return box


def plain_field(value: str, spoken: str) -> QLineEdit:
    """A field that cannot be edited and can be copied from."""
    made = QLineEdit(value)
    made.setReadOnly(True)
    made.setAccessibleName(spoken)
    return made
