"""The screen that the other tests of this folder stand on: scripts/on-a-desktop."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.serial


def test_windows_are_real(qapp: QGuiApplication) -> None:
    assert qapp.platformName() == "xcb", "run this through scripts/on-a-desktop"


def test_window_gets_the_focus(qtbot: QtBot) -> None:
    window = QLineEdit()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.hasFocus)
