"""The verbs against real servers: round trips, limits, refusals, and nothing left behind."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    AlreadyExists,
    Changed,
    InvalidInput,
    LocalDisk,
    NotAllowed,
    NotEncrypted,
    NotFound,
    NotPermitted,
    Tampered,
    TooLarge,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Cancelled, CancelToken, Progress, Stage
from cse_desktop.core.session import Session, open_session

MIB = 1024 * 1024
PART = 8 * MIB
SIZES = (0, 1, 15, 16, 17, MIB, PART - 1, PART, PART + 1, 2 * PART - 16, 2 * PART, 20 * MIB + 5)


def some_bytes(size: int) -> bytes:
    return os.urandom(min(size, 64)).ljust(1, b"x") * (size // 64 + 1) if size else b""


def make_file(folder: Path, size: int, name: str = "file.bin") -> Path:
    path = folder / name
    path.write_bytes(some_bytes(size)[:size])
    return path


def open_uploads(s3: Any, bucket: str) -> list[Any]:
    return list(s3.list_multipart_uploads(Bucket=bucket).get("Uploads", ()))


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_up_comes_down(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, size: int
) -> None:
    source = make_file(tmp_path, size)
    ref = ObjectRef(bucket, "a folder/ä 文件.bin")

    uploaded = transfer.upload(session, source, ref, kms_key, {"department": "finance"})
    opened = transfer.download(session, ref, tmp_path / "back.bin")

    assert (tmp_path / "back.bin").read_bytes() == source.read_bytes()
    assert uploaded.size == opened.size == size
    assert uploaded.key_arn == opened.key_arn == kms_key
    assert opened.head.size == size + 16
    assert opened.envelope.user_context == {"department": "finance"}
    assert names(tmp_path) == {"file.bin", "back.bin"}


def test_s3_sees_no_plaintext_and_no_field_beyond_the_format(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path
) -> None:
    source = tmp_path / "secret.txt"
    source.write_bytes(b"the plaintext of the secret file" * 40)

    transfer.upload(session, source, ObjectRef(bucket, "x"), kms_key, {})

    answer = s3.get_object(Bucket=bucket, Key="x")
    assert b"plaintext" not in answer["Body"].read()
    assert {name.lower() for name in answer["Metadata"]} == {
        "x-amz-c", "x-amz-3", "x-amz-w", "x-amz-d", "x-amz-i", "x-amz-t",
    }  # fmt: skip


def test_each_upload_has_a_data_key_and_a_message_id_of_its_own(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = make_file(tmp_path, 100)
    heads = []
    for key in ("one", "two"):
        transfer.upload(session, source, ObjectRef(bucket, key), kms_key, {})
        heads.append(session.store.head(ObjectRef(bucket, key)).metadata)

    assert all(heads[0][name] != heads[1][name] for name in ("x-amz-3", "x-amz-i", "x-amz-d"))


@pytest.mark.parametrize("size", [100, PART + 100])
def test_an_object_is_not_replaced_unless_asked(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path, size: int
) -> None:
    ref = ObjectRef(bucket, "taken")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    before = session.store.head(ref)

    with pytest.raises(AlreadyExists):
        transfer.upload(session, make_file(tmp_path, size, "new"), ref, kms_key, {})

    assert session.store.head(ref).etag == before.etag
    assert open_uploads(s3, bucket) == []
    transfer.upload(session, tmp_path / "new", ref, kms_key, {}, replace=True)
    assert session.store.head(ref).size == size + 16


def test_a_file_is_not_replaced_unless_asked_and_then_keeps_its_mode(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    target = tmp_path / "precious"
    target.write_text("precious")
    target.chmod(0o640)

    with pytest.raises(AlreadyExists):
        transfer.download(session, ref, target)
    assert target.read_text() == "precious"

    transfer.download(session, ref, target, replace=True)
    assert target.read_bytes() == (tmp_path / "file.bin").read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(tmp_path) == {"file.bin", "precious"}


def test_a_new_file_is_its_owners_alone(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    transfer.download(session, ref, tmp_path / "back")

    assert stat.S_IMODE((tmp_path / "back").stat().st_mode) == 0o600


def flip(s3: Any, ref: ObjectRef, position: int) -> None:
    answer = s3.get_object(Bucket=ref.bucket, Key=ref.key)
    body = bytearray(answer["Body"].read())
    body[position] ^= 1
    s3.put_object(Bucket=ref.bucket, Key=ref.key, Body=bytes(body), Metadata=answer["Metadata"])


@pytest.mark.parametrize("size", [100, 2 * PART + 100])
@pytest.mark.parametrize("position", [0, 57, -17, -16, -1])
def test_a_flipped_bit_is_refused_and_leaves_nothing(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path, size: int, position: int
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, size), ref, kms_key, {})
    flip(s3, ref, position)

    with pytest.raises(Tampered):
        transfer.download(session, ref, tmp_path / "back")
    with pytest.raises(Tampered):
        transfer.verify(session, ref)

    assert names(tmp_path) == {"file.bin"}


@pytest.mark.parametrize("change", [b"", b"short", b"x" * 200])
def test_a_cut_or_extended_object_is_refused(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path, change: bytes
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 100), ref, kms_key, {})
    metadata = s3.get_object(Bucket=bucket, Key="x")["Metadata"]
    s3.put_object(Bucket=bucket, Key="x", Body=change, Metadata=metadata)

    with pytest.raises(Tampered):
        transfer.download(session, ref, tmp_path / "back")

    assert names(tmp_path) == {"file.bin"}


def test_a_plain_object_is_never_delivered_as_decrypted(
    session: Session, bucket: str, s3: Any, tmp_path: Path
) -> None:
    s3.put_object(Bucket=bucket, Key="plain", Body=b"hello")

    with pytest.raises(NotEncrypted):
        transfer.download(session, ObjectRef(bucket, "plain"), tmp_path / "back")

    assert names(tmp_path) == set()


def test_a_missing_object_is_not_found(session: Session, bucket: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        transfer.download(session, ObjectRef(bucket, "no such"), tmp_path / "back")


def test_a_key_that_is_not_on_the_list_does_not_open(
    session: Session, credentials: Any, bucket: str, kms_key: str, kms: Any, tmp_path: Path
) -> None:
    other = kms.create_key()["KeyMetadata"]["Arn"]
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    strict = open_session(with_keys(session, other), credentials)

    # KMS says IncorrectKey, which is NotAllowed; moto says AccessDenied.
    with pytest.raises((NotAllowed, NotPermitted)):
        transfer.download(strict, ref, tmp_path / "back")

    both = open_session(with_keys(session, other, kms_key), credentials)
    assert transfer.verify(both, ref).key_arn == kms_key


def test_a_key_that_is_gone_does_not_hide_the_keys_after_it(
    session: Session, credentials: Any, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    gone = kms_key[:-12] + "000000000000"

    both = open_session(with_keys(session, gone, kms_key), credentials)

    assert transfer.verify(both, ref).key_arn == kms_key


def with_keys(session: Session, *arns: str) -> Any:
    return replace(session.connection, allowed_keys=arns)


def test_a_file_above_the_limit_is_refused_before_a_key_is_drawn(
    session: Session, bucket: str, tmp_path: Path
) -> None:
    source = tmp_path / "sparse"
    with source.open("wb") as file:
        file.truncate(2**36 - 31)

    with pytest.raises(TooLarge):
        transfer.upload(session, source, ObjectRef(bucket, "x"), "alias/no-such-key", {})


def test_context_that_does_not_fit_is_refused_before_a_key_is_drawn(
    session: Session, bucket: str, tmp_path: Path
) -> None:
    with pytest.raises(TooLarge):
        transfer.upload(
            session, make_file(tmp_path, 1), ObjectRef(bucket, "x"), "alias/no", {"n": "v" * 2048}
        )


@pytest.mark.parametrize("size", [100, 3 * PART])
def test_a_source_that_changes_is_not_stored(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path, size: int
) -> None:
    source = make_file(tmp_path, size)
    ref = ObjectRef(bucket, "x")

    def append(progress: Progress) -> None:
        if progress.stage is Stage.PREPARING:
            with source.open("ab") as file:
                file.write(b"more")

    with pytest.raises(Changed):
        transfer.upload(session, source, ref, kms_key, {}, report=append)

    with pytest.raises(NotFound):
        session.store.head(ref)
    assert open_uploads(s3, bucket) == []


def test_a_cancelled_upload_leaves_no_open_upload(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path
) -> None:
    source = make_file(tmp_path, 5 * PART)
    cancel = CancelToken()

    def stop_after_one_part(progress: Progress) -> None:
        if progress.part == 1:
            cancel.cancel()

    with pytest.raises(Cancelled):
        transfer.upload(
            session, source, ObjectRef(bucket, "x"), kms_key, {},
            report=stop_after_one_part, cancel=cancel,
        )  # fmt: skip

    assert open_uploads(s3, bucket) == []
    with pytest.raises(NotFound):
        session.store.head(ObjectRef(bucket, "x"))


def test_a_cancelled_download_leaves_nothing(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 3 * PART), ref, kms_key, {})
    cancel = CancelToken()

    def stop_after_one_range(progress: Progress) -> None:
        if progress.part == 1:
            cancel.cancel()

    with pytest.raises(Cancelled):
        transfer.download(
            session, ref, tmp_path / "back", report=stop_after_one_range, cancel=cancel
        )

    assert names(tmp_path) == {"file.bin"}


def test_progress_rises_to_the_size(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    source = make_file(tmp_path, 3 * PART + 1)
    ref = ObjectRef(bucket, "x")

    transfer.upload(session, source, ref, kms_key, {}, report=seen.append)

    done = [progress.done for progress in seen]
    assert done == sorted(done)
    assert seen[-1] == Progress(3 * PART + 1, 3 * PART + 1, Stage.ENCRYPTING, 4, 4)


def test_a_folder_or_pipe_is_not_uploaded(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(InvalidInput):
            transfer.upload(session, path, ObjectRef(bucket, "x"), kms_key, {})


def test_a_folder_is_never_replaced(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    transfer.upload(session, make_file(tmp_path, 5), ref, kms_key, {})
    (tmp_path / "folder").mkdir()

    with pytest.raises(LocalDisk):
        transfer.download(session, ref, tmp_path / "folder", replace=True)


def test_a_small_object_can_be_read_into_memory(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = ObjectRef(bucket, "x")
    source = make_file(tmp_path, 100)
    transfer.upload(session, source, ref, kms_key, {})

    assert bytes(transfer.read(session, ref, limit=100)) == source.read_bytes()
    with pytest.raises(TooLarge):
        transfer.read(session, ref, limit=99)
