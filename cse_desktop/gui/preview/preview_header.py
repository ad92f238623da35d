"""The bar above a preview: what the file is, and the tools for its kind."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import file_icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import IconButton, button, icon_button, label, line
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.search_field import SearchField
from cse_desktop.gui.parts.tile import Glyph

SAVE_HINT = (
    "This writes a readable copy to your disk. Anyone with access to this computer can open it."
)


class PreviewHeader(QFrame):
    """Shows the tools of one kind at a time. GUI thread.

    Signals:
        save_asked: a readable copy on the disk is wanted.
        before_asked, after_asked: the file before or after this one.
    """

    save_asked = Signal()
    before_asked = Signal()
    after_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("frame", "surface")
        self._glyph = Glyph(theme, "ph.file", "text2", 26)
        self._name = ElidedLabel("h3")
        self._facts = ElidedLabel("small", "text2")
        self.search = SearchField(theme, "Find in this file")
        self.search.setMinimumWidth(theme.px(110))
        self.search.setMaximumWidth(theme.px(220))
        self._hits = label(tone="text2")
        self.next_hit = icon_button(theme, "ph.caret-down", "Next hit", shortcut="Enter")
        self.previous_hit = icon_button(
            theme, "ph.caret-up", "Previous hit", shortcut="Shift+Enter"
        )
        self.wrap = icon_button(theme, "ph.text-align-left", "Break long lines", checkable=True)
        self.zoom_out = icon_button(theme, "ph.magnifying-glass-minus", "Zoom out", shortcut="-")
        self._scale = label("100%", "strong")
        self._scale.setFixedWidth(theme.px(48))
        self._scale.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom_in = icon_button(theme, "ph.magnifying-glass-plus", "Zoom in", shortcut="+")
        self.fit = icon_button(theme, "ph.corners-out", "Fit to window", shortcut="0")
        self.turn = icon_button(theme, "ph.arrow-clockwise", "Turn right", shortcut="R")
        self._before = icon_button(theme, "ph.arrow-left", "File before", shortcut="Left")
        self._after = icon_button(theme, "ph.arrow-right", "Next file", shortcut="Right")
        self._save = button(theme, "Save decrypted copy…", glyph="ph.download-simple")
        self._save.setToolTip(SAVE_HINT)
        self._save.setAccessibleDescription(SAVE_HINT)
        self._of_text: tuple[QWidget, ...] = (
            self.search, self._hits, self.previous_hit, self.next_hit, self.wrap,
        )  # fmt: skip
        self._of_picture: tuple[QWidget, ...] = (
            self.zoom_out, self._scale, self.zoom_in, self.fit, self.turn,
        )  # fmt: skip
        self._save.clicked.connect(self.save_asked)
        self._before.clicked.connect(self.before_asked)
        self._after.clicked.connect(self.after_asked)
        self._lay_out()
        self.set_kind("")

    def set_file(self, name: str, facts: str) -> None:
        """Which file it is."""
        self._glyph.set_glyph(file_icon(name), "text2")
        self._name.set_text(text.visible(name))
        self._facts.set_text(facts)

    def set_kind(self, kind: str) -> None:
        """Show the tools for "text", "picture" or neither."""
        for each in self._of_text:
            each.setVisible(kind == "text")
        for each in self._of_picture:
            each.setVisible(kind == "picture")

    def set_neighbours(self, *, has_before: bool, has_after: bool) -> None:
        """Whether there are files before and after."""
        self._before.setEnabled(has_before)
        self._after.setEnabled(has_after)

    @Slot(int, int)
    def show_hits(self, current: int, count: int) -> None:
        """Say which hit of how many is shown."""
        wanted = bool(self.search.text())
        words = f"{text.number(current)} of {text.number(count)}" if count else "None"
        self._hits.setText(words if wanted else "")
        for each in (self.next_hit, self.previous_hit):
            each.setEnabled(count > 0)

    @Slot(float)
    def show_scale(self, scale: float) -> None:
        """Say how large the picture is shown."""
        self._scale.setText(f"{round(scale * 100)}%")

    def tools(self) -> tuple[IconButton, ...]:
        """All icon buttons, for the tests of names."""
        return tuple(self.findChildren(IconButton))

    def _lay_out(self) -> None:
        words = vbox(1)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        row = hbox(8, self)
        row.setContentsMargins(16, 10, 12, 10)
        row.addWidget(self._glyph)
        row.addSpacing(4)
        row.addLayout(words, 1)
        for each in (*self._of_text, *self._of_picture):
            row.addWidget(each, 1 if each is self.search else 0)
        row.addWidget(line(vertical=True))
        row.addWidget(self._before)
        row.addWidget(self._after)
        row.addWidget(self._save)
