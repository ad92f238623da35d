"""The transfers panel under hands: mouse, keyboard, menu, and a real queue behind it."""

import itertools
import threading

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from cse_desktop.core.progress import Stage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.transfers.transfer_columns import columns
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.gui.transfers.transfer_panel import TransferPanel
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.snapshot import Phase
from tests.gui.transfers import TAMPERED, download, ended, failed, running, upload, waiting


class Gate:
    """Stands where a session comes from: a job waits here until the test lets it fail."""

    def __init__(self):
        self.open = threading.Event()

    def __call__(self, _connection):
        assert self.open.wait(60)
        raise OSError("no session in this test")


@pytest.fixture
def theme(qapp):
    theme = Theme("light")
    theme.apply(qapp)
    yield theme
    theme.set_base_px(13)
    theme.set_mode("light")


@pytest.fixture
def model(qapp):
    return TransferModel(lambda: 4)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def queue(model, gate):
    bridge = Bridge()
    bridge.changed.connect(model.take)
    queue = JobQueue(gate, bridge.report, limit=1)
    yield queue
    gate.open.set()
    queue.cancel_all()
    assert queue.close(30)
    assert bridge.close(30)


@pytest.fixture
def panel(qtbot, theme, model, queue):
    panel = TransferPanel(theme, model, queue)
    qtbot.addWidget(panel)
    panel.resize(1200, 236)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def filled(qtbot, panel, model):
    """The panel with one row of each kind, shown on one tab."""
    model.take(running(101, 400))
    model.take(waiting(102))
    model.take(failed(103))
    model.take(failed(104, TAMPERED, download()))
    model.take(ended(105))
    panel.set_full(True)
    qtbot.waitUntil(lambda: model.rowCount() == 5)
    return panel


def row_rect(panel, row):
    return panel.view.visualRect(panel.view.model().index(row))


def spot(panel, theme, row, place):
    """The middle of an action's icon; place 0 is the first of three."""
    rect = row_rect(panel, row)
    return columns(theme, rect, Qt.LayoutDirection.LeftToRight).actions[place].center()


def phases(model):
    return {one.id: one.phase for one in model.snapshots(Tab.ALL)}


def test_empty_panel_says_so_and_offers_an_upload(qtbot, panel):
    assert panel.nothing.isVisible()
    assert panel.nothing.accessibleName() == "No transfers"
    with qtbot.waitSignal(panel.upload_requested):
        QTest.mouseClick(panel.nothing.findChild(type(panel.nothing._upload)), Qt.LeftButton)


def test_counts_stand_in_the_tabs(qtbot, filled):
    tabs = filled.header.tabs
    assert [tabs.count_of(index) for index in range(4)] == [5, 2, 1, 2]
    assert tabs.accessibleTabName(3) == "Failed, 2"


def test_click_on_the_cross_cancels_a_waiting_job(qtbot, panel, model, queue, theme):
    queue.submit([upload("a.txt"), upload("b.txt")])
    qtbot.waitUntil(lambda: model.rowCount() == 2 and phases(model)[1] is Phase.RUNNING)
    QTest.mouseClick(panel.view.viewport(), Qt.LeftButton, pos=spot(panel, theme, 1, 2))
    qtbot.waitUntil(lambda: phases(model)[2] is Phase.CANCELLED)


def test_press_and_release_on_different_icons_does_nothing(qtbot, panel, model, queue, theme):
    queue.submit([upload("a.txt"), upload("b.txt")])
    qtbot.waitUntil(lambda: model.rowCount() == 2 and phases(model)[1] is Phase.RUNNING)
    viewport = panel.view.viewport()
    QTest.mousePress(viewport, Qt.LeftButton, pos=spot(panel, theme, 1, 2))
    QTest.mouseRelease(viewport, Qt.LeftButton, pos=spot(panel, theme, 1, 1))
    qtbot.wait(100)
    assert phases(model)[2] is Phase.WAITING


def test_keyboard_holds_releases_and_cancels(qtbot, panel, model, queue):
    queue.submit([upload("a.txt"), upload("b.txt")])
    qtbot.waitUntil(lambda: model.rowCount() == 2 and phases(model)[1] is Phase.RUNNING)
    view = panel.view
    view.setCurrentIndex(model.index(1))
    QTest.keyClick(view, Qt.Key_P, Qt.ControlModifier)
    qtbot.waitUntil(lambda: phases(model)[2] is Phase.HELD)
    QTest.keyClick(view, Qt.Key_P, Qt.ControlModifier)
    qtbot.waitUntil(lambda: phases(model)[2] is Phase.WAITING)
    QTest.keyClick(view, Qt.Key_Delete)
    qtbot.waitUntil(lambda: phases(model)[2] is Phase.CANCELLED)


def test_moved_up_job_is_the_next_to_start(qtbot, panel, model, queue, gate):
    queue.submit([upload("a.txt"), upload("b.txt"), upload("c.txt")])
    qtbot.waitUntil(lambda: model.rowCount() == 3 and phases(model)[1] is Phase.RUNNING)
    panel.view.setCurrentIndex(model.index(2))
    QTest.keyClick(panel.view, Qt.Key_Up, Qt.AltModifier)
    assert [one.request.source.name for one in model.snapshots(Tab.ACTIVE)] == [
        "a.txt",
        "c.txt",
        "b.txt",
    ]
    queue.cancel(1)
    gate.open.set()
    qtbot.waitUntil(lambda: all(phase.is_final for phase in phases(model).values()))
    ended_ids = [one.id for one in model.snapshots(Tab.FAILED)]
    assert ended_ids.index(3) > ended_ids.index(2)


def test_failed_job_is_tried_again_in_the_place_of_its_row(qtbot, panel, model, queue, gate):
    gate.open.set()
    queue.submit([upload("a.txt")])
    qtbot.waitUntil(lambda: model.count(Tab.FAILED) == 1)
    gate.open.clear()
    panel.show_failures()
    panel.view.setCurrentIndex(model.index(0))
    QTest.keyClick(panel.view, Qt.Key_R)
    qtbot.waitUntil(lambda: phases(model) == {2: Phase.RUNNING})
    assert [one.id for one in queue.snapshots()] == [2]


def test_pause_all_becomes_continue_all(qtbot, panel, model, queue):
    queue.submit([upload(f"{n}.txt") for n in range(4)])
    header = panel.header
    qtbot.waitUntil(header.pause.isEnabled)
    QTest.mouseClick(header.pause, Qt.LeftButton)
    qtbot.waitUntil(lambda: header.pause.accessibleName() == "Continue all")
    assert model.totals.held == 3
    QTest.mouseClick(header.pause, Qt.LeftButton)
    qtbot.waitUntil(lambda: header.pause.accessibleName() == "Pause all that wait")
    assert model.totals.held == 0


def test_enter_opens_details_of_what_failed(qtbot, filled, model):
    with qtbot.waitSignal(filled.details_requested) as asked:
        filled.view.setCurrentIndex(model.index(2))
        QTest.keyClick(filled.view, Qt.Key_Return)
    assert asked.args[0].id == 104


def test_enter_on_a_stored_file_asks_for_its_place(qtbot, filled, model):
    with qtbot.waitSignal(filled.place_requested) as asked:
        filled.view.setCurrentIndex(model.index(4))
        QTest.keyClick(filled.view, Qt.Key_Return)
    assert asked.args[0].bucket == "acme-payroll"


def test_saved_file_asks_for_its_folder(qtbot, panel, model):
    model.take(ended(1, request=download()))
    panel.header.show_tab(Tab.COMPLETED)
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    with qtbot.waitSignal(panel.folder_requested) as asked:
        panel.view.setCurrentIndex(model.index(0))
        QTest.keyClick(panel.view, Qt.Key_Enter, Qt.KeypadModifier)
    assert asked.args[0] == download().target


def test_menu_mirrors_the_icons_and_more(filled, model):
    view = filled.view

    def actions(row):
        view.setCurrentIndex(model.index(row))
        menu = view.menu_for(view.selected())
        return [one.text().partition("\t")[0] for one in menu.actions() if one.text()]

    assert actions(0) == ["Pause", "Cancel"]
    assert actions(1) == ["Move up", "Pause", "Cancel"]
    assert actions(2) == ["Show details", "Remove from list"]
    assert actions(3) == ["Try again", "Show details", "Remove from list"]


def test_delete_removes_all_selected_rows_that_are_over(qtbot, filled, model):
    filled.view.selectAll()
    # Row 101 and 102 are known to no queue, so cancelling them does nothing.
    QTest.keyClick(filled.view, Qt.Key_Delete)
    qtbot.waitUntil(lambda: set(phases(model)) == {101, 102})


def test_icon_under_the_mouse_has_a_tooltip(qtbot, filled, theme):
    at = spot(filled, theme, 3, 0)
    view = filled.view.viewport()
    QApplication.sendEvent(view, QHelpEvent(QHelpEvent.Type.ToolTip, at, view.mapToGlobal(at)))
    qtbot.waitUntil(lambda: QToolTip.text() == "Try again")
    name = QPoint(100, row_rect(filled, 3).center().y())
    QApplication.sendEvent(view, QHelpEvent(QHelpEvent.Type.ToolTip, name, view.mapToGlobal(name)))
    qtbot.waitUntil(lambda: "Failed: this key is disabled" in QToolTip.text())
    QToolTip.hideText()


def test_folded_panel_is_its_header(qtbot, filled):
    with qtbot.waitSignal(filled.fold_changed) as told:
        QTest.mouseClick(filled.header.fold, Qt.LeftButton)
    assert told.args == [True]
    assert not filled.view.isVisible()
    assert filled.header_height() == filled.header.height() + 2
    filled.show_failures()
    assert filled.view.isVisible()


def test_finished_rows_are_cleared_at_once(qtbot, filled, model):
    QTest.mouseClick(filled.header.clear, Qt.LeftButton)
    assert set(phases(model)) == {101, 102}


def test_rows_paint_in_both_themes_at_every_width(qtbot, filled, theme):
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        for width in (640, 720, 900, 1000, 1440):
            filled.resize(width, 400)
            image = filled.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            ground = theme.color("surface").rgb()
            assert image.width() == width
            assert image.pixel(4, 380) == ground


@pytest.mark.parametrize("direction", [Qt.LeftToRight, Qt.RightToLeft])
@pytest.mark.parametrize("width", [360, 460, 560, 720, 900, 1200, 2000])
@pytest.mark.parametrize("px", [13, 20, 26])
def test_parts_of_a_row_do_not_overlap(theme, width, direction, px):
    theme.set_base_px(px)
    row = QRect(0, 0, width * px // 13, 48 * px // 13)
    parts = columns(theme, row, direction)
    placed = [parts.tile, parts.name, parts.bar, parts.percent, parts.speed, parts.left]
    placed += [parts.state, *parts.actions]
    seen = sorted((one for one in placed if not one.isEmpty()), key=QRect.left)
    assert all(row.contains(one) for one in seen)
    assert all(a.right() < b.left() for a, b in itertools.pairwise(seen))


def test_large_font_keeps_both_lines_inside_the_row(qtbot, filled, theme):
    theme.set_base_px(26)
    qtbot.waitUntil(lambda: row_rect(filled, 0).height() >= 96)


def test_summary_is_told_when_a_batch_is_over(qtbot, panel, model):
    with qtbot.waitSignal(panel.told) as told:
        model.take(ended(1, request=download(), batch=4))
        model.take(running(2, 5, download(), Stage.DOWNLOADING, batch=4))
        model.take(ended(2, request=download(), batch=4))
    assert told.args == ["2 files decrypted and verified"]
