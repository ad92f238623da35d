"""Objects go both ways between this program and Amazon's own client."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.session import Session
from cse_desktop.core.store import ObjectRef
from tests import servers
from tests.interop.conftest import OfficialClient, Place

MIB = 1024 * 1024
SIZES = [0, 1, 15, 16, 17, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1]
ALL_SIZES = [*SIZES, 34 * MIB + 1]  # five parts: one of the four senders has two
CONTEXTS = [{}, {"department": "payroll", "Zone": "eu west/1", "a": ""}]
KEY = "folder/a name with spaces & ü.bin"

sizes = pytest.mark.parametrize("size", SIZES)
contexts = pytest.mark.parametrize("context", CONTEXTS, ids=["no-context", "context"])
on_seaweedfs = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)


@pytest.fixture
def plain(tmp_path: Path, size: int) -> Path:
    """A file of `size` bytes that do not compress or repeat."""
    file = tmp_path / "plain.bin"
    file.write_bytes(random.Random(size).randbytes(size))
    return file


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """Where the object is brought back to."""
    return tmp_path / "back.bin"


def same(left: Path, right: Path) -> bool:
    return left.read_bytes() == right.read_bytes()


@pytest.fixture
def place(s3_url: str, bucket: str, kms_key: str) -> Place:
    return Place(s3_url, bucket, KEY, kms_key)


@sizes
@contexts
def test_official_client_reads_what_we_write(
    session: Session,
    official: OfficialClient,
    place: Place,
    plain: Path,
    context: dict[str, str],
    back: Path,
) -> None:
    transfer.upload(session, plain, ObjectRef(place.bucket, KEY), place.kms_key, context)
    official.get(back, replace(place, context=context))
    assert same(back, plain)


@sizes
@contexts
@pytest.mark.parametrize("version", [2, 3], ids=["V2", "V3"])
def test_we_read_what_the_official_client_writes(
    session: Session,
    official: OfficialClient,
    place: Place,
    plain: Path,
    context: dict[str, str],
    version: int,
    back: Path,
) -> None:
    official.put(plain, replace(place, context=context), version)
    transfer.download(session, ObjectRef(place.bucket, KEY), back)
    assert same(back, plain)


@pytest.mark.parametrize("size", [100])
def test_official_client_refuses_our_object_under_another_context(
    session: Session, official: OfficialClient, place: Place, plain: Path, back: Path
) -> None:
    ref = ObjectRef(place.bucket, KEY)
    transfer.upload(session, plain, ref, place.kms_key, {"department": "payroll"})
    with pytest.raises(RuntimeError, match="context"):
        official.get(back, replace(place, context={"department": "sales"}))


@pytest.mark.parametrize("size", ALL_SIZES)
@on_seaweedfs
def test_official_client_reads_what_cse_puts(
    official: OfficialClient, place: Place, plain: Path, back: Path
) -> None:
    cse(place, official.kms, "put", plain, f"s3://{place.bucket}/{KEY}", "--kms-key", place.kms_key)
    official.get(back, place)
    assert same(back, plain)


@pytest.mark.parametrize("size", ALL_SIZES)
@on_seaweedfs
def test_cse_gets_what_the_official_client_writes(
    official: OfficialClient, place: Place, plain: Path, back: Path
) -> None:
    official.put(plain, replace(place, context={"department": "payroll"}), 3)
    cse(place, official.kms, "get", f"s3://{place.bucket}/{KEY}", back)
    assert same(back, plain)


def cse(place: Place, kms: str, verb: str, *arguments: str | Path) -> None:
    """Run the command line as a script would."""
    program = Path(sys.executable).with_name("cse")
    subprocess.run(
        [program, verb, *arguments, "--s3-endpoint", place.s3, "--kms-endpoint", kms],
        check=True,
        env=os.environ
        | {
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
            "AWS_DEFAULT_REGION": servers.REGION,
        },
    )
