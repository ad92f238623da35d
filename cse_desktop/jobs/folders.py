"""Local folders to save in, made and opened without following a link."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR

from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.open_folder import OpenFolder, is_link
from cse_desktop.core.translation import translating


def open_folders(root: Path, folder: Path) -> OpenFolder:
    """Open `folder`, and make what is missing of it; the caller closes it.

    Below `root` each folder is opened in the one above it, so that nobody who puts a link in the
    way meanwhile leads anything outside.

    Args:
        root: what the user chose; that may be a link.

    Raises:
        LocalDisk: a part of the way is a link or a file, or cannot be made.
    """
    with translating("create folder", str(folder)):
        parts = folder.relative_to(root).parts
        if ".." in parts:
            raise _not_a_folder(folder, "outside of the folder you chose")
        here = _open_root(root)
        for part in parts:
            try:
                below = here.below(part)
            except NotADirectoryError:
                way = here.path / part
                raise _not_a_folder(way, obstacle_at(way) or "a file") from None
            finally:
                here.close()
            here = below
    return here


def make_folders(root: Path, folder: Path) -> None:
    """Make `folder` and what is missing between it and `root`; raises as `open_folders`."""
    open_folders(root, folder).close()


def obstacle_at(path: Path) -> str:
    """Say what is there in place of a folder: "a link", "a file"; "" for a folder or nothing."""
    try:
        facts = path.lstat()
    except OSError:
        return ""
    if is_link(facts):
        return "a link"
    return "" if S_ISDIR(facts.st_mode) else "a file"


def _open_root(root: Path) -> OpenFolder:
    try:
        os.makedirs(root, exist_ok=True)  # a link to a folder is one, because the user chose it
        return OpenFolder(root)
    except (FileExistsError, NotADirectoryError):
        raise _not_a_folder(root, "a file") from None


def _not_a_folder(path: Path, obstacle: str) -> LocalDisk:
    return LocalDisk(
        f"“{path.name}” is {obstacle}, not a folder",
        "Nothing is saved outside the folder you chose. Choose another folder.",
        str(path),
    )
