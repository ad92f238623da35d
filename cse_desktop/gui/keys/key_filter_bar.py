"""Above the list of keys: search, account, refresh, tabs."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from cse_desktop.gui.keys.key_model import Filter, KeyModel, Scope
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import icon_button, label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.search_field import SearchField
from cse_desktop.gui.parts.tab_strip import TabStrip

_SCOPES: Final = tuple(Scope)
_ROWS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class KeySearch(SearchField):
    """Up and down go to the list that is searched.

    Signals:
        stepped: rows to move, negative upwards.
        paged: pages to move, negative upwards.
    """

    stepped = Signal(int)
    paged = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ROWS:
            self.stepped.emit(_ROWS[Qt.Key(key)])
        elif key in _PAGES:
            self.paged.emit(_PAGES[Qt.Key(key)])
        else:
            super().keyPressEvent(event)


class KeyFilterBar(QWidget):
    """Which of the keys are wanted.

    Signals:
        changed: the Filter that is wanted now.
        refresh_wanted: the keys should be read again.
    """

    changed = Signal(object)
    refresh_wanted = Signal()

    def __init__(self, theme: Theme, model: KeyModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = KeySearch(theme, "Search alias, description or key ID")
        self.search.textChanged.connect(self._tell)
        self._account = label(tone="text2")
        self._refresh = icon_button(
            theme, "ph.arrow-clockwise", "Read the keys again", shortcut="F5"
        )
        self._refresh.clicked.connect(self.refresh_wanted)
        self.tabs = TabStrip(theme, "Which keys")
        for scope in _SCOPES:
            self.tabs.add(scope.value, 0)
        self.tabs.currentChanged.connect(self._tell)
        self.usable_only = QCheckBox("Only keys I can use")
        self.usable_only.toggled.connect(self._tell)
        model.counted.connect(self._count)
        self._lay_out()

    def wanted(self) -> Filter:
        """What is chosen."""
        scope = _SCOPES[max(0, self.tabs.currentIndex())]
        return Filter(scope, self.search.text(), self.usable_only.isChecked())

    def show_all(self) -> None:
        """Take back everything that hides a key."""
        self.tabs.setCurrentIndex(0)
        self.usable_only.setChecked(False)
        self.search.clear()

    def set_place(self, account: str, region: str) -> None:
        """Say which account and Region the keys are of."""
        words = " · ".join(part for part in (account, region) if part)
        self._account.setText(words)
        self._account.setToolTip("Account and Region of these keys")

    def set_busy(self, is_busy: bool) -> None:
        """Refresh is off while the keys are being read."""
        self._refresh.setEnabled(not is_busy)

    def _lay_out(self) -> None:
        upper = hbox(8)
        upper.setContentsMargins(16, 12, 16, 0)
        upper.addWidget(self.search, 1)
        upper.addSpacing(4)
        upper.addWidget(self._account)
        upper.addWidget(self._refresh)
        lower = hbox(8)
        lower.setContentsMargins(8, 0, 18, 0)
        lower.addWidget(self.tabs)
        lower.addStretch(1)
        lower.addWidget(self.usable_only)
        layout = vbox(4, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(upper)
        layout.addLayout(lower)
        layout.addWidget(line())

    def _count(self) -> None:
        for at, scope in enumerate(_SCOPES):
            self.tabs.set_count(at, self._model.count(scope))

    def _tell(self) -> None:
        self.changed.emit(self.wanted())
