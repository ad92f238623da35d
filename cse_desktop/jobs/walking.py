"""Local files and folders: what there is to send."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cse_desktop.core.progress import CancelToken
from cse_desktop.jobs.plan import Skipped
from cse_desktop.jobs.snapshot import FailureKind


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A regular file to send.

    Attributes:
        parts: its name below what was chosen, the chosen name included.
    """

    path: Path
    parts: tuple[str, ...]
    size: int
    modified: datetime


def walk(sources: Sequence[Path], cancel: CancelToken) -> Iterator[LocalFile | Skipped]:
    """Give the files in and below `sources`, in order of their names.

    A source that is a link is followed, because the user named it; links and special files below
    it are skipped. Folders may be nested to any depth: nothing recurses.

    Raises:
        Cancelled: between two entries.
    """
    for source in sources:
        # "." and "/home/.." have no name of their own.
        name = source.name if source.name not in ("", "..") else source.resolve().name
        pending = [(source, (name,) if name else (), True)]
        while pending:
            cancel.check()
            path, parts, is_source = pending.pop()
            found = _look(path, parts, follow=is_source)
            if found is None:
                below = _entries(path)
                if isinstance(below, Skipped):
                    yield below
                else:
                    pending += [(path / each, (*parts, each), False) for each in reversed(below)]
            else:
                yield found


def _look(path: Path, parts: tuple[str, ...], *, follow: bool) -> LocalFile | Skipped | None:
    """What a path is; None for a folder."""
    try:
        facts = path.stat() if follow else path.lstat()
    except OSError as error:
        kind = FailureKind.NOT_FOUND if isinstance(error, FileNotFoundError) else FailureKind.DISK
        return Skipped(str(path), f"it cannot be read ({error.strerror})", kind)
    if stat.S_ISDIR(facts.st_mode):
        return None
    if stat.S_ISLNK(facts.st_mode):
        return Skipped(str(path), "it is a link")
    if not stat.S_ISREG(facts.st_mode):
        # Whoever names a device means it; one that is met on the way is nobody's wish.
        wish = FailureKind.INVALID if follow else None
        return Skipped(str(path), "it is not a regular file", wish)
    return LocalFile(path, parts, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _entries(folder: Path) -> list[str] | Skipped:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except OSError as error:
        reason = f"the folder cannot be read ({error.strerror})"
        return Skipped(str(folder), reason, FailureKind.DISK)
