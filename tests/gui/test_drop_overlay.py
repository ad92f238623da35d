"""The drop overlay says what a drop would do and takes no event from the list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cse_desktop.gui.browser.drop_overlay import DropCard, DropOverlay, Fact
from cse_desktop.gui.look.theme import Theme

ACCEPTED = DropCard(
    "Drop to encrypt with alias/finance-prod",
    "and upload to s3://bucket/folder/",
    (Fact("ph.files", "3 files · 1.24 GB"), Fact("ph.lock-key", "CSE-KMS v3")),
    "Encrypted on this computer first.",
)
REFUSED = DropCard("Can't encrypt", "This key is disabled.", is_refused=True, glyph="ph.prohibit")


@pytest.fixture
def theme() -> Theme:
    made = Theme("light")
    made.set_reduced_motion(True)
    return made


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    return made


def color_at(host: QWidget, at: QPoint) -> str:
    return QColor(host.grab().toImage().pixel(at)).name()


def test_overlay_covers_the_list_and_follows_its_size(theme: Theme, host: QWidget) -> None:
    overlay = DropOverlay(theme, host)
    overlay.show_card(ACCEPTED)

    host.resize(640, 420)

    assert overlay.geometry() == host.rect()


def test_overlay_leaves_clicks_to_the_list(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    below = QPushButton("below", host)
    below.setGeometry(0, 0, 800, 500)
    below.show()
    overlay = DropOverlay(theme, host)
    overlay.show_card(ACCEPTED)

    assert overlay.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert host.childAt(400, 250) is below


def test_accepted_and_refused_cards_look_different(theme: Theme, host: QWidget) -> None:
    overlay = DropOverlay(theme, host)
    corner = QPoint(4, 4)
    overlay.show_card(ACCEPTED)
    accepted = color_at(host, corner)

    overlay.show_card(REFUSED)

    assert color_at(host, corner) != accepted
    assert overlay.accessibleName() == "Can't encrypt. This key is disabled."


def test_cleared_overlay_is_gone(theme: Theme, host: QWidget) -> None:
    overlay = DropOverlay(theme, host)
    overlay.show_card(ACCEPTED)

    overlay.clear()

    assert overlay.card is None
    assert overlay.isHidden()


def test_overlay_fades_out_before_it_is_gone(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    theme.set_reduced_motion(False)
    overlay = DropOverlay(theme, host)
    overlay.show_card(ACCEPTED)
    qtbot.waitUntil(lambda: overlay.veil == 1.0)

    overlay.clear()

    assert not overlay.isHidden()
    qtbot.waitUntil(overlay.isHidden)


def test_ring_is_drawn_around_the_folder_under_the_pointer(theme: Theme, host: QWidget) -> None:
    overlay = DropOverlay(theme, host)
    overlay.show_card(ACCEPTED)
    edge = QPoint(400, 41)
    before = color_at(host, edge)

    overlay.set_target(QRect(20, 40, 760, 36))

    assert color_at(host, edge) == theme.color("focus").name()
    assert before != theme.color("focus").name()


@pytest.mark.parametrize("size", [(800, 500), (300, 200), (90, 60), (2000, 1400)])
@pytest.mark.parametrize("px", [13, 20])
def test_card_is_painted_in_any_size(
    theme: Theme, host: QWidget, size: tuple[int, int], px: int
) -> None:
    theme.set_base_px(px)
    host.resize(*size)
    overlay = DropOverlay(theme, host)

    overlay.show_card(ACCEPTED)

    assert not host.grab().isNull()
