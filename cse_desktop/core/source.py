"""A file to upload: opened once, read once, and watched for changes."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from cse_desktop.core.errors import Changed, InvalidInput
from cse_desktop.core.translation import translating


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one state of a file from another.

    ctime is part of it, because a program may put the times of a file back but not that one.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int


def identity_of(seen: os.stat_result) -> tuple[int, int, int, int, int]:
    """The fields of an Identity, in order."""
    return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


class SourceFile:
    """A regular file, opened once and read once, in order. One thread at a time.

    A context manager; `close` is called at its end.

    Args:
        path: a symbolic link is followed, because whoever names one means its target; folders
            are walked without following any.

    Raises:
        InvalidInput: not a regular file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with translating("open", str(path)):
            # A named pipe would block the open until somebody writes.
            if not stat.S_ISREG(os.stat(path).st_mode):
                raise InvalidInput(
                    f"“{path.name}” is not a regular file",
                    "Only files can be uploaded; folders with the option for folders.",
                )
            self._file = open(path, "rb", buffering=0)  # noqa: SIM115  closed by __exit__
        self.identity = self._look()

    @property
    def size(self) -> int:
        """Bytes, as it was when it was opened."""
        return self.identity.size

    def read_into(self, out: memoryview) -> None:
        """Fill `out` with the next bytes.

        Raises:
            Changed: the file ended before `out` was full.
        """
        filled = 0
        with translating("read", str(self.path)):
            while filled < len(out):
                got = self._file.readinto(out[filled:])
                if not got:
                    raise self._changed()
                filled += got

    def rewind(self) -> None:
        """Read from the beginning again."""
        with translating("read", str(self.path)):
            self._file.seek(0)

    def check(self) -> None:
        """Raise Changed unless the file is the one that was opened, untouched since."""
        if self._look() != self.identity:
            raise self._changed()

    def close(self) -> None:
        """Close the file; nothing may be called after that."""
        self._file.close()

    def __enter__(self) -> SourceFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _look(self) -> Identity:
        with translating("read", str(self.path)):
            seen = os.fstat(self._file.fileno())
        return Identity(*identity_of(seen))

    def _changed(self) -> Changed:
        return Changed(
            "The file changed while it was being encrypted",
            "Nothing was stored. Try again when the other program is done.",
            f"File: {self.path}",
        )
