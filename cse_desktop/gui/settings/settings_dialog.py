"""The settings: pages on the left, changes that apply at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.core.session import Connection
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.settings.encryption_page import EncryptionPage
from cse_desktop.gui.settings.settings_pages import AppearancePage, SettingsPage
from cse_desktop.gui.settings.settings_parts import NavButton
from cse_desktop.gui.settings.transfers_page import ChooseFolder, TransfersPage, choose_folder
from cse_desktop.settings import Settings

NAVIGATION_WIDTH: Final = 212
_GLYPHS: Final = ("ph.monitor", "ph.arrows-down-up", "ph.shield-check")


class SettingsDialog(QDialog):
    """Only what exists can be set here.

    Signals:
        changed: the Settings that are wanted from now on; whoever listens saves them.
        unsaved_changed: a Connection that is in no Settings, as it is wanted from now on.
    """

    changed = Signal(object)
    unsaved_changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        *,
        unsaved: Sequence[Connection] = (),
        choose_folder: ChooseFolder = choose_folder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.settings = settings
        self.appearance = AppearancePage(theme)
        self.transfers = TransfersPage(theme, choose_folder)
        self.encryption = EncryptionPage(theme, unsaved)
        self.pages: tuple[SettingsPage, ...] = (self.appearance, self.transfers, self.encryption)
        self.navigation = QButtonGroup(self)
        self._stack = QStackedWidget()
        self.reset = button(theme, "Reset page", kind="quiet")
        self.close_button = button(theme, "Close", kind="primary")
        self.setWindowTitle("Settings")
        self._lay_out()
        self.navigation.idClicked.connect(self.show_page)
        self.reset.clicked.connect(self._reset_page)
        self.close_button.clicked.connect(self.accept)
        for page in self.pages:
            page.show_settings(settings)
            page.changed.connect(self._apply)
        self.encryption.unsaved_changed.connect(self.unsaved_changed)
        self.encryption.form.shown.connect(self._bring_into_view)
        self.resize(theme.px(920), theme.px(600))
        self.setMinimumSize(theme.px(720), theme.px(440))
        self.show_page(0)

    def show_page(self, at: int) -> None:
        """Open a page."""
        self._stack.setCurrentIndex(at)
        self.navigation.button(at).setChecked(True)

    def show_policy(self, connection: str, switches: Sequence[str] = ()) -> None:
        """Open the encryption policy of a connection, at the first of the named switches."""
        self.show_page(self.pages.index(self.encryption))
        self.encryption.choose(connection)
        control = self.encryption.form.control_of(switches[0]) if switches else None
        (control or self.encryption.choice).setFocus(Qt.FocusReason.TabFocusReason)
        if control is not None:
            # There is nothing to scroll until the dialog has its size.
            QTimer.singleShot(0, self, partial(self._bring_into_view, control))

    @Slot(object)
    def _bring_into_view(self, part: QWidget) -> None:
        shown, page = self._stack.currentWidget(), self.pages[self._stack.currentIndex()]
        scroll = shown.findChild(QScrollArea) if shown is not None else None
        if isinstance(scroll, QScrollArea) and page.isAncestorOf(part):
            page.column.activate()  # gives new rows their place first
            scroll.ensureWidgetVisible(part, 0, self._theme.px(48))

    def _apply(self, settings: Settings) -> None:
        self.settings = settings
        for page in self.pages:
            page.show_settings(settings)
        self.changed.emit(settings)

    def _reset_page(self) -> None:
        self.pages[self._stack.currentIndex()].reset()

    def _lay_out(self) -> None:
        right = vbox(0)
        right.addWidget(self._stack, 1)
        right.addWidget(self._footer())
        row = hbox(0, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._navigation())
        row.addWidget(line(vertical=True))
        row.addLayout(right, 1)
        # Only now: a dialog takes no notice of a default button that is not inside of it yet.
        self.close_button.setDefault(True)

    def _navigation(self) -> QFrame:
        pane = card("window")
        pane.setFixedWidth(self._theme.px(NAVIGATION_WIDTH))
        column = vbox(4, pane)
        column.setContentsMargins(8, 12, 8, 12)
        for at, (page, glyph) in enumerate(zip(self.pages, _GLYPHS, strict=True)):
            entry = NavButton(self._theme, glyph, page.title)
            self.navigation.addButton(entry, at)
            column.addWidget(entry)
            self._stack.addWidget(_scrolling(page))
        column.addStretch(1)
        return pane

    def _footer(self) -> QFrame:
        for each in (self.reset, self.close_button):
            each.setAutoDefault(True)
        footer = card("footer")
        row = hbox(8, footer)
        row.setContentsMargins(28, 13, 24, 12)
        row.addWidget(label("Changes apply at once", "small", "text2"), 1)
        row.addWidget(self.reset)
        row.addWidget(self.close_button)
        return footer


def _scrolling(page: QWidget) -> QFrame:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidget(page)
    # Both would paint the window's colour over the surface.
    scroll.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    made = card("surface")
    inside = QVBoxLayout(made)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(scroll)
    return made
