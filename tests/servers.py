"""Real servers on loopback: moto for S3, KMS and STS; SeaweedFS for S3 as a second opinion.

moto knows KMS but takes any secret key and any checksum; SeaweedFS checks both, has no KMS, and
keeps the bodies on disk. Between them they refuse what Amazon refuses.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from moto.server import ThreadedMotoServer

from tests import moto_state

ACCESS_KEY = "AKIACSEDESKTOPTESTS0"
SECRET_KEY = "a-secret-that-opens-nothing"
REGION = moto_state.REGION
ACCOUNT = moto_state.ACCOUNT

# The threads of moto: one that listens, one for each connection a client keeps open. And those of
# the proxies of tests/faults.
SERVER_THREADS = ("_server_entry", "process_request_thread", "fault-proxy")

_WEED_STARTS_WITHIN_S = 90
_WEED_ATTEMPTS = 3
# SeaweedFS takes port + 10,000 for each port. Both stay below the range from which the kernel
# gives out ports to clients (32768 and up), so that no connection can sit on one by chance.
_LOWEST_PORT, _HIGHEST_PORT, _GRPC_OFFSET = 11_000, 22_000, 10_000
_HTTPS_OFFSET = 200  # from the port of plain http
# Ends SeaweedFS with the tests, however they end: when this process goes away, stdin closes.
_WEED_KEEPER = '{ "$@" >log 2>&1; : >gone; } & read _; kill -9 0'


def client(service: str, url: str, *, secret_key: str = SECRET_KEY) -> Any:
    """A plain boto3 client, to look behind the program's back; the caller closes it."""
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=secret_key,
        config=Config(retries={"max_attempts": 2}, s3={"addressing_style": "path"}),
    )


@contextlib.contextmanager
def moto() -> Iterator[str]:
    """S3, KMS and STS in a thread of this process."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextlib.contextmanager
def seaweed(home: Path, certificate: Path | None = None) -> Iterator[str]:
    """S3 in an own process; its data go with it.

    Args:
        home: an empty folder, removed at the end.
        certificate: with its key, of a server that is to speak TLS at one port more.
    """
    process, url = _start_seaweed(home, certificate)
    try:
        yield url
    finally:
        _end(process)
        shutil.rmtree(home, ignore_errors=True)


def empty_bucket(s3: Any, bucket: str) -> None:
    """Remove a bucket with all versions, delete markers and unfinished uploads."""
    if moto_state.drop_bucket(bucket):
        return
    for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
        s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    # All pages first: moto loses its place when what it has listed goes away.
    for page in [*s3.get_paginator("list_object_versions").paginate(Bucket=bucket)]:
        entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        if entries:
            doomed = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": doomed, "Quiet": True})
    s3.delete_bucket(Bucket=bucket)


def https_of(url: str) -> str:
    """Where the SeaweedFS at `url` speaks TLS, if it was given a certificate."""
    host, _, port = url.removeprefix("http://").partition(":")
    return f"https://{host}:{int(port) + _HTTPS_OFFSET}"


def free_port() -> int:
    """A port on loopback that nobody has."""
    return _free_ports(1)[0]


def _start_seaweed(
    home: Path, certificate: Path | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    for attempt in range(_WEED_ATTEMPTS):
        folder = home / str(attempt)
        folder.mkdir(parents=True)
        ports = _free_ports(5)
        process = subprocess.Popen(
            ["/bin/sh", "-c", _WEED_KEEPER, "seaweed", *_seaweed_command(ports, certificate)],
            stdin=subprocess.PIPE,
            cwd=folder,
            env=os.environ
            | {
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "GOMEMLIMIT": "600MiB",
            },
            start_new_session=True,
        )
        url = f"http://127.0.0.1:{ports[0]}"
        try:
            if _answers(url, folder):
                return process, url
        except BaseException:
            _end(process)
            raise
        _end(process)
    log = (folder / "log").read_text(errors="replace")
    raise RuntimeError(f"SeaweedFS did not start:\n{log[-3000:]}")


def _seaweed_command(ports: list[int], certificate: Path | None = None) -> list[str]:
    s3, master, volume, filer, admin = ports
    program = Path(sys.executable).with_name("weed")
    secure = [
        f"-s3.port.https={s3 + _HTTPS_OFFSET}",
        f"-s3.cert.file={certificate}",
        f"-s3.key.file={certificate}",
    ]
    return [
        str(program),
        "mini",
        "-dir=.",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.port={s3}",
        f"-master.port={master}",
        f"-volume.port={volume}",
        f"-filer.port={filer}",
        f"-admin.port={admin}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",
        "-s3.localSocket=s3.sock",
        "-filer.localSocket=filer.sock",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=1024",
        *(secure if certificate else ()),
    ]


def _free_ports(count: int) -> list[int]:
    ports: list[int] = []
    choice = random.SystemRandom()  # pytest-randomly seeds the common one alike in all workers
    while len(ports) < count:
        port = choice.randrange(_LOWEST_PORT, _HIGHEST_PORT)
        if port not in ports and _is_free(port) and _is_free(port + _GRPC_OFFSET):
            ports.append(port)
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str, folder: Path) -> bool:
    """Whether a signed PUT is answered; the open port and /status say yes too early."""
    s3 = client("s3", url)
    deadline = time.monotonic() + _WEED_STARTS_WITHIN_S
    try:
        while time.monotonic() < deadline and not (folder / "gone").exists():
            with contextlib.suppress(ClientError, BotoCoreError):
                with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
                    s3.create_bucket(Bucket="first")
                s3.put_object(Bucket="first", Key="k", Body=b"x")
                s3.delete_object(Bucket="first", Key="k")
                s3.delete_bucket(Bucket="first")
                return True
            time.sleep(0.1)
    finally:
        s3.close()
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    # On SIGTERM it would think for ten seconds how to leave its data, which nobody wants.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()
