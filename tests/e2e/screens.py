"""Pictures of the window in the states of the design, to be looked at by a person.

    scripts/on-a-desktop .venv/bin/python -m tests.e2e.screens FOLDER [NAME...]

Starts the program on its sandbox once for each theme and size, drives it by keyboard and mouse,
and saves PNGs of the window alone: FOLDER/NAME-THEME-WIDTHxHEIGHT.png.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cse_desktop.sandbox.samples import write_samples
from tests.e2e import desktop
from tests.e2e.desktop import App

LOOKS: Final = (
    ("light", 1440, 900),
    ("dark", 1440, 900),
    ("light", 960, 600),
    ("dark", 960, 600),
)
SETTLES_S: Final = 1.2


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes pictures of one running program."""

    app: App
    folder: Path
    look: str

    def save(self, name: str) -> None:
        """Save the window, and whatever dialog stands before it, as it is on the screen."""
        frame = self.app.window.frame
        path = self.folder / f"{name}-{self.look}.png"
        crop = f"{frame.width}x{frame.height}+{frame.x}+{frame.y}"
        subprocess.run(
            ["import", "-window", "root", "-crop", crop, "+repage", str(path)],
            check=True,
            timeout=30,
        )
        print(path, flush=True)


def go(app: App, place: str) -> None:
    """Open a folder by the address bar."""
    app.window.press("ctrl+l", "ctrl+a")
    app.window.write(place)
    app.window.press("Return")
    time.sleep(SETTLES_S)


def inbox(camera: Camera) -> None:
    """The empty bucket of the sandbox."""
    go(camera.app, "s3://sandbox-inbox/")


def samples(camera: Camera) -> None:
    """A folder with rows of every kind of badge."""
    go(camera.app, "s3://sandbox-samples/")


def selected(camera: Camera) -> None:
    """An encrypted object selected, so that the inspector has something to say."""
    go(camera.app, "s3://sandbox-samples/payroll/2026/")
    camera.app.window.press("F6")
    desktop.click(*camera.app.window.frame.at(0.4, 0.3))


def older(camera: Camera) -> None:
    """Objects of the format before."""
    go(camera.app, "s3://sandbox-samples/older programs/")
    camera.app.window.press("ctrl+a")


def picker(camera: Camera) -> None:
    """The key picker."""
    inbox(camera)
    camera.app.window.press("ctrl+k")
    time.sleep(2 * SETTLES_S)


def refused(camera: Camera) -> None:
    """Downloads, good and refused, in the transfers panel."""
    camera.app.window.press("Escape")
    go(camera.app, "s3://sandbox-samples/tampered/")
    desktop.click(*camera.app.window.frame.at(0.4, 0.3))
    camera.app.window.press("ctrl+a", "ctrl+d")
    time.sleep(SETTLES_S)
    dialogs = [
        w for w in desktop.windows("--pid", str(camera.app.process.pid)) if w != camera.app.window
    ]
    for dialog in dialogs[-1:]:
        dialog.write(str(camera.app.home))
        dialog.press("Return")
    time.sleep(2 * SETTLES_S)


def dragging(camera: Camera) -> None:
    """Files of a file manager held over the list."""
    inbox(camera)
    folder = camera.app.home / "drag me"
    folder.mkdir(exist_ok=True)
    write_samples(folder)
    with desktop.file_manager(camera.app.home / "fm", folder) as files:
        files.activate()
        desktop.drag(desktop.FIRST_ICON, camera.app.window.frame.at(0.6, 0.7), drop=False)
        time.sleep(0.5)
        # The file manager lies over the window; its own picture would not show the overlay.
        camera.save("drop-overlay")
        desktop.xdotool("mouseup", "1")
        time.sleep(SETTLES_S)
    camera.app.window.activate()
    time.sleep(2 * SETTLES_S)


def policy(camera: Camera) -> None:
    """The encryption policy in the settings."""
    camera.app.window.press("ctrl+comma")
    time.sleep(SETTLES_S)
    dialogs = [
        w for w in desktop.windows("--pid", str(camera.app.process.pid)) if w != camera.app.window
    ]
    for dialog in dialogs[-1:]:
        desktop.click(*dialog.frame.at(0.1, 0.165))
    time.sleep(SETTLES_S)


def strict(camera: Camera) -> None:
    """An older object under a policy that refuses it, explained by the inspector."""
    policy(camera)
    # From the navigation to connection, write, bind and read; there up from "v3 and v2".
    camera.app.window.press("Tab", "Tab", "Tab", "Tab", "Tab", "Up")
    time.sleep(SETTLES_S)
    camera.save("strict-settings")
    camera.app.window.press("Escape")
    older(camera)


def in_front(camera: Camera, title: str, name: str) -> None:
    """Save a window of its own, whose title begins so, and close it."""
    window = desktop.wait_for_window("--name", f"^{title}")
    time.sleep(SETTLES_S)
    Camera(replace(camera.app, window=window), camera.folder, camera.look).save(name)
    window.press("Escape")


def from_menu(app: App, *keys: str) -> None:
    """Choose from a menu by its mnemonics ("alt+e", "v")."""
    app.window.press(*keys)
    time.sleep(SETTLES_S)


def versions(camera: Camera) -> None:
    """The versions of a file, and what was deleted beside it."""
    go(camera.app, "s3://sandbox-samples/versions/")
    camera.app.window.press("ctrl+a")
    from_menu(camera.app, "alt+e", "v")
    in_front(camera, "Versions of", "versions-window")
    from_menu(camera.app, "alt+v", "d")
    in_front(camera, "Deleted files", "deleted-window")


def care(camera: Camera) -> None:
    """The dialogs about one file, and a new bucket."""
    go(camera.app, "s3://sandbox-samples/versions/")
    camera.app.window.press("ctrl+a", "alt+Return")
    in_front(camera, "Properties", "properties-dialog")
    from_menu(camera.app, "alt+e", "l")
    in_front(camera, "Link", "link-dialog")
    from_menu(camera.app, "alt+g", "n")
    in_front(camera, "New bucket", "new-bucket-dialog")


def search(camera: Camera) -> None:
    """Names of a whole bucket: nothing in this folder, all that was found, and nothing at all."""
    go(camera.app, "s3://sandbox-samples/payroll/")
    camera.app.window.press("ctrl+f")
    camera.app.window.write("zebra")
    time.sleep(SETTLES_S)
    camera.save("search-offered")
    camera.app.window.press("Return")
    time.sleep(SETTLES_S)
    camera.save("search-nothing")
    camera.app.window.press("ctrl+f")
    camera.app.window.write("t")
    camera.app.window.press("ctrl+shift+f")
    time.sleep(2 * SETTLES_S)


def places(camera: Camera) -> None:
    """Tabs, pinned places, the menu of recent ones, and totals."""
    press = camera.app.window.press
    go(camera.app, "s3://sandbox-samples/payroll/2026/")
    press("ctrl+shift+d", "ctrl+t")
    go(camera.app, "s3://sandbox-samples/contracts/")
    press("ctrl+shift+d")
    press("ctrl+t")
    go(camera.app, "s3://sandbox-samples/")
    press("ctrl+h")
    time.sleep(SETTLES_S)
    camera.save("recent-places")
    press("Escape")
    from_menu(camera.app, "alt+v", "l")
    in_front(camera, "Totals of", "totals-dialog")


def editing(camera: Camera) -> None:
    """A file that is open for editing."""
    go(camera.app, "s3://sandbox-samples/versions/")
    camera.app.window.press("ctrl+a", "ctrl+e")
    time.sleep(2 * SETTLES_S)
    in_front(camera, "Open files", "edits-window")


STATES: Final[dict[str, Callable[[Camera], None]]] = {
    "inbox": inbox,
    "samples": samples,
    "selected": selected,
    "older": older,
    "picker": picker,
    "refused": refused,
    "dropped": dragging,
    "policy": policy,
    "strict": strict,
    "versions": versions,
    "care": care,
    "places": places,
    "editing": editing,
    "search": search,
}


def main(folder: Path, names: list[str]) -> None:
    """Save pictures of the named states, or of all."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme, width, height in LOOKS:
        with tempfile.TemporaryDirectory() as home:
            settings = Path(home) / "cse-desktop" / "settings.toml"
            settings.parent.mkdir()
            settings.write_text(f'theme = "{theme}"\n')
            with desktop.app(Path(home)) as app:
                desktop.wait_until(lambda: "sandbox-" in app.window.title, "the first bucket")
                app.window.place(0, 0, width, height)
                time.sleep(SETTLES_S)
                camera = Camera(app, folder, f"{theme}-{width}x{height}")
                for name in names or STATES:
                    STATES[name](camera)
                    time.sleep(SETTLES_S)
                    camera.save(name)
                    app.window.press("Escape")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
