"""When the desktop is told about transfers, and when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.transfers.desktop_notices import DesktopNotices
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.jobs.snapshot import Phase
from cse_desktop.settings import Settings, State
from tests.gui.transfers import TAMPERED, download, ended, failed, running

Shown = list[tuple[str, str]]


@pytest.fixture
def shown() -> Shown:
    return []


@pytest.fixture
def preferences(qapp: QApplication, home: Path) -> Iterator[Preferences]:
    bridge = Bridge()
    yield Preferences(home / "cse-desktop", Settings(), State(), bridge, bridge)
    assert bridge.close(20)


@pytest.fixture
def model(qtbot: Any, preferences: Preferences, shown: Shown) -> Iterator[TransferModel]:
    window = QWidget()
    qtbot.addWidget(window)
    model = TransferModel(lambda: 4, parent=window)
    notices = DesktopNotices(
        model, preferences, window, lambda title, body: shown.append((title, body))
    )
    yield model
    notices.close()


def test_the_end_of_an_action_is_told_once(model: TransferModel, qtbot: Any, shown: Shown) -> None:
    for job in (1, 2):
        model.take(running(job, 10, download(f"{job}.bin")))
    model.take(ended(1, Phase.DONE, download("1.bin")))
    model.take(failed(2, TAMPERED, download("2\u202e.bin")))

    qtbot.waitUntil(lambda: bool(shown), timeout=30_000)
    ((title, body),) = shown
    assert title == "Transfers finished, some failed"
    assert body.startswith("1 file")
    assert TAMPERED.title in body


def test_an_action_that_failed_says_why(model: TransferModel, qtbot: Any, shown: Shown) -> None:
    model.take(failed(1, TAMPERED, download()))

    qtbot.waitUntil(lambda: bool(shown), timeout=30_000)
    assert shown[0][0] == "Transfers failed"


def test_nothing_is_told_when_it_is_turned_off(
    model: TransferModel, qtbot: Any, shown: Shown, preferences: Preferences
) -> None:
    preferences.change(Settings(notifications=False))
    with qtbot.waitSignal(model.batch_ended):
        model.take(ended(1, Phase.DONE))

    assert shown == []


def test_nothing_is_told_to_somebody_who_is_looking(
    model: TransferModel, qtbot: Any, shown: Shown
) -> None:
    window = model.parent()
    assert isinstance(window, QWidget)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(model.batch_ended):
        model.take(ended(1, Phase.DONE))

    assert shown == []
