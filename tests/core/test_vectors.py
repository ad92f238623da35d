"""Objects of the official clients, and copies of them that somebody tampered with.

Each is put on the S3 servers as its writer left it, and read by the verbs of the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.envelope import INSTRUCTION_FILE, METADATA, Format
from cse_desktop.core.errors import (
    BadEnvelope,
    CseError,
    NotAllowed,
    NotEncrypted,
    OtherFormat,
    Refused,
    Tampered,
)
from cse_desktop.core.inspection import Kind, inspect
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Connection, Session
from tests import servers
from tests.offline import Vector, body, client_vectors
from tests.offline_kms import OfflineKms, offline_kms

STRICT = ReadPolicy(v2=False)
ALL = ReadPolicy(kms_wrap=True, cbc=True, instruction_files=True)

ALTERED = "altered or damaged"
CBC_FAILED = (
    "This file was altered or damaged. Its AES-CBC content can't be decrypted, so nothing was "
    "saved. Ask the sender to upload it again, or open an earlier version."
)
# What the program calls each kind of tampering: the beginning of the vector's id, then the error
# and a word that must stand in it.
REFUSALS: dict[str, tuple[type[CseError], str]] = {
    "neg-asv2": (BadEnvelope, "bound to “115”"),
    "neg-blob-": (Refused, "KMS could not open"),
    "neg-blobtext": (BadEnvelope, "x-amz-3"),
    "neg-bothkeys": (BadEnvelope, "two formats"),
    "neg-cbc-": (BadEnvelope, "AES/GCM/NoPadding"),
    "neg-cbccut": (Tampered, CBC_FAILED),
    "neg-cbcempty": (Tampered, CBC_FAILED),
    "neg-ciphertext": (Tampered, ALTERED),
    "neg-commit-": (Tampered, "does not belong to its key"),
    "neg-commit0": (BadEnvelope, "0 bytes"),
    "neg-commit27": (BadEnvelope, "27 bytes"),
    "neg-commit29": (BadEnvelope, "29 bytes"),
    "neg-ctr": (BadEnvelope, "AES/CTR/NoPadding"),
    "neg-ctxalg": (BadEnvelope, "AES/GCM/NoPadding"),
    "neg-ctxjson": (BadEnvelope, "x-amz-t"),
    "neg-ctxmissing": (BadEnvelope, "aws:x-amz-cek-alg"),
    "neg-ctxmore": (NotAllowed, "Missing in the file: extra"),
    "neg-ctxnone": (NotAllowed, "Only in the file: purpose, tenant"),
    "neg-ctxwrong": (NotAllowed, "Another value: tenant"),
    "neg-cut1": (Tampered, ALTERED),
    "neg-extra": (Tampered, ALTERED),
    "neg-ins-blob": (Refused, "KMS could not open"),
    "neg-ins-commit": (Tampered, "does not belong to its key"),
    "neg-ins-dup": (BadEnvelope, "has x-amz-d, which only the object itself may have"),
    "neg-ins-empty": (BadEnvelope, "instruction file can't be read: it is empty"),
    "neg-ins-gone": (BadEnvelope, "instruction file of this file is missing"),
    "neg-ins-json": (BadEnvelope, "instruction file can't be read: it is not JSON"),
    "neg-ins-list": (BadEnvelope, "instruction file can't be read: it is not a JSON object"),
    "neg-ins-moved": (BadEnvelope, "has x-amz-c, which only the object itself may have"),
    "neg-ins-noi": (BadEnvelope, "x-amz-i are missing"),
    "neg-ins-v2": (BadEnvelope, "mixes two formats"),
    "neg-iv": (Tampered, ALTERED),
    "neg-kmsv1": (BadEnvelope, "kms+context"),
    "neg-matdesc": (BadEnvelope, "aws:x-amz-cek-alg"),
    "neg-msgid-": (Tampered, "does not belong to its key"),
    "neg-msgid27": (BadEnvelope, "27 bytes"),
    "neg-noedk": (BadEnvelope, "instruction file of this file is missing"),
    "neg-padding": (Tampered, CBC_FAILED),
    "neg-require": (NotAllowed, "v2"),
    "neg-short": (Tampered, ALTERED),
    "neg-suite114": (BadEnvelope, "x-amz-c is “114”"),
    "neg-suitename": (BadEnvelope, "x-amz-c is “AES/GCM/NoPadding”"),
    "neg-swapkey": (Tampered, "does not belong to its key"),
    "neg-tag-": (Tampered, ALTERED),
    "neg-taglen": (BadEnvelope, "x-amz-tag-len is “96”"),
    "neg-wrap02": (OtherFormat, "raw AES key"),
    "neg-wrap11": (BadEnvelope, "x-amz-w is “11”"),
    "neg-wrap13": (BadEnvelope, "x-amz-w is “13”"),
    "neg-wrap22": (OtherFormat, "raw RSA key"),
    "neg-wrapaes": (OtherFormat, "raw AES key"),
    "neg-wrapkmscontext": (BadEnvelope, "x-amz-w is “kms+context”"),
    "neg-wrongkey": (NotAllowed, "under a key that is not on the list"),
}
FORMATS = {"v1-cbc": Format.V1, "v1-gcm": Format.V1, "v2": Format.V2, "v3": Format.V3}
SWITCH_NAMES = {
    "kms_wrap": "kms wrapping",
    "cbc": "AES-CBC content",
    "instruction_files": "instruction files",
}


def chosen(wanted: Callable[[Vector], bool]) -> list[object]:
    found = [vector for vector in client_vectors() if wanted(vector)]
    return [pytest.param(vector, id=vector["id"]) for vector in found]


def is_sound(vector: Vector) -> bool:
    return bool(vector["expect"] == "decrypt")


def needed(vector: Vector) -> list[str]:
    """The switches beyond the default that a vector needs."""
    switches = ["kms_wrap"] if vector["format"].startswith("v1") else []
    switches += ["cbc"] if vector["format"] == "v1-cbc" else []
    return switches + (["instruction_files"] if "instruction" in vector else [])


def policy_for(vector: Vector, without: str = "", *, demand: bool = False) -> ReadPolicy:
    """Exactly the switches that a vector needs, perhaps one of them left off."""
    switches = {name: True for name in needed(vector) if name != without}
    demanded = tuple(vector["request_context"].items()) if demand else None
    return ReadPolicy(**switches, required_context=demanded)


@dataclass(frozen=True)
class Shelf:
    """The vectors on an S3 server, with the KMS that knows their keys."""

    s3: Any
    url: str
    bucket: str
    kms: OfflineKms
    signed_in: Callable[[Connection], Session]

    def put(self, vector: Vector) -> ObjectRef:
        key = vector["key"]
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=body(vector), Metadata=vector["metadata"]
        )
        if "instruction" in vector:
            file = vector["instruction"]
            self.s3.put_object(
                Bucket=self.bucket,
                Key=file["key"],
                Body=file["body"].encode(),
                Metadata=file["metadata"],
            )
        return ObjectRef(self.bucket, key)

    def session(self, policy: ReadPolicy, allowed: tuple[str, ...] = ()) -> Session:
        return self.signed_in(
            Connection(
                "vectors",
                region=servers.REGION,
                s3_endpoint=self.url,
                kms_endpoint=self.kms.url,
                allowed_keys=allowed,
                policy=policy,
            )
        )


@pytest.fixture(scope="module")
def keys() -> Iterator[OfflineKms]:
    with offline_kms() as server:
        yield server


@pytest.fixture(scope="module")
def own_bucket(client: Callable[[str, str], Any], s3_url: str) -> Iterator[str]:
    s3 = client("s3", s3_url)
    s3.create_bucket(Bucket="vectors")
    yield "vectors"
    servers.empty_bucket(s3, "vectors")


@pytest.fixture
def shelf(
    s3: Any,
    s3_url: str,
    own_bucket: str,
    keys: OfflineKms,
    signed_in: Callable[[Connection], Session],
) -> Shelf:
    return Shelf(s3, s3_url, own_bucket, keys, signed_in)


@pytest.mark.parametrize("vector", chosen(is_sound))
def test_object_of_an_official_client_is_read_with_its_context(
    shelf: Shelf, vector: Vector, tmp_path: Path
) -> None:
    session = shelf.session(policy_for(vector, demand=True))

    opened = transfer.download(session, shelf.put(vector), tmp_path / "file")

    content = (tmp_path / "file").read_bytes()
    assert hashlib.sha256(content).hexdigest() == vector["plaintext"]["sha256"]
    assert opened.size == len(content)
    assert opened.envelope.format is FORMATS[vector["format"]]
    assert opened.envelope.place == (INSTRUCTION_FILE if "instruction" in vector else METADATA)
    assert opened.envelope.user_context == vector["request_context"]
    assert opened.key_arn == vector["kms"]["key_arn"]


@pytest.mark.parametrize(
    "vector", chosen(lambda v: is_sound(v) and not v.get("stored_context_damaged"))
)
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_object_of_an_official_client_is_verified_with_its_stored_context(
    shelf: Shelf, vector: Vector
) -> None:
    opened = transfer.verify(shelf.session(policy_for(vector)), shelf.put(vector))

    assert opened.size == vector["plaintext"]["length"]
    assert opened.envelope.user_context == vector["request_context"]


@pytest.mark.parametrize("vector", chosen(lambda v: bool(v.get("stored_context_damaged"))))
def test_object_whose_context_lost_characters_needs_the_context(
    shelf: Shelf, vector: Vector
) -> None:
    with pytest.raises(Refused, match="KMS could not open"):
        transfer.verify(shelf.session(policy_for(vector)), shelf.put(vector))


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("vector", chosen(lambda v: is_sound(v) and bool(needed(v))))
def test_object_is_refused_while_a_switch_it_needs_is_off(shelf: Shelf, vector: Vector) -> None:
    ref = shelf.put(vector)
    asked = shelf.kms.decrypts

    for switch in needed(vector):
        session = shelf.session(policy_for(vector, without=switch))
        with pytest.raises((NotAllowed, NotEncrypted)) as refusal:
            transfer.verify(session, ref)
        assert f"urn on {SWITCH_NAMES[switch]} in Settings > Encryption" in refusal.value.hint
        found = inspect(session, ref)
        assert (found.problem, found.hint) == (refusal.value.title, refusal.value.hint)

    assert shelf.kms.decrypts == asked


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("vector", chosen(lambda v: is_sound(v) and v["format"] != "v3"))
def test_strict_connection_reads_v3_only(shelf: Shelf, vector: Vector) -> None:
    asked = shelf.kms.decrypts

    with pytest.raises(NotAllowed) as refusal:
        transfer.verify(shelf.session(replace(ALL, v2=False)), shelf.put(vector))

    assert "Turn on v2 in Settings > Encryption policy (cse: --read default)" in refusal.value.hint
    assert shelf.kms.decrypts == asked


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("vector", chosen(lambda v: is_sound(v) and v["format"] == "v3"))
def test_strict_connection_reads_all_of_v3(shelf: Shelf, vector: Vector) -> None:
    policy = replace(STRICT, instruction_files="instruction" in vector)

    opened = transfer.verify(shelf.session(policy), shelf.put(vector))

    assert opened.size == vector["plaintext"]["length"]


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("vector", chosen(lambda v: v["id"].startswith("neg-")))
def test_tampered_object_is_refused_by_name_and_leaves_nothing(
    shelf: Shelf, vector: Vector, tmp_path: Path
) -> None:
    kind, words = max(
        (item for item in REFUSALS.items() if vector["id"].startswith(item[0])),
        key=lambda item: len(item[0]),
    )[1]
    context = vector.get("read_context")
    policy = replace(
        ALL,
        v2=vector.get("read_policy") != "require",
        required_context=None if context is None else tuple(context.items()),
    )
    allowed = (vector["read_key"],) if "read_key" in vector else ()
    ref = shelf.put(vector)
    asked = shelf.kms.decrypts

    with pytest.raises(Refused) as refusal:
        transfer.download(shelf.session(policy, allowed), ref, tmp_path / "file")

    assert type(refusal.value) is kind
    assert words in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
    if kind in (BadEnvelope, OtherFormat) or (kind is NotAllowed and not allowed):
        assert shelf.kms.decrypts == asked, "KMS was asked although the envelope said enough"


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("vector", chosen(lambda v: "raw" in v["features"]))
def test_object_under_a_raw_key_is_recognised_by_name(shelf: Shelf, vector: Vector) -> None:
    session = shelf.session(ALL)
    ref = shelf.put(vector)

    with pytest.raises(OtherFormat, match="raw AES key, not with KMS"):
        transfer.verify(session, ref)

    found = inspect(session, ref)
    assert found.kind is Kind.OTHER_FORMAT
    assert "raw AES key" in found.summary


def test_no_vector_is_forgotten() -> None:
    others = [
        vector["id"]
        for vector in client_vectors()
        if not is_sound(vector)
        and not vector["id"].startswith("neg-")
        and "raw" not in vector["features"]
    ]

    assert others == []
    assert len(client_vectors()) == 269
