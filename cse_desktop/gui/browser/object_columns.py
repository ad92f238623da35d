"""Which columns of the folder table are shown, and how wide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QMenu

from cse_desktop.gui.browser.folder_cells import TITLES
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.look.theme import Theme

NAME_MINIMUM: Final = 220
WIDTHS: Final[Mapping[Column, int]] = MappingProxyType(
    {
        Column.SIZE: 84,
        Column.MODIFIED: 152,
        Column.ENCRYPTION: 248,
        Column.STORAGE_CLASS: 110,
    }
)
SHORT_BADGES_BELOW: Final = 560
SHORT_BADGE_WIDTH: Final = 120
HEADER_HEIGHT: Final = 32
_HIDES_BELOW: Final[Mapping[Column, int]] = MappingProxyType(
    {Column.STORAGE_CLASS: 1280, Column.MODIFIED: 1100}
)
"""The width of the window below which a column gives way, first to go first."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What the user changed about the columns; can be saved.

    Attributes:
        order: logical columns from left to right; empty for the usual order.
        widths: by column number; in pixels at the usual font size.
        shown, hidden: by hand, whatever the width of the window.
    """

    order: tuple[int, ...] = ()
    widths: Mapping[int, int] = field(default_factory=dict, hash=False)
    shown: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()


class ObjectColumns(QObject):
    """Lays out the columns: Name takes what is left, some hide where the window is narrow.

    A hidden column that the user showed by hand stays, and the list scrolls sideways.

    Signals:
        changed: the user moved, resized, showed or hid a column.
    """

    changed = Signal()

    def __init__(self, theme: Theme, header: QHeaderView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._header = header
        self._choice = ColumnChoice()
        self._is_laying_out = False
        self._list_width = self._window_width = 0
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(theme.px(48))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Fixed)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_menu)
        header.sectionResized.connect(self._take_width)
        header.sectionMoved.connect(self._take_order)
        theme.changed.connect(self._lay_out)

    @property
    def choice(self) -> ColumnChoice:
        """What the user changed."""
        return self._choice

    @property
    def has_short_badges(self) -> bool:
        """Whether the list is too narrow for whole badges."""
        return self._list_width < self._theme.px(SHORT_BADGES_BELOW)

    def restore(self, choice: ColumnChoice) -> None:
        """Take over a saved choice; columns it does not know keep their usual look."""
        self._choice = choice
        order = [c for c in choice.order if c in set(map(int, Column))]
        order += [int(c) for c in Column if c not in order]
        order.sort(key=lambda column: column != Column.NAME)
        self._is_laying_out = True
        for visual, logical in enumerate(order):
            self._header.moveSection(self._header.visualIndex(logical), visual)
        self._is_laying_out = False
        self._lay_out()

    def fit(self, list_width: int, window_width: int) -> None:
        """Lay out for a list and a window of these widths."""
        self._list_width, self._window_width = list_width, window_width
        self._lay_out()

    def set_shown(self, column: Column, shown: bool) -> None:
        """Show or hide a column by hand."""
        choice, number = self._choice, int(column)
        self._choice = ColumnChoice(
            choice.order,
            choice.widths,
            choice.shown | {number} if shown else choice.shown - {number},
            choice.hidden - {number} if shown else choice.hidden | {number},
        )
        self._lay_out()
        self.changed.emit()

    def is_shown(self, column: Column) -> bool:
        """Whether the column is shown now."""
        return not self._header.isSectionHidden(column)

    def menu(self) -> QMenu:
        """A menu to show and hide columns."""
        menu = QMenu(self._header)
        for column, title in TITLES.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(self.is_shown(column))
            action.setEnabled(column is not Column.NAME)
            action.setData(column)
        menu.triggered.connect(self._toggle)
        return menu

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._header.mapToGlobal(at))

    def _toggle(self, action: object) -> None:
        self.set_shown(Column(action.data()), action.isChecked())  # type: ignore[attr-defined]

    def _width(self, column: Column) -> int:
        usual = WIDTHS[column]
        if column is Column.ENCRYPTION and self.has_short_badges:
            usual = SHORT_BADGE_WIDTH
        return self._theme.px(self._choice.widths.get(int(column), usual))

    def _hidden(self) -> set[Column]:
        """Hidden by hand, because of the window's width, or to keep the name readable."""
        hidden = {Column(c) for c in self._choice.hidden if c != Column.NAME}
        room = self._list_width - self._theme.px(NAME_MINIMUM)
        for column, below in _HIDES_BELOW.items():
            wanted = sum(self._width(c) for c in WIDTHS if c not in hidden)
            is_narrow = self._window_width < below or wanted > room
            if is_narrow and column not in self._choice.shown:
                hidden.add(column)
        return hidden

    def _lay_out(self) -> None:
        if not self._list_width or self._is_laying_out:
            return
        self._is_laying_out = True
        header, hidden = self._header, self._hidden()
        header.setFixedHeight(self._theme.px(HEADER_HEIGHT))
        left = self._list_width
        for column in WIDTHS:
            header.setSectionHidden(column, column in hidden)
            if column not in hidden:
                header.resizeSection(column, self._width(column))
                left -= header.sectionSize(column)
        header.resizeSection(Column.NAME, max(left, self._theme.px(NAME_MINIMUM)))
        self._is_laying_out = False

    def _take_width(self, logical: int, _old: int, new: int) -> None:
        if self._is_laying_out or not new or logical == Column.NAME:
            return
        widths = {**self._choice.widths, logical: round(new / self._theme.scale)}
        choice = self._choice
        self._choice = ColumnChoice(choice.order, widths, choice.shown, choice.hidden)
        self._lay_out()
        self.changed.emit()

    def _take_order(self) -> None:
        if self._is_laying_out:
            return
        order = tuple(self._header.logicalIndex(visual) for visual in range(len(Column)))
        choice = self._choice
        self._choice = ColumnChoice(order, choice.widths, choice.shown, choice.hidden)
        self.changed.emit()
