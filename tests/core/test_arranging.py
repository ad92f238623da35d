"""Copy, move and delete on both servers: the envelope stays whole, nothing is lost half way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.copying import copy, move
from cse_desktop.core.deleting import Deleted, Doomed, delete
from cse_desktop.core.errors import (
    AlreadyExists,
    Changed,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.progress import Cancelled, CancelToken, Progress
from cse_desktop.core.session import Connection, Session
from tests import moto_state

MIB = 1024 * 1024


def stored_keys(s3: Any, bucket: str) -> list[str]:
    return sorted(each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()))


def facts(s3: Any, bucket: str, key: str) -> tuple[bytes, dict[str, str], str]:
    answer = s3.get_object(Bucket=bucket, Key=key)
    return answer["Body"].read(), answer["Metadata"], answer["ContentType"]


@pytest.fixture
def ref(session: Session, bucket: str, kms_key: str, tmp_path: Path) -> ObjectRef:
    """An encrypted object of 12 MiB and a little."""
    (tmp_path / "source").write_bytes(b"0123456789abcdef" * (12 * MIB // 16) + b"rest")
    made = ObjectRef(bucket, "a folder/ä 文.bin")
    transfer.upload(session, tmp_path / "source", made, kms_key, {"team": "ü"})
    return made


@pytest.mark.parametrize("single_bytes", [5 * 1024 * MIB, 5 * MIB], ids=["whole", "in parts"])
def test_a_copy_is_the_same_byte_for_byte_and_opens(
    session: Session, s3: Any, bucket: str, ref: ObjectRef, single_bytes: int
) -> None:
    to = ObjectRef(bucket, "elsewhere/ü+%41 copy.bin")
    heard: list[Progress] = []

    copied = copy(
        session, ref, to, report=heard.append, single_bytes=single_bytes, part_bytes=5 * MIB
    )

    assert facts(s3, bucket, to.key) == facts(s3, bucket, ref.key)
    assert len(transfer.read(session, to, limit=20 * MIB)) == 12 * MIB + 4
    assert copied.size == heard[-1].done == heard[-1].total == 12 * MIB + 20
    assert session.store.open_uploads(ObjectRef(bucket, "")) == ()


@pytest.mark.parametrize("single_bytes", [5 * 1024 * MIB, 5 * MIB], ids=["whole", "in parts"])
def test_a_copy_replaces_nothing_unless_asked(
    session: Session, s3: Any, bucket: str, ref: ObjectRef, single_bytes: int
) -> None:
    to = ObjectRef(bucket, "taken")
    s3.put_object(Bucket=bucket, Key="taken", Body=b"mine")

    with pytest.raises(AlreadyExists, match="taken"):
        copy(session, ref, to, single_bytes=single_bytes, part_bytes=5 * MIB)
    assert facts(s3, bucket, "taken")[0] == b"mine"

    copy(session, ref, to, replace=True, single_bytes=single_bytes, part_bytes=5 * MIB)
    assert facts(s3, bucket, "taken") == facts(s3, bucket, ref.key)


def test_a_move_leaves_one_object_that_opens(
    session: Session, s3: Any, bucket: str, ref: ObjectRef
) -> None:
    before = facts(s3, bucket, ref.key)

    move(session, ref, ObjectRef(bucket, "new name.bin"))

    assert stored_keys(s3, bucket) == ["new name.bin"]
    assert facts(s3, bucket, "new name.bin") == before
    assert len(transfer.read(session, ObjectRef(bucket, "new name.bin"), limit=20 * MIB)) > 0


def test_a_plain_object_moves_with_type_and_metadata(
    session: Session, s3: Any, bucket: str
) -> None:
    s3.put_object(
        Bucket=bucket, Key="a", Body=b"x", ContentType="text/x-own", Metadata={"mine": "1"}
    )

    move(session, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"))

    assert facts(s3, bucket, "b") == (b"x", {"mine": "1"}, "text/x-own")
    assert stored_keys(s3, bucket) == ["b"]


def test_a_move_into_another_bucket_works(
    session: Session, s3: Any, bucket: str, ref: ObjectRef
) -> None:
    other = f"{bucket}-2"
    s3.create_bucket(Bucket=other)
    try:
        move(session, ref, ObjectRef(other, "x"))

        assert stored_keys(s3, bucket) == []
        assert len(transfer.read(session, ObjectRef(other, "x"), limit=20 * MIB)) > 0
    finally:
        s3.delete_object(Bucket=other, Key="x")
        s3.delete_bucket(Bucket=other)


def test_moving_onto_itself_is_refused_and_loses_nothing(
    session: Session, s3: Any, bucket: str, ref: ObjectRef
) -> None:
    with pytest.raises(InvalidInput):
        move(session, ref, ref, replace=True)

    assert stored_keys(s3, bucket) == [ref.key]


def test_an_original_replaced_meanwhile_is_not_deleted(
    session: Session, s3: Any, bucket: str, ref: ObjectRef
) -> None:
    old = facts(s3, bucket, ref.key)[0]

    def replace_after_the_copy(progress: Progress) -> None:
        if progress.done == progress.total:
            s3.put_object(Bucket=bucket, Key=ref.key, Body=b"newer")

    with pytest.raises(Changed, match="replaced while it was moved"):
        move(session, ref, ObjectRef(bucket, "b"), report=replace_after_the_copy)

    assert facts(s3, bucket, ref.key)[0] == b"newer"
    assert facts(s3, bucket, "b")[0] == old


def test_a_cancelled_move_keeps_the_original(
    session: Session, s3: Any, bucket: str, ref: ObjectRef
) -> None:
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.part == 1:
            cancel.cancel()

    with pytest.raises(Cancelled):
        move(
            session, ref, ObjectRef(bucket, "b"), report=stop, cancel=cancel,
            single_bytes=5 * MIB, part_bytes=5 * MIB,
        )  # fmt: skip

    assert stored_keys(s3, bucket) == [ref.key]
    assert session.store.open_uploads(ObjectRef(bucket, "")) == ()


def test_a_missing_source_is_named(session: Session, bucket: str) -> None:
    with pytest.raises(NotFound):
        move(session, ObjectRef(bucket, "nothing"), ObjectRef(bucket, "b"))


def test_a_bound_object_is_not_given_another_name(
    signed_in: Callable[[Connection], Session],
    connection: Connection,
    s3: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    binding = signed_in(replace(connection, bind_names=True))
    (tmp_path / "source").write_bytes(b"x")
    transfer.upload(binding, tmp_path / "source", ObjectRef(bucket, "a"), kms_key, {})

    with pytest.raises(NotAllowed, match="bound to its name"):
        move(binding, ObjectRef(bucket, "a"), ObjectRef(bucket, "b"))

    assert stored_keys(s3, bucket) == ["a"]


def test_an_instruction_file_goes_along_only_where_it_is_read(
    signed_in: Callable[[Connection], Session],
    session: Session,
    connection: Connection,
    s3: Any,
    bucket: str,
) -> None:
    reading = signed_in(replace(connection, policy=ReadPolicy(instruction_files=True)))
    for key in ("a", "a.instruction", "b", "b.instruction"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())

    move(reading, ObjectRef(bucket, "a"), ObjectRef(bucket, "f/a"))
    move(session, ObjectRef(bucket, "b"), ObjectRef(bucket, "f/b"))

    assert stored_keys(s3, bucket) == ["b.instruction", "f/a", "f/a.instruction", "f/b"]
    assert facts(s3, bucket, "f/a.instruction")[0] == b"a.instruction"


def test_objects_are_deleted_whatever_their_names(session: Session, s3: Any, bucket: str) -> None:
    keys = ["a", "ü/文 &<>\"'", "re\rturn", "bell\x07", "%41+b"]
    for key in (*keys, "kept"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345")

    gone = delete(session, bucket, [Doomed(key, 5) for key in keys])

    assert gone == Deleted(len(keys), 5 * len(keys))
    assert stored_keys(s3, bucket) == ["kept"]


def test_what_is_gone_already_counts_as_deleted(session: Session, bucket: str) -> None:
    assert delete(session, bucket, [Doomed("nothing")]).count == 1


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_more_than_a_thousand_are_deleted_in_order_and_can_be_stopped(
    session: Session, s3: Any, bucket: str
) -> None:
    doomed = [Doomed(f"{number:04}", 1) for number in range(1203)]
    moto_state.stock(bucket, [each.key for each in doomed])
    cancel = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.done:
            cancel.cancel()

    with pytest.raises(Cancelled):
        delete(session, bucket, doomed, report=stop, cancel=cancel)
    assert len(stored_keys(s3, bucket)) == 203

    assert delete(session, bucket, doomed).count == 1203
    assert stored_keys(s3, bucket) == []


def test_instruction_files_are_deleted_only_where_they_are_read(
    signed_in: Callable[[Connection], Session],
    session: Session,
    connection: Connection,
    s3: Any,
    bucket: str,
) -> None:
    reading = signed_in(replace(connection, policy=ReadPolicy(instruction_files=True)))
    for key in ("a", "a.instruction", "b", "b.instruction", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"")

    delete(session, bucket, [Doomed("a")])
    delete(reading, bucket, [Doomed("b"), Doomed("c")])

    assert stored_keys(s3, bucket) == ["a.instruction"]


def test_deleting_leaves_no_marker_for_an_instruction_file_that_never_was(
    signed_in: Callable[[Connection], Session], connection: Connection, s3: Any, bucket: str
) -> None:
    reading = signed_in(replace(connection, policy=ReadPolicy(instruction_files=True)))
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="a", Body=b"")

    delete(reading, bucket, [Doomed("a")])

    markers = s3.list_object_versions(Bucket=bucket).get("DeleteMarkers", [])
    assert [each["Key"] for each in markers] == ["a"]


def test_versioning_is_told(session: Session, s3: Any, bucket: str) -> None:
    arranger = session.store.arranger
    assert not arranger.is_versioned(bucket)

    for status, is_versioned in (("Enabled", True), ("Suspended", False)):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert arranger.is_versioned(bucket) is is_versioned


def test_a_missing_bucket_is_named(session: Session) -> None:
    with pytest.raises(NotFound):
        delete(session, "no-such-bucket-anywhere", [Doomed("a")])
