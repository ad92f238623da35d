"""What the tests of the window get: patience, and widgets that end in the thread they live in."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partialmethod

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

WAITS_MS = 30_000


class PatientQtBot(QtBot):
    """Every wait has a condition, so a longer limit costs nothing but when a test fails anyway.

    A page of a thousand rows, read while four other processes want the processor, was seen to take
    4.7 s of which 0.35 s were work: the 5 s of pytest-qt are no limit for the right answer.
    """

    waitActive = partialmethod(QtBot.waitActive, timeout=WAITS_MS)  # noqa: N815
    waitExposed = partialmethod(QtBot.waitExposed, timeout=WAITS_MS)  # noqa: N815
    waitSignal = partialmethod(QtBot.waitSignal, timeout=WAITS_MS)  # noqa: N815
    waitSignals = partialmethod(QtBot.waitSignals, timeout=WAITS_MS)  # noqa: N815
    waitUntil = partialmethod(QtBot.waitUntil, timeout=WAITS_MS)  # noqa: N815


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """In place of pytest-qt's."""
    return PatientQtBot(request)


@pytest.fixture(autouse=True)
def widgets_end_in_the_gui_thread() -> Iterator[None]:
    """As the program's Collector: no cycle with a widget in it is broken up by another thread.

    What a test leaves goes before the next begins, when the server of a later one might have
    collected it. What is new since the collector stopped is young, so that the young are enough.
    """
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()
