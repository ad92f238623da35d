"""What the tests of faults do again and again, and what must always be true afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session

PART = 8 * 1024 * 1024
TWO_PARTS = PART + 100
THREE_PARTS = 2 * PART + 100


def make_file(folder: Path, size: int, name: str = "file.bin") -> Path:
    path = folder / name
    pattern = os.urandom(4099)  # a prime: blocks that change places are noticed
    path.write_bytes((pattern * (size // len(pattern) + 1))[:size])
    return path


def open_uploads(s3: Any, bucket: str) -> list[Any]:
    return list(s3.list_multipart_uploads(Bucket=bucket).get("Uploads", ()))


def keys(s3: Any, bucket: str) -> list[str]:
    return [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def put(
    session: Session, source: Path, bucket: str, key: str, *, replace: bool = False
) -> ObjectRef:
    """Upload; gives where to."""
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, source, ref, key, {}, replace=replace)
    return ref


def comes_back(session: Session, ref: ObjectRef, source: Path) -> None:
    """Assert that the object is the file."""
    back = source.with_name(f"{source.name}.back")
    transfer.download(session, ref, back)
    assert back.read_bytes() == source.read_bytes()
    back.unlink()
