"""The sidebar: connections, buckets, what is wrong with them, and the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from cse_desktop.core.errors import NotPermitted, SignInNeeded
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.bucket_list import BucketList
from cse_desktop.gui.browser.bucket_model import Reach, RowKind, RowRole
from cse_desktop.gui.browser.sidebar_foot import FootRow
from cse_desktop.gui.look.theme import Theme
from tests import servers

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

DEAD = "http://127.0.0.1:9"


@pytest.fixture
def sessions(connection, credentials):
    """Connection names and how each answers: a Session, or an error to raise."""
    gone = Connection("gone", region=servers.REGION, s3_endpoint=DEAD, kms_endpoint=DEAD)
    return {
        "home": open_session(connection, credentials),
        "gone": open_session(gone, Credentials("AKIATEST", "nothing")),
        "signed-out": SignInNeeded("Sign in to continue", "Your session ended."),
        "narrow": NotPermitted("You may not list buckets", "Add a bucket by its name."),
    }


@pytest.fixture
def sidebar(qtbot, qapp, sessions):
    theme = Theme("light")
    theme.set_reduced_motion(True)
    theme.apply(qapp)
    bridge = Bridge()

    def session_for(name):
        found = sessions[name]
        if isinstance(found, Exception):
            raise found
        return found

    sidebar = BucketList(theme, bridge, session_for)
    qtbot.addWidget(sidebar)
    QAbstractItemModelTester(sidebar.model, sidebar)
    sidebar.resize(240, 700)
    sidebar.set_connections([Connection(name, is_sandbox=name == "home") for name in sessions])
    sidebar.show()
    sidebar.activateWindow()
    qtbot.waitUntil(sidebar.isActiveWindow)
    yield sidebar
    assert bridge.close(60)
    qapp.setStyleSheet("")


def texts(sidebar):
    model = sidebar.model
    return [model.index(row).data() for row in range(model.rowCount())]


def settle(qtbot, sidebar, name):
    waiting = (Reach.CONNECTING, Reach.NOT_TRIED)
    qtbot.waitUntil(lambda: sidebar.model.branch(name).reach not in waiting, timeout=60_000)


def test_a_connection_loads_its_buckets_when_it_is_opened(qtbot, sidebar, bucket):
    assert texts(sidebar) == ["CONNECTIONS", "home", "gone", "signed-out", "narrow"]
    sidebar.open_connection("home")
    settle(qtbot, sidebar, "home")
    assert bucket in texts(sidebar)
    assert sidebar.model.branch("home").reach is Reach.CONNECTED


def test_a_click_on_a_bucket_chooses_the_place(qtbot, sidebar, bucket):
    sidebar.open_connection("home")
    settle(qtbot, sidebar, "home")
    row = sidebar.model.find("home", bucket)
    at = sidebar.list.visualRect(sidebar.model.index(row)).center()
    with qtbot.waitSignal(sidebar.place_chosen) as chosen:
        qtbot.mouseClick(sidebar.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args == ["home", bucket]


def test_the_keyboard_opens_closes_and_chooses(qtbot, sidebar, bucket):
    keys = sidebar.list
    keys.setFocus()
    qtbot.keyClick(keys, Qt.Key.Key_Right)
    settle(qtbot, sidebar, "home")
    qtbot.keyClick(keys, Qt.Key.Key_Down)
    assert keys.currentIndex().data(RowRole).kind is RowKind.BUCKET
    with qtbot.waitSignal(sidebar.place_chosen):
        qtbot.keyClick(keys, Qt.Key.Key_Return)
    qtbot.keyClick(keys, Qt.Key.Key_Left)
    assert keys.currentIndex().data() == "home"
    qtbot.keyClick(keys, Qt.Key.Key_Left)
    assert bucket not in texts(sidebar)


def test_a_connection_out_of_reach_says_so_and_can_be_tried_again(qtbot, sidebar, sessions):
    sidebar.open_connection("gone")
    settle(qtbot, sidebar, "gone")
    assert sidebar.model.branch("gone").reach is Reach.NOT_REACHABLE
    sessions["gone"] = sessions["home"]
    row = texts(sidebar).index("Try again")
    sidebar.list.row_chosen.emit(sidebar.model.row(row))
    settle(qtbot, sidebar, "gone")
    assert sidebar.model.branch("gone").reach is Reach.CONNECTED


def test_a_session_that_ended_asks_to_sign_in(qtbot, sidebar):
    sidebar.open_connection("signed-out")
    settle(qtbot, sidebar, "signed-out")
    assert sidebar.model.branch("signed-out").reach is Reach.SIGN_IN
    row = texts(sidebar).index("Sign in…")
    with qtbot.waitSignal(sidebar.sign_in_asked) as asked:
        sidebar.list.row_chosen.emit(sidebar.model.row(row))
    assert asked.args == ["signed-out"]
    settle(qtbot, sidebar, "signed-out")


def test_who_may_not_list_buckets_adds_one_by_name(qtbot, sidebar):
    sidebar.open_connection("narrow")
    settle(qtbot, sidebar, "narrow")
    assert sidebar.model.branch("narrow").reach is Reach.CONNECTED
    row = texts(sidebar).index("Add bucket by name…")
    with qtbot.waitSignal(sidebar.add_bucket_asked) as asked:
        sidebar.list.row_chosen.emit(sidebar.model.row(row))
    assert asked.args == ["narrow"]
    sidebar.set_named_buckets("narrow", ["acme-payroll"])
    assert "acme-payroll" in texts(sidebar)


def test_locks_and_the_open_bucket_are_spoken(qtbot, sidebar, bucket):
    sidebar.open_connection("home")
    settle(qtbot, sidebar, "home")
    sidebar.set_default_keys([("home", bucket)])
    sidebar.select_place("home", bucket)
    index = sidebar.model.index(sidebar.model.find("home", bucket))
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{bucket}, bucket, default key set, open"
    connection = sidebar.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert connection == "home, connection, sandbox, connected, expanded"


def test_what_is_known_of_a_connection_outlives_a_new_list(qtbot, sidebar, bucket):
    sidebar.open_connection("home")
    settle(qtbot, sidebar, "home")
    kept = sidebar.model.branch("home").connection
    sidebar.set_connections([Connection("new"), kept])
    assert texts(sidebar)[:3] == ["CONNECTIONS", "new", "home"]
    assert bucket in texts(sidebar)
    sidebar.set_connections([])
    assert texts(sidebar) == ["CONNECTIONS"]


def test_the_foot_asks_for_connection_keys_and_settings(qtbot, sidebar):
    rows = {row.text(): row for row in sidebar.findChildren(FootRow)}
    for text, signal in (
        ("Add connection", sidebar.add_connection_asked),
        ("Keys", sidebar.keys_asked),
        ("Settings", sidebar.settings_asked),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(rows[text], Qt.Key.Key_Space)


def test_the_sidebar_paints_every_state_in_both_themes(qtbot, qapp, sidebar):
    for name in ("home", "signed-out", "narrow"):
        sidebar.open_connection(name)
        settle(qtbot, sidebar, name)
    before = sidebar.grab().toImage()
    sidebar.set_compact(True)
    assert sidebar.grab().toImage() != before
