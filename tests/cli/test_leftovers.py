"""`cse leftovers` shows what was begun and never ended, and ends it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Cse


def begin(s3: Any, bucket: str, key: str, *bodies: bytes) -> str:
    upload_id = str(s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"])
    for number, body in enumerate(bodies, 1):
        s3.upload_part(Bucket=bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=body)
    return upload_id


def open_keys(s3: Any, bucket: str) -> list[str]:
    return [u["Key"] for u in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


def test_leftovers_are_listed_with_size_and_age(cse: Cse, s3: Any, bucket: str) -> None:
    upload_id = begin(s3, bucket, "a/one", bytes(1000), bytes(500))
    begin(s3, bucket, "b/two")

    ran = cse("leftovers", f"s3://{bucket}/a/", "--json")

    assert ran.code == 0
    [found] = ran.named("leftover")
    assert (found["place"], found["upload_id"]) == (f"s3://{bucket}/a/one", upload_id)
    assert (found["parts"], found["size"]) == (2, 1500)
    assert f"s3://{bucket}/b/two" in cse("leftovers", f"s3://{bucket}/").out
    assert sorted(open_keys(s3, bucket)) == ["a/one", "b/two"]
    for key in ("a/one", "b/two"):
        assert cse("leftovers", f"s3://{bucket}/{key}", "--abort").code == 0


# moto says of each upload that it was begun in 2010.
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_old_leftovers_are_aborted_and_young_ones_stay(cse: Cse, s3: Any, bucket: str) -> None:
    begin(s3, bucket, "young", bytes(10))

    assert cse("leftovers", f"s3://{bucket}/", "--abort", "--older-than", "7d").code == 0
    assert open_keys(s3, bucket) == ["young"]

    [shown] = cse("leftovers", f"s3://{bucket}/", "--json").named("leftover")
    assert 0 <= shown["age_s"] < 120
    ran = cse("leftovers", f"s3://{bucket}/", "--abort", "--json")
    assert [event["place"] for event in ran.named("aborted")] == [f"s3://{bucket}/young"]
    assert open_keys(s3, bucket) == []
