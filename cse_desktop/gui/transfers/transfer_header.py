"""The line above the transfers: tabs, sums, and what concerns all of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QToolButton, QWidget

from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import rate
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import icon_button, label
from cse_desktop.gui.parts.tab_strip import TabStrip
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.gui.transfers.transfer_rows import Tab

HEIGHT: Final = 40

_TABS: Final = (
    (Tab.ALL, "All", "neutral"),
    (Tab.ACTIVE, "Active", "neutral"),
    (Tab.COMPLETED, "Completed", "neutral"),
    (Tab.FAILED, "Failed", "bad"),
)
_ROOMY: Final = 900  # from here on the sums are said in full
_NARROW: Final = 700  # below they are left to the rows
_STEPS: Final = 1000  # a progress bar counts in 32 bits, bytes do not fit


_UP: Final = "↑"
_DOWN: Final = "↓"


class TransferHeader(QFrame):
    """Forty pixels that stay when the list is closed.

    Signals:
        tab_chosen: the Tab that the user chose.
        hold_all_chosen, release_all_chosen, retry_chosen, clear_chosen: buttons.
        fold_chosen: close the list, or open it.
        full_chosen: give the list the whole height, or take it back.
    """

    tab_chosen = Signal(object)
    hold_all_chosen = Signal()
    release_all_chosen = Signal()
    retry_chosen = Signal()
    clear_chosen = Signal()
    fold_chosen = Signal()
    full_chosen = Signal()

    def __init__(self, theme: Theme, model: TransferModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self._is_folded = self._is_full = self._is_paused = False
        self._limits = ""
        self.setProperty("frame", "window")
        self.tabs = TabStrip(theme, "Transfers")
        for tab, name, tone in _TABS:
            self.tabs.add(name, model.count(tab), tone=tone)
        self.tabs.setTabVisible(0, False)
        self.tabs.setCurrentIndex(1)
        self.sums = label(tone="text2")
        self.sums.setMinimumWidth(1)  # the window may be narrower than the sentence
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName("All transfers")
        self.retry = icon_button(theme, "ph.arrow-clockwise", "Try all failed again")
        self.clear = icon_button(theme, "ph.trash", "Clear finished transfers")
        self.pause = icon_button(theme, "ph.pause", "Pause all that wait")
        self.full = icon_button(
            theme, "ph.arrows-out-simple", "Full height", shortcut="Ctrl+Shift+J"
        )
        self.fold = icon_button(theme, "ph.caret-down", "Hide transfers", shortcut="Ctrl+J")
        self._lay_out()
        self._connect()
        self.refresh()

    def set_folded(self, is_folded: bool) -> None:
        """Say that the list is closed or open."""
        self._is_folded = is_folded
        _rename(self._theme, self.fold, *(_OPEN if is_folded else _CLOSE))
        self.refresh()

    def set_full(self, is_full: bool) -> None:
        """Say that the list has the whole height or its own; then there is a tab for all."""
        self._is_full = is_full
        self.tabs.setTabVisible(0, is_full)
        _rename(self._theme, self.full, *(_SHRINK if is_full else _GROW))
        self.tabs.setCurrentIndex(0 if is_full else max(1, self.tabs.currentIndex()))
        self.refresh()

    def show_tab(self, tab: Tab) -> None:
        """Choose a tab, as a click would."""
        self.tabs.setCurrentIndex([one for one, *_ in _TABS].index(tab))

    def set_limits(self, upload: int, download: int) -> None:
        """Say which speeds are limited, bytes a second; 0 for none."""
        limits = ((_UP, upload), (_DOWN, download))
        self._limits = "".join(
            f" · {mark} at most {rate(limit)}" for mark, limit in limits if limit
        )
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the model's numbers."""
        model, totals = self._model, self._model.totals
        for index, (tab, *_) in enumerate(_TABS):
            self.tabs.set_count(index, model.count(tab))
        # The tab for all takes the room of the longer sentence.
        is_roomy = self.width() >= self._theme.px(_ROOMY + 140 * self._is_full)
        is_narrow = self.width() < self._theme.px(_NARROW)
        limits = self._limits if totals.active else ""
        self.sums.setText((totals.sentence if is_roomy else totals.short_sentence) + limits)
        self.sums.setVisible(not is_narrow)
        self.bar.setVisible(totals.active > 0 and not is_narrow)
        self.bar.setValue(totals.done * _STEPS // totals.total if totals.total else 0)
        is_list = not self._is_folded
        self.retry.setVisible(is_list and model.tab is Tab.FAILED and model.count(Tab.FAILED) > 0)
        finished = model.count(Tab.ALL) - model.count(Tab.ACTIVE)
        self.clear.setVisible(is_list and model.tab is not Tab.ACTIVE and finished > 0)
        self.full.setVisible(is_list)
        self._refresh_pause(totals.active - totals.held - model.slots.used, totals.held)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def _refresh_pause(self, waiting: int, held: int) -> None:
        self._is_paused = waiting <= 0 < held
        _rename(self._theme, self.pause, *(_RELEASE if self._is_paused else _HOLD))
        self.pause.setEnabled(waiting > 0 or held > 0)
        if not self.pause.isEnabled():
            self.pause.setToolTip("No transfer waits. What runs goes on to its end.")

    def _lay_out(self) -> None:
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), 0, px(8), 0)
        row.setSpacing(px(4))
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.sums)
        row.addSpacing(px(4))
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(px(8))
        for one in (self.retry, self.clear, self.pause, self.full, self.fold):
            row.addWidget(one)
        self._measure()

    @Slot()
    def _measure(self) -> None:
        self.setFixedHeight(self._theme.px(HEIGHT))
        self.bar.setFixedWidth(self._theme.px(120))
        # Or the sums, which are hidden in time, would keep the window from getting narrower.
        self.setMinimumWidth(self._theme.px(320))

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._choose_tab)
        self.pause.clicked.connect(self._choose_pause)
        self.retry.clicked.connect(self.retry_chosen)
        self.clear.clicked.connect(self.clear_chosen)
        self.fold.clicked.connect(self.fold_chosen)
        self.full.clicked.connect(self.full_chosen)
        self._model.counts_changed.connect(self.refresh)
        self._model.totals_changed.connect(self.refresh)
        self._theme.changed.connect(self._measure)

    @Slot(int)
    def _choose_tab(self, index: int) -> None:
        self.tab_chosen.emit(_TABS[index][0])
        self.refresh()

    @Slot()
    def _choose_pause(self) -> None:
        (self.release_all_chosen if self._is_paused else self.hold_all_chosen).emit()


_HOLD = ("ph.pause", "Pause all that wait", "")
_RELEASE = ("ph.play", "Continue all", "")
_OPEN = ("ph.caret-up", "Show transfers", "Ctrl+J")
_CLOSE = ("ph.caret-down", "Hide transfers", "Ctrl+J")
_GROW = ("ph.arrows-out-simple", "Full height", "Ctrl+Shift+J")
_SHRINK = ("ph.arrows-in-simple", "Normal height", "Ctrl+Shift+J")


def _rename(theme: Theme, button: QToolButton, glyph: str, name: str, shortcut: str) -> None:
    button.setIcon(icon(theme, glyph))
    button.setAccessibleName(name)
    button.setToolTip(f"{name} ({shortcut})" if shortcut else name)
