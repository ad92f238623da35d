"""The whole window on real servers: choose a key, drop files, watch, browse, download."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_rows import Column
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Phase
from cse_desktop.settings import KeyChoice, Settings, State, load_settings

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def window(
    qapp: QApplication,
    connection: Connection,
    credentials: Credentials,
    bucket: str,
    kms_key: str,
    home: Path,
) -> Iterator[MainWindow]:
    theme = Theme("light")
    theme.apply(qapp)
    bridge = Bridge()
    sessions = Sessions()
    sessions.add(connection, credentials)
    queue = JobQueue(sessions.get, bridge.report)
    settings = Settings().with_default_key("test", bucket, KeyChoice(kms_key, "alias/finance"))
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


def model(window: MainWindow) -> ObjectModel:
    return window.inside.parts.files.model


def open_folder(window: MainWindow, qtbot: Any, bucket: str, key: str = "") -> None:
    window.inside.navigator.open(Place("test", ObjectRef(bucket, key)))
    loader = model(window).loader
    qtbot.waitUntil(lambda: loader.has_first_page or loader.failure is not None)


def drop(window: MainWindow, paths: list[Path]) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    target, at = window.inside.parts.files, QPoint(200, 200)
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(at, actions, mime, buttons, keys))
    QApplication.sendEvent(target, QDropEvent(QPointF(at), actions, mime, buttons, keys))


def wait_for_the_end(window: MainWindow, qtbot: Any, count: int) -> list[Phase]:
    transfers = window.inside.transfers

    def is_over() -> bool:
        shown = transfers.snapshots(Tab.ALL)
        return len(shown) >= count and all(each.phase.is_final for each in shown)

    qtbot.waitUntil(is_over, timeout=30_000)
    return [each.phase for each in transfers.snapshots(Tab.ALL)]


def test_the_first_bucket_with_a_key_opens_by_itself(
    window: MainWindow, qtbot: Any, bucket: str
) -> None:
    qtbot.waitUntil(lambda: window.inside.navigator.here is not None)

    assert window.inside.navigator.here == Place("test", ObjectRef(bucket, ""))
    assert bucket in window.windowTitle()


def test_a_dropped_folder_is_encrypted_uploaded_and_shown(
    window: MainWindow, qtbot: Any, bucket: str, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "to send"
    (folder / "deeper").mkdir(parents=True)
    (folder / "a.txt").write_text("first")
    (folder / "deeper" / "ü 文.txt").write_text("second")
    open_folder(window, qtbot, bucket)
    qtbot.waitUntil(lambda: window.inside.upload_key.state.tone == "ready")

    drop(window, [folder])

    assert wait_for_the_end(window, qtbot, 2) == [Phase.DONE, Phase.DONE]
    qtbot.waitUntil(lambda: model(window).row_of("to send/") >= 0)
    text = transfer.read(session, ObjectRef(bucket, "to send/deeper/ü 文.txt"), limit=100)
    assert bytes(text) == b"second"


def test_an_uploaded_file_names_its_key(
    window: MainWindow, qtbot: Any, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("first")
    open_folder(window, qtbot, bucket)

    drop(window, [tmp_path / "a.txt"])
    wait_for_the_end(window, qtbot, 1)
    qtbot.waitUntil(lambda: model(window).row_of("a.txt") >= 0)

    entry = model(window).entry(model(window).row_of("a.txt"))
    note = window.inside.parts.files.reader.state(entry).key
    assert note is not None
    assert (note.arn, note.label) == (kms_key, "alias/finance")


def test_a_download_brings_the_same_bytes(
    window: MainWindow, qtbot: Any, bucket: str, kms_key: str, session: Session, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    source, target = tmp_path / "a.bin", tmp_path / "target"
    source.write_bytes(bytes(range(256)) * 1000)
    target.mkdir()
    transfer.upload(session, source, ObjectRef(bucket, "x/a.bin"), kms_key, {})
    open_folder(window, qtbot, bucket)
    window.inside.parts.files.view.select_keys(["x/"])
    # The desktop's own dialog cannot be driven offscreen; the test under Xvfb drives a real one.
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(target))

    window.inside.actions["download"].trigger()

    assert wait_for_the_end(window, qtbot, 1) == [Phase.DONE]
    assert (target / "x" / "a.bin").read_bytes() == source.read_bytes()


def test_a_tampered_file_fails_with_its_reason(
    window: MainWindow, qtbot: Any, bucket: str, kms_key: str, session: Session, s3: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    (tmp_path / "a.txt").write_text("first")
    transfer.upload(session, tmp_path / "a.txt", ObjectRef(bucket, "a.txt"), kms_key, {})
    metadata = s3.get_object(Bucket=bucket, Key="a.txt")["Metadata"]
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"x" * 21, Metadata=metadata)
    open_folder(window, qtbot, bucket)
    window.inside.parts.files.view.select_keys(["a.txt"])

    window.inside.actions["verify"].trigger()

    assert wait_for_the_end(window, qtbot, 1) == [Phase.FAILED]
    failure = window.inside.transfers.snapshots(Tab.FAILED)[0].failure
    assert failure is not None
    assert not failure.may_be_retried


def test_what_cannot_be_opened_is_neither_downloaded_nor_verified(
    window: MainWindow, qtbot: Any, bucket: str, kms_key: str, session: Session, s3: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    (tmp_path / "good").write_text("good")
    transfer.upload(session, tmp_path / "good", ObjectRef(bucket, "good"), kms_key, {})
    split = {"x-amz-c": "115", "x-amz-d": "AAAA", "x-amz-i": "AAAA"}
    s3.put_object(Bucket=bucket, Key="split", Body=b"x" * 40, Metadata=split)
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    open_folder(window, qtbot, bucket)
    actions, view = window.inside.actions, window.inside.parts.files.view

    view.select_keys(["split"])
    qtbot.waitUntil(lambda: not actions["download"].isEnabled())
    assert not actions["verify"].isEnabled()
    assert actions["download"].toolTip() == (
        "Download: The envelope of this file is in an instruction file. Turn on instruction files "
        "in Settings > Encryption policy"
    )
    view.select_keys(["plain"])
    qtbot.waitUntil(lambda: actions["verify"].toolTip() == "Verify: This file is not encrypted")
    view.select_keys(["plain", "split"])
    reason = "This connection can open none of these files"
    qtbot.waitUntil(lambda: actions["download"].toolTip() == f"Download: {reason}")
    inspector = window.inside.parts.inspector
    qtbot.waitUntil(lambda: inspector.sheet.sentence == reason)
    view.select_keys(["good", "plain"])
    qtbot.waitUntil(lambda: actions["download"].isEnabled() and actions["verify"].isEnabled())
    qtbot.waitUntil(lambda: inspector.sheet.can_download)


def test_history_goes_back_and_forward(window: MainWindow, qtbot: Any, bucket: str) -> None:
    open_folder(window, qtbot, bucket)
    open_folder(window, qtbot, bucket, "deeper/")

    window.inside.actions["back"].trigger()
    assert window.inside.navigator.here == Place("test", ObjectRef(bucket, ""))
    window.inside.actions["forward"].trigger()
    assert window.inside.navigator.here == Place("test", ObjectRef(bucket, "deeper/"))
    window.inside.actions["up"].trigger()
    assert window.inside.navigator.here == Place("test", ObjectRef(bucket, ""))


def test_the_window_makes_room_when_it_is_small(window: MainWindow, qtbot: Any) -> None:
    parts = window.inside.parts
    window.resize(960, 600)
    qtbot.waitUntil(lambda: window.inside.layout.is_narrow)
    assert parts.buckets.isVisible()
    assert not parts.inspector.isVisible()
    assert parts.transfers.is_folded
    qtbot.waitUntil(lambda: parts.transfers.height() == parts.transfers.header_height())
    assert parts.files.geometry().bottom() + 1 == parts.files.parentWidget().height()

    window.inside.actions["inspector"].trigger()
    assert parts.inspector.isVisible()
    assert not parts.buckets.isVisible()

    window.resize(1440, 900)
    qtbot.waitUntil(lambda: not window.inside.layout.is_narrow)
    assert parts.buckets.isVisible()
    assert parts.inspector.isVisible()
    assert not parts.transfers.is_folded


def test_f6_goes_round_all_panes(window: MainWindow, qtbot: Any, bucket: str, s3: Any) -> None:
    s3.put_object(Bucket=bucket, Key="file", Body=b"")
    open_folder(window, qtbot, bucket)
    qtbot.waitUntil(window.inside.parts.files.view.isVisible)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    seen = []
    for _ in range(5):
        window.inside.actions["next_pane"].trigger()
        seen.append(QApplication.focusWidget())

    assert len(set(seen)) == 5


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    nameless = [
        widget
        for kind in (QAbstractButton, QLineEdit)
        for widget in window.findChildren(kind)
        if widget.isVisibleTo(window)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_the_status_line_is_read_out_as_it_is_shown(window: MainWindow, qtbot: Any) -> None:
    status = window.inside.parts.status
    status.tell("S3 path copied")
    spoken = QAccessible.queryAccessibleInterface(status.left)

    assert spoken.text(QAccessible.Text.Name) == "S3 path copied"


def test_settings_survive_the_window(
    window: MainWindow, qtbot: Any, home: Path, bucket: str
) -> None:
    open_folder(window, qtbot, bucket)
    window.inside.upload_key.use(KeyChoice("alias/other", "alias/other"), remember=True)
    window.backstage.preferences.flush()

    loaded = load_settings(home / "cse-desktop")
    assert loaded.value.default_keys["test", bucket].key_id == "alias/other"


def test_column_widths_are_remembered_for_each_bucket(
    window: MainWindow, qtbot: Any, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="file", Body=b"")
    open_folder(window, qtbot, bucket)
    qtbot.waitUntil(window.inside.parts.files.view.isVisible)
    header = window.inside.parts.files.view.horizontalHeader()
    header.resizeSection(Column.MODIFIED, 201)

    window.inside.columns.open(Place("test", ObjectRef("another", "")))
    assert header.sectionSize(Column.MODIFIED) != 201
    window.inside.columns.open(Place("test", ObjectRef(bucket, "folder/")))
    assert header.sectionSize(Column.MODIFIED) == 201


def test_end_goes_to_the_last_file(window: MainWindow, qtbot: Any, bucket: str, s3: Any) -> None:
    for name in "abc":
        s3.put_object(Bucket=bucket, Key=name, Body=b"")
    open_folder(window, qtbot, bucket)
    view = window.inside.parts.files.view
    qtbot.keyClick(view, Qt.Key.Key_End)

    entry = view.current_entry()
    assert entry is not None
    assert entry.key == "c"


def test_enter_in_the_filter_goes_to_what_it_found(
    window: MainWindow, qtbot: Any, bucket: str, s3: Any
) -> None:
    for name in ("apple", "banana", "cherry"):
        s3.put_object(Bucket=bucket, Key=name, Body=b"")
    open_folder(window, qtbot, bucket)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.inside.actions["filter"].trigger()
    qtbot.keyClicks(window.inside.parts.address.filter, "an")
    qtbot.keyClick(window.inside.parts.address.filter, Qt.Key.Key_Return)

    view = window.inside.parts.files.view
    entry = view.current_entry()
    assert view.hasFocus()
    assert entry is not None
    assert entry.key == "banana"
