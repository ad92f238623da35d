"""Ctrl-C and SIGTERM while bytes flow: exit code 130, and nothing left open or lying about.

How fast a transfer is decides nothing here: its first part goes through, the others wait at a gate
of the proxy, so whatever happens meanwhile happens in the middle of it.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.faults.acts import THREE_PARTS
from tests.faults.proxy import Exchange

MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A sparse file of several parts."""
    path = tmp_path / "in" / "big.bin"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(THREE_PARTS)
    return path


@pytest.fixture
def held_parts(wire):
    """All parts but the first wait."""
    return wire.hold("UploadPart", fits=lambda request: request.part > 1)


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


@pytest.mark.parametrize(
    ("s3_url", "signals"),
    [
        ("moto", [signal.SIGINT]),
        ("seaweedfs", [signal.SIGINT]),
        ("moto", [signal.SIGTERM]),
        ("moto", [signal.SIGINT] * 3),
    ],
    indirect=["s3_url"],
)
def test_an_interrupted_upload_leaves_no_open_upload(
    start_cse, held_parts, s3, bucket, kms_key, big, signals
):
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    wait_for_bytes(process)
    for number in signals:
        process.send_signal(number)

    code, summary = end(process)

    assert code == 130
    assert (summary["cancelled"], summary["exit_code"]) == (1, 130)
    assert open_uploads(s3, bucket) == []
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@MOTO
def test_an_interrupted_download_leaves_no_file(
    start_cse, cse, wire, bucket, kms_key, big, tmp_path
):
    assert cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key).code == 0
    (tmp_path / "out").mkdir()
    wire.hold("GetObject", fits=lambda request: "=0-" not in request.head.get("range"))

    process = start_cse("get", f"s3://{bucket}/big.bin", tmp_path / "out", "--json")
    wait_for_bytes(process)
    process.send_signal(signal.SIGINT)
    code, summary = end(process)

    assert code == 130
    assert summary["cancelled"] == 1
    assert list((tmp_path / "out").iterdir()) == []


def open_uploads(s3, bucket):
    return s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])


@MOTO
def test_output_that_nobody_reads_any_more_ends_the_uploads(
    start_cse, held_parts, s3, bucket, kms_key, big
):
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    wait_for_bytes(process)
    process.stdout.close()
    with process.stderr as stderr:
        assert stderr.read() == ""

    assert process.wait(timeout=120) == 141
    assert open_uploads(s3, bucket) == []
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is full")
@MOTO
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


@MOTO
def test_a_third_interruption_ends_a_program_that_cannot_take_back_what_it_did(
    start_cse, wire, held_parts, bucket, kms_key, big
):
    # A request that a cancel waits for: nothing is known to be begun before its answer.
    taking_back = wire.hold("AbortMultipartUpload")
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    wait_for_bytes(process)
    process.send_signal(signal.SIGINT)
    taking_back.wait_for_request()
    process.send_signal(signal.SIGINT)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    out, err = process.communicate()

    assert process.returncode == 130
    assert "summary" not in out
    assert "Traceback" not in err


@MOTO
def test_an_interruption_waits_a_moment_for_an_upload_that_is_about_to_begin(
    start_cse, wire, s3, bucket, kms_key, big
):
    answered = threading.Event()
    is_asked = threading.Event()

    def answer_late(exchange: Exchange) -> None:
        answer = exchange.forward()
        is_asked.set()
        exchange.wait_for(answered)
        exchange.send(answer)

    wire.rule("CreateMultipartUpload", answer_late)
    process = start_cse("put", big, f"s3://{bucket}/", "--kms-key", kms_key)
    assert is_asked.wait(60)
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline().startswith("Stopping.")
    answered.set()
    _, err = process.communicate(timeout=120)

    assert process.returncode == 130
    assert "1 cancelled" in err
    assert wire.count("AbortMultipartUpload") == 1
    assert open_uploads(s3, bucket) == []
