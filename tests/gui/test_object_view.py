"""The folder on the screen: rows in view, keyboard, columns, drops, empty states."""

from functools import partial
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.drop_card import DropCard
from cse_desktop.gui.browser.drop_target import summary_of
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.object_columns import ColumnChoice
from cse_desktop.gui.browser.object_pane import ObjectPane, UploadHint
from cse_desktop.gui.browser.pane_states import PaneAction
from cse_desktop.gui.look.theme import Theme
from tests.gui.listing_server import ListingServer

KEYS = ["docs/a", "docs/b", "readme.txt", "report.pdf", "zebra.png", "album.zip"]
YES = DropCard("Drop to encrypt with alias/finance-prod", "and upload to s3://bucket/")
NO = DropCard("Can't encrypt with alias/old", "This key is disabled.", is_refused=True)


@pytest.fixture
def theme(qapp):
    theme = Theme("light")
    theme.set_reduced_motion(True)
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def server(request):
    server = ListingServer(getattr(request, "param", KEYS))
    yield server
    server.stop()


@pytest.fixture
def bridge(server, qapp):
    # The server is asked for first: reads end before it does.
    bridge = Bridge()
    yield bridge
    server.gate.set()
    assert bridge.close(30)


class Drops:
    """What the window would answer, and what it was asked."""

    def __init__(self):
        self.card = YES
        self.asked = []

    def __call__(self, dragged):
        self.asked.append(dragged)
        return self.card


@pytest.fixture
def drops():
    return Drops()


@pytest.fixture
def pane(qtbot, theme, bridge, server, drops):
    connection = Connection(
        "home", region="us-east-1", s3_endpoint=server.url, kms_endpoint=server.url
    )
    session = open_session(connection, Credentials("AKIATEST", "nothing"))
    window = QMainWindow()
    qtbot.addWidget(window)
    pane = ObjectPane(theme, bridge, lambda _name: session, drops)
    window.setCentralWidget(pane)
    window.resize(1440, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield pane
    window.close()


def open_folder(qtbot, pane, key=""):
    pane.open("home", ObjectRef("bucket", key))
    loader = pane.model.loader
    qtbot.waitUntil(lambda: loader.has_first_page or loader.failure is not None)


def names(entries):
    return [entry.key for entry in entries]


def test_only_envelopes_of_rows_in_view_are_read(qtbot, pane, server):
    server.keys = [f"{number:05}" for number in range(900)]
    open_folder(qtbot, pane)
    in_view = pane.view.viewport().height() // pane.view.rowHeight(0) + 1
    qtbot.waitUntil(lambda: len(server.headed) >= in_view)
    QTest.qWait(300)
    assert len(server.headed) <= in_view + 1
    pane.view.scrollToBottom()
    qtbot.waitUntil(lambda: "00899" in server.headed)
    assert len(server.headed) <= 2 * in_view + 2


def test_scrolling_to_the_end_of_a_page_loads_the_next(qtbot, pane, server):
    server.keys = [f"{number:05}" for number in range(2_500)]
    open_folder(qtbot, pane)
    pane.view.scrollToBottom()
    qtbot.waitUntil(lambda: pane.model.shown_count() == 2_000)
    pane.view.scrollToBottom()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 2_500)


def test_enter_and_double_click_open_the_row(qtbot, pane):
    open_folder(qtbot, pane)
    pane.view.select_keys(["docs/"])
    with qtbot.waitSignal(pane.view.opened) as opened:
        qtbot.keyClick(pane.view, Qt.Key.Key_Return)
    assert opened.args[0].key == "docs/"
    at = pane.view.visualRect(pane.model.index(1, Column.NAME)).center()
    with qtbot.waitSignal(pane.view.opened) as opened:
        qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseDClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened.args[0].key == "album.zip"


@pytest.mark.parametrize(
    ("key", "modifier", "signal"),
    [
        (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, "up_asked"),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier, "up_asked"),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "delete_asked"),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, "preview_asked"),
    ],
)
def test_keys_become_signals(qtbot, pane, key, modifier, signal):
    open_folder(qtbot, pane)
    with qtbot.waitSignal(getattr(pane.view, signal)):
        qtbot.keyClick(pane.view, key, modifier)


def test_typing_goes_to_the_next_name_that_begins_so(qtbot, pane):
    open_folder(qtbot, pane)
    pane.view.setFocus()
    qtbot.keyClicks(pane.view, "rep")
    assert pane.view.current_entry().key == "report.pdf"


def test_the_same_letter_steps_through_names(qtbot, pane):
    open_folder(qtbot, pane)
    pane.view.setFocus()
    qtbot.keyClicks(pane.view, "r")
    assert pane.view.current_entry().key == "readme.txt"
    qtbot.keyClicks(pane.view, "r")
    assert pane.view.current_entry().key == "report.pdf"


def test_selection_survives_refresh_filter_and_sorting(qtbot, pane, server):
    open_folder(qtbot, pane)
    pane.view.select_keys(["readme.txt", "zebra.png"], "zebra.png")
    server.keys = sorted([*KEYS, "aaa", "rez"])
    pane.model.refresh()
    qtbot.waitUntil(lambda: pane.model.row_of("aaa") >= 0)
    assert names(pane.view.selected_entries()) == ["readme.txt", "zebra.png"]
    assert pane.view.current_entry().key == "zebra.png"
    pane.model.sort(Column.NAME, Qt.SortOrder.DescendingOrder)
    assert names(pane.view.selected_entries()) == ["zebra.png", "readme.txt"]
    pane.set_filter("zebra")
    assert names(pane.view.selected_entries()) == ["zebra.png"]


def test_a_folder_left_upwards_is_selected_in_its_parent(qtbot, pane):
    open_folder(qtbot, pane, "docs/")
    pane.open("home", ObjectRef("bucket", ""), select="docs/")
    qtbot.waitUntil(lambda: names(pane.view.selected_entries()) == ["docs/"])


def test_all_rows_are_selected_but_not_the_one_that_loads(qtbot, pane, server):
    server.keys = [f"{number:05}" for number in range(1_500)]
    open_folder(qtbot, pane)
    pane.view.selectAll()
    assert len(pane.view.selected_entries()) == pane.model.shown_count()


def test_a_click_on_the_row_that_failed_tries_again(qtbot, pane, server):
    server.keys = [f"{number:05}" for number in range(1_010)]
    open_folder(qtbot, pane)
    server.broken = True
    pane.view.scrollToBottom()
    qtbot.waitUntil(lambda: pane.model.loader.failure is not None)
    server.broken = False
    pane.view.scrollToBottom()
    at = pane.view.visualRect(pane.model.index(1_000, Column.NAME)).center()
    qtbot.mouseClick(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: pane.model.rowCount() == 1_010)


def test_a_click_on_a_title_sorts_and_again_turns_round(qtbot, pane):
    open_folder(qtbot, pane)
    header = pane.view.horizontalHeader()
    x = header.sectionViewportPosition(Column.NAME) + 30
    at = QPoint(x, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(pane.model.entry(row) for row in range(2)) == ["docs/", "zebra.png"]
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert names(pane.model.entry(row) for row in range(2)) == ["docs/", "album.zip"]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (
            1440,
            {Column.NAME, Column.SIZE, Column.MODIFIED, Column.ENCRYPTION, Column.STORAGE_CLASS},
        ),
        (1200, {Column.NAME, Column.SIZE, Column.MODIFIED, Column.ENCRYPTION}),
        (1000, {Column.NAME, Column.SIZE, Column.ENCRYPTION}),
    ],
)
def test_columns_give_way_in_a_narrow_window(qtbot, pane, width, shown):
    open_folder(qtbot, pane)
    pane.window().resize(width, 600)
    qtbot.waitUntil(lambda: {c for c in Column if pane.view.columns.is_shown(c)} == shown)
    header = pane.view.horizontalHeader()
    assert header.length() == pane.view.viewport().width()


def test_a_column_shown_by_hand_stays(qtbot, pane):
    open_folder(qtbot, pane)
    pane.window().resize(1000, 600)
    pane.view.columns.set_shown(Column.MODIFIED, True)
    pane.view.columns.set_shown(Column.SIZE, False)
    pane.window().resize(960, 600)
    assert pane.view.columns.is_shown(Column.MODIFIED)
    assert not pane.view.columns.is_shown(Column.SIZE)


def test_widths_and_order_by_hand_can_be_saved_and_restored(qtbot, pane):
    open_folder(qtbot, pane)
    header = pane.view.horizontalHeader()
    header.resizeSection(Column.MODIFIED, 190)
    header.moveSection(header.visualIndex(Column.ENCRYPTION), 1)
    saved = pane.view.columns.choice
    pane.view.columns.restore(ColumnChoice())
    assert header.sectionSize(Column.MODIFIED) == 152
    assert header.visualIndex(Column.ENCRYPTION) == 3
    pane.view.columns.restore(saved)
    assert header.sectionSize(Column.MODIFIED) == 190
    assert header.visualIndex(Column.ENCRYPTION) == 1


def test_badges_are_short_in_a_narrow_list(qtbot, pane):
    open_folder(qtbot, pane)
    pane.window().setMinimumSize(0, 0)
    pane.window().resize(500, 600)
    assert pane.view.columns.has_short_badges
    assert pane.view.horizontalHeader().length() <= pane.view.viewport().width()


def test_an_empty_folder_invites_and_its_button_asks_for_files(qtbot, pane, server):
    server.keys = ["docs/"]
    pane.set_upload_hint(UploadHint("alias/finance-prod"))
    open_folder(qtbot, pane, "docs/")
    empty = pane._empty
    qtbot.waitUntil(empty.isVisible)
    assert empty.accessibleName() == "Drop files here to encrypt and upload"
    assert "alias/finance-prod" in empty.accessibleDescription()
    with qtbot.waitSignal(pane.acted) as acted:
        qtbot.mouseClick(empty.action(0), Qt.MouseButton.LeftButton)
    assert acted.args == [PaneAction.CHOOSE_FILES]


def test_a_filter_without_a_match_can_be_cleared_in_place(qtbot, pane):
    open_folder(qtbot, pane)
    pane.set_filter("bonus 2026")
    assert pane._empty.accessibleName() == "No file matches “bonus 2026”"
    with qtbot.waitSignal(pane.filter_cleared):
        qtbot.mouseClick(pane._empty.action(1), Qt.MouseButton.LeftButton)
    assert pane.view.isVisible()


def test_no_permission_to_list_says_so_and_shows_details(qtbot, pane, server):
    server.broken = True
    open_folder(qtbot, pane)
    qtbot.waitUntil(pane._empty.isVisible)
    assert pane._empty.accessibleName() == "You can't list this folder"
    with qtbot.waitSignal(pane.details_asked) as asked:
        qtbot.mouseClick(pane._empty.action(1), Qt.MouseButton.LeftButton)
    assert asked.args[0] == pane.model.loader.failure


def test_the_footer_says_how_far_the_filter_looked(qtbot, pane, server):
    server.keys = [f"{number:05}" for number in range(1_500)]
    open_folder(qtbot, pane)
    pane.set_filter("00012")
    assert pane._footer.isVisible()
    assert pane._footer_text.text() == "Filtering 1,000 loaded of more ·"
    pane.model.load_all()
    qtbot.waitUntil(lambda: not pane._footer.isVisible())


def mime_of(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def send(pane, event):
    QApplication.sendEvent(pane.view.viewport(), event)
    return event


def enter(pane, mime, at, actions=Qt.DropAction.CopyAction | Qt.DropAction.MoveAction):
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return send(pane, QDragEnterEvent(at, actions, mime, buttons, keys))


def move(pane, mime, at):
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    return send(pane, QDragMoveEvent(at, actions, mime, buttons, keys))


def drop(pane, mime, at, keys=Qt.KeyboardModifier.NoModifier):
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    event = QDropEvent(QPointF(at), actions, mime, Qt.MouseButton.LeftButton, keys)
    event.setDropAction(Qt.DropAction.MoveAction)
    return send(pane, event)


def below_rows(pane):
    return QPoint(40, pane.view.viewport().height() - 5)


def test_files_dropped_on_the_list_go_to_the_open_folder_as_copies(qtbot, pane, tmp_path):
    open_folder(qtbot, pane, "docs/")
    mime, at = mime_of(tmp_path / "a", tmp_path), below_rows(pane)
    assert enter(pane, mime, at).isAccepted()
    assert pane.overlay.card == YES
    with qtbot.waitSignal(pane.dropped) as dropped:
        event = drop(pane, mime, at)
    assert dropped.args == [(tmp_path / "a", tmp_path), "docs/", False]
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert pane.overlay.card is None


def test_a_folder_row_is_a_target_of_its_own(qtbot, pane, tmp_path, drops):
    open_folder(qtbot, pane)
    mime = mime_of(tmp_path)
    at = pane.view.visualRect(pane.model.index(0, Column.NAME)).center()
    enter(pane, mime, below_rows(pane))
    move(pane, mime, at)
    assert drops.asked[-1].folder_key == "docs/"
    with qtbot.waitSignal(pane.dropped) as dropped:
        drop(pane, mime, at)
    assert dropped.args[1] == "docs/"


def test_shift_asks_for_another_key(qtbot, pane, tmp_path):
    open_folder(qtbot, pane)
    mime, at = mime_of(tmp_path), below_rows(pane)
    enter(pane, mime, at)
    with qtbot.waitSignal(pane.dropped) as dropped:
        drop(pane, mime, at, Qt.KeyboardModifier.ShiftModifier)
    assert dropped.args[2] is True


def test_a_refused_drag_shows_why_and_drops_nothing(qtbot, pane, tmp_path, drops):
    drops.card = NO
    open_folder(qtbot, pane)
    mime, at = mime_of(tmp_path), below_rows(pane)
    assert enter(pane, mime, at).dropAction() == Qt.DropAction.IgnoreAction
    assert pane.overlay.card == NO
    assert not move(pane, mime, at).isAccepted()
    with qtbot.assertNotEmitted(pane.dropped):
        assert not drop(pane, mime, at).isAccepted()
    assert pane.overlay.card is None


@pytest.mark.parametrize("urls", [["https://example.com/a"], [], ["file:///tmp/a", "smb://host/b"]])
def test_what_is_not_on_this_computer_is_not_taken(qtbot, pane, urls, drops):
    open_folder(qtbot, pane)
    mime = QMimeData()
    mime.setText("text")
    mime.setUrls([QUrl(url) for url in urls])
    assert not enter(pane, mime, below_rows(pane)).isAccepted()
    assert not drops.asked


def test_the_veil_goes_when_the_drag_leaves(qtbot, pane, tmp_path):
    open_folder(qtbot, pane)
    mime = mime_of(tmp_path)
    enter(pane, mime, below_rows(pane))
    send(pane, QDragLeaveEvent())
    assert pane.overlay.card is None


def test_the_veil_of_a_refused_drag_goes_when_it_leaves(qtbot, pane, tmp_path, drops):
    drops.card = NO
    open_folder(qtbot, pane)
    enter(pane, mime_of(tmp_path), below_rows(pane))
    send(pane, QDragLeaveEvent())
    assert pane.overlay.card is None


def test_an_empty_folder_takes_drops_too(qtbot, pane, server, tmp_path):
    server.keys = ["docs/"]
    open_folder(qtbot, pane, "docs/")
    qtbot.waitUntil(pane._empty.isVisible)
    mime, at = mime_of(tmp_path), QPoint(50, 50)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(at, Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(pane, entered)
    assert entered.isAccepted()
    with qtbot.waitSignal(pane.dropped) as dropped:
        event = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(pane, event)
    assert dropped.args[1] == "docs/"


def test_what_is_dragged_is_counted_and_measured(tmp_path):
    files = [tmp_path / name for name in ("a", "b")]
    for file in files:
        file.write_bytes(b"x" * 600_000)
    assert summary_of(tuple(files)) == "2 files · 1.20 MB"
    assert summary_of((tmp_path, files[0])) == "1 folder and 1 file"
    assert summary_of((Path("/does/not/exist"),)) == "1 file · 0 B"


def test_rows_paint_in_both_themes_and_states(qtbot, pane, theme):
    open_folder(qtbot, pane)
    pane.model.put(Entry("x" * 300 + ".txt", 10**12, "tag"))
    pane.view.select_keys(["docs/", "readme.txt"])
    pane.view.setFocus()
    pictures = []
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        pictures.append(pane.grab().toImage())
    assert pictures[0] != pictures[1]


def test_the_pane_may_be_deleted_while_a_page_is_on_its_way(qtbot, pane, server):
    server.gate.clear()
    pane.open("home", ObjectRef("bucket", ""))
    qtbot.waitUntil(lambda: len(server.listed) == 1)
    pane.window().takeCentralWidget().deleteLater()
    qtbot.waitUntil(partial(lambda gone: not shiboken6.isValid(gone), pane))
    server.gate.set()
