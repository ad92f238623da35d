"""Versions, properties and editing on a real screen, by keyboard and by mouse."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.changing import properties
from cse_desktop.core.objects import ObjectRef
from tests.e2e import desktop
from tests.e2e.desktop import App, Window

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

BUCKET = "sandbox-samples"
FILE = ObjectRef(BUCKET, "versions/payroll-2026-07.csv")
SETTLES_S = 1.2


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The program on its sandbox, which has a file of three versions, and a deleted one."""
    with desktop.app(tmp_path_factory.mktemp("care") / "home") as started:
        started.window.place(0, 0, 1430, 960)
        yield started


def open_place(app: App, address: str) -> None:
    app.window.activate()
    app.window.press("ctrl+l", "ctrl+a")
    app.window.write(address)
    app.window.press("Return")
    time.sleep(SETTLES_S)


def titled(title: str) -> Window:
    return desktop.wait_for_window("--name", title, within_s=15)


def stored(app: App) -> bytes:
    return bytes(transfer.read(app.session(), FILE, limit=10_000))


def test_an_earlier_version_is_restored_with_the_keyboard_alone(app: App) -> None:
    oldest = [*app.session().store.versions.of(FILE)][-1]
    content = bytes(transfer.read(app.session(), oldest.ref, limit=10_000))
    open_place(app, f"s3://{BUCKET}/versions/")
    app.window.press("ctrl+a", "alt+e", "v")
    versions = titled("^Versions of")
    time.sleep(SETTLES_S)
    # From the table: preview, download, verify, restore.
    versions.press("End", "Tab", "Tab", "Tab", "Tab", "space")
    desktop.wait_until(lambda: stored(app) == content, "the oldest version restored")
    versions.press("Escape")


def test_properties_are_changed_with_the_keyboard_alone(app: App) -> None:
    open_place(app, f"s3://{BUCKET}/versions/")
    app.window.press("ctrl+a", "alt+Return")
    dialog = titled("^Properties$")
    time.sleep(SETTLES_S)
    dialog.press("ctrl+a")
    dialog.write("text/csv")
    dialog.press("Return")
    desktop.wait_until(
        lambda: properties(app.session(), FILE).beside.content_type == "text/csv",
        "the content type changed",
    )
    assert stored(app)


def test_a_deleted_file_comes_back_by_the_mouse(app: App) -> None:
    open_place(app, f"s3://{BUCKET}/versions/")
    app.window.press("alt+v", "d")
    deleted = titled("^Deleted files")
    time.sleep(SETTLES_S)
    frame = deleted.frame
    desktop.click(frame.x + frame.width - 70, frame.y + frame.height - 30)  # Restore
    ref = ObjectRef(BUCKET, "versions/draft of payroll-2026-07.csv")
    desktop.wait_until(
        lambda: not app.session().store.versions.newest(ref).is_marker, "the file restored"
    )
    deleted.press("Escape")


def test_a_file_is_edited_and_goes_back_encrypted(app: App) -> None:
    open_place(app, f"s3://{BUCKET}/versions/")
    app.window.press("ctrl+f")
    app.window.write("payroll-2026-07")
    app.window.press("Return", "End", "ctrl+a")
    app.window.press("Up", "Up", "End", "ctrl+e")
    titled("^Open files$")
    folder = app.home / "cse-desktop" / "open files"
    desktop.wait_until(lambda: any(folder.glob("*/*.csv")), "the readable copy")
    [copy] = folder.glob("*/*.csv")
    assert os.stat(copy).st_mode & 0o077 == 0
    edited = ObjectRef(BUCKET, f"versions/{copy.name}")
    copy.write_text("edited;by hand\n")

    def is_saved() -> bool:
        return bytes(transfer.read(app.session(), edited, limit=10_000)) == b"edited;by hand\n"

    desktop.wait_until(is_saved, "the edited file in S3")
    app.window.press("ctrl+q")
    app.process.wait(30)
    assert not folder.exists()
