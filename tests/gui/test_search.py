"""The search of a whole bucket in the place of the file list."""

import pytest
from PySide6.QtCore import Qt

from cse_desktop.core.objects import ObjectRef
from tests.gui import test_object_view as views
from tests.gui.test_object_view import open_folder

theme, bridge, drops = views.theme, views.bridge, views.drops
pane, server = views.pane, views.server

KEYS = [f"{folder}/{number:04}.txt" for folder in "abc" for number in range(700)]


@pytest.fixture
def here(qtbot, pane, server):
    server.keys = sorted([*KEYS, "a/Report 1.txt", "c/deep/report 2.txt", "top.txt"])
    open_folder(qtbot, pane, "b/")
    return pane


def shown(pane):
    model = pane.model
    return [model.index(row, 0).data() for row in range(model.shown_count())]


def wait_for_end(qtbot, pane):
    qtbot.waitUntil(lambda: pane.is_search and not pane.model.loader.is_searching)


def test_a_search_finds_names_in_every_folder_and_says_where(qtbot, here):
    here.search(" REPORT ")
    wait_for_end(qtbot, here)

    assert shown(here) == ["a/Report 1.txt", "c/deep/report 2.txt"]
    assert here._footer_text.text() == "2 found among all 2,103 names in bucket ·"
    assert here.folder == ObjectRef("bucket", "b/")  # where a file that is dropped goes to


def test_the_link_below_a_filter_searches_and_leads_back(qtbot, here, server):
    server.keys = sorted([*KEYS, *(f"b/more {number}" for number in range(900))])
    here.model.refresh()
    qtbot.waitUntil(lambda: here.model.loader.has_more)
    here.set_filter("0012")
    assert here._footer_link.text() == "Search the whole bucket"

    qtbot.mouseClick(here._footer_link, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, here)
    assert shown(here) == ["a/0012.txt", "b/0012.txt", "c/0012.txt"]

    assert here._footer_link.text() == "Show the folder again"
    with qtbot.waitSignal(here.filter_cleared):
        qtbot.mouseClick(here._footer_link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: here.model.shown_count() == 1_000)
    assert not here.is_search


def test_a_filter_without_a_match_offers_the_search(qtbot, here):
    here.set_filter("report 2")
    assert here._empty.accessibleName() == "No file matches “report 2”"

    qtbot.mouseClick(here._empty.action(0), Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, here)

    assert shown(here) == ["c/deep/report 2.txt"]


def test_a_search_is_stopped_and_left_by_escape(qtbot, here, server):
    here.search("0")
    qtbot.waitUntil(lambda: here.model.shown_count() > 0)
    server.gate.clear()
    here.model.refresh()
    qtbot.waitUntil(lambda: here.model.loader.is_searching)

    qtbot.keyClick(here.view, Qt.Key.Key_Escape)
    assert not here.model.loader.is_searching
    assert here.is_search

    server.gate.set()
    with qtbot.waitSignal(here.filter_cleared):
        qtbot.keyClick(here.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: here.model.shown_count() == 700)


def test_a_search_without_a_result_says_how_far_it_looked(qtbot, here, server):
    server.gate.clear()
    here.search("zebra")
    qtbot.waitUntil(here._empty.isVisible)
    assert here._empty.accessibleName() == "Searching for “zebra”"

    server.gate.set()
    qtbot.waitUntil(lambda: here._empty.accessibleName() == "No file matches “zebra”")
    assert "All 2,103 names in bucket" in here._empty.accessibleDescription()
    qtbot.mouseClick(here._empty.action(0), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: here.model.shown_count() == 700)


def test_a_search_that_fails_can_be_tried_again(qtbot, here, server):
    server.broken = True
    here.search("report")
    qtbot.waitUntil(lambda: here.model.loader.failure is not None)
    server.broken = False

    here.model.loader.retry()
    wait_for_end(qtbot, here)

    assert len(shown(here)) == 2


def test_another_filter_is_of_the_folder_again(qtbot, here):
    here.search("report")
    wait_for_end(qtbot, here)

    here.set_filter("0699")
    qtbot.waitUntil(lambda: shown(here) == ["0699.txt"])

    assert not here.is_search


def test_the_row_of_a_result_is_found_on_whichever_page(qtbot, here, server):
    server.keys = [f"b/{number:05}" for number in range(2_500)]

    here.open("home", ObjectRef("bucket", "b/"), select="b/02400")

    qtbot.waitUntil(lambda: [e.key for e in here.view.selected_entries()] == ["b/02400"])
