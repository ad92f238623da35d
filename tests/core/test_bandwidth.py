"""Transfers together keep to a rate. Only lower bounds are timed: slow machines meet them."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.bandwidth import BURST_S, Allowance
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.core.session import Connection, Credentials
from cse_desktop.jobs.sessions import Sessions

MB = 1_000_000


def test_threads_together_get_the_rate_and_no_more() -> None:
    allowance, token = Allowance(MB), CancelToken()

    def move() -> None:
        for _ in range(10):
            allowance.take(10_000, token)

    begun = time.monotonic()
    threads = [threading.Thread(target=move) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - begun >= 0.4 - BURST_S - 0.02


def test_without_a_limit_nothing_waits_and_pieces_are_whole() -> None:
    allowance = Allowance()
    begun = time.monotonic()
    allowance.take(10**15, CancelToken())

    assert time.monotonic() - begun < 60
    assert allowance.piece(256 * 1024) == 256 * 1024


def test_pieces_get_smaller_with_the_rate_so_that_no_connection_falls_silent() -> None:
    assert Allowance(100_000).piece(16_384) == 2_000
    assert Allowance(1).piece(16_384) == 1_024


def test_a_cancel_ends_the_waiting() -> None:
    allowance, token = Allowance(1), CancelToken()
    allowance.take(10_000, token)
    threading.Timer(0.1, token.cancel).start()

    with pytest.raises(Cancelled):
        allowance.take(10_000, token)


def test_a_new_limit_counts_at_once() -> None:
    allowance = Allowance(1)
    allowance.take(10**9, CancelToken())
    allowance.limit = 0

    allowance.take(10**9, CancelToken())


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_an_upload_and_its_download_keep_to_their_rates(
    connection: Connection, credentials: Credentials, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    sessions = Sessions()
    sessions.add(connection, credentials)
    session = sessions.get(connection.name)
    source, ref = tmp_path / "source", ObjectRef(bucket, "large")
    source.write_bytes(os.urandom(MB))
    sessions.bandwidth.up.limit, sessions.bandwidth.down.limit = 2 * MB, 4 * MB

    begun = time.monotonic()
    transfer.upload(session, source, ref, kms_key, {})
    up_s = time.monotonic() - begun
    begun = time.monotonic()
    transfer.download(session, ref, tmp_path / "back")
    down_s = time.monotonic() - begun

    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert up_s >= 0.5 - BURST_S - 0.02
    assert down_s >= 0.25 - BURST_S - 0.02


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_signature_over_the_body_costs_no_bandwidth(
    connection: Connection,
    credentials: Credentials,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Over plain http the body is read once more, to be signed.
    sessions = Sessions()
    sessions.add(connection, credentials)
    paid: list[int] = []
    monkeypatch.setattr(sessions.bandwidth.up, "take", lambda count, _cancel: paid.append(count))
    (tmp_path / "source").write_bytes(bytes(100_000))
    transfer.upload(
        sessions.get(connection.name), tmp_path / "source", ObjectRef(bucket, "k"), kms_key, {}
    )

    assert sum(paid) == 100_016
