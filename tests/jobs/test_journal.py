"""The journal keeps what it was told, or is set aside; the queue goes on where it was."""

from __future__ import annotations

import random
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Progress
from cse_desktop.core.record import Intent, Order, Place
from cse_desktop.core.session import Session
from cse_desktop.core.source import Identity
from cse_desktop.jobs.journal import Journal, open_journal
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.recovery import recover
from cse_desktop.jobs.requests import Download, Upload, Verify
from cse_desktop.jobs.snapshot import Phase, Snapshot
from tests.faults.proxy import wait_until

PART = 8 * 1024 * 1024
PLACE = Place("work", "eu-central-1", "", "", "")


def opened(folder: Path) -> Journal:
    found = open_journal(folder)
    assert found.notes == ()
    assert found.journal is not None
    return found.journal


def order(key: str = "k") -> Order:
    identity = Identity(1, 2, 3, 4, 5)
    return Order(
        PLACE, ObjectRef("b", key), "/a/\udcff", identity, "key", (("a", "ä"),), "v3", PART
    )


def filled(folder: Path) -> None:
    """Write some of everything, and leave it."""
    journal = opened(folder)
    for number in range(4):
        row = journal.uploads.planned(order(f"key {number}"), {"x-amz-i": "abc"}, "arn", b"m" * 32)
        row.created("upload id", b"u" * 32)
        for part in range(1, 6):
            row.intended(Intent(part, PART, bytes([part]) * 32, b"p" * 32))
            row.acknowledged(part, f"etag {part}")
    download = journal.downloads.planned(folder / "target", "object")
    assert download is not None
    download.synced(64)
    request = Upload("work", Path("/a"), ObjectRef("b", "k"), 1, "key", "k", (("a", "b"),))
    jobs = [(1, request), (2, Verify("work", ObjectRef("b", "v"), 2))]
    journal.backlog.add(
        (Snapshot(number, 1, each, Phase.WAITING, Progress(0, 1)), number) for number, each in jobs
    )
    journal.close()


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    row = journal.uploads.planned(order(), {"x-amz-i": "abc"}, "arn", b"m" * 32)
    row.created("upload id", b"u" * 32)
    row.intended(Intent(1, 10, b"d" * 32, b"p" * 32))
    row.acknowledged(1, "etag")
    row.intended(Intent(2, 10, b"e" * 32, b"q" * 32))
    before = row.left()
    journal.close()

    journal = opened(tmp_path)
    assert journal.uploads.earlier(order("another")) == []
    [again] = journal.uploads.earlier(order())
    assert again.left() == before
    assert [intent.etag for intent in before.intents] == ["etag", ""]
    assert journal.uploads.earlier(order()) == []  # it is held
    again.released()
    assert len(journal.uploads.earlier(order())) == 1
    again.ended()
    again.released()
    assert journal.uploads.earlier(order()) == []
    assert journal.file.parts_of(1) == []
    journal.close()


def test_only_its_owner_can_read_the_journal(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    journal = opened(folder)
    journal.uploads.planned(order(), {}, "arn", b"")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(files) >= {"journal.db", "journal.db-wal", "journal.lock"}
    assert set(files.values()) == {0o600}
    journal.close()


def test_a_second_process_runs_without_the_journal_and_says_so(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    program = (
        "import sys; from pathlib import Path; from cse_desktop.jobs.journal import open_journal\n"
        "found = open_journal(Path(sys.argv[1])); print(found.journal, found.notes)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith('None ("Another CSE Desktop is running')
    journal.close()
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.endswith(" ()\n")


def outcome(source: Path, folder: Path) -> tuple[bool, int]:
    """Whether a journal was set aside, and how many rows the program has then."""
    before = (source / "journal.db").read_bytes()
    found = open_journal(source)
    assert found.journal is not None, found.notes
    file = found.journal.file
    rows = sum(len(file.find(kind)) for kind in ("upload", "part", "download", "job"))
    found.journal.close()
    aside = [path for path in source.iterdir() if "damaged" in path.name and path.suffix == ".db"]
    assert len(aside) == len(found.notes)
    if aside:
        assert aside[0].read_bytes() == before
    return bool(aside), rows


WHOLE = 4 + 20 + 1 + 2


@pytest.mark.slow
def test_a_damaged_journal_is_set_aside_and_never_believed(tmp_path: Path) -> None:
    good = tmp_path / "good"
    filled(good)
    whole = (good / "journal.db").read_bytes()
    luck = random.Random(4)
    flips = [luck.randrange(8 * len(whole)) for _ in range(500)]
    cuts = [*range(1, len(whole), 509), len(whole) - 1]
    set_aside = 0
    for number, (kind, at) in enumerate(
        [*(("flip", at) for at in flips), *(("cut", at) for at in cuts)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir(mode=0o700)
        damaged = bytearray(whole)
        if kind == "flip":
            damaged[at // 8] ^= 1 << at % 8
        else:
            del damaged[at:]
        (folder / "journal.db").write_bytes(damaged)
        is_aside, rows = outcome(folder, good)
        set_aside += is_aside
        # Nothing, or all: a flip in a page that is not used, or in a version number, harms nobody.
        assert rows == (0 if is_aside else WHOLE), (kind, at)
        shutil.rmtree(folder)
    assert set_aside >= len(cuts) + 100


def test_a_job_of_an_earlier_run_is_done_by_the_next(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = tmp_path / "file"
    source.write_bytes(b"x" * 1000)
    ref = ObjectRef(bucket, "file")

    def only_when_closed(_name: str) -> Session:
        wait_until(lambda: queue._is_closed)
        return session

    journal = opened(tmp_path / "home")
    queue = JobQueue(only_when_closed, lambda _: None, 1, journal.backlog)
    queue.submit([Upload(session.connection.name, source, ref, 1000, kms_key)])
    queue.submit([Download(session.connection.name, ref, tmp_path / "back", 1016)])
    queue.submit([Verify("unknown connection", ref, 1016)])
    assert queue.close(10)
    journal.close()
    assert not session.store.page(ObjectRef(bucket, "")).entries

    journal = opened(tmp_path / "home")
    heard: list[Snapshot] = []
    queue = JobQueue(lambda _name: session, heard.append, 1, journal.backlog)
    assert queue.restore([session.connection.name]) == 2
    assert queue.wait_idle(30)
    assert [each.phase for each in queue.snapshots()] == [Phase.DONE, Phase.DONE]
    assert queue.close(10)
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert journal.backlog.close()
    assert journal.file.find("job") == []
    journal.close()


def test_a_paused_upload_goes_on_where_it_was(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, s3: Any
) -> None:
    source = tmp_path / "file"
    source.write_bytes(bytes(12 * PART))
    ref = ObjectRef(bucket, "file")
    journal = opened(tmp_path / "home")
    parts: list[int] = []
    paused, is_held = threading.Event(), threading.Event()

    def listen(snapshot: Snapshot) -> None:
        if snapshot.phase is Phase.RUNNING:
            parts.append(snapshot.progress.part)
            if snapshot.progress.part == 3:
                paused.set()
        if snapshot.phase is Phase.HELD:
            is_held.set()

    queue = JobQueue(lambda _: session.recording(journal.records), listen, 1, journal.backlog)
    queue.submit([Upload(session.connection.name, source, ref, 12 * PART, kms_key)])
    assert paused.wait(30)
    queue.hold(1)
    assert is_held.wait(30)
    assert len(s3.list_multipart_uploads(Bucket=bucket)["Uploads"]) == 1
    assert journal.backlog.close()
    assert len(journal.file.find("job")) == 1
    queue.release(1)
    assert queue.wait_idle(60)
    assert [each.phase for each in queue.snapshots()] == [Phase.DONE]
    assert queue.close(10)
    assert s3.head_object(Bucket=bucket, Key="file")["ContentLength"] == 12 * PART + 16
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert journal.backlog.close()
    assert journal.file.find("job") == journal.file.find("upload") == []
    assert recover(session, journal).uploads == 0
    journal.close()


def test_a_pause_is_a_cancel_that_keeps() -> None:
    token = CancelToken()
    child = CancelToken(parent=token)
    token.pause()
    assert child.is_cancelled
    assert child.is_paused
    token.cancel()
    assert not child.is_paused
