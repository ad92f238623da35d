"""Open and edit in the whole window: the editor is a program of the test, files are real."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.care.conflict_dialog import ChangedDialog
from cse_desktop.gui.care.open_file import OpenFile, State
from cse_desktop.gui.parts.dialog import Dialog
from tests.gui.care.conftest import Hands, Put

pytestmark = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
WhenShown = Callable[[type, Callable[[Any], None]], object]


def opened(session: Session, bucket: str, key: str) -> bytes:
    return bytes(transfer.read(session, ObjectRef(bucket, key), limit=1000))


@pytest.fixture
def file(hands: Hands, bucket: str, put: Put) -> OpenFile:
    """A file that is open; the program that opens it does nothing by itself."""
    put("f/a.txt", b"first")
    edits = hands.window.inside.care.edits
    shown: list[Path] = []

    def open_with(url: QUrl) -> bool:
        shown.append(Path(url.toLocalFile()))
        return True

    # The system's program for text files is not there for tests.
    edits.open_with = open_with
    hands.open_folder(bucket, "f/")
    hands.select("f/a.txt")
    hands.act("open_edit")
    hands.wait(lambda: shown)
    [found] = edits.files
    assert found.path == shown[0]
    return found


def test_the_readable_copy_is_for_its_owner_and_goes_when_editing_stops(
    file: OpenFile, hands: Hands, home: Path
) -> None:
    edits = hands.window.inside.care.edits
    assert file.path.read_bytes() == b"first"
    assert file.path.is_relative_to(home)
    for path in (file.path, file.path.parent, file.path.parent.parent):
        assert os.stat(path).st_mode & 0o077 == 0
    assert edits.list.isVisible()
    assert edits.list.table.text(0, 1) == "Open; no changes to save"

    edits.list.stop.click()

    hands.wait(lambda: not file.path.parent.exists())
    assert edits.files == ()


@pytest.mark.parametrize("way", ["written in place", "exchanged"])
def test_each_save_goes_back_encrypted(
    file: OpenFile, hands: Hands, bucket: str, session: Session, way: str
) -> None:
    for content in (b"second", b"third time"):
        if way == "exchanged":
            (file.path.parent / "new").write_bytes(content)
            os.replace(file.path.parent / "new", file.path)
        else:
            file.path.write_bytes(content)

        hands.wait(lambda: file.state is State.SAVED and not file.is_changed)
        assert opened(session, bucket, "f/a.txt") == content


def test_a_conflict_is_said_and_decided(
    file: OpenFile, hands: Hands, bucket: str, put: Put, session: Session, when_shown: WhenShown
) -> None:
    put("f/a.txt", b"theirs")

    def save_as_second(dialog: ChangedDialog) -> None:
        assert "Somebody else has changed “a.txt”" in dialog.title.text()
        dialog.copy.click()

    when_shown(ChangedDialog, save_as_second)
    file.path.write_bytes(b"mine")
    hands.wait(lambda: "f/a (2).txt" in hands.names())
    assert opened(session, bucket, "f/a (2).txt") == b"mine"
    assert opened(session, bucket, "f/a.txt") == b"theirs"
    assert file.state is State.CONFLICT

    when_shown(ChangedDialog, lambda dialog: dialog.replace.click())
    hands.window.inside.care.edits.list.retry.click()
    hands.wait(lambda: file.state is State.SAVED)
    assert opened(session, bucket, "f/a.txt") == b"mine"


def test_changes_that_are_not_in_s3_are_not_thrown_away_without_a_question(
    file: OpenFile, hands: Hands, put: Put, when_shown: WhenShown
) -> None:
    put("f/a.txt", b"theirs")
    when_shown(ChangedDialog, lambda dialog: dialog.reject())
    file.path.write_bytes(b"mine")
    hands.wait(lambda: file.state is State.CONFLICT)
    edits = hands.window.inside.care.edits

    edits.list.hide()  # a dialog itself

    def keep(dialog: Dialog) -> None:
        assert "are not in S3" in dialog.title.text()
        dialog.reject()

    when_shown(Dialog, keep)
    assert not edits.may_close()
    assert file.path.exists()


def test_copies_of_a_run_that_crashed_are_removed(hands: Hands, home: Path) -> None:
    # `hands` has a window already: what lies there now is of a run before the next one.
    left = home / "cse-desktop" / "open files" / "of-a-crash"
    left.mkdir(parents=True)
    (left / "a.txt").write_text("readable")
    care = hands.window.inside.care

    type(care.edits)(hands.window.backstage, hands.window)

    hands.wait(lambda: not left.exists())


def test_a_pdf_is_opened_by_another_program(hands: Hands, bucket: str, put: Put) -> None:
    put("a.pdf", b"%PDF-1.7 pages")
    edits = hands.window.inside.care.edits
    edits.open_with = lambda _url: True
    hands.open_folder(bucket)
    hands.select("a.pdf")

    hands.act("preview")
    preview = hands.window.inside.managing.previews.window
    assert preview is not None
    hands.wait(lambda: "PDF" in preview.message.accessibleName() or preview._offers_open)
    preview.message.acted.emit(0)

    hands.wait(lambda: [each.state for each in edits.files] == [State.OPEN])
    assert edits.files[0].path.read_bytes() == b"%PDF-1.7 pages"
    preview.close()
