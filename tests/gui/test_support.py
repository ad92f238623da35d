"""The support bundle, from the menu to the file."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.support_flow import SupportFlow
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase
from cse_desktop.settings import Settings, State
from tests.gui.transfers import TAMPERED, download, ended, failed


@pytest.fixture
def flow(qapp: QApplication, qtbot: Any, home: Path, tmp_path: Path) -> Iterator[SupportFlow]:
    theme = Theme("light")
    theme.apply(qapp)
    bridge = Bridge()
    preferences = Preferences(home / "cse-desktop", Settings(), State(), bridge, bridge)
    window = QWidget()
    qtbot.addWidget(window)
    yield SupportFlow(
        theme, bridge, preferences, window, lambda _parent, name: str(tmp_path / Path(name).name)
    )
    assert bridge.close(20)


def answer(qtbot: Any, name: str) -> None:
    """Press a button of the dialog that is about to open."""

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        for button in dialog.findChildren(QPushButton):
            if button.text() == name:
                button.click()

    QTimer.singleShot(0, QApplication.instance(), press)


def test_a_bundle_tells_what_failed(flow: SupportFlow, qtbot: Any, tmp_path: Path) -> None:
    flow.note(Failure(FailureKind.NETWORK, "Can't reach Amazon S3", "", "Operation: s3:ListBucket"))
    flow.take_end(failed(1, TAMPERED, download()))
    flow.take_end(ended(2, Phase.DONE))

    answer(qtbot, "Save…")
    with qtbot.waitSignal(flow.told, timeout=30_000) as told:
        flow.save()

    (bundle,) = tmp_path.glob("cse-desktop-support-*.zip")
    assert told.args == [f"Saved {bundle.name} in {tmp_path}"]
    with zipfile.ZipFile(bundle) as file:
        failures = file.read("failures.txt").decode()
        about = file.read("about.txt").decode()
    assert "Can't reach Amazon S3" in failures
    assert "s3://acme-archive/2024/ledger.parquet" in failures
    assert failures.count("UTC") == 2
    assert "Qt platform" in about


def test_nothing_is_written_without_a_yes(flow: SupportFlow, qtbot: Any, tmp_path: Path) -> None:
    answer(qtbot, "Cancel")
    flow.save()

    assert not list(tmp_path.iterdir())


def test_a_bundle_that_cannot_be_saved_is_told(
    flow: SupportFlow, qtbot: Any, tmp_path: Path
) -> None:
    flow._choose_file = lambda _parent, name: str(tmp_path / "gone" / "x.zip")
    answer(qtbot, "Save…")
    with qtbot.waitSignal(flow.failed, timeout=30_000) as told:
        flow.save()

    assert told.args[0].title == "The support bundle could not be saved"


def test_ends_of_transfers_are_logged(flow: SupportFlow, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cse_desktop"):
        flow.take_end(ended(2, Phase.DONE, download()))

    assert "download done: s3://acme-archive/2024/ledger.parquet" in caplog.text
