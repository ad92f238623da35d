"""Small parts do what their names say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QPainter
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from cse_desktop.core.kms_key import KmsKey
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.empty_state import Action, EmptyLook, EmptyState
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.parts.search_field import SearchField
from cse_desktop.gui.parts.segmented import Segmented
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.gui.parts.state_dot import Dot, key_look, paint_dot
from cse_desktop.gui.parts.tab_strip import TabStrip

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEFT = Qt.MouseButton.LeftButton
EMPTY = EmptyLook(
    "ph.plus-circle",
    "Add your first connection",
    "Connect an AWS account, or try everything with the sandbox on this computer. " * 3,
    "info",
    (Action("Add connection", "ph.plus", "primary"), Action("Try the sandbox")),
)


@pytest.fixture
def theme() -> Theme:
    return Theme("light")


def drawn(dot: Dot, theme: Theme) -> QImage:
    image = QImage(16, 16, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_dot(painter, QPointF(8, 8), dot, theme)
    painter.end()
    return image.createAlphaMask()


def test_dots_differ_by_shape_and_not_only_by_colour(theme: Theme) -> None:
    shapes = [drawn(dot, theme) for dot in Dot]

    assert all(a != b for at, a in enumerate(shapes) for b in shapes[at + 1 :])


def test_deletion_says_how_many_days_are_left() -> None:
    key = KmsKey("arn", state="PendingDeletion", deletion=NOW + timedelta(days=12, hours=3))

    look = key_look(key, NOW)

    assert (look.word, look.note, look.dot) == ("Pending deletion", "in 12 days", Dot.SQUARE)


def test_state_that_kms_may_invent_is_shown_by_its_name() -> None:
    assert key_look(KmsKey("arn", state="Dreaming"), NOW).word == "Dreaming"


def test_key_whose_state_nobody_may_read_is_not_checked() -> None:
    assert key_look(KmsKey("arn"), NOW).word == "Not checked"


def test_banner_tells_when_its_button_is_pressed(qtbot: QtBot, theme: Theme) -> None:
    banner = Banner(theme, "warn", "Your sign-in ends.", action="Sign in again")
    qtbot.addWidget(banner)
    banner.show()

    with qtbot.waitSignal(banner.acted):
        qtbot.mouseClick(banner.findChild(QPushButton), LEFT)


def test_banner_without_an_action_has_no_button(qtbot: QtBot, theme: Theme) -> None:
    banner = Banner(theme, "info", "Settled by policy.")
    qtbot.addWidget(banner)
    banner.show()

    assert not banner.findChild(QPushButton).isVisible()


def test_empty_state_tells_which_button_was_pressed(qtbot: QtBot, theme: Theme) -> None:
    state = EmptyState(theme, EMPTY)
    qtbot.addWidget(state)
    state.show()

    with qtbot.waitSignal(state.acted) as acted:
        qtbot.mouseClick(state.action(1), LEFT)

    assert acted.args == [1]


@pytest.mark.parametrize("px", [13, 20])
def test_wrapped_words_of_an_empty_state_are_not_clipped(
    qtbot: QtBot, theme: Theme, px: int
) -> None:
    theme.set_base_px(px)
    state = EmptyState(theme, EMPTY)
    qtbot.addWidget(state)
    state.resize(500, 460)
    state.show()

    labels = [part for part in state.findChildren(QLabel) if part.isVisible()]
    assert labels
    assert all(part.height() >= part.heightForWidth(part.width()) for part in labels)


def test_menu_row_shows_an_ampersand_and_calls_its_slot(qtbot: QtBot, theme: Theme) -> None:
    called: list[bool] = []
    menu = Menu(theme)
    qtbot.addWidget(menu)

    action = menu.add("R&D", lambda: called.append(True), hint="Enabled")
    action.trigger()

    assert action.text() == "R&&D\tEnabled"
    assert called == [True]


def test_destructive_row_is_red(qtbot: QtBot, theme: Theme) -> None:
    menu = Menu(theme)
    qtbot.addWidget(menu)
    menu.add("Download", glyph="ph.download-simple")
    row = menu.add("Delete…", glyph="ph.trash", destructive=True)
    menu.popup(QPoint(0, 0))

    image = menu.grab(menu.actionGeometry(row)).toImage()

    colors = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert theme.color("bad").name() in colors
    assert theme.color("text").name() not in colors
    menu.close()


def test_segment_is_chosen_by_click(qtbot: QtBot, theme: Theme) -> None:
    segments = Segmented(theme, "Show", ("All", "Problems"))
    qtbot.addWidget(segments)
    segments.show()

    with qtbot.waitSignal(segments.chosen) as chosen:
        qtbot.mouseClick(segments.part(1), LEFT)

    assert chosen.args == [1]
    assert segments.current == 1


def test_tab_speaks_its_count_and_widens_with_it(qtbot: QtBot, theme: Theme) -> None:
    tabs = TabStrip(theme, "Transfers")
    qtbot.addWidget(tabs)
    tabs.add("Failed", 1, tone="bad")
    before = tabs.sizeHint().width()

    tabs.set_count(0, 12345)

    assert tabs.sizeHint().width() > before
    assert tabs.count_of(0) == 12345
    interface = QAccessible.queryAccessibleInterface(tabs)
    assert interface.child(0).text(QAccessible.Text.Name) == "Failed, 12,345"


def test_spinner_turns_only_while_it_is_seen(qtbot: QtBot, theme: Theme) -> None:
    spinner = Spinner(theme)
    qtbot.addWidget(spinner)
    assert not spinner.is_turning

    spinner.show()
    assert spinner.is_turning
    spinner.hide()

    assert not spinner.is_turning


def test_spinner_stands_still_where_motion_is_not_wanted(qtbot: QtBot, theme: Theme) -> None:
    spinner = Spinner(theme)
    qtbot.addWidget(spinner)
    spinner.show()

    theme.set_reduced_motion(True)

    assert not spinner.is_turning


def test_escape_clears_the_search_first(qtbot: QtBot, theme: Theme) -> None:
    search = SearchField(theme, "Filter this folder")
    qtbot.addWidget(search)
    search.setText("bonus")

    qtbot.keyClick(search, Qt.Key.Key_Escape)

    assert search.text() == ""


def test_dialog_answers_enter_with_its_primary_button(qtbot: QtBot, theme: Theme) -> None:
    dialog = Dialog(theme, "Name taken", "“x” is already in this folder", "It differs.")
    qtbot.addWidget(dialog)
    dialog.add_button("Cancel", Role.RejectRole)
    dialog.add_button("Replace", Role.AcceptRole, kind="primary")
    dialog.show()

    qtbot.keyClick(dialog, Qt.Key.Key_Return)

    assert dialog.result() == QDialog.DialogCode.Accepted


def test_dialog_is_rejected_by_escape(qtbot: QtBot, theme: Theme) -> None:
    dialog = Dialog(theme, "Delete", "Delete “x”?")
    qtbot.addWidget(dialog)
    dialog.add_button("Cancel", Role.RejectRole)
    dialog.show()

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert dialog.result() == QDialog.DialogCode.Rejected
    assert not dialog.isVisible()


def test_dialog_names_itself(qtbot: QtBot, theme: Theme) -> None:
    dialog = Dialog(theme, "Download failed", "<b>not bold</b>", "Why it failed")
    qtbot.addWidget(dialog)

    assert dialog.title.textFormat() == Qt.TextFormat.PlainText
    assert dialog.accessibleName() == "<b>not bold</b>"
