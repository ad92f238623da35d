"""Versions and deleted files in the whole window, on a real server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.care.versions_window import VersionsWindow
from cse_desktop.gui.parts.confirm_dialog import ConfirmDialog
from cse_desktop.jobs.requests import Verify
from cse_desktop.jobs.snapshot import Phase
from tests.gui.care.conftest import Hands, Put

pytestmark = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)


def opened(session: Session, ref: ObjectRef) -> bytes:
    return bytes(transfer.read(session, ref, limit=1000))


@pytest.fixture
def versions(hands: Hands, versioned: str, put: Put) -> VersionsWindow:
    """The versions of a file that was written twice."""
    put("f/a.txt", b"first")
    put("f/a.txt", b"second")
    hands.open_folder(versioned, "f/")
    hands.select("f/a.txt")
    hands.act("versions")
    [found] = hands.window.inside.care.versions._windows()
    assert isinstance(found, VersionsWindow)
    hands.wait(lambda: len(found.versions) == 2)
    return found


def choose(window: VersionsWindow, row: int, button: str) -> None:
    window.table.select_row(row)
    made = window.buttons_of_row[button]
    assert made.isEnabled(), button
    made.click()


def test_all_versions_are_listed_and_only_earlier_ones_can_be_restored(
    versions: VersionsWindow,
) -> None:
    table, buttons = versions.table, versions.buttons_of_row

    assert [table.text(row, 0) for row in range(2)] == ["Newest", "Earlier"]
    assert "2 versions" in versions.words.text()
    assert not buttons["restore"].isEnabled()
    assert buttons["restore"].toolTip()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert buttons["restore"].isEnabled()


def test_an_earlier_version_becomes_the_newest(
    versions: VersionsWindow, hands: Hands, session: Session
) -> None:
    choose(versions, 1, "restore")

    hands.wait(lambda: len(versions.versions) == 3)
    assert opened(session, ObjectRef(versions.ref.bucket, "f/a.txt")) == b"first"


def test_an_earlier_version_is_previewed_verified_and_downloaded(
    versions: VersionsWindow,
    hands: Hands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "decrypted"
    folder.mkdir()
    (folder / "a.txt").write_text("mine")
    # The file dialog is the system's own.
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))

    choose(versions, 1, "preview")
    preview = hands.window.inside.managing.previews.window
    assert preview is not None
    hands.wait(lambda: preview.text_view.toPlainText() == "first")
    preview.close()
    choose(versions, 1, "verify")
    queue = hands.window.backstage.queue
    hands.wait(lambda: [each.phase for each in queue.snapshots()] == [Phase.DONE])
    [verified] = queue.snapshots()
    assert isinstance(verified.request, Verify)
    assert verified.request.ref == versions.versions[1].ref
    choose(versions, 1, "download")

    hands.wait((folder / "a (2).txt").exists)
    assert (folder / "a (2).txt").read_text() == "first"
    assert (folder / "a.txt").read_text() == "mine"


def test_a_version_is_deleted_only_after_the_word_was_typed(
    versions: VersionsWindow,
    hands: Hands,
    session: Session,
    when_shown: Callable[..., object],
) -> None:
    def hesitate(dialog: ConfirmDialog) -> None:
        assert not dialog.confirm.isEnabled()
        dialog.reject()

    def confirm(dialog: ConfirmDialog) -> None:
        assert "“a.txt”" in dialog.title.text()
        QTest.keyClicks(dialog.word, "delete")
        QTest.keyClick(dialog.word, Qt.Key.Key_Return)

    when_shown(ConfirmDialog, hesitate)
    choose(versions, 0, "delete")
    assert len(tuple(session.store.versions.of(versions.ref))) == 2

    when_shown(ConfirmDialog, confirm)
    choose(versions, 0, "delete")
    hands.wait(lambda: len(versions.versions) == 1)
    assert opened(session, ObjectRef(versions.ref.bucket, "f/a.txt")) == b"first"


def test_a_deleted_file_comes_back_into_the_list(
    hands: Hands, versioned: str, put: Put, s3: Any, session: Session
) -> None:
    put("f/a.txt", b"content")
    put("f/b.txt", b"other")
    s3.delete_object(Bucket=versioned, Key="f/a.txt")
    hands.open_folder(versioned, "f/")
    assert hands.names() == ["f/b.txt"]

    hands.act("deleted_files")
    [deleted] = hands.window.inside.care.versions._windows()
    hands.wait(lambda: deleted.table.row_count() == 1)
    assert deleted.table.text(0, 0) == "a.txt"
    deleted.restore.click()

    hands.wait(lambda: hands.names() == ["f/a.txt", "f/b.txt"])
    hands.wait(lambda: deleted.table.row_count() == 0)
    assert opened(session, ObjectRef(versioned, "f/a.txt")) == b"content"
