"""Why PySide6 is below 6.12 where Python is below 3.12.

PySide6 6.12.0 gives back one reference to True, False or None too many on every call. Before
Python 3.12 these are counted objects like any other, and a program aborts after a few hundred
signals: "Fatal Python error: bool_dealloc". The calls run in a process of their own, so that a
binding that does it again fails a test instead of ending the test run.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

CALLS = 5_000

# A few references come and go with the start of a process; the bug moves one for each call.
SLACK = 50

PROGRAM = f"""
import sys
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    told = Signal(bool)

heard = []
sender = Sender()
sender.told.connect(heard.append)
constants = (True, False, None)
for call in (lambda: sender.told.emit(True), lambda: sender.setObjectName("name")):
    call()
    heard.clear()
    before = [sys.getrefcount(constant) for constant in constants]
    for _ in range({CALLS}):
        call()
    heard.clear()
    after = [sys.getrefcount(constant) for constant in constants]
    assert all(abs(a - b) < {SLACK} for a, b in zip(after, before)), (before, after)
print("kept", end="")
"""


def test_calls_into_qt_keep_the_constants_alive() -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr, run.returncode) == ("kept", "", 0)


def test_broken_version_is_not_asked_for_before_python_3_12() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    requirements = [Requirement(text) for text in project["dependencies"]]
    allowed = [
        requirement
        for requirement in requirements
        if requirement.name == "PySide6-Essentials"
        and requirement.marker
        and requirement.marker.evaluate({"python_version": "3.11"})
    ]
    assert len(allowed) == 1
    assert not allowed[0].specifier.contains("6.12.0")
    assert allowed[0].specifier.contains("6.11.3")
