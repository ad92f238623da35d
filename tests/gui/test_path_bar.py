"""The path bar opens folders by crumb, menu and address."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cse_desktop.gui.browser.crumbs import Crumb, crumbs_of
from cse_desktop.gui.browser.path_bar import PathBar
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.menu import Menu

Left = Qt.MouseButton.LeftButton


class Filled:
    """Remembers what was asked for, and offers one folder."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.menus: list[Menu] = []

    def __call__(self, address: str, menu: Menu) -> None:
        self.asked.append(address)
        self.menus.append(menu)
        menu.add("06-june")


@pytest.fixture
def filled() -> Filled:
    return Filled()


@pytest.fixture
def bar(qtbot: QtBot, filled: Filled) -> PathBar:
    made = PathBar(Theme("light"), filled)
    qtbot.addWidget(made)
    made.resize(700, 32)
    made.set_place("acme-finance-payroll", "2025/07-july/")
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize(
    ("bucket", "prefix", "expected"),
    [
        ("", "", ()),
        ("b", "", (Crumb("b", "s3://b/"),)),
        ("b", "x/y/", (Crumb("b", "s3://b/"), Crumb("x", "s3://b/x/"), Crumb("y", "s3://b/x/y/"))),
        ("b", "x", (Crumb("b", "s3://b/"), Crumb("x", "s3://b/x/"))),
        (
            "b",
            "//",
            (
                Crumb("b", "s3://b/"),
                Crumb("(no name)", "s3://b//"),
                Crumb("(no name)", "s3://b///"),
            ),
        ),
    ],
)
def test_crumbs_are_bucket_and_folders(
    bucket: str, prefix: str, expected: tuple[Crumb, ...]
) -> None:
    assert crumbs_of(bucket, prefix) == expected


def test_bar_at_rest_shows_every_folder(bar: PathBar) -> None:
    assert bar.crumbs.shown == ("acme-finance-payroll", "2025", "07-july")
    assert not bar.is_editing


def test_crumb_opens_its_folder(qtbot: QtBot, bar: PathBar) -> None:
    with qtbot.waitSignal(bar.place_requested) as asked:
        qtbot.mouseClick(bar.crumbs.button(1), Left)

    assert asked.args == ["s3://acme-finance-payroll/2025/"]


def test_caret_asks_for_the_folders_of_its_crumb(
    qtbot: QtBot, bar: PathBar, filled: Filled
) -> None:
    qtbot.mouseClick(bar.crumbs.caret(0), Left)

    assert filled.asked == ["s3://acme-finance-payroll/"]
    assert filled.menus[0].isVisible()
    filled.menus[0].close()


def test_click_on_the_empty_part_edits_with_everything_selected(qtbot: QtBot, bar: PathBar) -> None:
    qtbot.mouseClick(bar, Left, pos=bar.rect().center())

    assert bar.is_editing
    assert bar.field.hasFocus()
    assert bar.field.selectedText() == "s3://acme-finance-payroll/2025/07-july/"


def test_enter_asks_for_the_typed_address(qtbot: QtBot, bar: PathBar) -> None:
    bar.edit()
    qtbot.keyClicks(bar.field, "s3://other/place/")

    with qtbot.waitSignal(bar.place_requested) as asked:
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)

    assert asked.args == ["s3://other/place/"]
    assert not bar.is_editing


def test_escape_restores_the_crumbs(qtbot: QtBot, bar: PathBar) -> None:
    bar.edit()
    qtbot.keyClicks(bar.field, "nonsense")

    with qtbot.assertNotEmitted(bar.place_requested):
        qtbot.keyClick(bar.field, Qt.Key.Key_Escape)

    assert not bar.is_editing
    assert bar.crumbs.shown[-1] == "07-july"
    assert bar.hasFocus()


def test_narrow_bar_keeps_first_and_last_crumb(qtbot: QtBot, bar: PathBar) -> None:
    bar.set_place("acme-finance-payroll", "2025/07-july/bank-files/received/checked/")
    bar.resize(380, 32)

    assert bar.crumbs.shown[:2] == ("acme-finance-payroll", "…")
    assert bar.crumbs.shown[-1] == "checked"
    assert [crumb.name for crumb in bar.crumbs.hidden][:2] == ["2025", "07-july"]


def test_very_long_folder_name_stays_inside_the_bar(bar: PathBar) -> None:
    bar.set_place("bucket", "x" * 300 + "/")

    last = bar.crumbs.button(1)
    assert last.geometry().right() <= bar.crumbs.width()
    assert "…" in last.text()


def test_arrow_keys_walk_the_crumbs_and_enter_opens(qtbot: QtBot, bar: PathBar) -> None:
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    qtbot.keyClick(bar.crumbs.button(2), Qt.Key.Key_Left)

    assert bar.crumbs.button(1).hasFocus()
    with qtbot.waitSignal(bar.place_requested) as asked:
        qtbot.keyClick(bar.crumbs.button(1), Qt.Key.Key_Return)
    assert asked.args == ["s3://acme-finance-payroll/2025/"]


def test_name_with_an_override_is_shown_as_escape(bar: PathBar) -> None:
    bar.set_place("bucket", "a\u202eb & c/")

    assert bar.crumbs.shown[-1] == "a\\u{202e}b && c"


def test_leaving_the_field_ends_editing(qtbot: QtBot, bar: PathBar) -> None:
    bar.edit()

    bar.setFocus()

    assert not bar.is_editing
