"""Ctrl-C and SIGTERM while bytes flow: exit code 130, and nothing left open or lying about."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.faults.proxy import Exchange, FaultProxy

SIZE = 300 * 2**20


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A sparse file that takes seconds to send."""
    path = tmp_path / "in" / "big.bin"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(SIZE)
    return path


def wait_for_bytes(process: subprocess.Popen[str]) -> None:
    """Read the events until some bytes have arrived."""
    for line in process.stdout:
        event = json.loads(line)
        assert event["event"] not in ("summary", "error"), line
        if event["event"] == "progress" and event["done"] > 0:
            return
    pytest.fail(f"it ended early: {process.stderr.read()}")


def end(process: subprocess.Popen[str]) -> tuple[int, dict]:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err
    assert "Warning" not in err
    return process.returncode, json.loads(out.splitlines()[-1])


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT] * 3])
def test_an_interrupted_upload_leaves_no_open_upload(start_cse, s3, bucket, kms_key, big, signals):
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    wait_for_bytes(process)
    for number in signals:
        process.send_signal(number)

    code, summary = end(process)

    assert code == 130
    assert (summary["cancelled"], summary["exit_code"]) == (1, 130)
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_an_interrupted_download_leaves_no_file(start_cse, cse, bucket, kms_key, big, tmp_path):
    assert cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key).code == 0
    (tmp_path / "out").mkdir()

    process = start_cse("get", f"s3://{bucket}/big.bin", tmp_path / "out", "--json")
    wait_for_bytes(process)
    process.send_signal(signal.SIGINT)
    code, summary = end(process)

    assert code == 130
    assert summary["cancelled"] == 1
    assert list((tmp_path / "out").iterdir()) == []


def open_uploads(s3, bucket):
    return s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])


@pytest.mark.logs_warnings  # of moto, about the connections that are given up
def test_output_that_nobody_reads_any_more_ends_the_uploads(start_cse, s3, bucket, kms_key, big):
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    wait_for_bytes(process)
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == ""

    assert process.wait(timeout=120) == 141
    assert open_uploads(s3, bucket) == []
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
@pytest.mark.parametrize("options", [["--json"], []])
def test_output_to_a_full_disk_is_named(start_cse, s3, bucket, options):
    s3.put_object(Bucket=bucket, Key="x")
    with Path("/dev/full").open("w") as full:
        process = start_cse("ls", f"s3://{bucket}/", *options, stdout=full)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 7
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert options or "cse: The output could not be written" in err


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_third_interruption_ends_a_program_that_cannot_take_back_what_it_did(
    start_cse, where, s3_url, bucket, kms_key, big
):
    with closing(Ledger()) as ledger, FaultProxy(s3_url, ledger) as proxy:
        where[where.index(s3_url)] = proxy.url
        is_silent = threading.Event()

        def silence(exchange: Exchange) -> None:
            is_silent.set()
            exchange.wait(60)

        # A request that a cancel waits for: nothing is known to be begun before its answer.
        proxy.rule("AbortMultipartUpload", silence, times=None)
        process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
        wait_for_bytes(process)
        process.send_signal(signal.SIGINT)
        assert is_silent.wait(30)
        process.send_signal(signal.SIGINT)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        out, err = process.communicate()

    assert process.returncode == 130
    assert "summary" not in out
    assert "Traceback" not in err


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_an_interruption_waits_a_moment_for_an_upload_that_is_about_to_begin(
    start_cse, where, s3_url, s3, bucket, kms_key, big
):
    with closing(Ledger()) as ledger, FaultProxy(s3_url, ledger) as proxy:
        where[where.index(s3_url)] = proxy.url
        is_asked = threading.Event()

        def answer_late(exchange: Exchange) -> None:
            answer = exchange.forward()
            is_asked.set()
            exchange.wait(3)
            exchange.send(answer)

        proxy.rule("CreateMultipartUpload", answer_late)
        process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
        assert is_asked.wait(60)
        process.send_signal(signal.SIGINT)
        code, summary = end(process)

    assert (code, summary["cancelled"]) == (130, 1)
    assert proxy.count("AbortMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []
