"""Delete, rename, copy, move and preview in the whole window, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.managing.delete_dialog import DeleteDialog
from cse_desktop.gui.managing.place_dialog import PlaceDialog
from cse_desktop.gui.managing.rename_dialog import RenameDialog
from cse_desktop.gui.notices.error_dialog import ErrorDialog
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.preview.preview_window import PreviewWindow
from cse_desktop.gui.transfers.conflict_dialog import ConflictDialog
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import IfExists
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import Settings, State

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


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
def filled(s3: Any, bucket: str) -> str:
    for key in ("a.txt", "b.txt", "sub/", "sub/c.txt", "sub/deep/d.txt"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345" if not key.endswith("/") else b"")
    return bucket


@pytest.fixture
def put(session: Session, bucket: str, kms_key: str, tmp_path: Path) -> Callable[..., None]:
    """Store an encrypted object."""

    def store(key: str, content: bytes) -> None:
        (tmp_path / "source").write_bytes(content)
        ref = ObjectRef(bucket, key)
        transfer.upload(session, tmp_path / "source", ref, kms_key, {}, replace=True)

    return store


def stored(s3: Any, bucket: str) -> list[str]:
    return sorted(each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()))


def names(window: MainWindow) -> list[str]:
    model = window.inside.parts.files.model
    return sorted(each.key for each in model.entries_between(0, model.shown_count() - 1))


def open_folder(window: MainWindow, qtbot: Any, bucket: str, key: str = "") -> None:
    window.inside.navigator.open(Place("test", ObjectRef(bucket, key)))
    loader = window.inside.parts.files.model.loader
    qtbot.waitUntil(lambda: loader.is_complete)


def select(window: MainWindow, *keys: str) -> QWidget:
    view = window.inside.parts.files.view
    view.select_keys(keys)
    view.setFocus()
    return view


def when_shown(kind: type[QWidget], act: Callable[[Any], None]) -> QTimer:
    """Act on the dialog that will be shown; it runs an event loop of its own."""
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
    return timer


def type_into(widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)


def test_many_files_are_deleted_after_the_word_is_typed(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    open_folder(window, qtbot, filled)
    seen: list[Any] = []

    def confirm(dialog: DeleteDialog) -> None:
        seen.extend((dialog.title.text(), dialog.confirm.text(), dialog.confirm.isEnabled()))
        QTest.keyClick(dialog.word, Qt.Key.Key_Return)
        seen.append(dialog.isVisible())
        type_into(dialog.word, "Delete")
        QTest.keyClick(dialog.word, Qt.Key.Key_Return)

    keeper = when_shown(DeleteDialog, confirm)
    QTest.keyClick(select(window, "a.txt", "sub/"), Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: names(window) == ["b.txt"])
    assert stored(s3, filled) == ["b.txt"]
    assert seen == [
        "Permanently delete 3 files (≈ 15 B)?", "Delete 3 files", False, True,
    ]  # fmt: skip
    del keeper


def test_enter_does_not_delete_a_single_file(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    open_folder(window, qtbot, filled)
    done = []

    def press_enter(dialog: DeleteDialog) -> None:
        assert dialog.focusWidget() is dialog.cancel
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        done.append(True)

    keeper = when_shown(DeleteDialog, press_enter)
    QTest.keyClick(select(window, "a.txt"), Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: bool(done))
    assert "a.txt" in stored(s3, filled)
    del keeper


def test_where_versions_stay_no_word_is_asked(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    s3.put_bucket_versioning(Bucket=filled, VersioningConfiguration={"Status": "Enabled"})
    open_folder(window, qtbot, filled)
    texts = []

    def confirm(dialog: DeleteDialog) -> None:
        texts.append(dialog.text.text())
        assert not dialog.needs_word
        QTest.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)

    keeper = when_shown(DeleteDialog, confirm)
    QTest.keyClick(select(window, "a.txt", "b.txt"), Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: names(window) == ["sub/"])
    assert "has versioning on" in texts[0]
    del keeper


def test_a_file_is_renamed_in_place(window: MainWindow, qtbot: Any, s3: Any, filled: str) -> None:
    open_folder(window, qtbot, filled)
    problems = []

    def rename(dialog: RenameDialog) -> None:
        assert dialog.name.selectedText() == "a"
        type_into(dialog.name, "x/y")
        problems.append(dialog.problem())
        type_into(dialog.name, "new name.txt")
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)

    keeper = when_shown(RenameDialog, rename)
    view = select(window, "a.txt")
    QTest.keyClick(view, Qt.Key.Key_F2)
    if not problems:  # offscreen, a window without focus gets no shortcuts
        window.inside.managing.rename()

    qtbot.waitUntil(lambda: names(window) == ["b.txt", "new name.txt", "sub/"])
    assert "Move to" in problems[0]
    assert "a.txt" not in stored(s3, filled)
    del keeper


def test_a_folder_is_renamed_with_all_in_it(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    open_folder(window, qtbot, filled)

    def rename(dialog: RenameDialog) -> None:
        type_into(dialog.name, "other")
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)

    keeper = when_shown(RenameDialog, rename)
    select(window, "sub/")
    window.inside.managing.rename()

    qtbot.waitUntil(lambda: names(window) == ["a.txt", "b.txt", "other/"])
    assert stored(s3, filled)[2:] == ["other/", "other/c.txt", "other/deep/d.txt"]
    del keeper


def test_a_copy_asks_when_its_name_is_taken(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    s3.put_object(Bucket=filled, Key="sub/a.txt", Body=b"other")
    open_folder(window, qtbot, filled)

    def choose_place(dialog: PlaceDialog) -> None:
        type_into(dialog.field, f"s3://{filled}/sub/")
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)

    def keep_both(dialog: ConflictDialog) -> None:
        dialog.choose(IfExists.KEEP_BOTH)
        QTest.mouseClick(dialog.go_on, Qt.MouseButton.LeftButton)

    keepers = when_shown(PlaceDialog, choose_place), when_shown(ConflictDialog, keep_both)
    select(window, "a.txt")
    window.inside.managing.copy_to()

    qtbot.waitUntil(lambda: "sub/a (2).txt" in stored(s3, filled))
    assert "a.txt" in stored(s3, filled)
    del keepers


def test_folders_are_offered_while_typing(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    open_folder(window, qtbot, filled)
    offered = []

    def look(dialog: PlaceDialog) -> None:
        type_into(dialog.field, f"s3://{filled}/s")
        qtbot.waitUntil(lambda: bool(dialog.field.offered()))
        offered.extend(dialog.field.offered())
        dialog.field.completer().popup().hide()
        dialog.reject()

    keeper = when_shown(PlaceDialog, look)
    select(window, "a.txt")
    window.inside.managing.move_to()

    assert offered == [f"s3://{filled}/sub/"]
    del keeper


def test_a_folder_moved_into_itself_is_refused_in_words(
    window: MainWindow, qtbot: Any, s3: Any, filled: str
) -> None:
    open_folder(window, qtbot, filled)
    titles = []

    def choose_place(dialog: PlaceDialog) -> None:
        type_into(dialog.field, f"s3://{filled}/sub/deep/")
        dialog.accept()

    def read(dialog: ErrorDialog) -> None:
        titles.append(dialog.title.text())
        dialog.reject()

    keepers = when_shown(PlaceDialog, choose_place), when_shown(ErrorDialog, read)
    select(window, "sub/")
    window.inside.managing.move_to()

    qtbot.waitUntil(lambda: bool(titles))
    assert "can't go into itself" in titles[0]
    del keepers


def shown_preview(window: MainWindow, qtbot: Any) -> PreviewWindow:
    qtbot.waitUntil(lambda: window.inside.managing.previews.window is not None)
    found = window.inside.managing.previews.window
    assert found is not None
    return found


def test_space_shows_text_and_space_forgets_it(
    window: MainWindow, qtbot: Any, bucket: str, put: Callable[..., None]
) -> None:
    put("a.txt", "first line\nzweite Zeile äöü\n".encode())
    open_folder(window, qtbot, bucket)

    QTest.keyClick(select(window, "a.txt"), Qt.Key.Key_Space)
    preview = shown_preview(window, qtbot)

    qtbot.waitUntil(preview.banner.isVisible)

    assert preview.text_view.toPlainText() == "first line\nzweite Zeile äöü\n"
    assert preview.where.text() == "Line 1, column 1 · 3 lines"
    plaintext = preview._plaintext
    assert plaintext is not None
    with qtbot.waitSignal(preview.closed):
        QTest.keyClick(preview.text_view, Qt.Key.Key_Space)
    assert bytes(plaintext.data) == bytes(len(plaintext.data))
    assert window.inside.managing.previews.window is None
    qtbot.waitUntil(lambda: not _previews())


def _previews() -> list[QWidget]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, PreviewWindow)]


def test_arrows_go_through_the_files_of_the_folder(
    window: MainWindow, qtbot: Any, s3: Any, bucket: str, put: Callable[..., None]
) -> None:
    for name in ("1.txt", "2.txt", "3.txt"):
        put(name, name.encode())
    s3.put_object(Bucket=bucket, Key="0 folder/x", Body=b"")
    open_folder(window, qtbot, bucket)

    QTest.keyClick(select(window, "2.txt"), Qt.Key.Key_Space)
    preview = shown_preview(window, qtbot)
    texts = []
    for key in (None, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        if key is not None:
            QTest.keyClick(preview.text_view, key)
        qtbot.waitUntil(preview.banner.isVisible)
        texts.append(preview.text_view.toPlainText())

    assert texts == ["2.txt", "3.txt", "3.txt", "2.txt", "1.txt"]
    assert [each.key for each in window.inside.parts.files.view.selected_entries()] == ["1.txt"]


def test_a_preview_tells_the_row_its_key(
    window: MainWindow, qtbot: Any, bucket: str, kms_key: str, put: Callable[..., None]
) -> None:
    put("a.txt", b"x")
    open_folder(window, qtbot, bucket)
    select(window, "a.txt")

    window.inside.managing.preview()
    preview = shown_preview(window, qtbot)

    qtbot.waitUntil(preview.banner.isVisible)

    files = window.inside.parts.files
    entry = files.model.entry(0)
    assert entry is not None
    note = files.reader.state(entry).key
    assert note is not None
    assert note.arn == kms_key


def test_a_plain_or_tampered_file_is_refused_in_the_window(
    window: MainWindow, qtbot: Any, s3: Any, bucket: str, put: Callable[..., None]
) -> None:
    put("b.txt", b"secret")
    answer = s3.get_object(Bucket=bucket, Key="b.txt")
    body = bytearray(answer["Body"].read())
    body[0] ^= 1
    s3.put_object(Bucket=bucket, Key="b.txt", Body=bytes(body), Metadata=answer["Metadata"])
    s3.put_object(Bucket=bucket, Key="c.txt", Body=b"plain")
    open_folder(window, qtbot, bucket)

    for key, words in (("b.txt", "altered or damaged"), ("c.txt", "not encrypted")):
        select(window, key)
        window.inside.managing.preview()
        preview = shown_preview(window, qtbot)
        qtbot.waitUntil(
            lambda preview=preview, words=words: words in preview.message.accessibleName(),
        )
        assert preview.text_view.toPlainText() == ""
        assert not preview.banner.isVisible()


def test_a_file_beyond_the_limit_is_offered_for_download(
    window: MainWindow, qtbot: Any, bucket: str, put: Callable[..., None], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("cse_desktop.gui.preview.preview_window.LIMIT_BYTES", 100)
    put("a.bin", b"x" * 200)
    (tmp_path / "target").mkdir()
    open_folder(window, qtbot, bucket)
    select(window, "a.bin")

    window.inside.managing.preview()
    preview = shown_preview(window, qtbot)
    assert preview.message.accessibleName() == "Too large to preview. Download it instead."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "target"))
    QTest.mouseClick(preview.message.action(0), Qt.MouseButton.LeftButton)

    saved = tmp_path / "target" / "a.bin"
    qtbot.waitUntil(saved.exists)
    assert saved.read_bytes() == b"x" * 200


def test_a_preview_leaves_nothing_on_disk_or_clipboard(
    window: MainWindow, qtbot: Any, bucket: str, put: Callable[..., None], home: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    put("a.txt", b"the-plaintext-canary")
    open_folder(window, qtbot, bucket)
    select(window, "a.txt")
    window.inside.managing.preview()
    preview = shown_preview(window, qtbot)

    qtbot.waitUntil(preview.banner.isVisible)
    preview.close()
    window.backstage.preferences.flush()

    files = [each for each in home.rglob("*") if each.is_file()]
    assert not any(b"the-plaintext-canary" in each.read_bytes() for each in files)
    assert "the-plaintext-canary" not in caplog.text
    assert QSettings("CSE Desktop").allKeys() == []
    assert "the-plaintext-canary" not in QGuiApplication.clipboard().text()


def test_actions_follow_the_selection(window: MainWindow, qtbot: Any, filled: str) -> None:
    open_folder(window, qtbot, filled)
    actions = window.inside.actions

    def enabled() -> list[str]:
        wanted = ("preview", "rename", "copy_to", "move_to", "delete")
        return [name for name in wanted if actions[name].isEnabled()]

    assert enabled() == []
    select(window, "sub/")
    assert enabled() == ["rename", "copy_to", "move_to", "delete"]
    select(window, "a.txt")
    assert enabled() == ["preview", "rename", "copy_to", "move_to", "delete"]
    select(window, "a.txt", "b.txt")
    assert enabled() == ["copy_to", "move_to", "delete"]
