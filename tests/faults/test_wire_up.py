"""Faults on the way up (design: matrix W): stored whole, or nothing, and never other bytes."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    AlreadyExists,
    Busy,
    CseError,
    NotFound,
    NotPermitted,
    ServiceError,
    SignInNeeded,
    TooLarge,
    Unreachable,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import Cancelled, CancelToken, Progress
from cse_desktop.core.session import Session
from tests.faults import faults
from tests.faults.acts import (
    PART,
    THREE_PARTS,
    TWO_PARTS,
    comes_back,
    keys,
    make_file,
    open_uploads,
    put,
)
from tests.faults.conftest import HURRIED
from tests.faults.ledger import Ledger
from tests.faults.proxy import Exchange, FaultProxy

DENIED_BY_IAM = (
    "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: {action} "
    "on resource: &quot;arn:aws:s3:::bucket/x&quot; because no identity-based policy allows"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return make_file(tmp_path, 1000)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return make_file(tmp_path, TWO_PARTS)


def refused(session: Session, source: Path, bucket: str, key: str) -> CseError:
    with pytest.raises(CseError) as raised:
        put(session, source, bucket, key)
    return raised.value


def nothing_stays(s3: Any, bucket: str) -> None:
    assert keys(s3, bucket) == []
    assert open_uploads(s3, bucket) == []


# --- reset, stall, garbage, refusal


def test_a_reset_in_the_middle_of_a_part_sends_the_same_bytes_again(
    session: Session, wire: FaultProxy, ledger: Ledger, bucket: str, kms_key: str, large: Path
) -> None:
    wire.rule("UploadPart", faults.reset_mid_upload(3_000_000), fits=lambda r: r.part == 1)

    ref = put(session, large, bucket, kms_key)

    assert ledger.bytes_sent >= TWO_PARTS + 3_000_000
    ledger.check()
    comes_back(session, ref, large)


def test_a_reset_in_every_part_ends_in_a_clean_error(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    wire.rule("UploadPart", faults.reset_mid_upload(1_000_000), times=None)

    error = refused(session, large, bucket, kms_key)

    assert isinstance(error, Unreachable)
    assert error.title == "The connection to Amazon S3 broke off"
    assert f"s3://{bucket}/x" in error.details
    nothing_stays(s3, bucket)


@pytest.mark.parametrize("fault", [faults.reset, faults.garbage])
@pytest.mark.parametrize(
    "operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]
)
def test_a_cut_or_garbled_answer_is_asked_for_again(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
    operation: str,
    fault: Any,
) -> None:
    rule = wire.rule(operation, fault)

    ref = put(session, large, bucket, kms_key)

    assert rule.happened == 1
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_stalled_upload_is_given_up_and_made_again(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
) -> None:
    session = patient(replace(HURRIED, tries=100, connect_timeout_s=0.5, read_timeout_s=1))
    wire.rule("UploadPart", faults.stall_upload(100_000, 3), fits=lambda r: r.part == 1)
    wire.rule("CompleteMultipartUpload", faults.stall(0, 3))

    comes_back(session, put(session, large, bucket, kms_key), large)


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_stalled_upload_can_be_cancelled_at_once(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
) -> None:
    session = patient(replace(HURRIED, connect_timeout_s=100, read_timeout_s=100))
    cancel = CancelToken()

    def stall(exchange: Exchange) -> None:
        exchange.body(100_000)
        cancel.cancel()
        exchange.wait(100)
        exchange.fin()

    wire.rule("UploadPart", stall, times=None)
    with pytest.raises(Cancelled):
        transfer.upload(session, large, ObjectRef(bucket, "x"), kms_key, {}, cancel=cancel)

    # The stalled requests are still there: nobody waited for them.
    assert "AbortMultipartUpload" in wire.operations()
    nothing_stays(s3, bucket)


def test_a_server_that_refuses_connections_for_a_moment_is_asked_again(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    small: Path,
) -> None:
    session = patient(replace(HURRIED, tries=1000, screen_tries=1000))
    wire.refuse_for(0.05)

    comes_back(session, put(session, small, bucket, kms_key), small)


# --- busy and broken services


@pytest.mark.parametrize(
    ("status", "code", "times"),
    [
        (503, "SlowDown", 3),
        (500, "InternalError", 3),
        (503, "ServiceUnavailable", 1),
        (400, "RequestTimeout", 1),
    ],
)
def test_a_service_that_fails_a_few_times_is_asked_again(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    status: int,
    code: str,
    times: int,
) -> None:
    for operation in ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"):
        wire.rule(operation, faults.error(status, code), times=times)

    comes_back(session, put(session, large, bucket, kms_key), large)


def test_a_service_that_fails_every_third_time_is_put_up_with(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = make_file(tmp_path, THREE_PARTS)
    wire.rule("*", faults.error(503, "SlowDown"), first=3, every=3, times=None)

    comes_back(session, put(session, source, bucket, kms_key), source)


@pytest.mark.parametrize("operation", ["PutObject", "UploadPart", "CompleteMultipartUpload"])
def test_a_service_that_never_recovers_ends_in_a_clean_error(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
    operation: str,
) -> None:
    source = make_file(tmp_path, 10 if operation == "PutObject" else TWO_PARTS)
    rule = wire.rule(operation, faults.error(503, "SlowDown"), times=None)

    error = refused(session, source, bucket, kms_key)

    assert isinstance(error, Busy)
    assert error.title == "Amazon S3 is busy"
    assert HURRIED.busy_tries <= rule.happened <= 2 * HURRIED.busy_tries
    nothing_stays(s3, bucket)


def test_a_transfer_says_what_it_waits_for(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, small: Path
) -> None:
    wire.rule("PutObject", faults.error(503, "SlowDown"), times=2)
    said: list[Progress] = []

    transfer.upload(session, small, ObjectRef(bucket, "x"), kms_key, {}, report=said.append)

    assert [progress.waiting for progress in said if progress.waiting] == [
        "Amazon S3 is busy, retry 1 of 7 in 1 s",
        "Amazon S3 is busy, retry 2 of 7 in 1 s",
    ]
    assert said[-1].waiting == ""


# --- time and sign-in


@pytest.mark.parametrize(("ahead_s", "words"), [(7200, "behind"), (-7200, "ahead of")])
def test_a_wrong_clock_is_named_with_its_error_and_not_tried_blindly(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    small: Path,
    ahead_s: float,
    words: str,
) -> None:
    rule = wire.rule(
        "PutObject", faults.error(403, "RequestTimeTooSkewed", ahead_s=ahead_s), times=None
    )

    error = refused(session, small, bucket, kms_key)

    assert error.title == "The clock of this computer is wrong"
    assert re.search(rf"1(20 minutes|19 minutes|21 minutes)|2 hours {words}", error.hint)
    assert rule.happened == 1


def test_an_expired_token_that_nobody_can_renew_asks_to_sign_in(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    rule = wire.rule("UploadPart", faults.error(400, "ExpiredToken"), times=None)

    error = refused(session, large, bucket, kms_key)

    assert type(error) is SignInNeeded
    assert error.title == "Sign in to continue"
    assert rule.happened <= 2
    nothing_stays(s3, bucket)


# --- what is not allowed, not there, not possible


@pytest.mark.parametrize(
    ("operation", "size"),
    [
        ("PutObject", 10),
        ("CreateMultipartUpload", TWO_PARTS),
        ("UploadPart", TWO_PARTS),
        ("CompleteMultipartUpload", TWO_PARTS),
    ],
)
def test_a_denied_upload_names_the_action_and_the_resource(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
    operation: str,
    size: int,
) -> None:
    message = DENIED_BY_IAM.format(action="s3:PutObject")
    rule = wire.rule(operation, faults.error(403, "AccessDenied", message), times=None)

    error = refused(session, make_file(tmp_path, size), bucket, kms_key)

    assert type(error) is NotPermitted
    assert "s3:PutObject" in error.hint
    assert f"s3://{bucket}/x" in error.hint
    assert "arn:aws:s3:::bucket/x" in error.details
    assert rule.happened <= 2
    nothing_stays(s3, bucket)


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (403, "QuotaExceeded", NotPermitted, "The storage is full"),
        (507, "InsufficientStorage", NotPermitted, "The storage is full"),
        (400, "EntityTooLarge", TooLarge, "too large for the storage"),
        (404, "NoSuchBucket", NotFound, "This bucket does not exist"),
    ],
)
def test_a_full_or_vanished_storage_ends_in_a_clean_error(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
    status: int,
    code: str,
    kind: type[CseError],
    words: str,
) -> None:
    wire.rule("UploadPart", faults.error(status, code), times=None)

    error = refused(session, large, bucket, kms_key)

    assert type(error) is kind
    assert words in error.title
    nothing_stays(s3, bucket)


def test_a_bucket_that_is_gone_is_named(
    session: Session, kms_key: str, small: Path, tmp_path: Path
) -> None:
    for source in (small, make_file(tmp_path, TWO_PARTS, "large")):
        error = refused(session, source, "no-such-bucket-here", kms_key)
        assert type(error) is NotFound
        assert "s3://no-such-bucket-here/x" in error.hint


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)  # moto breaks down over it
def test_an_upload_that_vanishes_begins_anew_with_another_key(
    session: Session,
    wire: FaultProxy,
    ledger: Ledger,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
) -> None:
    def vanish(exchange: Exchange) -> None:
        s3.abort_multipart_upload(
            Bucket=bucket, Key="x", UploadId=exchange.request.query["uploadId"]
        )
        exchange.send(exchange.forward())

    wire.rule("UploadPart", vanish, fits=lambda r: r.part == 2)

    ref = put(session, large, bucket, kms_key)

    assert len(ledger.materials) == 2
    assert wire.count("CreateMultipartUpload") == 2
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


def test_an_upload_that_vanishes_again_and_again_ends_in_a_clean_error(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    wire.rule("UploadPart", faults.error(404, "NoSuchUpload"), times=None)

    error = refused(session, large, bucket, kms_key)

    assert isinstance(error, NotFound)
    assert error.title == "The upload was ended by somebody else"
    assert wire.count("CreateMultipartUpload") == 1 + HURRIED.restarts
    nothing_stays(s3, bucket)


# --- lost and doubled


@pytest.mark.parametrize("fault", [faults.lost_answer, faults.doubled])
@pytest.mark.parametrize("is_replacing", [False, True])
def test_a_small_object_whose_answer_is_lost_or_request_doubled_is_stored_once(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    small: Path,
    fault: Any,
    is_replacing: bool,
) -> None:
    wire.rule("PutObject", fault)

    comes_back(session, put(session, small, bucket, kms_key, replace=is_replacing), small)


@pytest.mark.parametrize("fault", [faults.lost_answer, faults.doubled])
def test_a_part_whose_answer_is_lost_or_request_doubled_is_stored_once(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, fault: Any
) -> None:
    wire.rule("UploadPart", fault, times=2)

    comes_back(session, put(session, large, bucket, kms_key), large)


def test_the_orphan_of_a_lost_create_is_found_and_aborted(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    wire.rule("CreateMultipartUpload", faults.lost_answer, times=2)

    ref = put(session, large, bucket, kms_key)

    assert wire.count("CreateMultipartUpload") == 3
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)  # moto gives all the same time
def test_a_create_whose_answers_are_all_lost_leaves_no_orphan(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    wire.rule("CreateMultipartUpload", faults.lost_answer, times=None)

    assert isinstance(refused(session, large, bucket, kms_key), Unreachable)

    nothing_stays(s3, bucket)


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)  # moto gives all the same time
def test_the_hunt_for_an_orphan_leaves_other_uploads_alone(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    others = {
        s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"] for key in ("xx", "x/y", "w")
    }
    wire.rule("CreateMultipartUpload", faults.lost_answer)

    put(session, large, bucket, kms_key)

    assert {upload["UploadId"] for upload in open_uploads(s3, bucket)} == others


@pytest.mark.parametrize("is_replacing", [False, True])
def test_a_complete_whose_answer_is_lost_is_settled_by_what_is_stored(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
    is_replacing: bool,
) -> None:
    wire.rule("CompleteMultipartUpload", faults.lost_answer)
    wire.rule("CompleteMultipartUpload", faults.error(404, "NoSuchUpload"), times=None)

    ref = put(session, large, bucket, kms_key, replace=is_replacing)

    assert wire.count("CreateMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


@pytest.mark.parametrize("is_done", [False, True])
def test_a_complete_with_an_error_inside_200_is_asked_again_and_settled_by_what_is_stored(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    large: Path,
    s3: Any,
    is_done: bool,
) -> None:
    wire.rule("CompleteMultipartUpload", faults.complete_with_error_inside(is_done=is_done))

    ref = put(session, large, bucket, kms_key)

    assert wire.count("CompleteMultipartUpload") == 2
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


def test_an_object_of_somebody_else_is_not_taken_for_ours(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    def overtake(exchange: Exchange) -> None:
        s3.put_object(Bucket=bucket, Key="x", Body=b"theirs", Metadata={"x-amz-c": "115"})
        exchange.body()
        exchange.reset()

    wire.rule("CompleteMultipartUpload", overtake)

    assert isinstance(refused(session, large, bucket, kms_key), AlreadyExists)

    assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"theirs"
    assert open_uploads(s3, bucket) == []


def test_of_many_uploads_of_one_name_the_object_is_whole_and_of_one_that_was_told_so(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, s3: Any
) -> None:
    """S3 lets exactly one win; the servers here look before they leap, and now and then two do."""
    sources = [make_file(tmp_path, TWO_PARTS, f"file-{number}") for number in range(4)]
    winners: list[Path] = []
    losers: list[Path] = []
    start = threading.Barrier(4)

    def store(source: Path) -> None:
        start.wait()
        try:
            put(session, source, bucket, kms_key)
            winners.append(source)
        except AlreadyExists:
            losers.append(source)

    threads = [threading.Thread(target=store, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    transfer.download(session, ObjectRef(bucket, "x"), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() in [source.read_bytes() for source in winners]
    assert len(winners) + len(losers) == 4
    assert open_uploads(s3, bucket) == []


# --- bits


@pytest.mark.parametrize(("operation", "size"), [("PutObject", 1000), ("UploadPart", TWO_PARTS)])
def test_a_bit_that_flips_on_the_way_up_is_noticed_and_the_bytes_are_sent_again(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    operation: str,
    size: int,
) -> None:
    source = make_file(tmp_path, size)
    rule = wire.rule(operation, faults.flipped_up(57))

    ref = put(session, source, bucket, kms_key, replace=True)

    assert rule.happened == 1
    comes_back(session, ref, source)


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)  # SeaweedFS would refuse the request
def test_a_part_that_the_server_loses_is_noticed(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path
) -> None:
    def lose_the_last_part(exchange: Exchange) -> None:
        parts = re.findall(rb"<Part>.*?</Part>", exchange.body(), re.DOTALL)
        body = exchange.body().replace(parts[-1], b"")
        head = exchange.request.head.with_header("Content-Length", str(len(body)))
        exchange.send(exchange.forward(body, head))

    wire.rule("CompleteMultipartUpload", lose_the_last_part)

    error = refused(session, large, bucket, kms_key)

    assert type(error) is ServiceError
    assert error.title == "S3 did not store what was sent"


def test_an_object_of_another_length_than_was_sent_is_noticed(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path
) -> None:
    """What a server would answer that had stored a part twice."""
    longer = faults.changed(lambda found: found.with_header("Content-Length", str(3 * PART)))
    wire.rule("HeadObject", longer, times=None)

    error = refused(session, large, bucket, kms_key)

    assert type(error) is ServiceError
    assert f"Bytes sent: {TWO_PARTS + 16}" in error.details


def test_complete_tells_the_server_how_long_the_object_must_be(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path
) -> None:
    put(session, large, bucket, kms_key)

    complete = next(r for r in wire.requests if r.operation == "CompleteMultipartUpload")
    assert complete.head.get("x-amz-mp-object-size") == str(TWO_PARTS + 16)
    assert complete.head.get("if-none-match") == "*"


# --- who is on the other side


@pytest.mark.parametrize("operation", ["PutObject", "CreateMultipartUpload", "UploadPart"])
def test_a_web_page_is_never_taken_for_a_stored_object(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
    operation: str,
) -> None:
    source = make_file(tmp_path, 10 if operation == "PutObject" else TWO_PARTS)
    wire.rule(operation, faults.web_page(ETag='"d41d8cd98f00b204e9800998ecf8427e"'), times=None)

    error = refused(session, source, bucket, kms_key)

    assert isinstance(error, Unreachable)
    assert error.title == "Something else answered instead of Amazon S3"
    nothing_stays(s3, bucket)
