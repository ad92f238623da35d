"""The official client as a judge, in a process and an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from tests import servers
from tests.interop.ruby import Ruby, ruby_clients

_HERE = Path(__file__).parent
_PYTHON = _HERE.parents[1] / ".venv-interop" / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object is, and the key and context that open it."""

    s3: str
    bucket: str
    key: str
    kms_key: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfficialClient:
    """Writes and reads with the official client."""

    process: subprocess.Popen[str]
    kms: str

    def put(self, file: Path, place: Place, version: int) -> None:
        """Encrypt and store a file in format V2 or V3."""
        self._ask("put", file, place, version)

    def get(self, file: Path, place: Place) -> None:
        """Fetch and decrypt an object into a file."""
        self._ask("get", file, place, 3)

    def _ask(self, what: str, file: Path, place: Place, version: int) -> None:
        task = {"do": what, "file": str(file), "kms": self.kms, "format": version}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(task | asdict(place)) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])


@pytest.fixture(scope="session")
def official(kms_url: str) -> Iterator[OfficialClient]:
    """The official client, which lives as long as the tests."""
    if not _PYTHON.exists():
        pytest.fail("the official client is not installed: run `scripts/setup interop` first")
    with subprocess.Popen(
        [_PYTHON, "-W", "ignore", _HERE / "official_client.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ
        | {
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
            "AWS_DEFAULT_REGION": servers.REGION,
        },
    ) as process:
        yield OfficialClient(process, kms_url)
        assert process.stdin is not None
        process.stdin.close()  # which ends it


@pytest.fixture(scope="session")
def ruby_process() -> Iterator[subprocess.Popen[str]]:
    """The Ruby clients, which live as long as the tests."""
    with ruby_clients() as process:
        yield process


@pytest.fixture
def ruby(
    ruby_process: subprocess.Popen[str], s3_url: str, kms_url: str, bucket: str, kms_key: str
) -> Ruby:
    """The Ruby clients, pointed at a bucket and a key."""
    where = {"s3": s3_url, "kms": kms_url, "bucket": bucket, "kms_key": kms_key}
    return Ruby(ruby_process, where)
