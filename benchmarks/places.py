"""Where the benchmarks run: servers on loopback, a certificate authority to throw away."""

from __future__ import annotations

import contextlib
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.fast_kms import KEY_ARN
from tests import servers
from tests.faults.certificates import Authority


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tool transfers to and from.

    Attributes:
        name: for the table.
        ca: a file to trust.
    """

    name: str
    s3: str
    kms: str
    ca: Path
    bucket: str
    kms_key: str = KEY_ARN

    @property
    def env(self) -> dict[str, str]:
        """What the tools need to know."""
        return {
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
            "AWS_DEFAULT_REGION": servers.REGION,
            "AWS_REGION": servers.REGION,
            "AWS_CA_BUNDLE": str(self.ca),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SSL_CERT_FILE": str(self.ca),
        }


class Certificates:
    """One authority and one certificate for 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        authority = Authority(folder)
        authority.server("127.0.0.1", ends=timedelta(days=1))
        self.ca = authority.file
        self.server = next(folder.glob("server-*.pem"))
        # SeaweedFS wants key and certificate in two files; each reads its part of this one.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.server)


def boto_client(place: Place) -> Any:
    """A client for preparing and clearing up."""
    return boto3.client(
        "s3",
        endpoint_url=place.s3,
        region_name=servers.REGION,
        aws_access_key_id=servers.ACCESS_KEY,
        aws_secret_access_key=servers.SECRET_KEY,
        verify=str(place.ca),
        config=Config(s3={"addressing_style": "path"}),
    )


@contextlib.contextmanager
def running(*words: str) -> Iterator[None]:
    """A server of ours in processes of its own, until the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{words[0]} did not start")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def null_s3(
    folder: Path, certificates: Certificates | None, latency_ms: float = 0
) -> Iterator[str]:
    """The null sink; its address."""
    folder.mkdir(exist_ok=True)
    port = str(servers.free_port())
    words = ["benchmarks.null_s3", port, str(folder), "--latency-ms", str(latency_ms)]
    if certificates:
        words += ["--cert", str(certificates.server)]
    with running(*words):
        yield f"{'https' if certificates else 'http'}://127.0.0.1:{port}"


@contextlib.contextmanager
def fast_kms(latency_ms: float = 0) -> Iterator[str]:
    """KMS and STS; its address."""
    port = str(servers.free_port())
    with running("benchmarks.fast_kms", port, "--latency-ms", str(latency_ms)):
        yield f"http://127.0.0.1:{port}"
