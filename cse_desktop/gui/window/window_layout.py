"""Where the parts of the main window are, and what makes room in a small one."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QByteArray, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.browser.bucket_list import BucketList
from cse_desktop.gui.browser.inspector import Inspector
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.browser.place_tabs import TabBar
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.transfers.transfer_panel import TransferPanel
from cse_desktop.gui.window.action_bar import ActionBar
from cse_desktop.gui.window.address_bar import AddressBar
from cse_desktop.gui.window.status_line import StatusLine

SIDEBAR: Final = (200, 240, 360)
INSPECTOR: Final = (300, 336, 480)
PANEL: Final = (132, 236)
LIST_MIN: Final = 320

NARROW_BELOW: Final = 1100
LOW_BELOW: Final = 700

QWIDGETSIZE_MAX: Final = (1 << 24) - 1
"""Qt's own name for "no maximum"; PySide6 does not export it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The widgets of the main window."""

    address: AddressBar
    tabs: TabBar
    buckets: BucketList
    actions: ActionBar
    banner: Banner
    files: ObjectPane
    inspector: Inspector
    transfers: TransferPanel
    status: StatusLine


class WindowLayout(QObject):
    """Lays the parts out and keeps them fitting. GUI thread.

    In a window narrower than 1,100 pixels there is room for the sidebar or the inspector, not for
    both; in one lower than 700 the transfers are folded to their header.

    Signals:
        narrow_changed: whether the window is narrow.
    """

    narrow_changed = Signal(bool)

    def __init__(self, theme: Theme, parts: Parts, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._parts = parts
        self._actions = actions
        self._is_narrow = self._is_low = False
        self._panel_height = theme.px(PANEL[1])
        self.body = QStackedWidget()
        self._upper = QSplitter(Qt.Orientation.Horizontal)
        self._right = QSplitter(Qt.Orientation.Vertical)
        self._whole = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()

    @property
    def is_narrow(self) -> bool:
        """Whether the window is narrower than 1,100 pixels."""
        return self._is_narrow

    def fit(self, width: int, height: int) -> None:
        """Make room in a small window, or take it back in a large one."""
        is_narrow = width < self._theme.px(NARROW_BELOW)
        is_low = height < self._theme.px(LOW_BELOW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._parts.address.set_narrow(is_narrow)
            self._parts.actions.set_narrow(is_narrow)
            self._parts.status.set_narrow(is_narrow)
            self._actions["inspector"].setChecked(not is_narrow)
            self._actions["sidebar"].setChecked(True)
            self.narrow_changed.emit(is_narrow)
        if is_low != self._is_low:
            self._is_low = is_low
            self._parts.transfers.set_folded(is_low)
            self._parts.buckets.set_compact(is_low)

    def saved(self) -> dict[str, str]:
        """The splitters, to be given to `restore` another day."""
        splitters = {"whole": self._whole, "upper": self._upper, "right": self._right}
        return {
            name: base64.b64encode(bytes(splitter.saveState().data())).decode()
            for name, splitter in splitters.items()
        }

    def restore(self, saved: dict[str, str]) -> None:
        """Put the splitters where they were; nonsense is ignored by Qt."""
        splitters = {"whole": self._whole, "upper": self._upper, "right": self._right}
        for name, splitter in splitters.items():
            if name in saved:
                splitter.restoreState(QByteArray.fromBase64(saved[name].encode()))

    def _lay_out(self) -> None:
        px, parts = self._theme.px, self._parts
        files = QFrame()
        files.setProperty("frame", "surface")
        column = QVBoxLayout(files)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.tabs)
        column.addWidget(parts.actions)
        around_banner = QVBoxLayout()
        around_banner.setContentsMargins(12, 12, 12, 12)
        around_banner.addWidget(parts.banner)
        self._banner_room = QWidget()
        self._banner_room.setLayout(around_banner)
        column.addWidget(self._banner_room)
        column.addWidget(parts.files, 1)
        files.setMinimumWidth(px(LIST_MIN))
        for part, (least, _usual, most) in ((parts.buckets, SIDEBAR), (parts.inspector, INSPECTOR)):
            part.setMinimumWidth(px(least))
            part.setMaximumWidth(px(most))
        _fill(self._upper, files, parts.inspector, stretched=0)
        _fill(self._right, self._upper, parts.transfers, stretched=0)
        _fill(self._whole, parts.buckets, self._right, stretched=1)
        self._upper.setSizes([px(1440 - 240 - INSPECTOR[1]), px(INSPECTOR[1])])
        self._right.setSizes([px(600), self._panel_height])
        self._whole.setSizes([px(SIDEBAR[1]), px(1200)])
        parts.transfers.setMinimumHeight(parts.transfers.header_height())
        self.body.addWidget(self._whole)
        self._banner_room.hide()

    def show_banner(self, is_shown: bool) -> None:
        """Show the line above the files, or not."""
        self._banner_room.setVisible(is_shown)

    def _connect(self) -> None:
        actions, parts = self._actions, self._parts
        actions["sidebar"].toggled.connect(self._show_sidebar)
        actions["inspector"].toggled.connect(self._show_inspector)
        actions["transfers"].toggled.connect(self._show_transfers)
        actions["tall_transfers"].toggled.connect(parts.transfers.set_full)
        parts.transfers.fold_changed.connect(self._fold)
        self._right.splitterMoved.connect(self._keep_panel_height)
        parts.transfers.full_changed.connect(self._make_full)
        for name in ("sidebar", "inspector", "transfers"):
            actions[name].setChecked(True)

    @Slot(bool)
    def _show_sidebar(self, is_shown: bool) -> None:
        self._parts.buckets.setVisible(is_shown)
        if is_shown and self._is_narrow:
            self._actions["inspector"].setChecked(False)

    @Slot(bool)
    def _show_inspector(self, is_shown: bool) -> None:
        self._parts.inspector.setVisible(is_shown)
        if is_shown and self._is_narrow:
            self._actions["sidebar"].setChecked(False)
        elif self._is_narrow:
            self._actions["sidebar"].setChecked(True)

    @Slot(bool)
    def _show_transfers(self, is_shown: bool) -> None:
        self._parts.transfers.setVisible(is_shown)

    @Slot(bool)
    def _fold(self, is_folded: bool) -> None:
        """Give the list's height to the files, or take it back."""
        panel, whole = self._parts.transfers, sum(self._right.sizes())
        if is_folded:
            height = panel.header_height()
            panel.setFixedHeight(height)
        else:
            height = max(self._panel_height, self._theme.px(PANEL[0]))
            panel.setMinimumHeight(self._theme.px(PANEL[0]))
            panel.setMaximumHeight(QWIDGETSIZE_MAX)
        self._right.setSizes([max(0, whole - height), height])

    @Slot()
    def _keep_panel_height(self) -> None:
        if not self._parts.transfers.is_folded:
            self._panel_height = self._right.sizes()[1]

    @Slot(bool)
    def _make_full(self, is_full: bool) -> None:
        self._upper.setVisible(not is_full)
        self._actions["tall_transfers"].setChecked(is_full)
        if is_full:
            self._actions["transfers"].setChecked(True)


def _fill(splitter: QSplitter, first: QWidget, second: QWidget, *, stretched: int) -> None:
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    splitter.addWidget(first)
    splitter.addWidget(second)
    splitter.setStretchFactor(stretched, 1)
    splitter.setStretchFactor(1 - stretched, 0)
