"""Who cancels on a network that is silent or slow waits seconds, and nothing stays in S3.

A silent server is silent until the test is over, and a test that hung would be ended by its
time-out: so that each of these ends at all is what it shows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import arranger, copying, sending, transfer, uploads
from cse_desktop.core.copying import copy, move
from cse_desktop.core.errors import NotPermitted, Unreachable
from cse_desktop.core.leaving import wait_for_clearing_up
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.core.session import Session
from cse_desktop.jobs.performing import IN_DOUBT
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Upload
from cse_desktop.jobs.snapshot import Phase
from tests.faults import faults
from tests.faults.acts import TWO_PARTS, comes_back, keys, make_file, open_uploads, put
from tests.faults.conftest import HURRIED
from tests.faults.proxy import Exchange, Fault, FaultProxy
from tests.faults.test_pausing import Heard

MIB = 1024 * 1024
pytestmark = [
    pytest.mark.timeout(40),
    pytest.mark.parametrize("s3_url", ["moto"], indirect=True),
]


def silence(exchange: Exchange) -> None:
    """Until the test is over."""
    exchange.body()
    exchange.wait(100)
    exchange.fin()


@pytest.fixture
def session(patient: Callable[[Patience], Session]) -> Session:
    """Longer than any test: a request that hangs is ended by nobody."""
    return patient(replace(HURRIED, connect_timeout_s=100, read_timeout_s=100))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return make_file(tmp_path, TWO_PARTS)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter waits: that they end is what is shown, not when."""
    for place, names in (
        (sending, ("_LOOK_S", "_LOOK_WHEN_CANCELLED_S")),
        (uploads, ("_HUNT_S", "_ABORT_WHEN_CANCELLED_S")),
        (arranger, ("_TAKE_BACK_S",)),
        (copying, ("_TO_THE_END_S",)),
    ):
        for name in names:
            monkeypatch.setattr(place, name, 1.0)


def cancelling(cancel: CancelToken, then: Fault) -> Fault:
    def fault(exchange: Exchange) -> None:
        exchange.body()
        cancel.cancel()
        then(exchange)

    return fault


def answering_after(left: threading.Event) -> Fault:
    """S3 begins the upload, and says so when nobody waits for it any more."""

    def fault(exchange: Exchange) -> None:
        answer = exchange.forward()
        left.wait(30)
        exchange.send(answer)

    return fault


@pytest.mark.parametrize("size", [1000, TWO_PARTS])
def test_a_cancel_on_a_silent_network_does_not_wait_for_a_look_at_the_object(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    size: int,
) -> None:
    cancel = CancelToken()
    operation = "PutObject" if size == 1000 else "CompleteMultipartUpload"
    wire.rule(operation, cancelling(cancel, silence))
    wire.rule("*", silence, times=None, fits=lambda _: cancel.is_cancelled)

    source = make_file(tmp_path, size)
    with pytest.raises(Cancelled) as raised:
        transfer.upload(session, source, ObjectRef(bucket, "x"), kms_key, {}, cancel=cancel)

    assert raised.value.is_in_doubt


def test_a_small_upload_that_s3_stores_after_the_cancel_was_called_doubtful(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path, s3: Any
) -> None:
    """All of it had been sent, so nobody could stop it: "nothing was stored" would be wrong."""
    cancel, left, stored = CancelToken(), threading.Event(), threading.Event()

    def store_later(exchange: Exchange) -> None:
        exchange.body()
        cancel.cancel()
        left.wait(30)
        exchange.forward()
        stored.set()
        exchange.fin()

    wire.rule("PutObject", store_later)
    heard = Heard()
    queue = JobQueue(lambda _name: session, heard)
    source = make_file(tmp_path, 1000)
    request = Upload("faults", source, ObjectRef(bucket, "x"), 1000, kms_key)
    with pytest.raises(Cancelled) as raised:
        request.perform(session, lambda _: None, cancel)
    assert raised.value.is_in_doubt
    left.set()
    assert stored.wait(30)
    assert keys(s3, bucket) == ["x"]

    left.clear()
    s3.delete_object(Bucket=bucket, Key="x")
    gate = wire.hold("PutObject")
    queue.submit([request])
    gate.wait_for_request()
    queue.cancel(1)
    assert heard.wait_phase(Phase.CANCELLED).note == IN_DOUBT
    gate.open()
    assert queue.close(30)


def test_a_cancel_before_the_last_part_leaves_no_doubt(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path
) -> None:
    cancel = CancelToken()
    wire.rule("UploadPart", cancelling(cancel, silence))
    wire.rule("*", silence, times=None, fits=lambda _: cancel.is_cancelled)

    with pytest.raises(Cancelled) as raised:
        transfer.upload(session, large, ObjectRef(bucket, "x"), kms_key, {}, cancel=cancel)

    assert not raised.value.is_in_doubt


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_an_upload_that_worked_is_a_success_though_nobody_can_look_at_it(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    is_cancelled: bool,
) -> None:
    cancel = CancelToken()
    rule = wire.rule("HeadObject", cancelling(cancel, silence) if is_cancelled else silence)

    ref = ObjectRef(bucket, "x")
    transfer.upload(session, large, ref, kms_key, {}, cancel=cancel)

    assert rule.happened == 1
    comes_back(session, ref, large)


def test_the_hunt_for_an_orphan_on_a_silent_network_holds_up_no_upload(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path
) -> None:
    wire.rule("CreateMultipartUpload", faults.lost_answer)
    hunt = wire.rule("ListMultipartUploads", silence, times=None)

    ref = put(session, large, bucket, kms_key)

    assert hunt.happened
    comes_back(session, ref, large)


def test_an_upload_that_begins_after_the_cancel_is_aborted(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    cancel, left = CancelToken(), threading.Event()
    wire.rule("CreateMultipartUpload", cancelling(cancel, answering_after(left)))

    with pytest.raises(Cancelled):
        transfer.upload(session, large, ObjectRef(bucket, "x"), kms_key, {}, cancel=cancel)
    assert len(open_uploads(s3, bucket)) == 1
    assert not wait_for_clearing_up(0)
    left.set()

    assert wait_for_clearing_up(30)
    assert wire.count("AbortMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []


def test_a_copy_that_begins_after_the_cancel_is_aborted(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=bytes(6 * MIB))
    cancel, left = CancelToken(), threading.Event()
    wire.rule("CreateMultipartUpload", cancelling(cancel, answering_after(left)))

    with pytest.raises(Cancelled):
        copy(
            session, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"), cancel=cancel,
            single_bytes=5 * MIB, part_bytes=5 * MIB,
        )  # fmt: skip
    left.set()

    assert wait_for_clearing_up(30)
    assert open_uploads(s3, bucket) == []


def test_the_orphan_of_a_lost_create_of_a_copy_is_found_and_aborted(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=bytes(6 * MIB))
    wire.rule("CreateMultipartUpload", faults.lost_answer, times=2)

    copy(
        session, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"),
        single_bytes=5 * MIB, part_bytes=5 * MIB,
    )  # fmt: skip

    assert keys(s3, bucket) == ["a", "b"]
    assert open_uploads(s3, bucket) == []


def test_a_cancelled_copy_does_not_wait_for_its_abort_on_a_silent_network(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=bytes(6 * MIB))
    cancel = CancelToken()
    wire.rule("UploadPart", cancelling(cancel, silence))
    wire.rule("*", silence, times=None, fits=lambda _: cancel.is_cancelled)

    with pytest.raises(Cancelled):
        copy(
            session, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"), cancel=cancel,
            single_bytes=5 * MIB, part_bytes=5 * MIB,
        )  # fmt: skip


# --- a move that has made its copy


def moved(session: Session, bucket: str, cancel: CancelToken | None = None) -> None:
    move(session, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"), cancel=cancel)


def test_a_cancel_after_the_copy_was_checked_lets_the_move_end(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    cancel = CancelToken()
    wire.rule("DeleteObject", cancelling(cancel, faults.error(503, "SlowDown")))

    moved(session, bucket, cancel)

    assert keys(s3, bucket) == ["b"]


def test_a_cancel_while_the_copy_is_checked_lets_the_move_end(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    cancel = CancelToken()

    def check(exchange: Exchange) -> None:
        cancel.cancel()
        exchange.send(exchange.forward())

    wire.rule("HeadObject", check, first=3)  # after the original and the name that must be free

    moved(session, bucket, cancel)

    assert cancel.is_cancelled
    assert keys(s3, bucket) == ["b"]


def test_a_move_whose_original_may_not_be_deleted_names_both_places(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    wire.rule("DeleteObject", faults.error(403, "AccessDenied"), times=None)

    with pytest.raises(NotPermitted, match="copied, but not deleted") as raised:
        moved(session, bucket)

    assert f"both places, s3://{bucket}/a and s3://{bucket}/b" in raised.value.hint
    assert keys(s3, bucket) == ["a", "b"]


def test_a_move_cancelled_on_a_silent_network_names_both_places(
    session: Session, wire: FaultProxy, bucket: str, s3: Any
) -> None:
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    cancel = CancelToken()
    wire.rule("DeleteObject", cancelling(cancel, silence), times=None)

    with pytest.raises(Unreachable) as raised:
        moved(session, bucket, cancel)

    assert f"both places, s3://{bucket}/a and s3://{bucket}/b" in raised.value.hint
