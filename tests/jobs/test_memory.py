"""An older version in the place of what was stored from here is noticed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core.deleting import Doomed
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.jobs.memory import IS_ANOTHER, Memory
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Delete, Download, IfExists, Move, Request, Upload, Verify
from cse_desktop.jobs.snapshot import Phase

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


class Computer:
    """Does requests one by one; gives the note of each."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._folder = folder

    def do(self, request: Request) -> str:
        queue = JobQueue(lambda _: self._session, lambda _: None, 1, memory=Memory(self._folder))
        queue.submit([request])
        assert queue.wait_idle(30)
        [job] = queue.snapshots()
        assert queue.close(10)
        assert job.phase is Phase.DONE, job.failure
        return job.note


@pytest.fixture
def computer(session: Session, tmp_path: Path) -> Computer:
    return Computer(session, tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    found = tmp_path / "file"
    found.write_bytes(b"1")
    return found


def test_a_version_that_was_put_back_is_noticed(
    computer: Computer, source: Path, bucket: str, kms_key: str, s3: Any, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    upload = Upload("test", source, ref, 1, kms_key, if_exists=IfExists.REPLACE)
    assert computer.do(upload) == ""
    old = s3.get_object(Bucket=bucket, Key="x")
    body, metadata = old["Body"].read(), old["Metadata"]
    source.write_bytes(b"2")
    assert computer.do(upload) == ""
    assert computer.do(Verify("test", ref, 17)) == ""

    s3.put_object(Bucket=bucket, Key="x", Body=body, Metadata=metadata)

    assert computer.do(Verify("test", ref, 17)) == IS_ANOTHER
    assert computer.do(Download("test", ref, tmp_path / "back", 17)) == IS_ANOTHER
    assert (tmp_path / "back").read_bytes() == b"1"
    folder = tmp_path / "home"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_what_this_computer_did_itself_is_no_news(
    computer: Computer, source: Path, bucket: str, kms_key: str, s3: Any, tmp_path: Path
) -> None:
    ref, other = ObjectRef(bucket, "x"), ObjectRef(bucket, "y")
    computer.do(Upload("test", source, ref, 1, kms_key))
    computer.do(Upload("test", source, other, 1, kms_key))
    computer.do(Move("test", ref, other, 17, IfExists.REPLACE))
    assert computer.do(Verify("test", other, 17)) == ""
    computer.do(Upload("test", source, other, 1, kms_key, if_exists=IfExists.REPLACE))
    old = s3.get_object(Bucket=bucket, Key="y")
    body, metadata = old["Body"].read(), old["Metadata"]
    computer.do(Delete("test", other, ("y",), (Doomed("y", 17),), 17))
    s3.put_object(Bucket=bucket, Key="y", Body=body, Metadata=metadata)
    assert computer.do(Verify("test", other, 17)) == ""


def test_a_memory_that_is_damaged_fails_no_transfer(
    computer: Computer, source: Path, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "stored.db").write_bytes(b"nothing that SQLite knows" * 99)
    assert computer.do(Upload("test", source, ObjectRef(bucket, "x"), 1, kms_key)) == ""
    assert computer.do(Verify("test", ObjectRef(bucket, "x"), 17)) == ""
