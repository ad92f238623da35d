"""The program started twice: one window, which opens and uploads what the second was given."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import desktop
from tests.e2e.desktop import App

pytestmark = [pytest.mark.serial, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with desktop.app(tmp_path_factory.mktemp("second") / "home") as started:
        desktop.wait_until(lambda: "sandbox-" in started.window.title, "the first bucket")
        yield started


def start_again(app: App, *places: str) -> None:
    done = subprocess.run(
        [desktop.BIN / "cse-desktop", *places],
        env=desktop.environment(app.home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_start_opens_an_address_in_the_first_window(app: App) -> None:
    desktop.xdotool("windowminimize", "--sync", app.window.number)
    start_again(app, "s3://sandbox-samples/payroll/2026/")

    desktop.wait_until(lambda: "sandbox-samples" in app.window.title, "the other bucket")
    desktop.wait_until(lambda: bool(desktop.windows(*desktop.of(app))), "the window to come back")
    assert len(desktop.windows("--name", "CSE Desktop")) == 1


def test_a_file_of_a_second_start_is_uploaded_after_a_question(app: App, tmp_path: Path) -> None:
    start_again(app, "s3://sandbox-inbox/")
    desktop.wait_until(lambda: "sandbox-inbox" in app.window.title, "the inbox")
    file = tmp_path / "from outside.txt"
    file.write_text("brought along")

    start_again(app, str(file))
    question = desktop.wait_for_window(*desktop.of(app), "--name", "^Upload$")
    desktop.keep_screenshot("errand")
    question.press("Return")

    def is_stored() -> bool:
        listed = app.cse("ls", "s3://sandbox-inbox/", "--connection", "sandbox")
        return file.name in listed.stdout

    desktop.wait_until(is_stored, "the object")
