"""Old formats, instruction files, V2 and bound names, through the verbs and on real servers."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.envelope import Format, Suite
from cse_desktop.core.errors import (
    BadEnvelope,
    Busy,
    CseError,
    InvalidInput,
    NotAllowed,
    NotEncrypted,
    OtherFormat,
    Tampered,
    TooLarge,
)
from cse_desktop.core.inspection import Inspection, Kind, inspect
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Connection, Session
from tests.foreign import raising, service_error, translated
from tests.offline import cbc

MIB = 1024 * 1024
ON_MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
OLD = ReadPolicy(kms_wrap=True, cbc=True)
ALL = replace(OLD, instruction_files=True)


@dataclass(frozen=True)
class Writer:
    """A client of before 2020, as far as it is needed here."""

    s3: Any
    kms: Any
    bucket: str
    key_arn: str

    def envelope(self, size: int = 32) -> tuple[bytes, bytes, dict[str, str]]:
        """Data key, IV and envelope of a new AES-CBC object."""
        context = {"kms_cmk_id": self.key_arn}
        data_key, iv = os.urandom(size), os.urandom(16)
        wrapped = self.kms.encrypt(
            KeyId=self.key_arn, Plaintext=data_key, EncryptionContext=context
        )["CiphertextBlob"]
        return data_key, iv, {
            "x-amz-key-v2": base64.b64encode(wrapped).decode(),
            "x-amz-iv": base64.b64encode(iv).decode(),
            "x-amz-cek-alg": "AES/CBC/PKCS5Padding",
            "x-amz-wrap-alg": "kms",
            "x-amz-matdesc": json.dumps(context),
        }  # fmt: skip

    def put(self, key: str, content: bytes, metadata: dict[str, str] | None = None) -> ObjectRef:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content, Metadata=metadata or {})
        return ObjectRef(self.bucket, key)


@pytest.fixture
def writer(s3: Any, kms: Any, bucket: str, kms_key: str) -> Writer:
    return Writer(s3, kms, bucket, kms_key)


SignedIn = Callable[..., Session]


@pytest.fixture
def signed_in_with(signed_in: Callable[[Connection], Session], connection: Connection) -> SignedIn:
    """A session whose connection has other settings."""
    return lambda **changes: signed_in(replace(connection, **changes))


def make_file(folder: Path, content: bytes) -> Path:
    path = folder / "source"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, MIB, 8 * MIB - 1, 8 * MIB, 16 * MIB - 16])
def test_cbc_object_of_any_size_comes_down(
    signed_in_with: SignedIn, writer: Writer, tmp_path: Path, size: int
) -> None:
    session = signed_in_with(policy=OLD)
    content = os.urandom(size)
    data_key, iv, metadata = writer.envelope()
    ref = writer.put("old", cbc(data_key, iv, content), metadata)

    opened = transfer.download(session, ref, tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == content
    assert opened.size == transfer.verify(session, ref).size == size
    assert opened.envelope.format is Format.V1
    assert bytes(transfer.read(session, ref, limit=size)) == content
    if size:
        with pytest.raises(TooLarge):
            transfer.read(session, ref, limit=size - 1)


@ON_MOTO
@pytest.mark.parametrize("key_size", [16, 24, 32])
def test_cbc_object_over_many_ranges_goes_through_the_spool(
    signed_in_with: SignedIn, writer: Writer, tmp_path: Path, key_size: int
) -> None:
    content = os.urandom(1000) * 20_500
    data_key, iv, metadata = writer.envelope(key_size)
    ref = writer.put("old", cbc(data_key, iv, content), metadata)

    opened = transfer.download(signed_in_with(policy=OLD), ref, tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == content
    assert opened.size == len(content) == 20_500_000
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@ON_MOTO
@pytest.mark.parametrize("size", [100, 8 * MIB + 100])
def test_every_damage_of_cbc_is_told_in_the_same_words_and_leaves_nothing(
    signed_in_with: SignedIn, writer: Writer, tmp_path: Path, size: int
) -> None:
    data_key, iv, metadata = writer.envelope()
    body = cbc(data_key, iv, os.urandom(size))
    bent = bytearray(body)
    bent[-17] ^= 0xF0
    told = set()

    for damaged in (bytes(bent), body[:-1], body + b"x", b"", body[:-16] + os.urandom(15)):
        ref = writer.put("old", damaged, metadata)
        with pytest.raises(Tampered) as refusal:
            transfer.download(signed_in_with(policy=OLD), ref, tmp_path / "file")
        told.add((str(refusal.value), refusal.value.details))

    assert len(told) == 1
    assert list(tmp_path.iterdir()) == []


def test_size_of_a_cbc_object_is_known_to_be_unknown(
    signed_in_with: SignedIn, writer: Writer
) -> None:
    data_key, iv, metadata = writer.envelope()
    ref = writer.put("old", cbc(data_key, iv, b"x" * 17), metadata)

    found = inspect(signed_in_with(policy=OLD), ref)

    assert (found.size, found.size_is_exact, found.problem) == (32, False, "")
    assert "changes can go unnoticed" in found.summary


@pytest.mark.parametrize("suffix", [".instruction", ".envelope"])
def test_envelope_in_a_second_object_is_read_where_it_is_allowed(
    signed_in_with: SignedIn, writer: Writer, suffix: str
) -> None:
    data_key, iv, envelope = writer.envelope()
    ref = writer.put("a/b", cbc(data_key, iv, b"content"))
    writer.put("a/b" + suffix, json.dumps(envelope).encode())
    policy = replace(ALL, instruction_suffix=suffix)

    assert bytes(transfer.read(signed_in_with(policy=policy), ref, limit=100)) == b"content"
    found = inspect(signed_in_with(policy=replace(OLD, instruction_suffix=suffix)), ref)
    assert found.kind is Kind.NOT_ENCRYPTED
    assert "turn on instruction files in Settings" in found.hint


@ON_MOTO
@pytest.mark.parametrize(
    ("metadata", "which"),
    [
        ({"x-amz-c": "115", "x-amz-d": "AAAA", "x-amz-i": "AAAA"}, Format.V3),
        ({"x-amz-unencrypted-content-length": "7"}, None),
    ],
)
def test_object_that_tells_of_an_instruction_file_is_inspected_as_what_it_is(
    signed_in_with: SignedIn, writer: Writer, metadata: dict[str, str], which: Format | None
) -> None:
    found = inspect(signed_in_with(policy=OLD), writer.put("x", b"content" * 4, metadata))

    assert (found.kind, found.format) == (Kind.ELSEWHERE, which)
    assert found.switches == ("instruction files",)
    assert "--allow instruction-file" in found.hint


@ON_MOTO
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"{}", "holds no wrapped data key"),
        (b" " * (64 * 1024), "it is not JSON"),
        (b" " * (64 * 1024 + 1), "65,537 bytes, more than any envelope needs"),
    ],
)
def test_second_object_that_is_no_envelope_is_refused(
    signed_in_with: SignedIn, writer: Writer, content: bytes, words: str
) -> None:
    ref = writer.put("x", b"content", {"x-amz-unencrypted-content-length": "7"})
    writer.put("x.instruction", content)

    with pytest.raises(BadEnvelope, match=words):
        transfer.verify(signed_in_with(policy=ALL), ref)


@ON_MOTO
def test_object_without_any_envelope_is_not_encrypted_under_each_policy(
    signed_in_with: SignedIn, writer: Writer
) -> None:
    ref = writer.put("x", b"content")

    for policy in (ReadPolicy(), ALL, ReadPolicy(v2=False)):
        with pytest.raises(NotEncrypted, match="This file is not encrypted"):
            transfer.verify(signed_in_with(policy=policy), ref)


@ON_MOTO
@pytest.mark.parametrize("marker", [{"x-amz-crypto-instr-file": ""}, {}])
def test_instruction_file_itself_is_called_so(
    signed_in_with: SignedIn, writer: Writer, marker: dict[str, str]
) -> None:
    _, _, envelope = writer.envelope()
    ref = writer.put("x.instruction", json.dumps(envelope).encode(), marker)

    for policy in (ReadPolicy(), ALL):
        with pytest.raises(NotEncrypted, match="This is an instruction file"):
            transfer.verify(signed_in_with(policy=policy), ref)


@pytest.mark.parametrize(
    ("start", "tool"),
    [(b"age-encryption.org/v1\n", "age"), (b"RCLONE\x00\x00", "rclone crypt"), (b"", "")],
)
def test_file_of_another_program_is_called_by_its_name(
    signed_in_with: SignedIn, writer: Writer, start: bytes, tool: str
) -> None:
    session = signed_in_with()
    ref = writer.put("x", start)

    with pytest.raises(OtherFormat if tool else NotEncrypted) as refusal:
        transfer.verify(session, ref)

    assert tool in refusal.value.title
    assert inspect(session, ref).kind is Kind.NOT_ENCRYPTED
    found = inspect(session, ref, peek=True)
    assert found.kind is (Kind.OTHER_FORMAT if tool else Kind.NOT_ENCRYPTED)
    assert tool in found.summary


@pytest.mark.parametrize("size", [0, 17, 8 * MIB + 1])
def test_v2_is_written_where_the_connection_says_so(
    signed_in_with: SignedIn, bucket: str, kms_key: str, tmp_path: Path, size: int
) -> None:
    session = signed_in_with(write_format=Format.V2)
    source = make_file(tmp_path, os.urandom(size))
    ref = ObjectRef(bucket, "x")

    uploaded = transfer.upload(session, source, ref, kms_key, {"team": "payroll"})
    opened = transfer.download(session, ref, tmp_path / "back")

    assert uploaded.format is opened.envelope.format is Format.V2
    assert opened.envelope.suite is Suite.GCM
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert set(session.store.head(ref).metadata) == {
        "x-amz-key-v2", "x-amz-iv", "x-amz-cek-alg", "x-amz-wrap-alg", "x-amz-matdesc",
        "x-amz-tag-len",
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="without key commitment"):
        transfer.verify(signed_in_with(policy=ReadPolicy(v2=False)), ref)


@ON_MOTO
def test_v2_has_the_limits_of_gcm_and_of_metadata(
    signed_in_with: SignedIn, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    session = signed_in_with(write_format=Format.V2)
    ref = ObjectRef(bucket, "x")
    source = make_file(tmp_path, b"x")

    with pytest.raises(TooLarge, match="encryption context is too long"):
        transfer.upload(session, source, ref, kms_key, {"a": "x" * 1700})
    os.truncate(source, 2**36 - 31)
    with pytest.raises(TooLarge):
        transfer.upload(session, source, ref, kms_key, {})


def test_object_that_is_bound_to_its_name_is_read_under_no_other(
    signed_in_with: SignedIn, bucket: str, kms_key: str, s3: Any, tmp_path: Path
) -> None:
    session = signed_in_with(bind_names=True)
    one, other, free = (ObjectRef(bucket, key) for key in ("ü/one", "other", "free"))
    source = make_file(tmp_path, b"content")
    transfer.upload(session, source, one, kms_key, {"team": "x"})
    transfer.upload(signed_in_with(), source, free, kms_key, {"team": "x"})
    s3.copy_object(Bucket=bucket, Key=other.key, CopySource={"Bucket": bucket, "Key": one.key})

    opened = transfer.verify(session, one)
    assert opened.envelope.user_context == {
        "team": "x", "aws-s3-bucket": bucket, "aws-s3-key": "%C3%BC/one",
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="under another name"):
        transfer.verify(session, other)
    with pytest.raises(NotAllowed, match="not bound to its name"):
        transfer.verify(session, free)
    assert inspect(session, other).problem == "This file was encrypted under another name"
    assert "bound to its name" in inspect(session, one).summary
    assert "names another object" in inspect(signed_in_with(), other).summary
    transfer.verify(signed_in_with(), other)
    with pytest.raises(InvalidInput, match="aws-s3-key"):
        transfer.upload(session, source, one, kms_key, {"aws-s3-key": "x"})


@ON_MOTO
def test_inspection_says_what_it_is_and_which_switches_are_missing(
    signed_in_with: SignedIn, writer: Writer
) -> None:
    data_key, iv, metadata = writer.envelope()
    ref = writer.put("old", cbc(data_key, iv, b""), metadata)

    found = inspect(signed_in_with(), ref)

    assert isinstance(found, Inspection)
    assert found.summary.startswith("Encrypted on the sender's computer with AES-CBC")
    assert found.switches == ("AES-CBC content", "kms wrapping")
    assert "(cse: --allow cbc,kms-wrap) to migrate" in found.hint


def test_upload_of_a_name_that_another_one_takes_is_worth_another_try() -> None:
    conflict = service_error("ConditionalRequestConflict", status=409)

    error: CseError = translated(raising(conflict), "s3:PutObject")

    assert type(error) is Busy
    assert error.title == "Another upload of this name is under way"
