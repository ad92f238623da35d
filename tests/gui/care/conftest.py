"""The whole window on the server of the test, and objects in a bucket with versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import Settings, State

WAIT_MS = 30_000


@pytest.fixture
def window(
    qapp: QApplication, connection: Connection, credentials: Credentials, home: Path
) -> Iterator[MainWindow]:
    theme = Theme("light")
    theme.apply(qapp)
    bridge = Bridge()
    sessions = Sessions()
    sessions.add(connection, credentials)
    queue = JobQueue(sessions.get, bridge.report)
    preferences = Preferences(home / "cse-desktop", Settings(), State(), bridge, bridge)
    made = MainWindow(
        Backstage(theme, bridge, sessions, queue, preferences, lambda: connection, "")
    )
    made.start()
    made.show()
    yield made
    made.leave()
    assert queue.close(20)
    assert bridge.close(20)
    made.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def versioned(s3: Any, bucket: str) -> str:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


Put = Callable[[str, bytes], ObjectRef]


@pytest.fixture
def put(session: Session, bucket: str, kms_key: str, tmp_path: Path) -> Put:
    """Store an encrypted object; gives it with its version."""

    def store(key: str, content: bytes) -> ObjectRef:
        (tmp_path / "source").write_bytes(content)
        ref = ObjectRef(bucket, key)
        done = transfer.upload(session, tmp_path / "source", ref, kms_key, {}, replace=True)
        return replace(ref, version=done.stored.version)

    return store


@dataclass(frozen=True)
class Hands:
    """What a person does in the window."""

    window: MainWindow
    qtbot: Any

    def wait(self, holds: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=WAIT_MS)

    def open_folder(self, bucket: str, key: str = "") -> None:
        self.window.inside.navigator.open(Place("test", ObjectRef(bucket, key)))
        loader = self.window.inside.parts.files.model.loader
        self.wait(lambda: loader.is_complete)

    def select(self, *keys: str) -> None:
        view = self.window.inside.parts.files.view
        view.select_keys(keys)
        view.setFocus()

    def names(self) -> list[str]:
        model = self.window.inside.parts.files.model
        return sorted(each.key for each in model.entries_between(0, model.shown_count() - 1))

    def act(self, name: str) -> None:
        action = self.window.inside.actions[name]
        assert action.isEnabled(), name
        action.trigger()


@pytest.fixture
def hands(window: MainWindow, qtbot: Any) -> Hands:
    return Hands(window, qtbot)


@pytest.fixture
def when_shown() -> Iterator[Callable[[type[QWidget], Callable[[Any], None]], QTimer]]:
    """Act on the dialog that will be shown; it runs an event loop of its own."""
    timers = []

    def start(kind: type[QWidget], act: Callable[[Any], None]) -> QTimer:
        timer = QTimer(interval=20)

        def look() -> None:
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, kind) and widget.isVisible():
                    timer.stop()
                    try:
                        act(widget)
                    except BaseException:
                        widget.close()  # else its event loop would keep the test for ever
                        raise
                    return

        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)
        return timer

    yield start
    assert not [timer for timer in timers if timer.isActive()], "a dialog was never shown"
