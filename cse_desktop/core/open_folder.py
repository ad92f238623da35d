"""A folder held open, so that what is made in it is in it, wherever its path leads meanwhile."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final

_HAS_HANDLES: Final = os.open in os.supports_dir_fd
"""Windows has none: names are joined to the path there."""
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_OWNER_ONLY: Final = 0o600
_BINARY: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NAMELESS: Final = getattr(os, "O_TMPFILE", 0)


class OpenFolder:
    """A folder, and the calls that take a name in it. A context manager.

    None of them follows a link that has the name. Errors name the whole path.

    Args:
        path: a link in it is followed, because whoever names one means its target.

    Raises:
        OSError: there is no such folder.
    """

    def __init__(self, path: Path, _within: int | None = None, _name: str = "") -> None:
        self.path = path
        self._at: int | None = None
        if _HAS_HANDLES:
            with _naming(path):
                flags = _FOLDER | (_NO_LINK if _name else 0)
                self._at = os.open(_name or path, flags, dir_fd=_within)
        elif not path.is_dir():
            raise _no_folder(path)

    def below(self, name: str) -> OpenFolder:
        """The folder of that name in this one, made if it is missing.

        Raises:
            NotADirectoryError: a link or a file has the name.
        """
        path = self.path / name
        with _naming(path), suppress(FileExistsError):
            os.mkdir(self._spelled(name), dir_fd=self._at)
        seen = self.look(name) if self._at is None else None
        if seen is not None and is_link(seen):
            raise _no_folder(path)
        try:
            return OpenFolder(path, self._at, name)
        except OSError as error:
            if error.errno == errno.ELOOP:  # what some systems say of a link
                raise _no_folder(path) from None
            raise

    def look(self, name: str) -> os.stat_result | None:
        """What has the name, be it a link; None for nothing."""
        with _naming(self.path / name):
            try:
                return os.stat(self._spelled(name), dir_fd=self._at, follow_symlinks=False)
            except FileNotFoundError:
                return None

    def create(self, name: str) -> int:
        """A new file, only for its owner; gives its descriptor."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY
        with _naming(self.path / name):
            return os.open(self._spelled(name), flags, _OWNER_ONLY, dir_fd=self._at)

    def create_nameless(self) -> int | None:
        """A new file on this disk without a name; None where there is no such thing."""
        if not _NAMELESS or self._at is None:
            return None
        try:
            return os.open(".", os.O_RDWR | _NAMELESS | _BINARY, _OWNER_ONLY, dir_fd=self._at)
        except OSError:
            return None  # not every file system can; a real problem shows with the next call

    def open_again(self, name: str) -> int:
        """A file that is there; gives its descriptor."""
        with _naming(self.path / name):
            return os.open(self._spelled(name), os.O_RDWR | _BINARY | _NO_LINK, dir_fd=self._at)

    def name_file(self, descriptor: int, name: str) -> None:
        """Give a file without a name a free one."""
        # Only with a folder descriptor does Python call linkat(), which alone can name such a file.
        with _naming(self.path / name):
            os.link(
                f"/proc/self/fd/{descriptor}",
                name,
                src_dir_fd=self._at,
                dst_dir_fd=self._at,
                follow_symlinks=True,
            )

    def link(self, name: str, free: str) -> None:
        """Give a file a second, free name."""
        with _naming(self.path / free):
            os.link(
                self._spelled(name),
                self._spelled(free),
                src_dir_fd=self._at,
                dst_dir_fd=self._at,
                follow_symlinks=self._at is None,  # Windows knows no other way, and no such links
            )

    def rename(self, name: str, free: str) -> None:
        """Give a file another name; on Windows it must be free."""
        with _naming(self.path / free):
            os.rename(
                self._spelled(name), self._spelled(free), src_dir_fd=self._at, dst_dir_fd=self._at
            )

    def replace(self, name: str, taken: str) -> None:
        """Let a file take the place of another one, in one step."""
        with _naming(self.path / taken):
            os.replace(
                self._spelled(name), self._spelled(taken), src_dir_fd=self._at, dst_dir_fd=self._at
            )

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with _naming(self.path / name), suppress(FileNotFoundError):
            os.unlink(self._spelled(name), dir_fd=self._at)

    def free_bytes(self) -> int:
        """How much more this disk can hold."""
        with _naming(self.path):
            return shutil.disk_usage(self.path if self._at is None else self._at).free

    def sync(self) -> None:
        """Make new names durable; Windows has no such call and does it by itself."""
        if self._at is not None:
            with _naming(self.path):
                os.fsync(self._at)

    def close(self) -> None:
        """Let go of it."""
        if self._at is not None:
            os.close(self._at)
            self._at = None

    def __enter__(self) -> OpenFolder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _spelled(self, name: str) -> str:
        return str(self.path / name) if self._at is None else name


def is_link(seen: os.stat_result) -> bool:
    """Whether that is a link; on Windows junctions and all other reparse points are."""
    reparse = getattr(seen, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_REPARSE_POINT
    return stat.S_ISLNK(seen.st_mode) or bool(reparse)


def _no_folder(path: Path) -> NotADirectoryError:
    return NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an error say the whole path, not only the name in the folder."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
