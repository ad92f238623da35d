"""SIGKILL at any moment: the same command again ends what was begun, and nothing is left over."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from tests.faults import killloop
from tests.faults.acts import PART, make_file, open_uploads
from tests.faults.killing import Program
from tests.faults.proxy import FaultProxy

ROUNDS = 2  # here; hundreds by hand, see docs/reliability.md
SIZE = 5 * PART + 1000


@pytest.fixture
def program(wire: FaultProxy, kms_wire: FaultProxy) -> Program:
    return Program(wire, kms_wire)


def journal_rows(home: Path) -> list[Any]:
    database = sqlite3.connect(home / "cse-desktop" / "journal.db")
    rows = database.execute("SELECT kind, body FROM rows").fetchall()
    database.close()
    return rows


def put(source: Path, bucket: str, kms_key: str) -> list[object]:
    return ["put", source, f"s3://{bucket}/", "--kms-key", kms_key]


def requests_reach(wire: FaultProxy, number: int) -> Callable[[], bool]:
    """Whether so many more requests have come than by now."""
    seen = len(wire.requests)
    return lambda: len(wire.requests) - seen >= number


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_after_a_kill_half_way_only_parts_that_had_not_arrived_are_sent_again(
    program: Program, wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path,
    session: Session, home: Path,
) -> None:  # fmt: skip
    parts = 10
    source = make_file(tmp_path, parts * PART)

    assert program.run_and_kill(
        *put(source, bucket, kms_key), when=lambda: wire.count("UploadPart") > parts // 2
    )
    [upload] = open_uploads(s3, bucket)
    stored = s3.list_parts(Bucket=bucket, Key="file.bin", UploadId=upload["UploadId"])["Parts"]
    sent_before = wire.count("UploadPart")
    ended = program.run(*put(source, bucket, kms_key))

    assert ended.code == 0, ended.err
    # A part that was on its way may have arrived after the look at what is stored.
    assert parts - sent_before <= wire.count("UploadPart") - sent_before <= parts - len(stored)
    assert wire.count("CreateMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []
    assert journal_rows(home) == []
    back = tmp_path / "back"
    transfer.download(session, ObjectRef(bucket, "file.bin"), back)
    assert back.read_bytes() == source.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(120 + 60 * ROUNDS)
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
@pytest.mark.parametrize("mode", killloop.MODES)
def test_what_was_killed_is_ended_by_the_same_command_and_the_books_balance(
    program: Program, wire: FaultProxy, kms_wire: FaultProxy, s3: Any, bucket: str, kms_key: str,
    tmp_path: Path, session: Session, home: Path, mode: str,
) -> None:  # fmt: skip
    stage = killloop.Stage(
        program, wire, kms_wire, session, s3, bucket, kms_key, home / "cse-desktop", tmp_path
    )
    tally = killloop.run(stage, mode, ROUNDS)
    assert tally.is_clean, tally
    assert tally.kills


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_an_upload_that_cannot_be_gone_on_with_is_taken_back_by_the_next_command(
    program: Program, wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path,
    home: Path,
) -> None:  # fmt: skip
    source, other = make_file(tmp_path, SIZE), make_file(tmp_path, 10, "other")
    program.run_and_kill(*put(source, bucket, kms_key), when=lambda: wire.count("UploadPart") > 2)
    source.unlink()
    assert len(open_uploads(s3, bucket)) == 1

    ended = program.run(*put(other, bucket, kms_key))

    assert ended.code == 0, ended.err
    assert ended.named("recovered")[0]["uploads"] == 1
    assert open_uploads(s3, bucket) == []
    assert journal_rows(home) == []


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_the_journal_is_its_owners_alone_and_holds_no_plaintext(
    program: Program, wire: FaultProxy, kms: Any, s3: Any, bucket: str, kms_key: str,
    tmp_path: Path, home: Path,
) -> None:  # fmt: skip
    source = make_file(tmp_path, SIZE)
    program.run_and_kill(*put(source, bucket, kms_key), when=lambda: wire.count("UploadPart") > 4)

    folder = home / "cse-desktop"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [path for path in folder.iterdir() if path.name.startswith("journal")]
    assert {path.name for path in files} >= {"journal.db", "journal-wal"[:7] + ".db-wal"}
    bytes_of_all = b"".join(path.read_bytes() for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert source.read_bytes()[:64] not in bytes_of_all
    assert kms_key.encode() in bytes_of_all  # so this is really where it is written


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_what_was_fetched_and_synced_before_a_kill_is_not_fetched_again(
    program: Program, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path,
    session: Session, home: Path,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 20 * PART + 1000)
    transfer.upload(session, source, ObjectRef(bucket, "file.bin"), kms_key, {})
    out = tmp_path / "out"
    out.mkdir()
    command = ["get", f"s3://{bucket}/file.bin", out]

    assert program.run_and_kill(*command, when=lambda: wire.count("GetObject") >= 14)
    assert [kind for kind, _ in journal_rows(home)] == ["download"]
    before = wire.count("GetObject")
    ended = program.run(*command)

    assert ended.code == 0, ended.err
    assert wire.count("GetObject") - before == 21 - 8
    assert (out / "file.bin").read_bytes() == source.read_bytes()
    assert [path.name for path in out.iterdir()] == ["file.bin"]
    assert journal_rows(home) == []
