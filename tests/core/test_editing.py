"""A readable copy and its way back on both servers: same key, same context, nothing overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.changing import NewProperties, change, properties
from cse_desktop.core.editing import CONFLICT, Original, fetch_copy, now_at, save_back
from cse_desktop.core.errors import Changed
from cse_desktop.core.inspection import inspect
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session

MIB = 1024 * 1024


@pytest.fixture
def ref(session: Session, bucket: str, kms_key: str, tmp_path: Path) -> ObjectRef:
    """An encrypted object with own metadata, a content type and a tag."""
    (tmp_path / "source").write_bytes(b"first")
    made = ObjectRef(bucket, "f/ä.txt")
    stored = transfer.upload(session, tmp_path / "source", made, kms_key, {"team": "ü"})
    new = NewProperties("text/plain", "STANDARD_IA", (("author", "me"),), (("team", "x y"),))
    change(session, made, stored.stored.etag, new)
    return made


@pytest.fixture
def copy(session: Session, ref: ObjectRef, tmp_path: Path) -> tuple[Path, Original]:
    path = tmp_path / "open" / "ä.txt"
    path.parent.mkdir()
    return path, fetch_copy(session, ref, path)


def test_the_copy_is_for_its_owner_alone(copy: tuple[Path, Original]) -> None:
    path, original = copy

    assert path.read_bytes() == b"first"
    assert os.stat(path).st_mode & 0o077 == 0
    assert (original.context, original.size) == ((("team", "ü"),), 5)


@pytest.mark.parametrize("size", [7, 9 * MIB], ids=["whole", "in parts"])
def test_what_was_edited_is_stored_under_the_same_key_with_all_beside_it(
    session: Session, ref: ObjectRef, copy: tuple[Path, Original], kms_key: str, size: int
) -> None:
    path, original = copy
    before = properties(session, ref)
    path.write_bytes(b"x" * size)

    done = save_back(session, path, original)

    found, after = inspect(session, ref), properties(session, ref)
    assert found.envelope is not None
    assert found.envelope.user_context == {"team": "ü"}
    assert done.key_arn == kms_key
    assert after.beside.envelope != before.beside.envelope  # a data key of its own
    assert after.beside.own == {"author": "me"}
    assert (after.beside.content_type, after.beside.storage_class) == ("text/plain", "STANDARD_IA")
    assert after.tags == (("team", "x y"),)
    assert len(transfer.read(session, ref, limit=20 * MIB)) == size
    path.write_bytes(b"again")
    save_back(session, path, done)
    assert bytes(transfer.read(session, ref, limit=100)) == b"again"


@pytest.mark.parametrize("size", [7, 9 * MIB], ids=["whole", "in parts"])
# moto looks at no condition where an upload in parts ends.
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_what_somebody_else_has_stored_is_not_overwritten_unless_meant(
    session: Session, s3: Any, ref: ObjectRef, copy: tuple[Path, Original], size: int
) -> None:
    path, original = copy
    s3.put_object(Bucket=ref.bucket, Key=ref.key, Body=b"theirs")
    path.write_bytes(b"m" * size)

    with pytest.raises(Changed, match=CONFLICT):
        save_back(session, path, original)
    assert s3.get_object(Bucket=ref.bucket, Key=ref.key)["Body"].read() == b"theirs"
    assert session.store.open_uploads(ObjectRef(ref.bucket, "")) == ()

    save_back(session, path, now_at(session, original))
    assert len(transfer.read(session, ref, limit=20 * MIB)) == size


def test_a_file_that_was_deleted_meanwhile_is_a_conflict_and_can_be_made_again(
    session: Session, s3: Any, ref: ObjectRef, copy: tuple[Path, Original]
) -> None:
    path, original = copy
    s3.delete_object(Bucket=ref.bucket, Key=ref.key)
    path.write_bytes(b"mine")

    with pytest.raises(Changed, match=CONFLICT):
        save_back(session, path, original)

    save_back(session, path, now_at(session, original))
    assert bytes(transfer.read(session, ref, limit=100)) == b"mine"
