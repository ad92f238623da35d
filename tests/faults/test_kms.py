"""Faults of KMS (design: matrix K): named, waited for where that helps, and before S3 is asked."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    Busy,
    CseError,
    KeyUnusable,
    NotAllowed,
    NotFound,
    NotPermitted,
    Refused,
    Tampered,
    Unreachable,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import silent
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from tests.faults import faults
from tests.faults.acts import TWO_PARTS, comes_back, keys, make_file, names, open_uploads, put
from tests.faults.conftest import HURRIED
from tests.faults.http_messages import Answer
from tests.faults.proxy import Exchange, Fault, FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/ops/me is not authorized to perform: {action} "
    "on resource: {key} because no identity-based policy allows the {action} action"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_file(tmp_path, 1000)


@pytest.fixture
def stored(
    session: Session, bucket: str, kms_key: str, source: Path, wire: FaultProxy
) -> ObjectRef:
    ref = put(session, source, bucket, kms_key)
    wire.requests.clear()
    return ref


def upload_error(session: Session, source: Path, bucket: str, key: str) -> CseError:
    with pytest.raises(CseError) as raised:
        put(session, source, bucket, key)
    return raised.value


def download_error(session: Session, ref: ObjectRef, folder: Path, wire: FaultProxy) -> CseError:
    """The error of a download for which no byte of the body was asked."""
    before = names(folder)
    with pytest.raises(CseError) as raised:
        transfer.download(session, ref, folder / "back")
    assert names(folder) == before
    assert wire.count("GetObject") == 0
    return raised.value


PASSING: list[tuple[str, Fault]] = [
    ("throttled", faults.kms_error(400, "ThrottlingException", "Rate exceeded")),
    ("internal", faults.kms_error(500, "KMSInternalException")),
    ("unavailable", faults.kms_error(500, "KeyUnavailableException")),
    ("dependency", faults.kms_error(503, "DependencyTimeoutException")),
    ("reset", faults.reset),
    ("garbage", faults.garbage),
]


@pytest.mark.parametrize("fault", [f for _, f in PASSING], ids=[name for name, _ in PASSING])
def test_a_passing_fault_of_kms_is_waited_for(
    session: Session,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    source: Path,
    fault: Fault,
) -> None:
    kms_wire.rule("kms:GenerateDataKey", fault, times=3)
    kms_wire.rule("kms:Decrypt", fault, times=3)

    comes_back(session, put(session, source, bucket, kms_key), source)


@pytest.mark.parametrize("operation", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_a_kms_that_never_recovers_ends_in_a_clean_error(
    session: Session,
    wire: FaultProxy,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
    operation: str,
) -> None:
    rule = kms_wire.rule(operation, faults.kms_error(400, "ThrottlingException"), times=None)

    if operation == "kms:Decrypt":
        error = download_error(session, stored, tmp_path, wire)
    else:
        error = upload_error(session, source, bucket, kms_key)

    assert isinstance(error, Busy)
    assert error.title == "AWS KMS is busy"
    assert rule.happened == HURRIED.busy_tries


def test_a_busy_kms_is_left_alone_by_all_workers_for_a_while(
    patient: Callable[[Patience], Session],
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    pause_s = 0.4
    session = patient(replace(HURRIED, first_pause_s=pause_s, longest_pause_s=pause_s))
    throttled, times = threading.Event(), list[float]()

    def throttle(exchange: Exchange) -> None:
        faults.kms_error(400, "ThrottlingException")(exchange)
        times.append(time.monotonic())

    def note(exchange: Exchange) -> None:
        times.append(time.monotonic())
        exchange.send(exchange.forward())

    kms_wire.rule("kms:GenerateDataKey", throttle)
    kms_wire.rule("kms:GenerateDataKey", note, times=None)

    def upload(number: int) -> None:
        report = silent
        if number == 0:
            report = lambda p: throttled.set() if p.waiting else None  # noqa: E731
        else:
            assert throttled.wait(30)  # this worker has met nothing itself
        source = make_file(tmp_path, 10, f"file-{number}")
        ref = ObjectRef(bucket, f"{number}")
        transfer.upload(session, source, ref, kms_key, {}, report=report)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upload, range(4)))

    first, *others = times
    assert len(others) == 4
    assert min(others) - first >= pause_s / 2 - 0.05


@pytest.mark.parametrize(
    ("operation", "title"),
    [
        ("kms:GenerateDataKey", "You can't encrypt with"),
        ("kms:Decrypt", "You don't have permission to decrypt this file"),
    ],
)
def test_a_denied_key_names_the_action_and_the_key(
    session: Session,
    wire: FaultProxy,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
    operation: str,
    title: str,
) -> None:
    message = DENIED.format(action=operation, key=kms_key)
    rule = kms_wire.rule(
        operation, faults.kms_error(400, "AccessDeniedException", message), times=None
    )

    if operation == "kms:Decrypt":
        error = download_error(session, stored, tmp_path, wire)
    else:
        error = upload_error(session, source, bucket, kms_key)

    assert type(error) is NotPermitted
    assert error.title.startswith(title)
    assert operation in error.hint
    assert f"Resource: {kms_key}" in error.details
    assert rule.happened == 1


@pytest.mark.parametrize(
    ("code", "message", "kind", "words"),
    [
        ("DisabledException", "{key} is disabled.", KeyUnusable, "This key is disabled"),
        (
            "KMSInvalidStateException",
            "{key} is pending deletion.",
            KeyUnusable,
            "This key is waiting to be deleted",
        ),
        ("NotFoundException", "Key '{key}' does not exist", NotFound, "This key does not exist"),
    ],
)
@pytest.mark.parametrize("operation", ["kms:GenerateDataKey", "kms:Decrypt"])
def test_each_state_of_a_key_has_its_own_sentence(
    session: Session,
    wire: FaultProxy,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    stored: ObjectRef,
    source: Path,
    tmp_path: Path,
    operation: str,
    code: str,
    message: str,
    kind: type[CseError],
    words: str,
) -> None:
    kms_wire.rule(operation, faults.kms_error(400, code, message.format(key=kms_key)), times=None)

    if operation == "kms:Decrypt":
        error = download_error(session, stored, tmp_path, wire)
    else:
        error = upload_error(session, source, bucket, kms_key)

    assert type(error) is kind
    assert error.title == words
    if "deletion" in message:
        assert "administrator can still cancel the deletion" in error.hint


def test_a_key_that_a_real_kms_does_not_know_does_not_exist(
    session: Session, bucket: str, kms_key: str, source: Path
) -> None:
    missing = kms_key.rpartition("/")[0] + "/00000000-0000-0000-0000-000000000000"

    assert upload_error(session, source, bucket, missing).title == "This key does not exist"


def test_a_damaged_wrapped_key_says_that_it_is_damaged_or_the_context_differs(
    session: Session, wire: FaultProxy, kms_wire: FaultProxy, stored: ObjectRef, tmp_path: Path
) -> None:
    rule = kms_wire.rule(
        "kms:Decrypt", faults.kms_error(400, "InvalidCiphertextException", ""), times=None
    )

    error = download_error(session, stored, tmp_path, wire)

    assert type(error) is Refused
    assert "damaged, or the file was encrypted with other context" in error.hint
    assert rule.happened == 1


def test_a_key_that_is_not_the_right_one_leads_on_to_the_next_allowed_key(
    connection: Connection,
    credentials: Credentials,
    kms_wire: FaultProxy,
    kms: Any,
    kms_key: str,
    stored: ObjectRef,
    source: Path,
    wire: FaultProxy,
    tmp_path: Path,
) -> None:
    other = str(kms.create_key()["KeyMetadata"]["Arn"])
    listed = open_session(replace(connection, allowed_keys=(other, kms_key)), credentials, HURRIED)
    incorrect = faults.kms_error(400, "IncorrectKeyException")

    kms_wire.rule("kms:Decrypt", incorrect)
    comes_back(listed, stored, source)

    wire.requests.clear()
    kms_wire.rule("kms:Decrypt", incorrect, times=None)
    error = download_error(listed, stored, tmp_path, wire)
    assert type(error) is NotAllowed
    assert other in error.details
    assert kms_key in error.details


def test_no_decrypt_leaves_without_a_key_where_keys_are_listed(
    connection: Connection,
    credentials: Credentials,
    kms_wire: FaultProxy,
    kms_key: str,
    stored: ObjectRef,
    source: Path,
) -> None:
    asked: list[bytes] = []
    kms_wire.rule(
        "kms:Decrypt", lambda e: (asked.append(e.body()), e.send(e.forward()))[1], times=None
    )
    listed = open_session(replace(connection, allowed_keys=(kms_key,)), credentials, HURRIED)

    comes_back(listed, stored, source)

    assert [json.loads(body)["KeyId"] for body in asked] == [kms_key]


def json_changed(**values: Any) -> Fault:
    def change(found: Answer) -> Answer:
        return found.with_body(json.dumps({**json.loads(found.body), **values}).encode())

    return faults.changed(change)


def test_an_answer_of_another_key_is_refused_before_the_body_is_fetched(
    connection: Connection,
    credentials: Credentials,
    kms_wire: FaultProxy,
    kms_key: str,
    stored: ObjectRef,
    tmp_path: Path,
    wire: FaultProxy,
) -> None:
    foreign = "arn:aws:kms:us-east-1:999999999999:key/11111111-2222-3333-4444-555555555555"
    kms_wire.rule("kms:Decrypt", json_changed(KeyId=foreign), times=None)

    for allowed in ((), (kms_key,)):
        session = open_session(replace(connection, allowed_keys=allowed), credentials, HURRIED)
        assert type(download_error(session, stored, tmp_path, wire)) is NotAllowed


def test_a_wrong_data_key_is_refused_by_the_commitment_before_the_body_is_fetched(
    session: Session, kms_wire: FaultProxy, stored: ObjectRef, tmp_path: Path, wire: FaultProxy
) -> None:
    wrong = base64.b64encode(bytes(32)).decode()
    kms_wire.rule("kms:Decrypt", json_changed(Plaintext=wrong), times=None)

    assert type(download_error(session, stored, tmp_path, wire)) is Tampered


def test_no_upload_is_created_when_kms_gives_no_key(
    session: Session,
    wire: FaultProxy,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
) -> None:
    kms_wire.rule("kms:GenerateDataKey", faults.reset, times=None)

    error = upload_error(session, make_file(tmp_path, TWO_PARTS), bucket, kms_key)

    assert isinstance(error, Unreachable)
    assert wire.operations() == []
    assert keys(s3, bucket) == []
    assert open_uploads(s3, bucket) == []


def test_a_key_drawn_under_another_key_is_not_used(
    session: Session,
    wire: FaultProxy,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    source: Path,
) -> None:
    foreign = "arn:aws:kms:us-east-1:999999999999:key/11111111-2222-3333-4444-555555555555"
    kms_wire.rule("kms:GenerateDataKey", json_changed(KeyId=foreign), times=None)

    assert type(upload_error(session, source, bucket, kms_key)) is NotAllowed
    assert wire.operations() == []


def test_a_web_page_is_never_taken_for_kms(
    session: Session, wire: FaultProxy, kms_wire: FaultProxy, stored: ObjectRef, tmp_path: Path
) -> None:
    kms_wire.rule("kms:Decrypt", faults.web_page(), times=None)

    error = download_error(session, stored, tmp_path, wire)

    assert isinstance(error, Unreachable)
    assert error.title == "Something else answered instead of AWS KMS"
