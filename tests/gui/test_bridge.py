"""The bridge: nothing lost, nothing late, nothing in the wrong thread."""

import gc
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, Slot

from cse_desktop.core.errors import NotFound
from cse_desktop.core.progress import Cancelled, Progress
from cse_desktop.core.store import ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.requests import Verify
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot

REQUEST = Verify("home", ObjectRef("bucket", "key"), 20_000)


class Listener(QObject):
    """Remembers what it was told and in which thread."""

    def __init__(self):
        super().__init__()
        self.heard = []
        self.threads = set()

    @Slot(object)
    def hear(self, what):
        self.threads.add(QThread.currentThread())
        self.heard.append(what)


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(10)


@pytest.fixture
def listener():
    return Listener()


def snapshot(job, done, phase=Phase.RUNNING):
    return Snapshot(job, 1, REQUEST, phase, Progress(done, 20_000))


def test_final_states_of_160000_reports_from_8_threads_arrive_in_order(qtbot, bridge, listener):
    bridge.changed.connect(listener.hear)

    def work(job):
        for done in range(20_000):
            bridge.report(snapshot(job, done))
        bridge.report(snapshot(job, 20_000, Phase.DONE))

    threads = [threading.Thread(target=work, args=(job,)) for job in range(8)]
    for thread in threads:
        thread.start()

    def all_done():
        return {news.id for news in listener.heard if news.phase is Phase.DONE} == set(range(8))

    qtbot.waitUntil(all_done, timeout=60_000)
    for thread in threads:
        thread.join()
    assert listener.threads == {QThread.currentThread()}
    for job in range(8):
        steps = [news.progress.done for news in listener.heard if news.id == job]
        assert steps == sorted(set(steps))
    assert len(listener.heard) < 160_000 / 20


def test_newest_state_wins_and_comes_once(qtbot, bridge, listener):
    bridge.changed.connect(listener.hear)
    for done in range(5):
        bridge.report(snapshot(7, done))
    with qtbot.waitSignal(bridge.changed):
        pass
    assert [news.progress.done for news in listener.heard] == [4]


def test_nothing_is_delivered_after_close(qtbot, listener):
    bridge = Bridge()
    bridge.changed.connect(listener.hear)
    started, go_on = threading.Event(), threading.Event()

    def slow():
        started.set()
        go_on.wait(30)
        return "late"

    bridge.ask(slow, listener.hear, listener.hear, listener)
    assert started.wait(10)
    bridge.report(snapshot(1, 1))
    assert not bridge.close(0)
    go_on.set()
    assert bridge.close(10)
    bridge.report(snapshot(1, 2))
    bridge.ask(lambda: "never", listener.hear, listener.hear, listener)
    qtbot.wait(120)
    assert listener.heard == []


def test_answer_arrives_in_the_gui_thread(qtbot, bridge, listener):
    bridge.ask(threading.current_thread, listener.hear, pytest.fail, listener)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    assert listener.threads == {QThread.currentThread()}
    assert listener.heard[0] is not threading.current_thread()


def test_error_arrives_as_a_failure_in_words(qtbot, bridge, listener):
    def question():
        raise NotFound("No such bucket", "Check the name.", "code: NoSuchBucket")

    bridge.ask(question, pytest.fail, listener.hear, listener)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    expected = Failure(
        FailureKind.NOT_FOUND, "No such bucket", "Check the name.", "code: NoSuchBucket"
    )
    assert listener.heard == [expected]


def test_unexpected_exception_arrives_as_a_defect(qtbot, bridge, listener):
    bridge.ask(lambda: 1 // 0, pytest.fail, listener.hear, listener)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    assert listener.heard[0].kind is FailureKind.DEFECT


def test_stopped_read_says_nothing(qtbot, bridge, listener):
    def stopped():
        raise Cancelled

    bridge.ask(stopped, listener.hear, listener.hear, listener)
    bridge.ask(lambda: "next", listener.hear, listener.hear, listener)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    assert listener.heard == ["next"]


def test_cancelled_question_is_never_answered(qtbot, bridge, listener):
    go_on = threading.Event()
    running = bridge.ask(lambda: go_on.wait(30), listener.hear, listener.hear, listener)
    also = bridge.ask(lambda: go_on.wait(30), listener.hear, listener.hear, listener)
    was_asked = []
    waiting = bridge.ask(lambda: was_asked.append(1), listener.hear, listener.hear, listener)
    for asked in (running, also, waiting):
        asked.cancel()
    go_on.set()
    bridge.ask(lambda: "last", listener.hear, listener.hear, listener)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    assert listener.heard == ["last"]
    assert was_asked == []


def test_answer_for_a_deleted_owner_is_dropped(qtbot, bridge, listener):
    owner, go_on = QObject(), threading.Event()
    bridge.ask(lambda: go_on.wait(30), listener.hear, listener.hear, owner)
    shiboken6.delete(owner)
    go_on.set()
    bridge.ask(lambda: "last", listener.hear, listener.hear, listener)
    qtbot.waitUntil(lambda: "last" in listener.heard)
    assert listener.heard == ["last"]


def test_full_read_lane_does_not_delay_the_other(qtbot, bridge, listener):
    go_on = threading.Event()
    for _ in range(5):
        bridge.ask(lambda: go_on.wait(30), lambda _: None, pytest.fail, listener)
    bridge.ask(lambda: "envelope", listener.hear, pytest.fail, listener, Lane.INSPECT)
    qtbot.waitUntil(lambda: len(listener.heard) > 0)
    assert not go_on.is_set()
    go_on.set()


def test_close_does_not_wait_for_questions_that_no_worker_has_begun(qapp, listener):
    bridge, started, go_on = Bridge(), threading.Event(), threading.Event()

    def slow():
        started.set()
        go_on.wait(30)

    for _ in range(5):
        bridge.ask(slow, lambda _: None, pytest.fail, listener)
    assert started.wait(10)
    assert not bridge.close(0)
    go_on.set()
    assert bridge.close(10)


def test_owner_dies_in_the_gui_thread_though_a_worker_used_it_last(qtbot, bridge):
    class Widget(QObject):
        def question(self):
            go_on.wait(30)

        def answer(self, _):
            answered.append(1)

    def note_thread(_):
        died_in.append(threading.current_thread())

    go_on, answered, died_in = threading.Event(), [], []
    widget = Widget()
    watch = weakref.ref(widget, note_thread)
    asked = bridge.ask(widget.question, widget.answer, pytest.fail, widget)
    asked.cancel()
    del widget, asked
    gc.collect()
    go_on.set()
    qtbot.waitUntil(lambda: watch() is None)
    assert died_in == [threading.main_thread()]
    assert answered == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_slot_that_raises_loses_no_other_answer(qtbot, bridge, listener):
    def broken(_):
        raise RuntimeError("defect in a widget")

    with qtbot.captureExceptions() as caught:
        bridge.ask(lambda: 1, broken, pytest.fail, listener)
        for number in range(20):
            bridge.ask(lambda n=number: n, listener.hear, pytest.fail, listener)
        qtbot.waitUntil(lambda: len(listener.heard) == 20)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert sorted(listener.heard) == list(range(20))
