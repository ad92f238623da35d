"""The gallery shows every component, in both themes and with a large font."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cse_desktop.gui.browser.drop_overlay import DropOverlay
from cse_desktop.gui.browser.path_bar import PathBar
from cse_desktop.gui.gallery.__main__ import Gallery
from cse_desktop.gui.keys.key_chip import KeyChip
from cse_desktop.gui.look.theme import Mode, Theme
from cse_desktop.gui.parts.badge import Badge
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.empty_state import EmptyState
from cse_desktop.gui.parts.segmented import Segmented
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.gui.parts.state_dot import StateDot
from cse_desktop.gui.parts.tab_strip import TabStrip

SHOWN = (
    Badge,
    Banner,
    DropOverlay,
    EmptyState,
    KeyChip,
    PathBar,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    Segmented,
    Spinner,
    StateDot,
    TabStrip,
)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    made = Theme("light")
    made.set_reduced_motion(True)
    made.apply(qapp)
    yield made
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def gallery(qtbot: QtBot, theme: Theme) -> Gallery:
    made = Gallery(theme)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    return made


def test_gallery_holds_every_component(gallery: Gallery) -> None:
    missing = [component for component in SHOWN if not gallery.findChildren(component)]

    assert missing == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_gallery_is_painted_on_the_window_colour(
    gallery: Gallery, theme: Theme, mode: Mode
) -> None:
    theme.set_mode(mode)

    image = gallery.page.grab().toImage()

    assert image.pixelColor(4, 4).name() == theme.color("window").name()


@pytest.mark.parametrize("px", [13, 20, 26])
def test_no_word_is_clipped_at_any_font_size(gallery: Gallery, theme: Theme, px: int) -> None:
    theme.set_base_px(px)
    gallery.resize(1440 * px // 13, 900)

    clipped = [
        part.text()
        for part in gallery.findChildren(QLabel)
        if part.isVisible() and part.text() and _needs_more(part)
    ]

    assert clipped == []


@pytest.mark.parametrize("px", [13, 20])
def test_every_button_has_room_for_its_word(gallery: Gallery, theme: Theme, px: int) -> None:
    theme.set_base_px(px)
    gallery.resize(1440 * px // 13, 900)

    narrow = [
        part.text()
        for part in gallery.findChildren(QAbstractButton)
        if part.isVisible() and part.text() and part.width() < part.sizeHint().width()
    ]

    assert narrow == []


def test_every_control_has_a_name_for_screen_readers(gallery: Gallery) -> None:
    controls = [
        *gallery.findChildren(QAbstractButton),
        *(field for field in gallery.findChildren(QLineEdit) if field.objectName() == ""),
    ]

    nameless = [part for part in controls if part.isVisible() and not _name_of(part)]

    assert nameless == []


def _needs_more(part: QLabel) -> bool:
    if part.wordWrap():
        return part.height() < part.heightForWidth(part.width())
    return part.width() < part.sizeHint().width() or part.height() < part.sizeHint().height()


def _name_of(control: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(control).text(QAccessible.Text.Name)
