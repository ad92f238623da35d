"""A file that appears whole or not at all, on file systems of all kinds."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from cse_desktop.core import open_folder
from cse_desktop.core.errors import AlreadyExists
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.target import NewFile


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system as on a USB stick; mounting a real one needs a kernel module."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(open_folder, "_NAMELESS", 0)
    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("without_links")
def test_a_file_is_saved_where_there_are_no_hard_links(tmp_path: Path) -> None:
    with OpenFolder(tmp_path) as folder, NewFile(folder, "a") as file:
        file.write(memoryview(b"whole"))
        file.commit(replace=False)

    assert (tmp_path / "a").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.usefixtures("without_links")
def test_a_file_is_not_replaced_where_there_are_no_hard_links(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"precious")

    with OpenFolder(tmp_path) as folder, NewFile(folder, "a") as file:
        file.write(memoryview(b"whole"))
        with pytest.raises(AlreadyExists):
            file.commit(replace=False)

    assert (tmp_path / "a").read_bytes() == b"precious"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("replace", [True, False])
def test_nothing_is_there_before_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool, replace: bool
) -> None:
    if not nameless:
        monkeypatch.setattr(open_folder, "_NAMELESS", 0)
    with OpenFolder(tmp_path) as folder, NewFile(folder, "a") as file:
        file.write(memoryview(b"whole"))
        assert not (tmp_path / "a").exists()
        file.commit(replace)

    assert (tmp_path / "a").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_file_that_is_not_committed_leaves_nothing(tmp_path: Path) -> None:
    with OpenFolder(tmp_path) as folder, NewFile(folder, "a") as file:
        file.write(memoryview(b"half"))

    assert list(tmp_path.iterdir()) == []
