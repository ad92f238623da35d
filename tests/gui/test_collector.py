"""Garbage with widgets in it dies in the GUI thread."""

import gc
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

from cse_desktop.gui.collector import Collector


class Node(QObject):
    """One half of a reference cycle."""


@pytest.fixture
def collector(qapp):
    collector = Collector()
    collector.start()
    yield collector
    collector.stop()
    assert gc.isenabled()


def cycle(died_in):
    one, other = Node(), Node()
    one.other, other.other = other, one
    return weakref.ref(one, lambda _: died_in.append(threading.current_thread()))


def test_cycle_dies_in_the_gui_thread_though_a_worker_allocates(qtbot, collector):
    died_in, kept = [], []
    watch = cycle(died_in)

    def allocate():
        kept.extend([number] for number in range(100_000))

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert watch() is not None
    qtbot.waitUntil(lambda: watch() is None)
    assert died_in == [threading.main_thread()]


def test_nothing_is_collected_before_it_is_due(collector):
    gc.collect()
    died_in = []
    watch = cycle(died_in)
    collector.collect()
    assert watch() is not None
    gc.collect()
