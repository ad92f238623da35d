from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from awscrt.checksums import crc64nvme
from botocore.exceptions import ClientError

from cse_desktop import sandbox
from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import open_session
from cse_desktop.sandbox import Sandbox

INBOX = "sandbox-inbox"
PART = 5 * 1024 * 1024


def put_in_parts(s3: Any, key: str, parts: list[bytes]) -> dict[str, Any]:
    upload = s3.create_multipart_upload(
        Bucket=INBOX, Key=key, ChecksumAlgorithm="CRC64NVME", Metadata={"x": "y"}
    )["UploadId"]
    done = []
    for number, body in enumerate(parts, 1):
        answer = s3.upload_part(
            Bucket=INBOX, Key=key, UploadId=upload, PartNumber=number, Body=body
        )
        done.append({"PartNumber": number, "ETag": answer["ETag"]})
    return dict(
        s3.complete_multipart_upload(
            Bucket=INBOX, Key=key, UploadId=upload, MultipartUpload={"Parts": done}
        )
    )


@pytest.fixture
def large(raw_s3: Any) -> Any:
    parts = [os.urandom(PART), os.urandom(PART + 1), os.urandom(17)]
    answer = put_in_parts(raw_s3, "large", parts)
    yield b"".join(parts), answer["ETag"]
    raw_s3.delete_object(Bucket=INBOX, Key="large")


def test_parts_become_one_object(raw_s3: Any, large: Any) -> None:
    content, etag = large
    answer = raw_s3.get_object(Bucket=INBOX, Key="large")
    assert answer["Body"].read() == content
    assert answer["ETag"] == etag
    assert etag.endswith('-3"')
    assert answer["ContentLength"] == len(content)
    assert answer["Metadata"] == {"x": "y"}


def test_the_checksum_of_the_whole_is_kept(raw_s3: Any, large: Any) -> None:
    content, _ = large
    head = raw_s3.head_object(Bucket=INBOX, Key="large", ChecksumMode="ENABLED")
    assert head["ChecksumCRC64NVME"].rstrip("=")
    assert int.from_bytes(base64.b64decode(head["ChecksumCRC64NVME"])) == crc64nvme(content)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=5242879-5242880", slice(PART - 1, PART + 1)),
        ("bytes=10485760-99999999", slice(2 * PART, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=7-", slice(7, None)),
    ],
)
def test_a_range_is_answered_with_its_bytes(
    raw_s3: Any, large: Any, asked: str, expected: slice
) -> None:
    content, etag = large
    answer = raw_s3.get_object(Bucket=INBOX, Key="large", Range=asked, IfMatch=etag)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert answer["Body"].read() == content[expected]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"Range": "bytes=99999999-"}, "InvalidRange"),
        ({"IfMatch": '"other"'}, "PreconditionFailed"),
        ({"Key": "missing"}, "NoSuchKey"),
        ({"Bucket": "no-such-bucket"}, "NoSuchBucket"),
    ],
)
@pytest.mark.usefixtures("large")
def test_a_get_that_cannot_be_answered_says_why(
    raw_s3: Any, more: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        raw_s3.get_object(**{"Bucket": INBOX, "Key": "large", **more})
    assert refused.value.response["Error"]["Code"] == code


def test_a_missing_part_is_refused(raw_s3: Any) -> None:
    upload = raw_s3.create_multipart_upload(Bucket=INBOX, Key="m")["UploadId"]
    with pytest.raises(ClientError) as refused:
        raw_s3.complete_multipart_upload(
            Bucket=INBOX,
            Key="m",
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"x"'}]},
        )
    raw_s3.abort_multipart_upload(Bucket=INBOX, Key="m", UploadId=upload)
    assert refused.value.response["Error"]["Code"] == "InvalidPart"


def test_a_large_file_makes_the_round_trip_without_filling_memory(tmp_path: Path) -> None:
    source = tmp_path / "large.bin"
    with source.open("wb") as file:
        for _ in range(120):
            file.write(os.urandom(1 << 20))
    with sandbox.start(tmp_path / "home") as box:
        session = open_session(box.connection, box.credentials)
        before = peak_bytes(box)
        transfer.upload(session, source, ObjectRef(INBOX, "large.bin"), "alias/sandbox", {})
        transfer.download(session, ObjectRef(INBOX, "large.bin"), tmp_path / "back.bin")
        grown = peak_bytes(box) - before
    assert (tmp_path / "back.bin").read_bytes() == source.read_bytes()
    # The bytes once, and what Python has not given back yet; moto alone takes four times as much.
    assert grown < 2 * source.stat().st_size


def test_an_object_can_be_replaced_and_deleted(raw_s3: Any) -> None:
    for body in (b"one", b"the second"):
        raw_s3.put_object(Bucket=INBOX, Key="small", Body=body)
        assert raw_s3.get_object(Bucket=INBOX, Key="small")["Body"].read() == body
    raw_s3.delete_object(Bucket=INBOX, Key="small")
    with pytest.raises(ClientError):
        raw_s3.get_object(Bucket=INBOX, Key="small")


def peak_bytes(box: Sandbox) -> int:
    lines = Path(f"/proc/{box._state.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024
