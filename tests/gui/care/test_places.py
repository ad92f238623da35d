"""Tabs, pinned and recent places, and folder totals in the whole window."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import Place
from cse_desktop.settings import Settings, State, load_settings, load_state
from tests.gui.care.conftest import Hands

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def filled(s3: Any, bucket: str) -> str:
    for key in ("a/1.txt", "a/2.txt", "a/deep/3.txt", "b/4.txt"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345")
    return bucket


def here(hands: Hands) -> str:
    place = hands.window.inside.navigator.here
    return place.folder.key if place else ""


def test_each_tab_has_a_history_of_its_own(hands: Hands, filled: str) -> None:
    bar, tabs = hands.window.inside.parts.tabs, hands.window.inside.tabs
    hands.open_folder(filled)
    assert not bar.isVisible()
    assert not hands.window.inside.actions["close_tab"].isEnabled()

    hands.act("new_tab")
    hands.open_folder(filled, "a/")
    assert bar.isVisible()
    assert [bar.tabText(each) for each in range(2)] == [filled, "a"]
    hands.act("next_tab")
    hands.wait(lambda: hands.names() == ["a/", "b/"])
    assert not hands.window.inside.actions["back"].isEnabled()
    hands.act("previous_tab")
    hands.wait(lambda: hands.names() == ["a/1.txt", "a/2.txt", "a/deep/"])
    hands.act("back")
    assert here(hands) == ""

    hands.act("close_tab")
    assert (tabs.count, bar.isVisible()) == (1, False)
    hands.wait(lambda: hands.names() == ["a/", "b/"])


def test_closing_another_tab_leaves_the_open_one_as_it_is(hands: Hands, filled: str) -> None:
    hands.open_folder(filled)
    for key in ("a/", "b/"):
        hands.act("new_tab")
        hands.open_folder(filled, key)

    hands.window.inside.tabs.close(0)

    bar = hands.window.inside.parts.tabs
    assert [bar.tabText(each) for each in range(bar.count())] == ["a", "b"]
    assert here(hands) == "b/"


def test_a_place_is_pinned_opened_and_unpinned(hands: Hands, filled: str) -> None:
    pinned = hands.window.inside.parts.buckets.pinned
    hands.open_folder(filled, "a/deep/")
    assert not pinned.isVisible()

    hands.act("pin")
    [row] = pinned.rows()
    assert (row.text(), pinned.isVisible()) == ("a/deep", True)
    hands.open_folder(filled)
    assert not hands.window.inside.actions["pin"].isChecked()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert here(hands) == "a/deep/"
    assert hands.window.inside.actions["pin"].isChecked()
    hands.act("pin")
    assert pinned.rows() == ()


def test_recent_places_are_offered_newest_first_and_open(hands: Hands, filled: str) -> None:
    for key in ("", "a/", "b/", "a/"):
        hands.open_folder(filled, key)

    hands.act("recent_places")
    [menu] = [
        each
        for each in QApplication.topLevelWidgets()
        if isinstance(each, Menu) and each.isVisible()
    ]
    shown = [each.text().partition("\t")[0] for each in menu.actions()]
    assert shown == [f"s3://{filled}/{key}" for key in ("a/", "b/", "")]
    menu.actions()[1].trigger()
    menu.close()
    assert here(hands) == "b/"


def test_places_are_kept_for_the_next_start(hands: Hands, filled: str, home: Any) -> None:
    hands.open_folder(filled, "a/")
    hands.act("pin")
    hands.window.backstage.preferences.flush()

    pair = ("test", f"s3://{filled}/a/")
    assert load_settings(home / "cse-desktop").value.pinned_places == (pair,)
    assert load_state(home / "cse-desktop").value.recent_places[0] == pair
    assert Settings().pinned_places == State().recent_places == ()


def test_the_totals_of_a_folder_are_counted_on_demand(hands: Hands, filled: str) -> None:
    hands.open_folder(filled)
    hands.select("a/")

    hands.act("totals")
    dialog = hands.window.inside.care.totals
    assert dialog is not None
    hands.wait(lambda: not dialog.stop.isEnabled())

    assert dialog.values["Files"].text() == "3"
    assert "15 bytes" in dialog.values["Stored size"].text()
    assert dialog.values["Storage classes"].text() == "Standard: 3"
    assert dialog.note.text() == ""
    dialog.reject()


def test_a_tab_shows_a_place_of_any_connection_by_its_last_names(hands: Hands, filled: str) -> None:
    hands.open_folder(filled)

    hands.window.inside.tabs.open(Place("test", ObjectRef(filled, "a/deep/")))

    assert hands.window.inside.parts.tabs.tabText(1) == "a/deep"
    assert hands.window.inside.parts.tabs.tabToolTip(1) == f"s3://{filled}/a/deep/"
