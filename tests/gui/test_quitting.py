"""Closing the window pauses what runs, after a question; the next start goes on with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.transfers.transfer_look import state_of
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.gui.window import lasting
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.journal import open_journal
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.recording import Recording
from cse_desktop.jobs.requests import Upload
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Phase
from cse_desktop.settings import Settings, State
from tests.faults.acts import PART, make_file, open_uploads
from tests.faults.proxy import FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)


class Life:
    """One start of the program, up to its end."""

    def __init__(self, home: Path, connection: Connection, credentials: Credentials) -> None:
        self._theme = Theme("light")
        self.bridge, sessions = Bridge(), Sessions()
        sessions.add(connection, credentials)
        opened = open_journal(home / "cse-desktop")
        self.recording = Recording(sessions, opened.journal)
        self.queue = JobQueue(self.recording.get, self.bridge.report, 2, self.recording.backlog)
        preferences = Preferences(
            home / "cse-desktop", Settings(), State(), self.bridge, self.bridge
        )
        self.backstage = Backstage(
            self._theme, self.bridge, sessions, self.queue, preferences, lambda: connection, ""
        )
        self.window = MainWindow(self.backstage)
        self.window.start()
        self.window.show()

    def restore(self, *connections: str) -> None:
        lasting.restore(self.backstage, self.window.inside.parts.status, connections)

    def end(self) -> None:
        """As `app` does it."""
        self.window.leave()
        assert self.queue.close(20)
        assert self.bridge.close(20)
        self.recording.close()
        self.window.deleteLater()


@pytest.fixture
def wire(s3_url: str) -> Iterator[FaultProxy]:
    with FaultProxy(s3_url) as proxy:
        yield proxy
        proxy.ledger.close()


@pytest.fixture
def connection(wire: FaultProxy, kms_url: str) -> Connection:
    return Connection("test", region="us-east-1", s3_endpoint=wire.url, kms_endpoint=kms_url)


def answer(button: str) -> tuple[QTimer, list[str]]:
    """Answer the next question; gives what it said, once it was asked."""
    said: list[str] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            timer.start(20)
            return
        said.extend(label.text() for label in dialog.findChildren(QLabel) if label.text())
        next(b for b in dialog.findChildren(QPushButton) if b.text() == button).click()

    timer = QTimer(singleShot=True)
    timer.timeout.connect(act)
    timer.start(0)
    return timer, said


def test_closing_asks_pauses_and_the_next_start_goes_on(
    qapp: QApplication, qtbot: Any, wire: FaultProxy, connection: Connection, session: Session,
    credentials: Credentials, s3: Any, bucket: str, kms_key: str, tmp_path: Path, home: Path,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 6 * PART + 100)
    ref = ObjectRef(bucket, "x")
    gate = wire.hold("UploadPart", fits=lambda request: request.part > 2)
    life = Life(home, connection, credentials)
    life.queue.submit([Upload("test", source, ref, source.stat().st_size, kms_key)])
    transfers = life.window.inside.transfers
    qtbot.waitUntil(
        lambda: any(each.progress.part >= 2 for each in transfers.snapshots(Tab.ACTIVE)),
        timeout=30_000,
    )

    timer, said = answer("Keep running")
    assert not life.window.close()
    assert life.window.isVisible()
    assert said[:2] == ["1 transfer is running", "It pauses now and continues next time."]
    timer, said = answer("Quit")
    assert life.window.close()
    life.end()  # on a network that says nothing at all: the gate is still closed
    del timer
    gate.open()
    assert len(open_uploads(s3, bucket)) == 1

    gate = wire.hold("UploadPart")
    life = Life(home, connection, credentials)
    life.restore("test")
    status, transfers = life.window.inside.parts.status, life.window.inside.transfers
    qtbot.waitUntil(lambda: status.left.text() == "1 transfer of last time is here again")
    gate.open()
    qtbot.waitUntil(
        lambda: [each.phase for each in transfers.snapshots(Tab.ALL)] == [Phase.DONE],
        timeout=60_000,
    )
    assert wire.count("CreateMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []
    assert life.window.close()  # nothing runs, so nothing is asked
    life.end()


def test_what_is_held_is_held_after_a_restart_and_nothing_is_asked_at_the_end(
    qapp: QApplication, qtbot: Any, wire: FaultProxy, connection: Connection,
    credentials: Credentials, bucket: str, kms_key: str, tmp_path: Path, home: Path,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 6 * PART + 100)
    gate = wire.hold("UploadPart", fits=lambda request: request.part > 2)
    life = Life(home, connection, credentials)
    life.queue.submit([Upload("test", source, ObjectRef(bucket, "x"), 6 * PART + 100, kms_key)])
    transfers = life.window.inside.transfers
    qtbot.waitUntil(
        lambda: any(each.progress.part >= 2 for each in transfers.snapshots(Tab.ACTIVE)),
        timeout=30_000,
    )
    life.queue.hold(1)
    gate.open()
    qtbot.waitUntil(lambda: transfers.snapshots(Tab.ACTIVE)[0].phase is Phase.HELD, timeout=30_000)
    assert life.window.close()
    life.end()

    life = Life(home, connection, credentials)
    life.restore("test")
    transfers = life.window.inside.transfers
    qtbot.waitUntil(lambda: transfers.count(Tab.ACTIVE) == 1, timeout=30_000)
    [held] = transfers.snapshots(Tab.ACTIVE)
    assert state_of(held, transfers.slots).first == "Paused by you"
    life.queue.cancel(held.id)
    qtbot.waitUntil(
        lambda: transfers.snapshots(Tab.ALL)[0].phase is Phase.CANCELLED, timeout=30_000
    )
    life.end()
