"""What the tests of the window get: patience."""

from __future__ import annotations

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
