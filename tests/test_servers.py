"""The servers the other tests stand on."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import servers


def test_object_comes_back(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="a/ö", Body=b"body", Metadata={"x-amz-c": "115"})
    answer = s3.get_object(Bucket=bucket, Key="a/ö")
    with answer["Body"] as body:
        assert body.read() == b"body"
    assert answer["Metadata"]["x-amz-c"] == "115"


def test_data_key_opens_under_its_context_only(kms: Any, kms_key: str) -> None:
    drawn = kms.generate_data_key(
        KeyId=kms_key, KeySpec="AES_256", EncryptionContext={"purpose": "payroll"}
    )
    opened = kms.decrypt(
        CiphertextBlob=drawn["CiphertextBlob"], EncryptionContext={"purpose": "payroll"}
    )
    assert opened["Plaintext"] == drawn["Plaintext"]
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        kms.decrypt(CiphertextBlob=drawn["CiphertextBlob"], EncryptionContext={"purpose": "x"})


def test_seaweedfs_refuses_a_wrong_secret(weed_url: str) -> None:
    stranger = servers.client("s3", weed_url, secret_key="wrong")
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        stranger.list_buckets()
    stranger.close()


def test_bucket_that_does_not_exist_is_not_made(s3: Any) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.put_object(Bucket="never-made", Key="k", Body=b"")
