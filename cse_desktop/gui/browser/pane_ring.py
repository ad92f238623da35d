"""F6 goes from pane to pane, and back to where each pane was left."""

from __future__ import annotations

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget


class PaneRing(QObject):
    """The panes of a window in their order. GUI thread."""

    def __init__(self, window: QWidget, panes: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._panes = tuple(panes)
        self._left_at: dict[int, QWidget] = {}

    @Slot()
    def go_on(self) -> None:
        """To the next pane that is shown."""
        self._go(1)

    @Slot()
    def go_back(self) -> None:
        """To the pane before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        here, focused = self._here()
        if focused is not None and here >= 0:
            self._left_at[here] = focused
        for distance in range(1, len(self._panes) + 1):
            number = (here + step * distance) % len(self._panes)
            if self._enter(number):
                return

    def _enter(self, number: int) -> bool:
        """Put the focus into a pane: where it was left, else at its first control."""
        pane = self._panes[number]
        if not (pane.isVisible() and pane.isEnabled()):
            return False
        left_at = self._left_at.get(number)
        wanted = [left_at] if left_at is not None and shiboken6.isValid(left_at) else []
        for widget in (*wanted, pane.focusProxy(), pane, *pane.findChildren(QWidget)):
            if widget is None or not (widget.isVisible() and widget.isEnabled()):
                continue
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                focused = QApplication.focusWidget()
                if focused is not None and (pane is focused or pane.isAncestorOf(focused)):
                    return True
        return False

    def _here(self) -> tuple[int, QWidget | None]:
        focused = QApplication.focusWidget()
        for number, pane in enumerate(self._panes):
            if focused is not None and (pane is focused or pane.isAncestorOf(focused)):
                return number, focused
        return -1, focused
