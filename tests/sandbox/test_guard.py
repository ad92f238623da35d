from __future__ import annotations

import http.client
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cse_desktop.core.errors import CseError, SignInNeeded
from cse_desktop.core.session import Credentials, open_session
from cse_desktop.sandbox import Sandbox
from tests.sandbox.conftest import plain_client

ODD_KEYS = ["a b+c%20d&e=f~g*h'(i)!", "ä/ö/漢字.txt", "a//b", "./../x", "trailing/", "q?x=1#y"]


def wrong(credentials: Credentials) -> dict[str, Credentials]:
    return {
        "key": replace(credentials, access_key="AKIAIOSFODNN7EXAMPLE"),
        "secret": replace(credentials, secret_key="wrong"),
    }


@pytest.mark.parametrize(
    ("service", "operation", "which", "code"),
    [
        ("s3", "list_buckets", "key", "InvalidAccessKeyId"),
        ("s3", "list_buckets", "secret", "SignatureDoesNotMatch"),
        ("kms", "list_keys", "key", "UnrecognizedClientException"),
        ("kms", "list_keys", "secret", "InvalidSignatureException"),
        ("sts", "get_caller_identity", "key", "InvalidClientTokenId"),
        ("sts", "get_caller_identity", "secret", "SignatureDoesNotMatch"),
    ],
)
def test_requests_of_others_are_refused_as_by_aws(
    box: Sandbox, service: str, operation: str, which: str, code: str
) -> None:
    client = plain_client(service, box, wrong(box.credentials)[which])
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)()
    client.close()
    assert refused.value.response["Error"]["Code"] == code


@pytest.mark.parametrize("which", ["key", "secret"])
def test_the_program_asks_to_sign_in(box: Sandbox, which: str) -> None:
    session = open_session(box.connection, wrong(box.credentials)[which])
    with pytest.raises(SignInNeeded):
        session.store.buckets()
    with pytest.raises(CseError):
        session.keys.list()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/sandbox-samples/welcome.txt"),
        ("POST", "/moto-api/reset"),
        ("GET", "/moto-api/"),
        ("GET", "/latest/meta-data/"),
        ("OPTIONS", "/sandbox-samples/welcome.txt"),
    ],
)
def test_a_request_without_signature_gets_nothing(box: Sandbox, method: str, path: str) -> None:
    connection = http.client.HTTPConnection(box.connection.s3_endpoint.removeprefix("http://"))
    connection.request(method, path, headers={"Origin": "http://example.com"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 403
    assert b"AccessDenied" in body
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith("access-c")]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_signature_over_odd_names_is_understood(raw_s3: Any, key: str) -> None:
    raw_s3.put_object(Bucket="sandbox-inbox", Key=key, Body=b"x")
    assert raw_s3.get_object(Bucket="sandbox-inbox", Key=key)["Body"].read() == b"x"
    listed = raw_s3.list_objects_v2(Bucket="sandbox-inbox", Prefix=key)["Contents"]
    assert [entry["Key"] for entry in listed] == [key]
    raw_s3.delete_object(Bucket="sandbox-inbox", Key=key)


def test_many_requests_share_one_connection(box: Sandbox) -> None:
    connection = http.client.HTTPConnection(box.connection.s3_endpoint.removeprefix("http://"))
    connection.connect()
    first = connection.sock
    for body in (b"", b"left unread" * 100_000, b"again"):
        connection.request("PUT", "/sandbox-inbox/x", body=body)
        assert connection.getresponse().read()
    assert connection.sock is first
    connection.close()
