"""Jobs that are held, wait for a sign-in or for room, are cancelled or live through a restart."""

from __future__ import annotations

import ctypes
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.jobs.journal import Journal, open_journal
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.recovery import recover
from cse_desktop.jobs.requests import Download, Request, Upload
from cse_desktop.jobs.reviving import Reviver
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import FailureKind, Phase, Snapshot
from tests.faults import faults
from tests.faults.acts import PART, comes_back, make_file, names, open_uploads, put
from tests.faults.http_messages import Request as WireRequest
from tests.faults.proxy import FaultProxy, Gate, wait_until
from tests.faults.test_sign_in import NEW, OLD, Provider

MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
MB = 1024 * 1024
_LIBC = ctypes.CDLL(None, use_errno=True)


class Heard:
    """The newest snapshot of each job."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.newest: dict[int, Snapshot] = {}

    def __call__(self, snapshot: Snapshot) -> None:
        with self._news:
            self.newest[snapshot.id] = snapshot
            self._news.notify_all()

    def wait(self, fits: Callable[[Snapshot], bool], job_id: int = 1) -> Snapshot:
        with self._news:
            assert self._news.wait_for(
                lambda: job_id in self.newest and fits(self.newest[job_id]), 60
            ), self.newest
            return self.newest[job_id]

    def wait_phase(self, phase: Phase, job_id: int = 1) -> Snapshot:
        return self.wait(lambda each: each.phase is phase, job_id)


class Run:
    """One life of the program, as far as transfers go."""

    def __init__(self, folder: Path, session_for: Callable[[str], Session]) -> None:
        found = open_journal(folder).journal
        assert found is not None
        self.journal: Journal = found
        self.heard = Heard()
        self.queue = JobQueue(session_for, self.heard, 2, self.journal.backlog)

    def close(self) -> None:
        assert self.queue.close(20)
        self.journal.close()


@pytest.fixture
def run(tmp_path: Path, session: Session) -> Iterator[Run]:
    found = Run(tmp_path / "journal", lambda _: session)
    yield found
    found.close()


def upload(source: Path, bucket: str, kms_key: str) -> Upload:
    return Upload("faults", source, ObjectRef(bucket, "x"), source.stat().st_size, kms_key)


def some_parts(snapshot: Snapshot) -> bool:
    return snapshot.progress.part >= 2


def kept_rows(journal: Journal) -> int:
    journal.backlog._scribe.close(10)
    return sum(len(journal.file.find(kind)) for kind in ("job", "upload", "part", "download"))


def gate_at(wire: FaultProxy, operation: str, part: int) -> Gate:
    """Nothing of this part or a later one passes until it is opened."""

    def is_later(request: WireRequest) -> bool:
        first = re.match(r"bytes=(\d+)-", request.head.get("range"))
        return (request.part or (int(first[1]) // PART + 1 if first else 0)) >= part

    return wire.hold(operation, fits=is_later)


def test_parts_on_their_way_arrive_before_a_pause_and_are_not_sent_again(
    run: Run, wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path,
    session: Session,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 8 * PART + 100)
    gate = gate_at(wire, "UploadPart", 3)

    run.queue.submit([upload(source, bucket, kms_key)])
    run.heard.wait(some_parts)
    run.queue.hold(1)
    gate.open()
    run.heard.wait_phase(Phase.HELD)
    sent = wire.count("UploadPart")
    [begun] = open_uploads(s3, bucket)
    listed = s3.list_parts(Bucket=bucket, Key="x", UploadId=begun["UploadId"])["Parts"]
    assert len(listed) == sent < 9
    run.queue.release(1)
    run.heard.wait_phase(Phase.DONE)

    assert wire.count("UploadPart") == 9
    comes_back(session, ObjectRef(bucket, "x"), source)


@pytest.mark.parametrize("is_restarted", [False, True], ids=["at once", "after a restart"])
@MOTO
def test_cancelling_a_paused_upload_leaves_nothing_open(
    wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path, session: Session,
    is_restarted: bool,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 8 * PART + 100)
    gate = gate_at(wire, "UploadPart", 3)
    run = Run(tmp_path / "journal", lambda _: session)
    run.queue.submit([upload(source, bucket, kms_key)])
    run.heard.wait(some_parts)
    run.queue.hold(1)
    gate.open()
    run.heard.wait_phase(Phase.HELD)
    assert len(open_uploads(s3, bucket)) == 1
    if is_restarted:
        run.close()
        run = Run(tmp_path / "journal", lambda _: session)
        assert run.queue.restore(["faults"]) == 1
        run.heard.wait_phase(Phase.HELD)

    run.queue.cancel(1)
    run.heard.wait_phase(Phase.CANCELLED)

    assert open_uploads(s3, bucket) == []
    assert kept_rows(run.journal) == 0
    run.close()


@MOTO
def test_cancelling_a_paused_download_removes_its_ciphertext(
    run: Run, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path, session: Session
) -> None:
    ref = put(session, make_file(tmp_path, 20 * PART), bucket, kms_key)
    target = tmp_path / "out" / "x"
    target.parent.mkdir()
    gate = gate_at(wire, "GetObject", 12)
    run.queue.submit([Download("faults", ref, target, 20 * PART + 16)])
    run.heard.wait(lambda each: each.progress.part >= 10)
    run.queue.hold(1)
    gate.open()
    run.heard.wait_phase(Phase.HELD)
    assert len(names(target.parent)) == 1

    run.queue.cancel(1)
    run.heard.wait_phase(Phase.CANCELLED)

    assert names(target.parent) == set()
    assert kept_rows(run.journal) == 0


@MOTO
def test_what_was_cancelled_while_s3_was_away_is_aborted_by_the_next_start(
    run: Run, wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path,
    session: Session,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 8 * PART + 100)
    gate = gate_at(wire, "UploadPart", 3)
    run.queue.submit([upload(source, bucket, kms_key)])
    run.heard.wait(some_parts)
    run.queue.hold(1)
    gate.open()
    run.heard.wait_phase(Phase.HELD)
    away = wire.rule("AbortMultipartUpload", faults.reset, times=None)
    run.queue.cancel(1)
    run.heard.wait_phase(Phase.CANCELLED)
    away.times = 0
    assert len(open_uploads(s3, bucket)) == 1

    assert recover(session, run.journal).uploads == 1
    assert open_uploads(s3, bucket) == []
    assert kept_rows(run.journal) == 0


@MOTO
def test_an_expired_sign_in_pauses_and_a_new_one_goes_on_with_the_same_upload(
    connection: Connection, wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path,
    home: Path, session: Session,
) -> None:  # fmt: skip
    Provider(home, OLD)
    sessions = Sessions()
    sessions.add(replace(connection, name="faults", profile="p"))
    wire.rule(
        "UploadPart", faults.error(400, "ExpiredToken"), times=None, first=4,
        fits=lambda request: request.access_key == OLD,
    )  # fmt: skip
    run = Run(tmp_path / "journal", sessions.get)
    reviver = Reviver(run.queue, sessions, tmp_path)
    source = make_file(tmp_path, 8 * PART + 100)
    run.queue.submit([upload(source, bucket, kms_key)])
    other = replace(upload(source, bucket, kms_key), ref=ObjectRef(bucket, "y"))
    run.queue.submit([other])

    held = run.heard.wait_phase(Phase.HELD)
    run.heard.wait_phase(Phase.HELD, 2)
    assert held.failure is not None
    assert held.failure.kind is FailureKind.SIGN_IN
    reviver.look()
    assert run.heard.newest[1].phase is Phase.HELD  # nobody has signed in yet
    (home / "asked").unlink()
    (home / ".aws" / "config").write_text((home / ".aws" / "config").read_text().replace(OLD, NEW))
    sessions.renew("faults")
    reviver.look()
    run.heard.wait_phase(Phase.DONE)
    run.heard.wait_phase(Phase.DONE, 2)

    assert wire.count("CreateMultipartUpload") == 2
    assert open_uploads(s3, bucket) == []
    run.close()
    comes_back(session, ObjectRef(bucket, "x"), source)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if _LIBC.mount(b"none", os.fsencode(folder), b"tmpfs", 0, b"size=64m") != 0:
        pytest.skip(f"no disk can be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    _LIBC.umount2(os.fsencode(folder), 2)


@MOTO
def test_a_full_disk_pauses_a_download_and_room_goes_on_with_it(
    run: Run, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path, session: Session,
    credentials: Credentials, connection: Connection, disk: Path,
) -> None:  # fmt: skip
    ref = put(session, make_file(tmp_path, 20 * MB), bucket, kms_key)
    sessions = Sessions()
    sessions.add(connection, credentials)
    reviver = Reviver(run.queue, sessions, tmp_path)
    ballast = disk / "ballast"
    gate = gate_at(wire, "GetObject", 2)
    run.queue.submit([Download("faults", ref, disk / "x", 20 * MB + 16)])
    run.heard.wait(lambda each: each.progress.part >= 1)
    ballast.write_bytes(bytes(46 * MB))  # it was not there when the room was looked at
    gate.open()

    held = run.heard.wait_phase(Phase.HELD)
    assert held.failure is not None
    assert held.failure.kind is FailureKind.DISK_FULL
    assert "MB more is needed" in held.failure.hint
    assert len(names(disk)) == 2  # with what was fetched so far
    reviver.look()
    assert run.heard.newest[1].phase is Phase.HELD
    fetched = wire.count("GetObject")
    ballast.unlink()
    reviver.look()
    run.heard.wait_phase(Phase.DONE)

    assert names(disk) == {"x"}
    assert (disk / "x").read_bytes() == (tmp_path / "file.bin").read_bytes()
    assert wire.count("GetObject") - fetched < 3


@MOTO
def test_a_full_disk_under_the_journal_sends_no_part_and_room_goes_on_with_it(
    wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path, session: Session,
    disk: Path,
) -> None:  # fmt: skip
    source = make_file(tmp_path, 3 * PART)
    run = Run(disk / "journal", lambda _: session)
    ballast = disk / "ballast"
    fill(ballast)

    run.queue.submit([upload(source, bucket, kms_key)])
    held = run.heard.wait_phase(Phase.HELD)
    assert held.failure is not None
    assert held.failure.kind is FailureKind.DISK_FULL
    assert wire.count("UploadPart") == 0
    ballast.unlink()
    run.queue.release(1)
    run.heard.wait_phase(Phase.DONE)

    run.close()
    comes_back(session, ObjectRef(bucket, "x"), source)
    assert open_uploads(s3, bucket) == []


def fill(ballast: Path) -> None:
    """Take all the room of a disk."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)) == 4096:
                pass
        except OSError:
            return


@MOTO
def test_closing_pauses_what_runs_and_the_next_start_goes_on_with_the_same_upload(
    wire: FaultProxy, s3: Any, bucket: str, kms_key: str, tmp_path: Path, session: Session
) -> None:
    source = make_file(tmp_path, 8 * PART + 100)
    gate = gate_at(wire, "UploadPart", 3)
    run = Run(tmp_path / "journal", lambda _: session)
    requests: list[Request] = [upload(source, bucket, kms_key)]
    run.queue.submit(requests)
    run.heard.wait(some_parts)

    def open_when_paused() -> None:
        wait_until(lambda: run.queue._is_closed)
        gate.open()

    opening = threading.Thread(target=open_when_paused)
    opening.start()
    run.close()
    opening.join()
    assert len(open_uploads(s3, bucket)) == 1
    sent = wire.count("UploadPart")

    run = Run(tmp_path / "journal", lambda _: session)
    assert run.queue.restore(["faults"]) == 1
    run.heard.wait_phase(Phase.DONE)
    assert kept_rows(run.journal) == 0
    run.close()

    assert wire.count("CreateMultipartUpload") == 1
    assert sent < 9
    assert wire.count("UploadPart") == 9
    comes_back(session, ObjectRef(bucket, "x"), source)
