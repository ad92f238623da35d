"""A policy that is changed in the window counts from then on, for the files in view, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from cse_desktop.core import transfer
from cse_desktop.core.envelope import Format
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import V2, ReadPolicy
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.settings.settings_dialog import SettingsDialog
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import Settings, State, load_settings

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(params=["saved", "for this session"])
def is_saved(request: pytest.FixtureRequest) -> bool:
    return str(request.param) == "saved"


@pytest.fixture
def window(
    qapp: QApplication,
    connection: Connection,
    credentials: Credentials,
    home: Path,
    is_saved: bool,
) -> Iterator[MainWindow]:
    theme = Theme("light")
    theme.apply(qapp)
    bridge = Bridge()
    sessions = Sessions()
    sessions.add(connection, credentials)
    queue = JobQueue(sessions.get, bridge.report)
    settings = Settings(connections=(connection,)) if is_saved else Settings()
    preferences = Preferences(home / "cse-desktop", settings, State(), bridge, bridge)
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
def older(
    tmp_path: Path, bucket: str, connection: Connection, credentials: Credentials, kms_key: str
) -> ObjectRef:
    """An object in V2."""
    (tmp_path / "older.txt").write_text("older")
    ref = ObjectRef(bucket, "older.txt")
    writer = open_session(replace(connection, write_format=Format.V2), credentials)
    transfer.upload(writer, tmp_path / "older.txt", ref, kms_key, {})
    return ref


@pytest.fixture
def select(window: MainWindow, qtbot: Any, older: ObjectRef) -> None:
    """The object is selected, and the inspector knows it."""
    files = window.inside.parts.files
    window.inside.navigator.open(Place("test", ObjectRef(older.bucket, "")))
    qtbot.waitUntil(lambda: files.model.row_of(older.key) >= 0)
    files.view.select_keys([older.key])
    inspector = window.inside.parts.inspector
    qtbot.waitUntil(lambda: inspector.sheet.badge is not None)
    qtbot.waitUntil(lambda: inspector.sheet.json != "")


def while_open(act: Callable[[SettingsDialog], None]) -> list[SettingsDialog]:
    """Act on the settings as soon as they are open, and close them."""
    seen: list[SettingsDialog] = []

    def begin() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SettingsDialog)
        seen.append(dialog)
        try:
            act(dialog)
        finally:
            dialog.close()

    QTimer.singleShot(0, begin)
    return seen


@pytest.mark.usefixtures("select")
def test_what_is_chosen_in_the_settings_counts_for_the_files_in_view(
    window: MainWindow, qtbot: Any, home: Path, is_saved: bool
) -> None:
    inspector = window.inside.parts.inspector
    assert inspector.sheet.switches == ()
    before = window.backstage.sessions.get("test")

    def be_strict(dialog: SettingsDialog) -> None:
        dialog.show_policy("test")
        strict = dialog.encryption.form.strict
        qtbot.mouseClick(strict, LEFT, pos=QPoint(8, strict.height() // 2))

    while_open(be_strict)
    window.inside.actions["settings"].trigger()

    qtbot.waitUntil(lambda: inspector.sheet.switches == (V2.name,))
    assert window.backstage.sessions.get("test").connection.policy == ReadPolicy(v2=False)
    assert before.connection.policy == ReadPolicy()
    window.backstage.preferences.flush()

    def saved() -> ReadPolicy | None:
        found = load_settings(home / "cse-desktop").value.connection("test")
        return found.policy if found else None

    # A save that was under way already ends by itself.
    qtbot.waitUntil(lambda: saved() == (ReadPolicy(v2=False) if is_saved else None))


@pytest.mark.usefixtures("select")
def test_the_inspector_leads_to_the_switch_and_the_file_can_then_be_read(
    window: MainWindow, qtbot: Any, connection: Connection
) -> None:
    inspector = window.inside.parts.inspector
    window.inside.settings_flow._change(replace(connection, policy=ReadPolicy(v2=False)))
    qtbot.waitUntil(lambda: inspector.sheet.switches == (V2.name,))
    if window.backstage.preferences.settings.connections:
        strict = replace(connection, policy=ReadPolicy(v2=False))
        settings = window.backstage.preferences.settings.with_connection(strict)
        window.backstage.preferences.change(settings)

    def allow(dialog: SettingsDialog) -> None:
        assert dialog.encryption.connection is not None
        assert dialog.encryption.connection.name == "test"
        assert dialog.encryption.isVisible()
        assert dialog.focusWidget() is dialog.encryption.form.default
        qtbot.keyClick(dialog.encryption.form.default, Qt.Key.Key_Space)

    seen = while_open(allow)
    buttons = inspector.widget().findChildren(QPushButton)
    qtbot.mouseClick(next(b for b in buttons if b.text() == "Open encryption policy…"), LEFT)

    assert len(seen) == 1
    qtbot.waitUntil(lambda: inspector.sheet.can_download and inspector.sheet.json != "")
    assert inspector.sheet.switches == ()
