"""What goes wrong with files of this computer."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cse_desktop.core.errors import (
    AlreadyExists,
    DiskFull,
    LocalDisk,
    NotFound,
)
from tests.foreign import (
    raising,
    translated,
)


def test_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "{gone} report.pdf"
    error = translated(path.read_bytes, "open", str(path))

    assert type(error) is NotFound
    assert str(path) in error.hint
    assert "errno 2" in error.details


def test_folder_is_not_a_file(tmp_path: Path) -> None:
    error = translated(tmp_path.read_bytes, "open", str(tmp_path))

    assert type(error) is LocalDisk
    assert error.title == "This is a folder, not a file"


def test_existing_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    assert type(translated(lambda: (tmp_path / "a").open("x"), "create")) is AlreadyExists


def test_name_too_long_is_named(tmp_path: Path) -> None:
    error = translated((tmp_path / ("x" * 300)).touch, "create")

    assert error.title == "This name is too long for this disk"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Not enough space"),
        (errno.EDQUOT, "share of this disk"),
        (errno.EACCES, "permission"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "fault"),
        (errno.EFBIG, "too large"),
        (errno.EMFILE, "Too many files"),
        (errno.ENXIO, "could not be used"),
    ],
)
def test_fault_of_the_disk_has_its_sentence(number: int, words: str) -> None:
    error = translated(raising(OSError(number, os.strerror(number), "/x/report.pdf")), "write")

    is_full = number in (errno.ENOSPC, errno.EDQUOT)
    assert type(error) is (DiskFull if is_full else LocalDisk)
    assert words in error.title
    assert f"errno {number}" in error.details
