"""A window with every component in every state, for review: `python -m cse_desktop.gui.gallery`."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.browser.drop_overlay import DropCard, DropOverlay, Fact
from cse_desktop.gui.browser.path_bar import PathBar
from cse_desktop.gui.gallery import gallery_controls as controls
from cse_desktop.gui.gallery import gallery_parts as parts
from cse_desktop.gui.look.theme import Mode, Theme
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.empty_state import Action, EmptyLook, EmptyState
from cse_desktop.gui.parts.segmented import Segmented

MODES: Final[tuple[Mode, ...]] = ("light", "dark", "system")

_EMPTY: Final = (
    EmptyLook(
        "ph.plus-circle",
        "Add your first connection",
        "Connect an AWS account, or try everything with the sandbox on this computer.",
        "info",
        (Action("Add connection", "ph.plus", "primary"), Action("Try the sandbox", "ph.cube")),
    ),
    EmptyLook(
        "ph.upload-simple",
        "Drop files here to encrypt and upload",
        "They are encrypted on this computer with alias/finance-prod before anything is sent.",
        "ok",
        (Action("Choose files…", "", "primary"), Action("New folder", "ph.folder-plus")),
        "s3://acme-finance-payroll/2025/08-august/",
    ),
    EmptyLook(
        "ph.wifi-slash",
        "Can't reach Amazon S3",
        "Check your network or VPN. 3 transfers are paused and will continue by themselves.",
        "warn",
        (Action("Try again", "ph.arrow-clockwise", "primary"), Action("Show details")),
        "Next try in 12 s",
    ),
    EmptyLook(
        "ph.arrows-down-up",
        "No transfers",
        "Uploads, downloads and re-wraps appear here while they run.",
        actions=(Action("Upload files…", "ph.upload-simple"),),
    ),
)

ACCEPTED: Final = DropCard(
    "Drop to encrypt with alias/finance-prod",
    "and upload to s3://acme-finance-payroll/2025/07-july/",
    (
        Fact("ph.files", "3 files · 1.24 GB"),
        Fact("ph.lock-key", "CSE-KMS v3"),
        Fact("ph.tag", "2 context pairs"),
    ),
    "Encrypted on this computer first. Hold Shift while dropping to choose another key.",
)
REFUSED: Final = DropCard(
    "Can't encrypt with alias/finance-2023",
    "This key is disabled, so nothing will be uploaded.",
    (Fact("ph.key", "Choose another key in the toolbar, then drop again"),),
    "Or ask a key administrator to enable it in KMS.",
    is_refused=True,
    glyph="ph.prohibit",
)


class Gallery(QWidget):
    """All components on one page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle("Components — CSE Desktop")
        self.page = QWidget()
        self.page.setProperty("frame", "page")
        switch = Segmented(theme, "Theme", [mode.capitalize() for mode in MODES])
        switch.set_current(MODES.index(theme.mode))
        switch.chosen.connect(self._choose_mode)
        head = QHBoxLayout()
        head.addWidget(label("Components", "h1"))
        head.addStretch(1)
        head.addWidget(switch)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(self._left(), 1)
        columns.addLayout(self._right(), 1)
        page = QVBoxLayout(self.page)
        page.setContentsMargins(24, 20, 24, 24)
        page.setSpacing(16)
        page.addLayout(head)
        page.addLayout(columns)
        page.addWidget(parts.section("Empty states", self._empty_states()))
        page.addWidget(parts.section("Drop overlay", self._overlays()))
        page.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _left(self) -> QLayout:
        theme = self._theme
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(parts.section("Buttons", controls.buttons(theme)))
        column.addWidget(parts.section("Inputs", controls.inputs(theme)))
        column.addWidget(parts.section("Choices", controls.choices(theme)))
        column.addWidget(parts.section("Badges and states", parts.badges(theme)))
        column.addStretch(1)
        return column

    def _right(self) -> QLayout:
        theme = self._theme
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(parts.section("Key chip", parts.chips(theme)))
        column.addWidget(parts.section("Banners", parts.banners(theme)))
        column.addWidget(parts.section("Path bar", self._paths()))
        column.addStretch(1)
        return column

    def _paths(self) -> QLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        rest, narrow, editing = (PathBar(self._theme) for _ in range(3))
        rest.set_place("acme-finance-payroll", "2025/07-july/")
        narrow.set_place("acme-finance-payroll", "2025/07-july/bank-files/received/checked/")
        narrow.setMaximumWidth(self._theme.px(380))
        editing.set_place("acme-finance-payroll", "2025/07-july/")
        editing.edit()
        for bar in (rest, narrow, editing):
            column.addWidget(bar)
        return column

    def _empty_states(self) -> QLayout:
        grid = QGridLayout()
        grid.setSpacing(16)
        for index, look in enumerate(_EMPTY):
            frame = card()
            box = QVBoxLayout(frame)
            box.addWidget(EmptyState(self._theme, look))
            frame.setMinimumHeight(self._theme.px(300))
            grid.addWidget(frame, index // 2, index % 2)
        return grid

    def _overlays(self) -> QLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for words in (ACCEPTED, REFUSED):
            host = card()
            host.setMinimumHeight(self._theme.px(360))
            DropOverlay(self._theme, host).show_card(words)
            row.addWidget(host, 1)
        return row

    def _choose_mode(self, index: int) -> None:
        self._theme.set_mode(MODES[index])


def main() -> int:
    """Show the gallery."""
    parser = argparse.ArgumentParser(description="Components of CSE Desktop")
    parser.add_argument("mode", nargs="?", choices=MODES, default="system")
    parser.add_argument("--font", type=int, help="body font in pixels")
    arguments = parser.parse_args()
    app = QApplication(sys.argv[:1])
    theme = Theme(arguments.mode)
    if arguments.font:
        theme.set_base_px(arguments.font)
    theme.apply(app)
    gallery = Gallery(theme)
    gallery.resize(1440, 900)
    gallery.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
