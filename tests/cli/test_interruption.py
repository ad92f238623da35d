"""Ctrl-C and SIGTERM while bytes flow: exit code 130, and nothing left open or lying about."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

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
