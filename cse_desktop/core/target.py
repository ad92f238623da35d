"""A file to save: ciphertext beside it, then the whole file under its name or nothing."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Final

from cse_desktop.core.errors import AlreadyExists, DiskFull, LocalDisk
from cse_desktop.core.hidden import hidden_names, reopened
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.sentences import ERRNOS
from cse_desktop.core.translation import translating

_FULL: Final = ERRNOS[errno.ENOSPC].title
_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)


class Spool:
    """Ciphertext on its way down, in a hidden owner-only file beside the target.

    Removed at the end of the `with` block, unless it is to be kept.

    Args:
        name: of the target, in `folder`.
        needed: bytes that will be written to this disk in all, the file itself included.
        token: part of its name, so that it is found again.
        size: so many bytes of it were written earlier and synced; 0 for a new one.

    Raises:
        Changed: it is not there any more, or not what it was.
    """

    def __init__(
        self, folder: OpenFolder, name: str, needed: int = 0, token: str = "", size: int = 0
    ) -> None:
        self._left = needed
        self._folder = folder
        self._name = hidden_names(name, token or secrets.token_hex(4))[0]
        self._path = str(folder.path / self._name)
        self._is_kept = False
        if size:
            descriptor = reopened(folder, self._name, size)
        else:
            with translating("create", self._path):
                descriptor = folder.create(self._name)
        self._file = open(descriptor, "r+b", buffering=0)  # noqa: SIM115  closed by __exit__

    def keep(self) -> None:
        """Let the file stay where it is."""
        self._is_kept = True

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        with translating("write", self._path):
            os.fsync(self._file.fileno())

    def write_at(self, offset: int, data: memoryview) -> None:
        """Write all of `data` at `offset`. One thread at a time."""
        with _room(self._folder, self._left), translating("write", self._path):
            self._file.seek(offset)
            _write_all(self._file, data)
        self._left -= len(data)

    def read_at(self, offset: int, out: memoryview) -> None:
        """Fill `out` from `offset`.

        Raises:
            LocalDisk: the file is shorter than what was written to it.
        """
        with translating("read", self._path):
            _read_all(self._file, offset, out, self._path)

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
            self._folder.remove(self._name)


class NewFile:
    """A file that gets its name only when it is whole.

    On Linux it has no name at all until `commit`, so that not even a power cut leaves anything
    readable behind; elsewhere, and on file systems without such files, it is a hidden file of the
    owner in the target's folder, removed unless it was committed.

    Args:
        name: in `folder`.
        needed: bytes that will be written to it.
        token: part of the hidden name that it may have, so that it is found again.
    """

    def __init__(self, folder: OpenFolder, name: str, needed: int = 0, token: str = "") -> None:
        self._folder = folder
        self._name = name
        self._path = str(folder.path / name)
        self._token = token
        self._left = needed
        self._hidden = ""
        with translating("create", self._path):
            self._file = open(self._create(), "r+b", buffering=0)  # noqa: SIM115  closed by __exit__

    @property
    def is_nameless(self) -> bool:
        """Whether nothing of it is left when the program or the computer breaks down."""
        return not self._hidden

    def read_at(self, offset: int, out: memoryview) -> None:
        """Fill `out` with what was written from `offset` on; the next write appends as ever."""
        with translating("read", self._path):
            _read_all(self._file, offset, out, self._path)
            self._file.seek(0, os.SEEK_END)

    def write(self, data: memoryview) -> None:
        """Append all of `data`."""
        with _room(self._folder, self._left), translating("write", self._path):
            _write_all(self._file, data)
        self._left -= len(data)

    def commit(self, replace: bool) -> None:
        """Sync, then let the file appear under its name, and sync the folder.

        Raises:
            AlreadyExists: `replace` is off and the name was taken meanwhile.
        """
        with translating("save", self._path):
            if replace:
                self._take_over_permissions()
            os.fsync(self._file.fileno())
            if self._hidden:
                # Windows renames no file that is open.
                self._file.close()
            if replace:
                self._take_over()
            else:
                self._appear()
            self._folder.sync()

    def __enter__(self) -> NewFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        if self._hidden:
            self._folder.remove(self._hidden)

    def _create(self) -> int:
        descriptor = self._folder.create_nameless()
        if descriptor is None:
            hidden = self._hidden_name()
            descriptor = self._folder.create(hidden)
            self._hidden = hidden
        return descriptor

    def _hidden_name(self) -> str:
        return hidden_names(self._name, self._token or secrets.token_hex(4))[1]

    def _appear(self) -> None:
        """Take the name if it is free; link() never replaces."""
        try:
            self._link_to(self._name)
        except FileExistsError:
            raise name_is_taken(self._folder.path / self._name) from None
        except OSError as error:
            if not self._hidden or error.errno not in _NO_LINKS:
                raise
            self._appear_without_link(self._hidden)

    def _appear_without_link(self, hidden: str) -> None:
        """Take a free name where the file system has no hard links, as on most USB sticks.

        An empty file holds the name for the moment between the look and the rename, so that
        nobody's file is replaced.
        """
        if os.name == "nt":
            self._folder.rename(hidden, self._name)  # which never replaces there
        else:
            os.close(self._folder.create(self._name))
            self._folder.replace(hidden, self._name)
        self._hidden = ""

    def _take_over_permissions(self) -> None:
        """Be as readable as the file that will be replaced."""
        seen = self._folder.look(self._name)
        if seen is not None and stat.S_ISREG(seen.st_mode) and hasattr(os, "fchmod"):
            os.fchmod(self._file.fileno(), stat.S_IMODE(seen.st_mode))

    def _take_over(self) -> None:
        """Replace what has the name, in one step."""
        if not self._hidden:
            hidden = self._hidden_name()
            self._link_to(hidden)
            self._hidden = hidden
        self._folder.replace(self._hidden, self._name)
        self._hidden = ""

    def _link_to(self, free: str) -> None:
        if self._hidden:
            self._folder.link(self._hidden, free)
        else:
            self._folder.name_file(self._file.fileno(), free)


def check_target(folder: OpenFolder, name: str, needed: int, replace: bool) -> None:
    """Raise unless a file of `needed` bytes in all can be made under `name`.

    Raises:
        AlreadyExists: there is one and `replace` is off.
        LocalDisk: the folder cannot be written to, or has too little space.
    """
    target = folder.path / name
    with translating("save", str(target)):
        # Says also that a name is too long, which a file without name would not.
        seen = folder.look(name)
        free = folder.free_bytes()
    if seen is not None and stat.S_ISDIR(seen.st_mode):
        raise LocalDisk(
            f"“{target.name}” is a folder", "Choose another name or another folder.", str(target)
        )
    if seen is not None and not replace:
        raise name_is_taken(target)
    if free < needed:
        raise _no_room(folder.path, needed - free)


@contextmanager
def _room(folder: OpenFolder, left: int) -> Iterator[None]:
    """Say how much is missing, when the disk is full before `left` more bytes are written."""
    try:
        yield
    except DiskFull:
        missing = left - folder.free_bytes()
        if missing <= 0:
            raise
        raise _no_room(folder.path, missing) from None


def _no_room(folder: Path, missing: int) -> DiskFull:
    return DiskFull(
        _FULL,
        f"{max(missing, 100_000) / 1e6:,.1f} MB more is needed in {folder}. "
        "Choose another folder, or make room.",
    )


def name_is_taken(target: Path) -> AlreadyExists:
    """The error for a target that is there already."""
    return AlreadyExists(
        f"“{target.name}” already exists in this folder", "Nothing was replaced.", str(target)
    )


def _read_all(file: FileIO, offset: int, out: memoryview, path: str) -> None:
    filled = 0
    file.seek(offset)
    while filled < len(out):
        got = file.readinto(out[filled:])
        if not got:
            raise LocalDisk(
                "The disk gave back less than was written to it",
                "Nothing was saved. Check the disk, or choose another folder.",
                f"File: {path}",
            )
        filled += got


def _write_all(file: FileIO, data: memoryview) -> None:
    written = 0
    while written < len(data):
        written += file.write(data[written:])
