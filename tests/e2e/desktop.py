"""Hands and eyes for a test: mouse, keyboard and screenshots of a real X screen, by xdotool."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cse_desktop import sandbox
from cse_desktop.core.session import Session, open_session

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a window is on the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int

    def at(self, across: float, down: float) -> tuple[int, int]:
        """A point inside, as fractions of width and height."""
        return self.x + int(self.width * across), self.y + int(self.height * down)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of another process, by its X id."""

    number: str

    @property
    def frame(self) -> Frame:
        """Its place now."""
        said = xdotool("getwindowgeometry", "--shell", self.number)
        facts = dict(line.split("=", 1) for line in said.splitlines())
        x, y = _corner(int(self.number))
        return Frame(x, y, int(facts["WIDTH"]), int(facts["HEIGHT"]))

    @property
    def title(self) -> str:
        """Its title now."""
        return xdotool("getwindowname", self.number).strip()

    def activate(self) -> None:
        """Bring it to the front and give it the keyboard."""
        xdotool("windowactivate", "--sync", self.number)

    def place(self, x: int, y: int, width: int, height: int) -> None:
        """Move and resize it."""
        xdotool("windowsize", "--sync", self.number, str(width), str(height))
        xdotool("windowmove", self.number, str(x), str(y))
        time.sleep(0.3)  # the window manager answers nobody

    def press(self, *keys: str) -> None:
        """Press keys with it in front, one after the other ("ctrl+d", "Return")."""
        self.activate()
        for key in keys:
            xdotool("key", "--clearmodifiers", key)

    def write(self, text: str) -> None:
        """Type text with it in front."""
        self.activate()
        xdotool("type", "--delay", "8", text)


def _corner(window: int) -> tuple[int, int]:
    """Where the upper left corner is; xdotool counts the title bar twice."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    x, y, child = ctypes.c_int(), ctypes.c_int(), ctypes.c_ulong()
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    x11.XTranslateCoordinates(
        display, ctypes.c_ulong(window), root, 0, 0,
        ctypes.byref(x), ctypes.byref(y), ctypes.byref(child),
    )  # fmt: skip
    x11.XCloseDisplay(display)
    return x.value, y.value


def xdotool(*words: str) -> str:
    """Run xdotool; what it printed."""
    return subprocess.run(
        ["xdotool", *words], capture_output=True, text=True, check=True, timeout=30
    ).stdout


def windows(*query: str) -> list[Window]:
    """The visible windows that match, such as ("--name", "CSE Desktop")."""
    with contextlib.suppress(subprocess.CalledProcessError):
        return [Window(n) for n in xdotool("search", "--all", "--onlyvisible", *query).split()]
    return []


def wait_for_window(*query: str, within_s: float = 40.0) -> Window:
    """The window that matches, as soon as there is one."""
    wait_until(lambda: bool(windows(*query)), f"a window {query}", within_s)
    return windows(*query)[-1]


def wait_until(holds: Callable[[], bool], what: str, within_s: float = 60.0) -> None:
    """Return as soon as `holds()`; fail the test when it does not come true."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            keep_screenshot("timeout")
            raise AssertionError(f"waited {within_s:.0f} s for {what}")
        time.sleep(0.1)


def click(x: int, y: int, *, times: int = 1) -> None:
    """Click with the left button."""
    xdotool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "60", "1")


def drag(start: tuple[int, int], end: tuple[int, int], *, drop: bool = True) -> None:
    """Drag from one point to another, slowly: one jump is seen as no drag at all."""
    xdotool("mousemove", *map(str, start))
    time.sleep(0.2)
    xdotool("mousedown", "1")
    time.sleep(0.2)
    steps = 20
    for step in range(1, steps + 1):
        x, y = (a + (b - a) * step // steps for a, b in zip(start, end, strict=True))
        xdotool("mousemove", str(x), str(y))
        time.sleep(0.03)
    time.sleep(0.5)
    if drop:
        xdotool("mouseup", "1")


def screenshot(path: Path) -> None:
    """The whole screen as a PNG."""
    subprocess.run(["import", "-window", "root", str(path)], check=True, timeout=30)


def keep_screenshot(name: str) -> None:
    """A screenshot in the folder named by KEEP_SCREENSHOTS, for the person who asks why."""
    if folder := os.environ.get("KEEP_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(subprocess.SubprocessError):
            screenshot(Path(folder) / f"{name}.png")


@dataclass(frozen=True, slots=True)
class App:
    """The program under test, running on the sandbox."""

    process: subprocess.Popen[bytes]
    window: Window
    home: Path

    @property
    def box(self) -> sandbox.Sandbox:
        """The sandbox it has started."""
        found = _box(self.home)
        assert found is not None, "the program's sandbox is gone"
        return found

    def session(self) -> Session:
        """Signed in to its sandbox."""
        return open_session(self.box.connection, self.box.credentials)

    def cse(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command line beside it."""
        return subprocess.run(
            [BIN / "cse", *words],
            env=environment(self.home),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def of(app: App) -> tuple[str, str]:
    """The part of a search that keeps to the windows of the program."""
    return ("--pid", str(app.process.pid))


def environment(home: Path) -> dict[str, str]:
    """Nothing of the person who runs the tests but the screen."""
    return os.environ | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "CSE_DESKTOP_HOME": str(home / "cse-desktop"),
        "QT_QPA_PLATFORM": "xcb",
    }


@contextlib.contextmanager
def app(home: Path, *options: str) -> Iterator[App]:
    """Start the program on its sandbox; end it and read what it complained about."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "stderr.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [BIN / "cse-desktop", "--sandbox", *options],
            env=environment(home),
            stdout=errors,
            stderr=errors,
        ) as process,
    ):
        try:
            query = ("--pid", str(process.pid), "--name", "CSE Desktop")
            wait_until(lambda: process.poll() is not None or bool(windows(*query)), "the window")
            wait_until(lambda: process.poll() is not None or _box(home) is not None, "the sandbox")
            assert process.poll() is None, "the program ended at once"
            yield App(process, windows(*query)[-1], home)
        except BaseException:
            keep_screenshot("failed")
            print(log.read_text(errors="replace")[-5000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _box(home: Path) -> sandbox.Sandbox | None:
    return sandbox.running(home / "cse-desktop")


@contextlib.contextmanager
def file_manager(home: Path, folder: Path) -> Iterator[Window]:
    """pcmanfm, showing one folder in the upper left corner of the screen."""
    home.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        ["pcmanfm", "--no-desktop", str(folder)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            window = wait_for_window("--class", "pcmanfm")
            window.place(10, 10, 600, 450)
            time.sleep(1.5)  # until it has laid out its icons, of which it tells nobody
            yield window
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


FIRST_ICON = (218, 128)
"""Where pcmanfm, in that corner and of that size, has the first file of a folder."""
