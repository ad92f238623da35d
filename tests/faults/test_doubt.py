"""What S3 did while a cancel was on its way is found out by looking, on any server."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import leaving, sending, transfer, uploads
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.core.session import Session
from tests.faults.acts import TWO_PARTS, comes_back, keys, make_file, open_uploads
from tests.faults.proxy import Exchange, FaultProxy, wait_until


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return make_file(tmp_path, TWO_PARTS)


def test_an_upload_that_s3_completed_before_the_cancel_is_a_success(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    cancel, left = CancelToken(), threading.Event()

    def answer_later(exchange: Exchange) -> None:
        answer = exchange.forward()
        cancel.cancel()
        left.wait(30)
        exchange.send(answer)

    wire.rule("CompleteMultipartUpload", answer_later)
    ref = ObjectRef(bucket, "x")
    done = transfer.upload(session, large, ref, kms_key, {}, cancel=cancel)
    left.set()

    assert cancel.is_cancelled
    assert done.stored.etag == session.store.head(ref).etag
    assert open_uploads(s3, bucket) == []
    comes_back(session, ref, large)


@pytest.mark.logs_warnings
def test_an_upload_that_is_completed_after_its_abort_stores_nothing(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, large: Path, s3: Any
) -> None:
    cancel, left, late = CancelToken(), threading.Event(), []

    def complete_later(exchange: Exchange) -> None:
        exchange.body()
        cancel.cancel()
        left.wait(30)
        late.append(exchange.forward().head.start)
        exchange.fin()

    wire.rule("CompleteMultipartUpload", complete_later)
    with pytest.raises(Cancelled) as raised:
        transfer.upload(session, large, ObjectRef(bucket, "x"), kms_key, {}, cancel=cancel)
    assert not raised.value.is_in_doubt
    assert open_uploads(s3, bucket) == []
    left.set()
    wait_until(lambda: bool(late), 30)

    assert " 200 " not in late[0]  # moto says 500, the others 404
    assert keys(s3, bucket) == []


def test_a_cancel_on_a_silent_network_takes_less_than_five_seconds() -> None:
    """By the numbers: those of test_leaving.py end because of them."""
    waits = (
        leaving.LOOK_AROUND_S + leaving.GRACE_S,
        uploads._ABORT_WHEN_CANCELLED_S + leaving.LOOK_AROUND_S,
        sending._LOOK_WHEN_CANCELLED_S + leaving.LOOK_AROUND_S,
    )
    assert sum(waits) < 5
