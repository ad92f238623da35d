"""The folder table: pages, late answers, filter, sorting, updates."""

import threading
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QModelIndex, Qt

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser import folder_loader
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.folder_table import EntryRole, InspectionRole, SortRole
from cse_desktop.gui.browser.folder_updates import FolderUpdates
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.jobs.snapshot import FailureKind
from tests.gui.listing_server import ListingServer

NOWHERE = QModelIndex()


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(30)


@pytest.fixture
def listing():
    """Starts servers for the keys of a test."""
    servers = []

    def start(keys):
        servers.append(ListingServer(keys))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def model_of(bridge, request):
    """A model on a listing server."""

    def make(server):
        connection = Connection(
            "home", region="us-east-1", s3_endpoint=server.url, kms_endpoint=server.url
        )
        session = open_session(connection, Credentials("AKIATEST", "nothing"))
        model = ObjectModel(
            bridge, lambda _name: session, EnvelopeReader(bridge, lambda _n: session)
        )
        request.addfinalizer(partial(delete, model))
        return model

    return make


def delete(model):
    if shiboken6.isValid(model):
        model.deleteLater()


def open_folder(qtbot, model, key=""):
    model.open("home", ObjectRef("bucket", key))
    qtbot.waitUntil(lambda: model.loader.has_first_page or model.loader.failure is not None)


def names(model):
    rows = range(model.shown_count())
    return [model.index(row, Column.NAME).data() for row in rows]


def load_everything(qtbot, model):
    while model.loader.has_more:
        model.fetchMore(NOWHERE)
        qtbot.waitUntil(lambda: not model.loader.is_loading)


def test_a_folder_shows_sub_folders_first_and_counts_as_people_do(qtbot, listing, model_of):
    model = model_of(listing(["a10.txt", "a2.txt", "B.txt", "z/inner", "Éa.txt", "f.txt"]))
    open_folder(qtbot, model)
    assert names(model) == ["z", "a2.txt", "a10.txt", "B.txt", "Éa.txt", "f.txt"]


def test_the_model_keeps_qts_rules_while_pages_come(qtbot, listing, model_of, qtmodeltester):
    model = model_of(listing([f"{number:05}" for number in range(2_500)]))
    open_folder(qtbot, model)
    qtmodeltester.check(model, force_py=True)
    load_everything(qtbot, model)
    assert model.rowCount() == 2_500
    qtmodeltester.check(model, force_py=True)


def test_scrolling_fetches_one_page_after_the_other(qtbot, listing, model_of):
    server = listing([f"{number:05}" for number in range(2_500)])
    model = model_of(server)
    open_folder(qtbot, model)
    assert model.canFetchMore(NOWHERE)
    assert model.rowCount() == 1_001
    assert model.index(1_000, Column.NAME).data() == "Loading more…"
    model.fetchMore(NOWHERE)
    assert not model.canFetchMore(NOWHERE)
    qtbot.waitUntil(lambda: model.rowCount() == 2_001)
    model.fetchMore(NOWHERE)
    qtbot.waitUntil(lambda: model.rowCount() == 2_500)
    assert not model.canFetchMore(NOWHERE)
    assert len(server.listed) == 3


def test_100000_objects_show_their_first_rows_after_one_request(qtbot, listing, model_of):
    server = listing([f"{number:06}" for number in range(100_000)])
    model = model_of(server)
    open_folder(qtbot, model)
    assert model.shown_count() == 1_000
    assert len(server.listed) == 1


def test_all_pages_are_loaded_and_sorted_when_the_user_sorts(qtbot, listing, model_of):
    keys = [f"a{number}" for number in range(12_000)]
    model = model_of(listing(keys))
    open_folder(qtbot, model)
    assert not model.is_sorted
    assert "loads the rest" in model.headerData(Column.NAME, Qt.Horizontal, Qt.ToolTipRole)
    model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: model.is_sorted, timeout=60_000)
    assert names(model)[:2] == ["a11999", "a11998"]
    assert names(model) == keys[::-1]


def test_loading_all_can_be_stopped(qtbot, listing, model_of, monkeypatch):
    monkeypatch.setattr(folder_loader, "GATHERS_S", 0.0)  # a page at a time, however fast it is
    model = model_of(listing([f"{number:05}" for number in range(9_000)]))
    open_folder(qtbot, model)
    model.load_all()
    assert model.index(1_000, Column.NAME).data().startswith("Loading all names")
    model.stop_loading_all()
    qtbot.waitUntil(lambda: not model.loader.is_loading)
    assert model.shown_count() == 2_000


def test_the_answer_for_a_folder_already_left_is_dropped(qtbot, listing, model_of):
    server = listing(["old/one", "new/two"])
    model = model_of(server)
    server.gate.clear()
    model.open("home", ObjectRef("bucket", "old/"))
    qtbot.waitUntil(lambda: len(server.listed) == 1)
    model.open("home", ObjectRef("bucket", "new/"))
    server.gate.set()
    qtbot.waitUntil(lambda: model.loader.has_first_page)
    assert names(model) == ["two"]


def test_a_page_that_failed_is_asked_for_only_when_the_user_tries_again(qtbot, listing, model_of):
    server = listing([f"{number:05}" for number in range(1_500)])
    model = model_of(server)
    open_folder(qtbot, model)
    server.broken = True
    with qtbot.waitSignal(model.failed) as blocker:
        model.fetchMore(NOWHERE)
    assert blocker.args[0].kind is FailureKind.NOT_PERMITTED
    assert model.index(1_000, Column.NAME).data() == "Could not load. Try again"
    assert not model.canFetchMore(NOWHERE)
    server.broken = False
    model.loader.retry()
    qtbot.waitUntil(lambda: model.rowCount() == 1_500)


def test_the_filter_hides_names_and_says_how_many_it_looked_at(qtbot, listing, model_of):
    model = model_of(listing([f"{number:05}.txt" for number in range(1_500)]))
    open_folder(qtbot, model)
    model.set_filter(" 012 ")
    assert names(model) == ["00012.txt", *(f"0012{digit}.txt" for digit in range(10))]
    found = model.filtering
    assert (found.shown, found.loaded, found.has_more) == (11, 1_000, True)
    assert not model.canFetchMore(NOWHERE)
    model.set_filter("")
    assert model.rowCount() == 1_001


def test_the_filter_ignores_case_and_the_way_accents_are_written(qtbot, listing, model_of):
    model = model_of(listing(["Cafe\u0301.txt", "Tea.txt"]))
    open_folder(qtbot, model)
    model.set_filter("CAFÉ")
    assert len(names(model)) == 1


def test_a_filtered_model_keeps_qts_rules_while_rows_come_and_go(
    qtbot, listing, model_of, qtmodeltester
):
    model = model_of(listing(["alpha", "beta", "gamma"]))
    open_folder(qtbot, model)
    qtmodeltester.check(model, force_py=True)
    model.set_filter("a")
    model.put(Entry("delta", 20))
    model.put(Entry("epsilon", 20))
    assert names(model) == ["alpha", "beta", "delta", "gamma"]
    model.remove(["beta"])
    model.remove(["alpha", "gamma"])
    assert names(model) == ["delta"]
    model.set_filter("")
    assert names(model) == ["delta", "epsilon"]


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
@pytest.mark.parametrize("column", [Column.NAME, Column.SIZE, Column.MODIFIED])
def test_a_new_row_lands_where_sorting_anew_would_put_it(qtbot, listing, model_of, column, order):
    model = model_of(listing(["k1", "k3", "k20", "x/y", "b/y"]))
    open_folder(qtbot, model)
    model.sort(column, order)
    for key, size in (("k2", 2_000), ("k0", 17), ("m/", 0), ("a/", 0), ("zz", 10**9)):
        model.put(Entry(key, size))
    inserted = names(model)
    model.sort(column, order)
    assert inserted == names(model)


def test_refresh_keeps_the_rows_until_the_answer_and_loads_as_far_as_before(
    qtbot, listing, model_of
):
    server = listing([f"{number:05}" for number in range(2_500)])
    model = model_of(server)
    open_folder(qtbot, model)
    load_everything(qtbot, model)
    server.keys = server.keys[1:]
    server.gate.clear()
    model.refresh()
    assert model.shown_count() == 2_500
    server.gate.set()
    qtbot.waitUntil(lambda: model.shown_count() == 2_499)


def test_the_marker_object_of_a_folder_is_no_row(qtbot, listing, model_of):
    model = model_of(listing(["docs/", "docs/a", "docs//b"]))
    open_folder(qtbot, model, "docs/")
    assert names(model) == ["/", "a"]


def test_names_that_hide_or_reorder_are_shown_with_escapes(qtbot, listing, model_of):
    model = model_of(listing(["a\u202efdp.exe"]))
    open_folder(qtbot, model)
    assert names(model) == ["a\\u{202e}fdp.exe"]


def test_every_cell_speaks_and_gives_its_values(qtbot, listing, model_of):
    model = model_of(listing(["f/x", "report.pdf"]))
    open_folder(qtbot, model)
    cells = [model.index(row, column) for row in range(2) for column in Column]
    assert all(cell.data(Qt.ItemDataRole.AccessibleTextRole) for cell in cells)
    file = model.index(1, Column.SIZE)
    assert file.data().startswith("≈ ")
    assert file.data(EntryRole).key == "report.pdf"
    assert file.data(SortRole) == file.data(EntryRole).size
    assert file.data(InspectionRole).is_pending
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole) == "f, folder"


def test_envelopes_are_read_a_few_at_a_time_and_once(qtbot, listing, model_of):
    keys = [f"{number:02}" for number in range(12)]
    server = listing(keys)
    model = model_of(server)
    open_folder(qtbot, model)
    server.gate.clear()
    model.reader.want(model.entries())
    qtbot.waitUntil(lambda: server.heads == 2)
    server.gate.set()
    qtbot.waitUntil(lambda: not any(model.reader.state(e).is_pending for e in model.entries()))
    model.reader.want(model.entries())
    assert sorted(server.headed) == keys
    assert server.most_heads == 2
    assert model.index(0, Column.ENCRYPTION).data() == "Not encrypted"
    assert not model.index(0, Column.SIZE).data().startswith("≈")


def test_envelopes_wanted_no_more_are_not_read(qtbot, listing, model_of):
    server = listing([f"{number:02}" for number in range(12)])
    model = model_of(server)
    open_folder(qtbot, model)
    entries = model.entries()
    server.gate.clear()
    model.reader.want(entries[:6])
    qtbot.waitUntil(lambda: server.heads == 2)
    model.reader.want(entries[10:])
    server.gate.set()
    qtbot.waitUntil(lambda: not any(model.reader.state(e).is_pending for e in entries[10:]))
    assert set(server.headed) == {"00", "01", "10", "11"}


def test_an_envelope_that_cannot_be_read_is_unknown_and_says_why(qtbot, listing, model_of):
    server = listing(["here", "gone"])
    model = model_of(server)
    open_folder(qtbot, model)
    server.keys = ["here"]
    model.reader.want(model.entries())
    row = model.row_of("gone")
    qtbot.waitUntil(lambda: model.index(row, Column.ENCRYPTION).data() == "Unknown")
    assert model.index(row, Column.ENCRYPTION).data(Qt.ItemDataRole.ToolTipRole)


def test_few_envelopes_are_remembered_when_few_may_be(qtbot, listing, bridge):
    server = listing([f"{number:02}" for number in range(12)])
    connection = Connection(
        "home", region="us-east-1", s3_endpoint=server.url, kms_endpoint=server.url
    )
    session = open_session(connection, Credentials("AKIATEST", "nothing"))
    reader = EnvelopeReader(bridge, lambda _name: session, remembered=5)
    reader.open("home", "bucket")
    entries = [Entry(key, 20, "tag") for key in server.keys]
    reader.want(entries)
    qtbot.waitUntil(lambda: not reader.state(entries[-1]).is_pending)
    assert sum(not reader.state(entry).is_pending for entry in entries) == 5


def test_a_finished_upload_appears_without_listing_again(qtbot, listing, model_of, bridge):
    server = listing(["a", "c"])
    model = model_of(server)
    open_folder(qtbot, model)
    session_for = model.loader._session_for
    updates = FolderUpdates(bridge, session_for, model)
    server.keys = ["a", "b", "c", "sub/deep/x"]
    updates.refresh_entry("home", ObjectRef("bucket", "b"))
    updates.refresh_entry("home", ObjectRef("bucket", "sub/deep/x"))
    updates.refresh_entry("home", ObjectRef("other", "z"))
    updates.refresh_entry("work", ObjectRef("bucket", "z"))
    qtbot.waitUntil(lambda: names(model) == ["sub", "a", "b", "c"])
    assert len(server.listed) == 1


def test_many_finished_uploads_cost_one_listing(qtbot, listing, model_of, bridge):
    server = listing(["a"])
    model = model_of(server)
    open_folder(qtbot, model)
    updates = FolderUpdates(bridge, model.loader._session_for, model)
    server.keys = [f"{number:03}" for number in range(300)]
    for key in server.keys:
        updates.refresh_entry("home", ObjectRef("bucket", key))
    qtbot.waitUntil(lambda: model.shown_count() == 300)
    assert len(server.listed) == 2
    assert server.headed == []


def test_the_model_may_be_deleted_while_a_page_is_on_its_way(qtbot, listing, model_of):
    server = listing(["a"])
    model = model_of(server)
    server.gate.clear()
    model.open("home", ObjectRef("bucket", ""))
    qtbot.waitUntil(lambda: len(server.listed) == 1)
    gone = threading.Event()
    model.destroyed.connect(gone.set)
    model.deleteLater()
    server.gate.set()
    qtbot.waitUntil(gone.is_set)
