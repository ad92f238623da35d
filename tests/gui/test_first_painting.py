"""The window is there before the libraries that only transfers need."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QWidget

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.window.first_painting import FirstPainting

HEAVY = ("boto3", "botocore", "cryptography", "awscrt", "keyring", "moto", "urllib3")
PROGRAM = f"""
import sys
from cse_desktop import app
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_window_needs_no_library_of_transfers():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)

    assert done.stdout.strip() == b"[]"


def test_the_first_painting_is_told_once(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    painting, told = FirstPainting(window), []
    painting.over.connect(lambda: told.append(True))

    window.show()
    qtbot.waitUntil(lambda: bool(told))
    window.repaint()
    qtbot.wait(100)

    assert told == [True]


@pytest.fixture
def bridge(qapp):
    bridge = Bridge()
    yield bridge
    assert bridge.close(10)


def test_questions_that_are_held_are_asked_later(qtbot, bridge):
    owner, answers = QWidget(), []
    qtbot.addWidget(owner)
    bridge.hold_questions()

    for number in range(3):
        bridge.ask(lambda n=number: n, answers.append, answers.append, owner)
    dropped = bridge.ask(lambda: "dropped", answers.append, answers.append, owner)
    dropped.cancel()
    qtbot.wait(50)
    assert answers == []

    bridge.ask_what_was_held()
    qtbot.waitUntil(lambda: len(answers) == 3)
    assert sorted(answers) == [0, 1, 2]


def test_questions_that_are_held_keep_nobody_from_leaving(qtbot):
    bridge, owner = Bridge(), QWidget()
    qtbot.addWidget(owner)
    bridge.hold_questions()
    bridge.ask(lambda: 1, print, print, owner)

    assert bridge.close(10)
