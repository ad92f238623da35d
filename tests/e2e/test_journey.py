"""What a new user does first, on a real screen: drag a folder in, get it out again."""

from __future__ import annotations

import filecmp
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from tests.e2e import desktop
from tests.e2e.desktop import App

pytestmark = [pytest.mark.serial, pytest.mark.slow, pytest.mark.timeout(600)]

INBOX = "sandbox-inbox"
FOLDER = "Holiday 2026"
LARGE = 300 * 1024 * 1024
OFFICIAL = desktop.ROOT / ".venv-interop" / "bin" / "python"
CLIENT = desktop.ROOT / "tests" / "interop" / "official_client.py"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The program on its sandbox, with the inbox open."""
    with desktop.app(tmp_path_factory.mktemp("journey") / "home") as started:
        started.window.place(0, 0, 1430, 960)
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One large file and fifty small ones, two of them with names that hurt."""
    root = tmp_path_factory.mktemp("files") / FOLDER
    (root / "notes").mkdir(parents=True)
    with (root / "film.bin").open("wb") as file:
        for _ in range(LARGE >> 20):
            file.write(os.urandom(1 << 20))
    for number in range(48):
        (root / "notes" / f"note {number:02d}.txt").write_bytes(os.urandom(number * 97))
    (root / "Übersicht - Größe 漢字.txt").write_text("ünïcödé", encoding="utf-8")
    (root / "empty.txt").touch()
    return root


@pytest.fixture(scope="module")
def uploaded(app: App, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`folder`, dragged out of the file manager onto the list, under a key from the picker."""
    open_inbox(app)
    choose_key(app, "finance")
    with desktop.file_manager(tmp_path_factory.mktemp("fm"), folder.parent) as files:
        files.activate()
        desktop.drag(desktop.FIRST_ICON, app.window.frame.at(0.6, 0.55), drop=False)
        desktop.keep_screenshot("drop")
        desktop.xdotool("mouseup", "1")
        wanted = {f"{FOLDER}/{path.relative_to(folder)}" for path in files_in(folder)}
        desktop.wait_until(lambda: stored(app) == wanted, "51 objects", within_s=180)
    app.window.activate()
    desktop.keep_screenshot("uploaded")
    return folder


def test_a_folder_dragged_from_a_file_manager_comes_back_by_the_command_line(
    app: App, uploaded: Path, tmp_path: Path
) -> None:
    done = app.cse("get", "-r", f"s3://{INBOX}/{FOLDER}/", str(tmp_path), "--connection", "sandbox")
    assert done.returncode == 0, done.stderr
    back = tmp_path / FOLDER if (tmp_path / FOLDER).is_dir() else tmp_path
    assert differences(uploaded, back) == ""


def test_it_is_encrypted_under_the_key_that_was_chosen(app: App, uploaded: Path) -> None:
    film = ObjectRef(INBOX, f"{FOLDER}/film.bin")
    assert (uploaded / "film.bin").exists()
    opened = transfer.verify(app.session(), film)
    assert opened.key_arn == arn_of(app, "alias/finance")


def test_it_comes_back_out_of_the_window(app: App, uploaded: Path, tmp_path: Path) -> None:
    open_inbox(app)
    app.window.press("ctrl+f")
    app.window.write(FOLDER)
    app.window.press("F6", "ctrl+a", "ctrl+d")
    choose_folder(app, tmp_path)
    wanted = [path.relative_to(uploaded) for path in files_in(uploaded)]
    desktop.wait_until(
        lambda: all((tmp_path / FOLDER / name).exists() for name in wanted), "51 files"
    )
    app.window.activate()
    desktop.keep_screenshot("downloaded")
    assert differences(uploaded, tmp_path / FOLDER) == ""


def test_the_official_client_reads_what_was_dragged_in(
    app: App, uploaded: Path, tmp_path: Path
) -> None:
    names = [str(path.relative_to(uploaded)) for path in files_in(uploaded)]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
    ask_official(app, "get", {f"{FOLDER}/{name}": tmp_path / name for name in names})
    assert filecmp.cmpfiles(uploaded, tmp_path, names, shallow=False) == (names, [], [])


def test_what_the_official_client_wrote_comes_out_of_the_window(app: App, tmp_path: Path) -> None:
    source = tmp_path / "from elsewhere.bin"
    source.write_bytes(os.urandom(9 * 1024 * 1024 + 5))
    ask_official(app, "put", {source.name: source})
    target = app.home / "Downloads"
    target.mkdir(exist_ok=True)
    open_inbox(app)
    app.window.press("F5")
    app.window.press("ctrl+f")
    app.window.write("from elsewhere")
    desktop.keep_screenshot("filtered")
    app.window.press("F6", "ctrl+a", "ctrl+d")
    choose_folder(app, target)
    saved = target / source.name
    desktop.wait_until(saved.exists, "the download")
    assert filecmp.cmp(source, saved, shallow=False)
    assert [path.name for path in target.iterdir()] == [source.name]


def open_inbox(app: App) -> None:
    """Go to the bucket by the address bar."""
    app.window.press("ctrl+l", "ctrl+a")
    app.window.write(f"s3://{INBOX}/")
    app.window.press("Return")
    desktop.wait_until(lambda: app.window.title.startswith(INBOX), "the inbox")


def choose_key(app: App, alias: str) -> None:
    """Find a key in the picker, wait until it was checked, and take it."""
    app.window.press("ctrl+k")
    picker = desktop.wait_for_window(*desktop.of(app), "--name", "Choose a KMS key")
    picker.write(alias)
    time.sleep(2)  # until the check, which nothing outside the program can see, is over
    desktop.keep_screenshot("picker")
    picker.press("Return")
    desktop.wait_until(lambda: not desktop.windows(*desktop.of(app), "--name", "KMS"), "the end")


def choose_folder(app: App, folder: Path) -> None:
    """Answer the question where to save."""
    dialog = desktop.wait_for_window(*desktop.of(app), "--name", "Choose the folder")
    dialog.write(str(folder))
    dialog.press("Return")


def differences(one: Path, other: Path) -> str:
    found = subprocess.run(
        ["diff", "-r", one, other], stdout=subprocess.PIPE, text=True, check=False
    )
    return found.stdout


def arn_of(app: App, alias: str) -> str:
    return next(key.arn for key in app.session().keys.list() if alias in key.aliases)


def files_in(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def stored(app: App) -> set[str]:
    pages = app.session().store.walk(ObjectRef(INBOX, f"{FOLDER}/"))
    return {entry.key for page in pages for entry in page.entries}


def ask_official(app: App, what: str, files: Mapping[str, Path]) -> None:
    """Have Amazon's own client put or get objects, by key, in its own environment."""
    box = app.box
    tasks = [
        {
            "do": what,
            "s3": box.connection.s3_endpoint,
            "kms": box.connection.kms_endpoint,
            "bucket": INBOX,
            "key": key,
            "file": str(file),
            "kms_key": arn_of(app, "alias/finance"),
            "context": {},
            "format": 3,
        }
        for key, file in files.items()
    ]
    answers = subprocess.run(
        [OFFICIAL, "-W", "ignore", CLIENT],
        input="".join(json.dumps(task) + "\n" for task in tasks),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env=desktop.environment(app.home)
        | {
            "AWS_ACCESS_KEY_ID": box.credentials.access_key,
            "AWS_SECRET_ACCESS_KEY": box.credentials.secret_key,
            "AWS_DEFAULT_REGION": box.connection.region,
        },
    ).stdout.splitlines()
    assert answers == ["{}"] * len(tasks)
