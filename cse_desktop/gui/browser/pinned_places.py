"""Places that the user has pinned, below the connections of the sidebar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cse_desktop.gui.browser.sidebar_foot import FootRow
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import Place

SHOWN: Final = 5
"""Rows before the section scrolls."""


class PinnedPlaces(QWidget):
    """A heading and a row for each place; hidden while there is none. GUI thread.

    Signals:
        opened, unpinned: the Place.
    """

    opened = Signal(object)
    unpinned = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._places: tuple[Place, ...] = ()
        self._rows: list[FootRow] = []
        heading = label("PINNED", "caption", "text3")
        heading.setContentsMargins(theme.px(16), theme.px(6), 0, theme.px(4))
        self._page = QWidget()
        self._page.setProperty("frame", "page")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(0)
        layout.addWidget(heading)
        layout.addWidget(self._scroll)
        self.setAccessibleName("Pinned places")
        self.hide()

    @property
    def places(self) -> tuple[Place, ...]:
        """What is shown."""
        return self._places

    def rows(self) -> tuple[FootRow, ...]:
        """The rows, from the top."""
        return tuple(self._rows)

    def set_places(self, places: Sequence[Place]) -> None:
        """Show these."""
        if tuple(places) == self._places:
            return
        self._places = tuple(places)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(place) for place in self._places]
        height = sum(row.sizeHint().height() for row in self._rows[:SHOWN])
        self._scroll.setFixedHeight(height)
        self.setVisible(bool(self._rows))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer the menu of a row."""
        if isinstance(event, QContextMenuEvent) and watched in self._rows:
            self._open_menu(self._places[self._rows.index(watched)], event.globalPos())
            return True
        return super().eventFilter(watched, event)

    def _make_row(self, place: Place) -> FootRow:
        folder = place.folder
        row = FootRow(self._theme, "ph.push-pin", short_name(place))
        row.setToolTip(f"{visible(str(folder))}\n{place.connection}")
        row.setAccessibleDescription(f"{place.connection}, {folder}")
        row.clicked.connect(partial(self.opened.emit, place))
        row.installEventFilter(self)
        self._column.addWidget(row)
        row.show()
        return row

    def _open_menu(self, place: Place, at: QPoint) -> None:
        menu = Menu(self._theme, parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add("Open", partial(self.opened.emit, place), glyph="ph.folder-open")
        menu.add("Unpin", partial(self.unpinned.emit, place), glyph="ph.x")
        menu.popup(at)


def short_name(place: Place) -> str:
    """The last two parts of a place: "2025/07-july"; of a bucket its name."""
    parts = [part for part in place.folder.key.split("/") if part]
    return visible("/".join(parts[-2:]) if parts else place.folder.bucket)
