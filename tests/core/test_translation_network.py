"""What goes wrong on the way to AWS, before real clients and real sockets."""

from __future__ import annotations

import errno
import socket
import ssl
from pathlib import Path
from typing import Any

import botocore.exceptions as aws
import pytest
import urllib3.exceptions
from botocore.session import Session

from cse_desktop.core.errors import (
    CseError,
    InvalidInput,
    NotTrusted,
    ServiceError,
    SignInNeeded,
    Unreachable,
)
from tests.foreign import (
    SECRET,
    answering,
    client,
    http_answer,
    raising,
    self_signed,
    translated,
)


def test_answer_that_echoes_secrets_is_not_shown() -> None:
    xml = (
        "<Error><Code>SignatureDoesNotMatch</Code><Message>no match for SIGNATURE</Message>"
        "<AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId><StringToSign>STRINGTOSIGN</StringToSign>"
        "<SignatureProvided>SIGNATURE</SignatureProvided><RequestId>REQ-1</RequestId></Error>"
    )
    with answering(http_answer("403 Forbidden", xml, x_amz_request_id="REQ-1")) as url:
        error = translated(lambda: client("s3", url).get_object(Bucket="b", Key="k"))

    assert "REQ-1" in error.details
    for secret in ("SIGNATURE", "AKIA", "STRING", SECRET):
        assert secret not in f"{error} {error.details} {error!r} {error.args}"


def test_sign_in_page_of_a_network_is_not_taken_for_s3() -> None:
    page = "<html><body><br>Welcome to our hotel</body></html>"
    with answering(http_answer("200 OK", page, Content_Type="text/html")) as url:
        error = translated(lambda: client("s3", url).list_buckets(), "s3:ListAllMyBuckets")

    assert type(error) is Unreachable
    assert error.title == "Something else answered instead of Amazon S3"


def test_web_page_of_a_proxy_is_not_taken_for_an_overloaded_s3() -> None:
    page = http_answer("502 Bad Gateway", "<html>no</html>", Content_Type="text/html; charset=x")
    with answering(page) as url:
        error = translated(client("s3", url).list_buckets)

    assert error.title == "Something else answered instead of Amazon S3"


def test_refused_connection_names_the_service_and_the_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = translated(
        lambda: client("kms", f"http://127.0.0.1:{port}").list_keys(), "kms:ListKeys"
    )

    assert type(error) is Unreachable
    assert error.title == "Can't reach AWS KMS"
    assert "Host: 127.0.0.1" in error.details


def test_silent_server_is_a_time_out() -> None:
    with answering(None) as url:
        error = translated(lambda: client("s3", url).list_buckets())

    assert type(error) is Unreachable
    assert error.title == "Amazon S3 does not answer"


def test_connection_cut_before_the_answer_broke_off() -> None:
    with answering(b"") as url:
        error = translated(lambda: client("s3", url).list_buckets())

    assert error.title == "The connection to Amazon S3 broke off"


def test_body_cut_short_broke_off() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nonly this"
    with answering(cut) as url:
        body = client("s3", url).get_object(Bucket="b", Key="k")["Body"]
        error = translated(body.read)

    assert type(error) is Unreachable
    assert error.title == "The connection to Amazon S3 broke off"


def test_certificate_nobody_vouches_for_is_named(tmp_path: Path) -> None:
    with answering(b"", self_signed(tmp_path)) as url:
        error = translated(lambda: client("s3", url).list_buckets())

    assert type(error) is NotTrusted
    assert error.title == "The secure connection to Amazon S3 could not be made"
    assert "Certificate: self-signed certificate" in error.details


def test_bucket_name_that_boto_refuses_is_invalid_input() -> None:
    error = translated(lambda: client("s3", "http://127.0.0.1:1").list_objects_v2(Bucket="a b"))

    assert type(error) is InvalidInput


def test_missing_profile_is_named() -> None:
    error = translated(lambda: Session(profile="no-such-profile").create_client("s3"), "sign in")

    assert type(error) is SignInNeeded
    assert "Profile: no-such-profile" in error.details


def test_missing_credentials_ask_to_sign_in() -> None:
    nobody: Any = Session().create_client("s3", region_name="eu-central-1")

    assert type(translated(nobody.list_buckets, "s3:ListAllMyBuckets")) is SignInNeeded


def test_missing_region_is_named() -> None:
    error = translated(lambda: Session().create_client("kms"), "sign in")

    assert error.title == "The connection has no Region"


@pytest.mark.parametrize(
    ("foreign", "kind", "words"),
    [
        (aws.UnauthorizedSSOTokenError(), SignInNeeded, "Sign in to continue"),
        (aws.SSOTokenLoadError(error_msg=SECRET), SignInNeeded, "Sign in to continue"),
        (aws.TokenRetrievalError(provider="sso", error_msg=SECRET), SignInNeeded, "Sign in"),
        (aws.CredentialRetrievalError(provider="p", error_msg=SECRET), SignInNeeded, "credentials"),
        (aws.PartialCredentialsError(provider="p", cred_var="v"), SignInNeeded, "credentials"),
        (aws.ProxyConnectionError(proxy_url=f"http://u:{SECRET}@p:1"), Unreachable, "proxy"),
        (aws.FlexibleChecksumError(error_msg="x"), Unreachable, "damaged on the way"),
        (aws.IncompleteReadError(actual_bytes=1, expected_bytes=2), Unreachable, "broke off"),
        (
            aws.EndpointConnectionError(
                endpoint_url=f"https://s3.test/k?X-Amz-Signature={SECRET}", error=socket.gaierror()
            ),
            Unreachable,
            "Can't reach",
        ),
        (aws.SSLError(endpoint_url="x", error=ssl.SSLEOFError()), Unreachable, "broke off"),
        (aws.ConfigParseError(path="x"), InvalidInput, "settings"),
        (aws.BotoCoreError(), ServiceError, "does not know"),
        (urllib3.exceptions.ProtocolError("x", ConnectionResetError()), Unreachable, "broke off"),
        (urllib3.exceptions.ReadTimeoutError(None, "x", "x"), Unreachable, "does not answer"),  # type: ignore[arg-type]
        (socket.gaierror(-2, "x"), Unreachable, "Can't reach"),
        (ConnectionResetError(errno.ECONNRESET, "x"), Unreachable, "broke off"),
        (TimeoutError("x"), Unreachable, "does not answer"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_exception_of_the_library_has_its_sentence_and_no_secret(
    foreign: Exception, kind: type[CseError], words: str
) -> None:
    error = translated(raising(foreign))

    assert type(error) is kind
    assert words in error.title
    assert SECRET not in f"{error} {error.details}"
