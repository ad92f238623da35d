"""Local folders to save in, made without following a link."""

from __future__ import annotations

import stat
from pathlib import Path

from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.translation import translating


def make_folders(root: Path, folder: Path) -> None:
    """Make `folder` and what is missing between it and `root`.

    Raises:
        LocalDisk: a part of the way is a link or a file, or cannot be made.
    """
    with translating("create folder", str(folder)):
        if not root.is_dir():  # a link to a folder is one, because the user chose it
            try:
                root.mkdir(parents=True, exist_ok=True)
            except (FileExistsError, NotADirectoryError):
                raise _not_a_folder(root, "a file") from None
        way = root
        for part in folder.relative_to(root).parts:
            way = way / part
            try:
                way.mkdir()
            except FileExistsError:
                if obstacle := obstacle_at(way):
                    raise _not_a_folder(way, obstacle) from None


def obstacle_at(path: Path) -> str:
    """Say what is there in place of a folder: "a link", "a file"; "" for a folder or nothing."""
    try:
        facts = path.lstat()
    except OSError:
        return ""
    # Windows has junctions too: all links there are reparse points, which POSIX does not know.
    reparse = getattr(facts, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT
    if stat.S_ISLNK(facts.st_mode) or reparse:
        return "a link"
    return "" if stat.S_ISDIR(facts.st_mode) else "a file"


def _not_a_folder(path: Path, obstacle: str) -> LocalDisk:
    return LocalDisk(
        f"“{path.name}” is {obstacle}, not a folder",
        "Nothing is saved outside the folder you chose. Choose another folder.",
        str(path),
    )
