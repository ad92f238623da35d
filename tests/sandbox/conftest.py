"""One sandbox for the tests that only look; a test that stops or changes one starts its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from cse_desktop import sandbox
from cse_desktop.core.session import Credentials, Session, open_session
from cse_desktop.sandbox import Sandbox


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox as it is after its start."""
    with sandbox.start(tmp_path_factory.mktemp("sandbox-home")) as started:
        yield started


@pytest.fixture(scope="session")
def session(box: Sandbox) -> Session:
    """Signed in to the sandbox."""
    return open_session(box.connection, box.credentials)


@pytest.fixture(scope="session")
def raw_kms(box: Sandbox) -> Iterator[Any]:
    """A plain boto3 client on the sandbox's KMS."""
    client = plain_client("kms", box, box.credentials)
    yield client
    client.close()


@pytest.fixture(scope="session")
def raw_s3(box: Sandbox) -> Iterator[Any]:
    """A plain boto3 client on the sandbox's S3."""
    client = plain_client("s3", box, box.credentials)
    yield client
    client.close()


def plain_client(service: str, box: Sandbox, credentials: Credentials) -> Any:
    """A boto3 client that knows nothing of this program; the caller closes it."""
    return boto3.client(
        service,
        endpoint_url=box.connection.s3_endpoint,
        region_name=box.connection.region,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        config=Config(retries={"max_attempts": 1}, proxies={}),
    )
