"""What a screen reader finds, asked from another process: no control without a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import desktop
from tests.e2e.desktop import App
from tests.e2e.screen_reader import CONTROLS, Reader, Seen, accessibility_bus, launcher

pytestmark = [
    pytest.mark.serial,
    pytest.mark.timeout(300),
    pytest.mark.skipif(launcher() is None, reason="needs at-spi2-core"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    patch = pytest.MonkeyPatch()
    patch.setenv("QT_LINUX_ACCESSIBILITY_ALWAYS_ON", "1")
    with accessibility_bus(), desktop.app(tmp_path_factory.mktemp("reader") / "home") as started:
        desktop.wait_until(lambda: "sandbox-" in started.window.title, "the first bucket")
        yield started
    patch.undo()


@pytest.fixture
def reader(app: App) -> Iterator[Reader]:
    made = Reader(app.process.pid)
    yield made
    made.close()


def nameless(seen: list[Seen]) -> list[str]:
    return [
        f"{one.role} in {' > '.join(one.path)}"
        for one in seen
        if one.is_showing and one.role in CONTROLS and not one.name.strip()
    ]


def named(seen: list[Seen]) -> set[str]:
    return {one.name for one in seen}


def dialog_of(app: App) -> desktop.Window:
    """The window that is open before the main one."""

    def others() -> list[desktop.Window]:
        return [one for one in desktop.windows(*desktop.of(app)) if one != app.window]

    desktop.wait_until(lambda: bool(others()), "a dialog")
    return others()[-1]


def test_every_control_of_the_main_window_has_a_name(app: App, reader: Reader) -> None:
    seen = reader.walk()

    assert sum(one.is_showing and one.role in CONTROLS for one in seen) > 20
    assert not nameless(seen), "\n".join(nameless(seen))
    assert {"Upload", "Filter this folder"} <= named(seen)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("ctrl+comma", "Appearance"),
        ("ctrl+k", "Cancel"),
        ("F1", "Close"),
    ],
)
def test_every_control_of_a_dialog_has_a_name(
    app: App, reader: Reader, keys: str, words: str
) -> None:
    app.window.press(keys)
    dialog = dialog_of(app)
    desktop.wait_until(lambda: words in named(reader.walk()), words)
    try:
        assert not nameless(reader.walk()), "\n".join(nameless(reader.walk()))
    finally:
        dialog.press("Escape")
        desktop.wait_until(lambda: len(desktop.windows(*desktop.of(app))) == 1, "the end")


def test_what_happens_is_told_in_the_status(app: App, reader: Reader, tmp_path: Path) -> None:
    app.window.press("ctrl+shift+c")

    desktop.wait_until(
        lambda: any("copied" in one.name for one in reader.walk()), "the status", within_s=7
    )
