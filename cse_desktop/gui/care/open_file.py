"""A file that is open for editing, and the folders of such files."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from cse_desktop.core.editing import Original
from cse_desktop.core.objects import ObjectRef
from cse_desktop.jobs.names import RefusedName, rules_here, safe_parts
from cse_desktop.settings import home

FOLDER: Final = "open files"

Stamp = tuple[int, int, int]
"""Inode, size and time of change: what tells one content of a file from another."""


class State(Enum):
    """How an open file stands."""

    FETCHING = "fetching"
    OPEN = "open"
    SAVING = "saving"
    SAVED = "saved"
    CONFLICT = "conflict"
    FAILED = "failed"


@dataclass(slots=True)
class OpenFile:
    """GUI thread.

    Attributes:
        path: of the readable copy, in a folder of its own.
        original: None until it is there.
        stamp: of the content that S3 has.
        tried: of the content that could not be saved, so that it is not tried for ever.
    """

    connection: str
    ref: ObjectRef
    path: Path
    original: Original | None = None
    state: State = State.FETCHING
    stamp: Stamp | None = None
    tried: Stamp | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the copy is not what S3 has."""
        found = stamp_of(self.path)
        return self.original is not None and found is not None and found != self.stamp


def stamp_of(path: Path) -> Stamp | None:
    """What the file is now; None while an editor is exchanging it, or when it is gone."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def new_place(ref: ObjectRef) -> Path:
    """A path for a readable copy, in a new folder of its owner alone.

    Raises:
        OSError: it cannot be made.
    """
    above = home() / FOLDER
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    above.chmod(0o700)
    folder = above / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    parts = safe_parts(ref.name or "file", rules_here())
    return folder / ("file" if isinstance(parts, RefusedName) else parts[-1])


def leftovers() -> tuple[Path, ...]:
    """Folders of a run that has crashed: this program has one window for each home."""
    try:
        return tuple((home() / FOLDER).iterdir())
    except OSError:
        return ()


def remove(folders: tuple[Path, ...]) -> None:
    """Remove readable copies; blocks. Any thread."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        (home() / FOLDER).rmdir()  # stays where there are others
