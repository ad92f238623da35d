"""Faults on the way down (design: matrix W): the right file under its name, or no file at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    Busy,
    Changed,
    CseError,
    NotFound,
    NotPermitted,
    SignInNeeded,
    Tampered,
    Unreachable,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import Cancelled, CancelToken, Progress
from cse_desktop.core.session import Session
from tests.faults import faults
from tests.faults.acts import THREE_PARTS, comes_back, make_file, names, put
from tests.faults.conftest import HURRIED
from tests.faults.http_messages import Answer
from tests.faults.proxy import Exchange, Fault, FaultProxy

SMALL = 50_000
SIZES = pytest.mark.parametrize("size", [SMALL, THREE_PARTS], ids=["small", "large"])
ON_MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def size() -> int:
    return SMALL


@pytest.fixture
def source(tmp_path: Path, size: int) -> Path:
    return make_file(tmp_path, size)


@pytest.fixture
def stored(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, source: Path
) -> ObjectRef:
    """An object in S3, as it should be; the requests that brought it there are forgotten."""
    ref = put(session, source, bucket, kms_key)
    wire.requests.clear()
    return ref


def refused(session: Session, ref: ObjectRef, folder: Path) -> CseError:
    """The error of a download that must leave nothing."""
    before = names(folder)
    with pytest.raises(CseError) as raised:
        transfer.download(session, ref, folder / "back")
    assert names(folder) == before
    return raised.value


# --- the connection breaks


@SIZES
@pytest.mark.parametrize("politely", [False, True], ids=["reset", "fin"])
def test_a_body_that_breaks_off_goes_on_where_it_broke(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    size: int,
    politely: bool,
) -> None:
    wire.rule(
        "GetObject",
        faults.cut_mid_download(30_000, politely=politely),
        fits=lambda r: r.head.get("range").startswith("bytes=0-"),
    )

    comes_back(session, stored, source)

    gets = [r.head for r in wire.requests if r.operation == "GetObject"]
    assert any(head.get("range").startswith("bytes=30000-") for head in gets)
    assert len({head.get("if-match") for head in gets}) == 1
    assert all(head.get("if-match") for head in gets)


@pytest.mark.parametrize("after", [0, 100])
def test_a_body_that_always_breaks_off_arrives_as_long_as_each_try_brings_something(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
    after: int,
) -> None:
    step = 4000 if after else 0
    rule = wire.rule("GetObject", faults.cut_mid_download(step), times=None)

    if after:
        comes_back(session, stored, source)
        assert rule.happened > HURRIED.tries
    else:
        error = refused(session, stored, tmp_path)
        assert isinstance(error, Unreachable)
        assert error.title == "The connection to Amazon S3 broke off"
        assert str(stored) in error.details
        assert rule.happened == HURRIED.tries


@pytest.mark.parametrize("fault", [faults.reset, faults.garbage])
@pytest.mark.parametrize("operation", ["HeadObject", "GetObject"])
def test_an_answer_that_is_cut_or_garbled_is_asked_for_again(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    operation: str,
    fault: Any,
) -> None:
    wire.rule(operation, fault, times=2)

    comes_back(session, stored, source)


def test_a_server_that_refuses_connections_for_a_moment_is_asked_again(
    patient: Callable[[Patience], Session], wire: FaultProxy, stored: ObjectRef, source: Path
) -> None:
    session = patient(replace(HURRIED, tries=1000, screen_tries=1000))
    wire.refuse_for(0.05)

    comes_back(session, stored, source)


@ON_MOTO
@pytest.mark.parametrize("after", [0, 20_000])
def test_a_stalled_body_is_given_up_and_asked_for_again(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    after: int,
) -> None:
    session = patient(replace(HURRIED, tries=100, read_timeout_s=0.5))
    wire.rule("GetObject", faults.stall(after, 5))

    comes_back(session, stored, source)


@ON_MOTO
def test_a_stalled_download_can_be_cancelled_at_once(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    stored: ObjectRef,
    tmp_path: Path,
) -> None:
    session = patient(replace(HURRIED, read_timeout_s=100))
    cancel = CancelToken()

    def stall(exchange: Exchange) -> None:
        whole = exchange.forward()
        exchange.send_raw(bytes(whole.head) + whole.body[:1000])
        cancel.cancel()
        exchange.wait(100)
        exchange.fin()

    rule = wire.rule("GetObject", stall, times=None)
    with pytest.raises(Cancelled):
        transfer.download(session, stored, tmp_path / "back", cancel=cancel)

    assert rule.happened == 1  # so nobody waited for the time-out, which would ask again
    assert names(tmp_path) == {"file.bin"}


@ON_MOTO
def test_a_slow_link_has_no_deadline(
    patient: Callable[[Patience], Session],
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
) -> None:
    session = patient(replace(HURRIED, read_timeout_s=1.5))
    # Each pause is shorter than the time-out, all of them together are longer.
    wire.rule("GetObject", faults.slow(10, 0.2))
    said: list[Progress] = []

    began = time.monotonic()
    transfer.download(session, stored, tmp_path / "back", report=said.append)

    assert time.monotonic() - began > 1.5
    assert wire.count("GetObject") == 1
    done = [progress.done for progress in said]
    assert done == sorted(done)
    assert done[-1] == SMALL
    assert (tmp_path / "back").read_bytes() == source.read_bytes()


# --- the service would not


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError")])
@pytest.mark.parametrize("times", [1, 3])
def test_a_service_that_fails_a_few_times_is_asked_again(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    status: int,
    code: str,
    times: int,
) -> None:
    for operation in ("HeadObject", "GetObject"):
        wire.rule(operation, faults.error(status, code), times=times)

    comes_back(session, stored, source)


@pytest.mark.parametrize("size", [THREE_PARTS])
def test_a_service_that_fails_every_third_time_is_put_up_with(
    session: Session, wire: FaultProxy, stored: ObjectRef, source: Path, size: int
) -> None:
    wire.rule("*", faults.error(503, "SlowDown"), first=3, every=3, times=None)

    comes_back(session, stored, source)


@pytest.mark.parametrize("operation", ["HeadObject", "GetObject"])
def test_a_service_that_never_recovers_ends_in_a_clean_error(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, operation: str
) -> None:
    rule = wire.rule(operation, faults.error(503, "SlowDown"), times=None)

    error = refused(session, stored, tmp_path)

    assert isinstance(error, Busy)
    assert rule.happened == HURRIED.busy_tries


@ON_MOTO
@pytest.mark.parametrize("operation", ["*", "GetObject"])
def test_a_wrong_clock_is_named_and_not_tried_blindly(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, operation: str
) -> None:
    skewed = faults.error(403, "RequestTimeTooSkewed", ahead_s=86400)
    rule = wire.rule(operation, skewed, times=None)

    error = refused(session, stored, tmp_path)

    assert error.title == "The clock of this computer is wrong"
    assert "24 hours behind" in error.hint
    assert rule.happened == (2 if operation == "*" else 1)  # HEAD has no body to say why


@ON_MOTO
@pytest.mark.parametrize("operation", ["*", "GetObject"])
def test_a_denied_download_names_the_action_and_the_resource(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, operation: str
) -> None:
    message = (
        "User: arn:aws:iam::123456789012:user/ops is not authorized to perform: s3:GetObject on "
        "resource: &quot;arn:aws:s3:::bucket/x&quot; because no identity-based policy allows"
    )
    rule = wire.rule(operation, faults.error(403, "AccessDenied", message), times=None)

    error = refused(session, stored, tmp_path)

    assert type(error) is NotPermitted
    assert "s3:GetObject is not allowed for your user ops" in error.hint
    assert str(stored) in error.hint
    assert "arn:aws:s3:::bucket/x" in error.details
    assert rule.happened == (2 if operation == "*" else 1)


@ON_MOTO
def test_an_expired_token_that_nobody_can_renew_asks_to_sign_in(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path
) -> None:
    rule = wire.rule("GetObject", faults.error(400, "ExpiredToken"), times=None)

    assert type(refused(session, stored, tmp_path)) is SignInNeeded
    assert rule.happened == 1


# --- other bytes than those that were stored


@SIZES
@pytest.mark.parametrize(
    "fault",
    [
        faults.flipped_down(0),
        faults.flipped_down(40_000),
        faults.flipped_down(-1),
        faults.reordered(16_384),
    ],
    ids=["first", "middle", "last", "reordered"],
)
def test_bytes_changed_once_on_the_way_cost_one_full_retry(
    session: Session, wire: FaultProxy, stored: ObjectRef, source: Path, size: int, fault: Any
) -> None:
    # The last range may be too short for the fault.
    wire.rule("GetObject", fault, fits=lambda r: r.head.get("range").startswith("bytes=0-"))

    comes_back(session, stored, source)

    assert wire.count("HeadObject") == 2


@SIZES
@pytest.mark.parametrize("fault", [faults.flipped_down(40_000), faults.reordered(16_384)])
def test_bytes_changed_always_are_refused_after_one_full_retry(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, size: int, fault: Any
) -> None:
    wire.rule("GetObject", fault, times=None, fits=lambda r: "bytes=0-" in r.head.get("range"))

    error = refused(session, stored, tmp_path)

    assert type(error) is Tampered
    assert wire.count("HeadObject") == 2


RANGE_FAULTS: dict[str, Callable[[bytes], Fault]] = {
    "range-ignored": faults.forgotten_range,
    "200": lambda _: faults.whole_as_partial,
    "other-range": lambda whole: faults.other_range(whole, -16, is_told=True),
    "content-range": lambda _: faults.changed(
        lambda found: found.with_header("Content-Range", "bytes 0-10/20")
    ),
    "garbled": lambda _: faults.changed(
        lambda found: found.with_header("Content-Range", "bytes */*")
    ),
    "without": lambda _: faults.changed(
        lambda found: Answer(found.head.without("Content-Range"), found.body)
    ),
}


@pytest.mark.parametrize(
    ("name", "size"),
    [*((name, SMALL) for name in RANGE_FAULTS), ("range-ignored", THREE_PARTS)],
)
def test_an_answer_with_another_range_is_refused_before_a_byte_is_used(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    tmp_path: Path,
    s3: Any,
    size: int,
    name: str,
) -> None:
    whole = s3.get_object(Bucket=stored.bucket, Key=stored.key)["Body"].read()
    if size == SMALL:
        # So that what is left is asked for, which is not the whole object.
        wire.rule("GetObject", faults.cut_mid_download(1000))
        wire.rule("GetObject", faults.cut_mid_download(1000), first=3)
    last = f"-{size + 15}"
    rule = wire.rule(
        "GetObject",
        RANGE_FAULTS[name](whole),
        times=None,
        fits=lambda r: r.head.get("range").endswith(last),
    )

    error = refused(session, stored, tmp_path)

    assert type(error) is Tampered
    assert error.title == "S3 answered with other bytes than those asked for"
    assert rule.happened == 2


@SIZES
def test_bytes_of_another_range_under_the_right_label_are_refused(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, s3: Any, size: int
) -> None:
    whole = s3.get_object(Bucket=stored.bucket, Key=stored.key)["Body"].read()
    last = f"-{size + 15}"
    shift = faults.other_range(b"!" + whole, 0, is_told=False)
    wire.rule("GetObject", shift, times=None, fits=lambda r: r.head.get("range").endswith(last))

    error = refused(session, stored, tmp_path)

    assert type(error) is Tampered
    assert error.title != "S3 answered with other bytes than those asked for"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(faults.shortened(10), Unreachable), (faults.lengthened(10), None)],
    ids=["short", "extra"],
)
def test_a_body_of_another_length_never_becomes_a_file(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
    fault: Any,
    kind: type[CseError] | None,
) -> None:
    wire.rule("GetObject", fault, times=None)

    if kind is None:  # what was asked for is there, and nothing beyond it is read
        comes_back(session, stored, source)
    else:
        # Ten bytes are missing from each answer, so the last ten never arrive.
        assert isinstance(refused(session, stored, tmp_path), kind)


# --- another object


@pytest.mark.parametrize("size", [THREE_PARTS])
def test_an_object_that_is_replaced_on_the_way_is_fetched_anew(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    stored: ObjectRef,
    tmp_path: Path,
    size: int,
) -> None:
    newer = make_file(tmp_path, THREE_PARTS + 5, "newer")

    def overtake(exchange: Exchange) -> None:
        put(session, newer, bucket, kms_key, replace=True)
        exchange.send(exchange.forward())

    wire.rule("GetObject", overtake, first=2)

    comes_back(session, stored, newer)


@pytest.mark.parametrize(
    "fault",
    [
        faults.error(412, "PreconditionFailed"),
        faults.changed(lambda a: a.with_header("ETag", '"00000000000000000000000000000000"')),
        faults.error(416, "InvalidRange"),
    ],
    ids=["412", "etag", "416"],
)
def test_an_object_that_changes_again_and_again_ends_in_a_clean_error(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, fault: Any
) -> None:
    wire.rule("GetObject", fault, times=None)

    error = refused(session, stored, tmp_path)

    assert type(error) is Changed
    assert wire.count("HeadObject") == 1 + HURRIED.restarts


def test_an_object_that_changed_three_times_and_then_no_more_arrives(
    session: Session, wire: FaultProxy, stored: ObjectRef, source: Path
) -> None:
    wire.rule("GetObject", faults.error(412, "PreconditionFailed"), times=3)

    comes_back(session, stored, source)


def test_an_object_that_is_deleted_on_the_way_is_not_found(
    session: Session, wire: FaultProxy, stored: ObjectRef, tmp_path: Path, s3: Any
) -> None:
    def delete(exchange: Exchange) -> None:
        s3.delete_object(Bucket=stored.bucket, Key=stored.key)
        exchange.send(exchange.forward())

    wire.rule("GetObject", delete)

    assert type(refused(session, stored, tmp_path)) is NotFound


# --- a web page


@pytest.mark.parametrize("operation", ["HeadObject", "GetObject"])
@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (
            200,
            {"ETag": '"5d41402abc4b2a76b9719d911017c592"',
             "Last_Modified": "Mon, 01 Jan 2024 00:00:00 GMT"},
        ),
        (302, {"Location": "http://portal.example/sign-in"}),
        (511, {}),
    ],
)  # fmt: skip
def test_a_web_page_is_never_taken_for_an_object(
    session: Session,
    wire: FaultProxy,
    stored: ObjectRef,
    tmp_path: Path,
    operation: str,
    status: int,
    headers: dict[str, str],
) -> None:
    wire.rule(operation, faults.web_page(status, **headers), times=None)

    error = refused(session, stored, tmp_path)

    assert isinstance(error, Unreachable)
    assert error.title == "Something else answered instead of Amazon S3"


def test_a_web_page_is_never_taken_for_an_empty_folder_or_no_buckets(
    session: Session, wire: FaultProxy, bucket: str
) -> None:
    wire.rule("*", faults.web_page(), times=None)

    for look in (session.store.buckets, lambda: session.store.page(ObjectRef(bucket, ""))):
        with pytest.raises(Unreachable, match="Something else answered"):
            look()
