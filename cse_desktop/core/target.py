"""A file to save: ciphertext beside it, then the whole file under its name or nothing."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final

from cse_desktop.core.errors import AlreadyExists, LocalDisk
from cse_desktop.core.hidden import hidden_files, reopened
from cse_desktop.core.sentences import ERRNOS
from cse_desktop.core.translation import translating

_OWNER_ONLY: Final = 0o600
_CLOSE_ON_EXEC: Final = getattr(os, "O_CLOEXEC", 0)
_BINARY: Final = getattr(os, "O_BINARY", 0)
_NEW: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | _CLOSE_ON_EXEC | _BINARY
_FULL: Final = ERRNOS[errno.ENOSPC].title
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
_NAMELESS: Final = getattr(os, "O_TMPFILE", 0)


class Spool:
    """Ciphertext on its way down, in a hidden owner-only file beside the target.

    Removed at the end of the `with` block, unless it is to be kept.

    Args:
        needed: bytes that will be written to this disk in all, the file itself included.
        token: part of its name, so that it is found again.
        size: so many bytes of it were written earlier and synced; 0 for a new one.

    Raises:
        Changed: it is not there any more, or not what it was.
    """

    def __init__(self, target: Path, needed: int = 0, token: str = "", size: int = 0) -> None:
        self._left = needed
        self._path = hidden_files(target, token or secrets.token_hex(4))[0]
        self._is_kept = False
        if size:
            descriptor = reopened(self._path, size)
        else:
            with translating("create", str(self._path)):
                descriptor = os.open(self._path, _NEW, _OWNER_ONLY)
        self._file = open(descriptor, "r+b", buffering=0)  # noqa: SIM115  closed by __exit__

    def keep(self) -> None:
        """Let the file stay where it is."""
        self._is_kept = True

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        with translating("write", str(self._path)):
            os.fsync(self._file.fileno())

    def write_at(self, offset: int, data: memoryview) -> None:
        """Write all of `data` at `offset`. One thread at a time."""
        with _room(self._path, self._left), translating("write", str(self._path)):
            self._file.seek(offset)
            _write_all(self._file, data)
        self._left -= len(data)

    def read_at(self, offset: int, out: memoryview) -> None:
        """Fill `out` from `offset`.

        Raises:
            LocalDisk: the file is shorter than what was written to it.
        """
        filled = 0
        with translating("read", str(self._path)):
            self._file.seek(offset)
            while filled < len(out):
                got = self._file.readinto(out[filled:])
                if not got:
                    raise LocalDisk(
                        "The disk gave back less than was written to it",
                        "Nothing was saved. Check the disk, or choose another folder.",
                        f"File: {self._path}",
                    )
                filled += got

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if not self._is_kept:
            self._path.unlink(missing_ok=True)


class NewFile:
    """A file that gets its name only when it is whole.

    On Linux it has no name at all until `commit`, so that not even a power cut leaves anything
    readable behind; elsewhere, and on file systems without such files, it is a hidden file of the
    owner in the target's folder, removed unless it was committed.

    Args:
        needed: bytes that will be written to it.
        token: part of the hidden name that it may have, so that it is found again.
    """

    def __init__(self, target: Path, needed: int = 0, token: str = "") -> None:
        self._target = target
        self._token = token
        self._left = needed
        self._hidden: Path | None = None
        with translating("create", str(target)):
            self._file = open(self._create(), "r+b", buffering=0)  # noqa: SIM115  closed by __exit__

    def write(self, data: memoryview) -> None:
        """Append all of `data`."""
        with _room(self._target, self._left), translating("write", str(self._target)):
            _write_all(self._file, data)
        self._left -= len(data)

    def commit(self, replace: bool) -> None:
        """Sync, then let the file appear under its name, and sync the folder.

        Raises:
            AlreadyExists: `replace` is off and the name was taken meanwhile.
        """
        with translating("save", str(self._target)):
            os.fsync(self._file.fileno())
            if self._hidden is not None:
                # Windows renames no file that is open.
                self._file.close()
            if replace:
                self._take_over()
            else:
                self._appear()
            _sync_folder(self._target.parent)

    def __enter__(self) -> NewFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)

    def _create(self) -> int:
        if _NAMELESS:
            try:
                return os.open(
                    self._target.parent, os.O_RDWR | _NAMELESS | _CLOSE_ON_EXEC, _OWNER_ONLY
                )
            except OSError:
                # Not every file system can; a real problem shows again just below.
                pass
        self._hidden = self._hidden_name()
        return os.open(self._hidden, _NEW, _OWNER_ONLY)

    def _hidden_name(self) -> Path:
        return hidden_files(self._target, self._token or secrets.token_hex(4))[1]

    def _appear(self) -> None:
        """Take the name if it is free; link() never replaces."""
        try:
            self._link_to(self._target)
        except FileExistsError:
            raise name_is_taken(self._target) from None
        except OSError as error:
            if self._hidden is None or error.errno not in _NO_LINKS:
                raise
            self._appear_without_link(self._hidden)

    def _appear_without_link(self, hidden: Path) -> None:
        """Take a free name where the file system has no hard links, as on most USB sticks.

        An empty file holds the name for the moment between the look and the rename, so that
        nobody's file is replaced.
        """
        if os.name == "nt":
            os.rename(hidden, self._target)  # which never replaces there
        else:
            os.close(os.open(self._target, _NEW, _OWNER_ONLY))
            os.replace(hidden, self._target)
        self._hidden = None

    def _take_over(self) -> None:
        """Replace what has the name, in one step, keeping its permissions."""
        if self._target.is_file() and not self._target.is_symlink():
            os.chmod(
                self._hidden or f"/proc/self/fd/{self._file.fileno()}",
                stat.S_IMODE(self._target.stat().st_mode),
            )
        if self._hidden is None:
            hidden = self._hidden_name()
            self._link_to(hidden)
            self._hidden = hidden
        os.replace(self._hidden, self._target)
        self._hidden = None

    def _link_to(self, path: Path) -> None:
        if self._hidden is not None:
            os.link(self._hidden, path)
            return
        # Only with a folder descriptor does Python call linkat(), which alone can name such a file.
        folder = os.open(path.parent, os.O_RDONLY | _CLOSE_ON_EXEC)
        try:
            os.link(
                f"/proc/self/fd/{self._file.fileno()}",
                path.name,
                src_dir_fd=folder,
                dst_dir_fd=folder,
                follow_symlinks=True,
            )
        finally:
            os.close(folder)


def check_target(target: Path, needed: int, replace: bool) -> None:
    """Raise unless a file of `needed` bytes in all can be made at `target`.

    Raises:
        AlreadyExists: there is one and `replace` is off.
        LocalDisk: the folder is missing, cannot be written to, or has too little space.
    """
    with translating("save", str(target)):
        # Says also that a name is too long, which a file without name would not.
        is_taken = _exists(target)
        is_folder = target.is_dir() and not target.is_symlink()
        free = shutil.disk_usage(target.parent).free
    if is_folder:
        raise LocalDisk(
            f"“{target.name}” is a folder", "Choose another name or another folder.", str(target)
        )
    if is_taken and not replace:
        raise name_is_taken(target)
    if free < needed:
        raise _no_room(target.parent, needed - free)


def _exists(target: Path) -> bool:
    try:
        os.lstat(target)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _room(path: Path, left: int) -> Iterator[None]:
    """Say how much is missing, when the disk is full before `left` more bytes are written."""
    try:
        yield
    except LocalDisk as error:
        missing = left - shutil.disk_usage(path.parent).free
        if error.title != _FULL or missing <= 0:
            raise
        raise _no_room(path.parent, missing) from None


def _no_room(folder: Path, missing: int) -> LocalDisk:
    return LocalDisk(
        _FULL,
        f"{max(missing, 100_000) / 1e6:,.1f} MB more is needed in {folder}. "
        "Choose another folder, or make room.",
    )


def name_is_taken(target: Path) -> AlreadyExists:
    """The error for a target that is there already."""
    return AlreadyExists(
        f"“{target.name}” already exists in this folder", "Nothing was replaced.", str(target)
    )


def _write_all(file: FileIO, data: memoryview) -> None:
    written = 0
    while written < len(data):
        written += file.write(data[written:])


def _sync_folder(folder: Path) -> None:
    """Make a new name durable; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | _CLOSE_ON_EXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
