"""Files dragged from the list into a file manager, and readable copies dragged as files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import desktop
from tests.e2e.desktop import App

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

BUCKET = "sandbox-inbox"
FIRST_ROW = (420, 236)
"""In the window: a row of the list, below bars, banner and heading."""
DROP = (250, 330)
"""On the screen: an empty part of the file manager's window."""
NAMES = ("report 2026 ü.txt", "second.txt")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The program on its sandbox beside room for a file manager, with two encrypted files."""
    folder = tmp_path_factory.mktemp("drag-out")
    with desktop.app(folder / "home") as started:
        started.window.place(470, 0, 960, 640)
        for name in NAMES:
            (folder / name).write_text(f"content of {name}\n")
        put = started.cse(
            "put", *(str(folder / name) for name in NAMES), f"s3://{BUCKET}/out/",
            "--kms-key", "alias/sandbox", "--connection", "sandbox",
        )  # fmt: skip
        assert put.returncode == 0, put.stderr
        yield started


def drag_first_row(app: App) -> None:
    frame = app.window.frame
    desktop.drag((frame.x + FIRST_ROW[0], frame.y + FIRST_ROW[1]), DROP)


def open_folder(app: App) -> None:
    app.window.press("ctrl+l", "ctrl+a")
    app.window.write(f"s3://{BUCKET}/out/")
    app.window.press("Return")
    time.sleep(1.5)


def test_one_file_is_saved_decrypted_where_it_was_dropped(app: App, tmp_path: Path) -> None:
    target = tmp_path / "one ü"
    target.mkdir()
    with desktop.file_manager(tmp_path / "fm", target) as files:
        files.place(10, 10, 440, 450)
        open_folder(app)
        drag_first_row(app)
        saved = target / NAMES[0]
        desktop.wait_until(saved.exists, "the dropped file", within_s=30)
        desktop.keep_screenshot("dragged-out")

    assert saved.read_text() == f"content of {NAMES[0]}\n"
    assert [each.name for each in target.iterdir()] == [NAMES[0]]


def test_all_selected_files_are_saved_where_one_was_dropped(app: App, tmp_path: Path) -> None:
    target = tmp_path / "two"
    target.mkdir()
    with desktop.file_manager(tmp_path / "fm", target) as files:
        files.place(10, 10, 440, 450)
        open_folder(app)
        app.window.press("ctrl+a")
        drag_first_row(app)
        desktop.wait_until(
            lambda: sorted(each.name for each in target.iterdir()) == sorted(NAMES),
            "both files",
            within_s=30,
        )
    for name in NAMES:
        assert (target / name).read_text() == f"content of {name}\n"
