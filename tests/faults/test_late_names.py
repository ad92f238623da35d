"""A name that is taken after all had been looked at: one waiting job that asks, never a lost file.

Real servers and real files. The other writer comes at the moment at which a request is held.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core.copying import copy
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.jobs.journal import open_journal
from cse_desktop.jobs.late import look_again
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Copy, Download, IfExists, Move, Request, Upload
from cse_desktop.jobs.snapshot import FailureKind, Phase, Snapshot
from tests.faults.acts import TWO_PARTS, comes_back, keys, make_file, names, open_uploads, put
from tests.faults.proxy import Exchange, FaultProxy
from tests.faults.test_pausing import Heard

one_server = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
SIZES = pytest.mark.parametrize("size", [100, TWO_PARTS], ids=["one request", "in parts"])


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def queue(session: Session, heard: Heard) -> Iterator[JobQueue]:
    made = JobQueue(lambda _name: session, heard, 2)
    yield made
    assert made.close(30)


def asks(snapshot: Snapshot) -> bool:
    return snapshot.asks


def theirs(s3: Any, bucket: str) -> Callable[[Exchange], None]:
    def fault(exchange: Exchange) -> None:
        s3.put_object(Bucket=bucket, Key="x", Body=b"theirs")
        exchange.send(exchange.forward())

    return fault


def uploaded(queue: JobQueue, heard: Heard, source: Path, bucket: str, key: str) -> Upload:
    request = Upload(
        "faults", source, ObjectRef(bucket, "x"), source.stat().st_size, key,
        if_exists=IfExists.ASK,
    )  # fmt: skip
    queue.submit([request])
    heard.wait(asks)
    return request


@pytest.mark.parametrize(
    ("size", "decision"),
    [
        *((100, decision) for decision in IfExists),
        (TWO_PARTS, IfExists.REPLACE),
        (TWO_PARTS, IfExists.KEEP_BOTH),
    ],
)
def test_an_upload_whose_name_was_taken_meanwhile_waits_and_asks(
    queue: JobQueue,
    heard: Heard,
    wire: FaultProxy,
    session: Session,
    s3: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    size: int,
    decision: IfExists,
) -> None:
    operation = "PutObject" if size == 100 else "CompleteMultipartUpload"
    wire.rule(operation, theirs(s3, bucket))
    source = make_file(tmp_path, size)
    uploaded(queue, heard, source, bucket, kms_key)

    assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"theirs"
    assert open_uploads(s3, bucket) == []
    queue.release_all()
    assert heard.newest[1].asks
    queue.decide({1: decision})

    if decision in (IfExists.ASK, IfExists.FAIL):
        heard.wait(lambda each: each.phase in (Phase.HELD, Phase.FAILED) and bool(each.failure))
        assert queue.wait_idle(30)
        assert heard.newest[1].asks == (decision is IfExists.ASK)
        assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"theirs"
    elif decision is IfExists.SKIP:
        heard.wait_phase(Phase.SKIPPED)
        assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"theirs"
    else:
        heard.wait_phase(Phase.DONE)
        mine = "x" if decision is IfExists.REPLACE else "x (2)"
        assert keys(s3, bucket) == sorted({"x", mine})
        comes_back(session, ObjectRef(bucket, mine), source)


@one_server
@SIZES
@pytest.mark.parametrize("decision", [IfExists.REPLACE, IfExists.KEEP_BOTH, IfExists.SKIP])
def test_a_download_whose_name_was_taken_meanwhile_waits_and_asks(
    queue: JobQueue,
    heard: Heard,
    wire: FaultProxy,
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    size: int,
    decision: IfExists,
) -> None:
    source = make_file(tmp_path, size)
    ref = put(session, source, bucket, kms_key)
    target = tmp_path / "back"

    def appear(exchange: Exchange) -> None:
        target.write_text("precious")
        exchange.send(exchange.forward())

    wire.rule("GetObject", appear)
    queue.submit([Download("faults", ref, target, size, IfExists.ASK)])
    heard.wait(asks)
    assert names(tmp_path) == {"file.bin", "back"}
    assert target.read_text() == "precious"
    queue.decide({1: decision})

    end = heard.wait(lambda each: each.phase.is_final)
    assert end.phase is (Phase.SKIPPED if decision is IfExists.SKIP else Phase.DONE)
    replaced = decision is IfExists.REPLACE
    assert target.read_bytes() == (source.read_bytes() if replaced else b"precious")
    kept_both = {"back (2)"} if decision is IfExists.KEEP_BOTH else set()
    assert names(tmp_path) == {"file.bin", "back"} | kept_both


@one_server
@pytest.mark.parametrize("verb", [Copy, Move])
def test_a_copy_or_move_whose_name_was_taken_meanwhile_waits_and_asks(
    queue: JobQueue,
    heard: Heard,
    session: Session,
    s3: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    verb: type[Copy] | type[Move],
) -> None:
    source = make_file(tmp_path, 100)
    ref = put(session, source, bucket, kms_key)
    s3.put_object(Bucket=bucket, Key="y", Body=b"theirs")

    queue.submit([verb("faults", ref, ObjectRef(bucket, "y"), 116, IfExists.ASK)])
    heard.wait(asks)
    assert s3.get_object(Bucket=bucket, Key="y")["Body"].read() == b"theirs"
    queue.decide({1: IfExists.KEEP_BOTH})
    heard.wait_phase(Phase.DONE)

    comes_back(session, ObjectRef(bucket, "y (2)"), source)
    assert s3.get_object(Bucket=bucket, Key="y")["Body"].read() == b"theirs"


@one_server
def test_what_asks_holds_up_nobody_and_is_looked_at_again(
    queue: JobQueue,
    heard: Heard,
    session: Session,
    s3: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    s3.put_object(Bucket=bucket, Key="x", Body=b"theirs")
    source = make_file(tmp_path, 100)
    request = uploaded(queue, heard, source, bucket, kms_key)
    others: list[Request] = [
        Upload("faults", source, ObjectRef(bucket, f"other {n}"), 100, kms_key) for n in range(4)
    ]
    queue.submit(others)
    for job_id in range(2, 6):
        heard.wait_phase(Phase.DONE, job_id)

    late = look_again(lambda _name: session, [heard.newest[1]])
    assert late.requests == (request,)
    clash = late.clashes[0]
    assert (clash.index, clash.name, clash.other_name) == (1, "x", "x (2)")
    assert (clash.new.size, clash.existing.size) == (100, 6)
    assert None not in (clash.new.modified, clash.existing.modified)
    s3.delete_object(Bucket=bucket, Key="x")
    late = look_again(lambda _name: session, [heard.newest[1]])
    assert (late.clashes, late.free) == ((), (1,))
    queue.decide(dict.fromkeys(late.free, IfExists.ASK))
    heard.wait_phase(Phase.DONE)


@one_server
def test_who_did_not_want_to_be_asked_is_told_of_a_failure(
    queue: JobQueue, heard: Heard, s3: Any, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    s3.put_object(Bucket=bucket, Key="x", Body=b"theirs")
    source = make_file(tmp_path, 100)

    queue.submit([Upload("faults", source, ObjectRef(bucket, "x"), 100, kms_key)])

    failure = heard.wait_phase(Phase.FAILED).failure
    assert failure is not None
    assert failure.kind is FailureKind.EXISTS


@one_server
@pytest.mark.parametrize("is_decided", [False, True])
def test_what_asks_asks_again_after_a_restart_and_a_decision_is_kept(
    session: Session,
    wire: FaultProxy,
    s3: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    is_decided: bool,
) -> None:
    s3.put_object(Bucket=bucket, Key="x", Body=b"theirs")
    source = make_file(tmp_path, 100)
    journal = open_journal(tmp_path / "journal").journal
    assert journal is not None
    heard = Heard()
    queue = JobQueue(lambda _name: session, heard, 1, journal.backlog)
    uploaded(queue, heard, source, bucket, kms_key)
    over, came = threading.Event(), threading.Event()

    def never_arrives(exchange: Exchange) -> None:
        came.set()
        exchange.wait_for(over)
        exchange.reset()

    if is_decided:
        wire.rule("PutObject", never_arrives, fits=lambda request: "/x%20" in request.head.start)
        queue.decide({1: IfExists.KEEP_BOTH})
        assert came.wait(60)
    queue.close(0)
    over.set()
    assert queue.wait_idle(30)
    journal.close()

    journal = open_journal(tmp_path / "journal").journal
    assert journal is not None
    heard = Heard()
    queue = JobQueue(lambda _name: session, heard, 1, journal.backlog)
    assert queue.restore(["faults"]) == 1
    if is_decided:
        heard.wait_phase(Phase.DONE)
        comes_back(session, ObjectRef(bucket, "x (2)"), source)
    else:
        heard.wait(asks)
        queue.cancel(1)
        heard.wait_phase(Phase.CANCELLED)
    assert queue.close(30)
    journal.close()


@one_server
def test_a_file_survives_every_download_that_fails(
    queue: JobQueue,
    heard: Heard,
    wire: FaultProxy,
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    """Replacing was chosen, and still the old file is whole until the new one is verified."""
    source = make_file(tmp_path, TWO_PARTS)
    ref = put(session, source, bucket, kms_key)
    copy(session, ref, ObjectRef(bucket, "y"))
    session.store._client.put_object(Bucket=bucket, Key="x", Body=b"no longer encrypted")
    target = tmp_path / "back"
    target.write_text("precious")
    tampered = wire.rule(
        "GetObject",
        lambda exchange: exchange.send(exchange.forward().with_status(403, "Forbidden")),
        times=None,
    )

    for number, key in enumerate("xy", start=1):
        request = Download("faults", ObjectRef(bucket, key), target, 100, IfExists.REPLACE)
        queue.submit([request])
        heard.wait_phase(Phase.FAILED, number)
        assert target.read_text() == "precious"

    assert tampered.happened
    assert names(tmp_path) == {"file.bin", "back"}
