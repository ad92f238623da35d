"""Rename, preview, copy and delete on a real screen, by keyboard and by mouse."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from tests.e2e import desktop
from tests.e2e.desktop import App, Window

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(300)]

BUCKET = "sandbox-inbox"
SETTLES_S = 0.7


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The program on its sandbox, with four encrypted files in the inbox."""
    folder = tmp_path_factory.mktemp("managing")
    with desktop.app(folder / "home") as started:
        started.window.place(0, 0, 1430, 960)
        for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
            (folder / name).write_text(f"content of {name}\n")
        put = started.cse(
            "put", *(str(folder / f"{name}.txt") for name in "abcd"), f"s3://{BUCKET}/here/",
            "--kms-key", "alias/sandbox", "--connection", "sandbox",
        )  # fmt: skip
        assert put.returncode == 0, put.stderr
        yield started


def stored(app: App) -> set[str]:
    pages = app.session().store.walk(ObjectRef(BUCKET, ""))
    return {entry.key for page in pages for entry in page.entries}


def open_here(app: App) -> None:
    app.window.activate()
    app.window.press("ctrl+l", "ctrl+a")
    app.window.write(f"s3://{BUCKET}/here/")
    app.window.press("Return")
    time.sleep(2 * SETTLES_S)


def titled(title: str) -> Window:
    return desktop.wait_for_window("--name", title, within_s=15)


def test_everything_works_with_the_keyboard_alone(app: App) -> None:
    open_here(app)

    app.window.press("Home", "space")
    preview = titled("^a.txt .* Preview$")
    time.sleep(2 * SETTLES_S)
    desktop.keep_screenshot("preview")
    preview.press("Right")
    titled("^b.txt .* Preview$").press("space")
    app.window.activate()

    app.window.press("F2")  # the file that was previewed last is selected
    dialog = titled("^Rename file$")
    dialog.write("renamed")
    dialog.press("Return")
    desktop.wait_until(lambda: "here/renamed.txt" in stored(app), "a file renamed")
    assert "here/b.txt" not in stored(app)
    moved = transfer.read(app.session(), ObjectRef(BUCKET, "here/renamed.txt"), limit=100)
    assert bytes(moved) == b"content of b.txt\n"

    app.window.activate()
    time.sleep(2 * SETTLES_S)
    app.window.press("End", "Home", "Delete")
    dialog = titled("^Delete file$")
    dialog.press("Return")  # Cancel has the focus
    time.sleep(SETTLES_S)
    assert "here/a.txt" in stored(app)
    app.window.press("Delete")
    titled("^Delete file$").press("Tab", "Return")
    desktop.wait_until(lambda: "here/a.txt" not in stored(app), "a file deleted")


def test_what_is_left_goes_by_the_mouse_and_a_typed_word(app: App) -> None:
    open_here(app)
    row = app.window.frame.at(0.35, 0.235)
    desktop.click(*row)
    app.window.press("ctrl+a")
    desktop.xdotool("mousemove", str(row[0]), str(row[1]), "click", "3")
    time.sleep(SETTLES_S)
    desktop.xdotool("key", "Up", "Return")  # the last row of the menu
    dialog = titled("^Delete files$")
    desktop.keep_screenshot("delete")
    dialog.write("delete")
    frame = dialog.frame
    desktop.click(frame.x + frame.width - 80, frame.y + frame.height - 30)
    desktop.wait_until(lambda: not stored(app), "all files deleted")
