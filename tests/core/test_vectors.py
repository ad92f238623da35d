"""Objects of the official clients, and copies of them that somebody tampered with."""

from __future__ import annotations

import hashlib

import pytest

from cse_desktop.core.envelope import Format, from_metadata
from cse_desktop.core.errors import (
    BadEnvelope,
    CseError,
    NotAllowed,
    NotEncrypted,
    OtherFormat,
    Refused,
    Tampered,
)
from cse_desktop.core.policy import ReadPolicy
from tests.offline import Vector, client_vectors, read

CONTEXT_DEMANDED = "caller's context demanded"
CONTEXT_TRUSTED = "stored context trusted"

# What the program calls each kind of tampering: the beginning of the vector's id, then the error
# and a word that must stand in it.
REFUSALS: dict[str, tuple[type[CseError], str]] = {
    "neg-asv2": (BadEnvelope, "bound to 115"),
    "neg-blob-": (Refused, "KMS could not open"),
    "neg-blobtext": (BadEnvelope, "x-amz-3"),
    "neg-bothkeys": (BadEnvelope, "two formats"),
    "neg-cbc-": (BadEnvelope, "AES/GCM/NoPadding"),
    "neg-ciphertext": (Tampered, "altered or damaged"),
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
    "neg-cut1": (Tampered, "altered or damaged"),
    "neg-extra": (Tampered, "altered or damaged"),
    "neg-iv": (Tampered, "altered or damaged"),
    "neg-kmsv1": (BadEnvelope, "kms+context"),
    "neg-matdesc": (BadEnvelope, "aws:x-amz-cek-alg"),
    "neg-msgid-": (Tampered, "does not belong to its key"),
    "neg-msgid27": (BadEnvelope, "27 bytes"),
    "neg-noedk": (OtherFormat, "instruction file"),
    "neg-require": (NotAllowed, "v2"),
    "neg-short": (Tampered, "altered or damaged"),
    "neg-suite114": (BadEnvelope, "x-amz-c is 114"),
    "neg-suitename": (BadEnvelope, "x-amz-c is AES/GCM/NoPadding"),
    "neg-swapkey": (Tampered, "does not belong to its key"),
    "neg-tag-": (Tampered, "altered or damaged"),
    "neg-taglen": (BadEnvelope, "x-amz-tag-len is 96"),
    "neg-wrap02": (OtherFormat, "raw AES key"),
    "neg-wrap11": (BadEnvelope, "x-amz-w is 11"),
    "neg-wrap13": (BadEnvelope, "x-amz-w is 13"),
    "neg-wrap22": (OtherFormat, "raw RSA key"),
    "neg-wrapaes": (OtherFormat, "raw AES key"),
    "neg-wrapkmscontext": (BadEnvelope, "x-amz-w is kms+context"),
    "neg-ins-noi": (BadEnvelope, "x-amz-i is missing"),
    "neg-ins-moved": (NotEncrypted, "instruction file"),
    "neg-ins-": (OtherFormat, "instruction file"),
}


def named(vectors: list[Vector]) -> list[object]:
    return [pytest.param(vector, id=vector["id"]) for vector in vectors]


def chosen(formats: tuple[str, ...], expect: str, *, instruction: bool) -> list[Vector]:
    return [
        vector
        for vector in client_vectors()
        if vector["format"] in formats
        and vector["expect"] == expect
        and ("instruction" in vector) is instruction
    ]


READABLE = chosen(("v2", "v3"), "decrypt", instruction=False)
OLD = chosen(("v1-cbc", "v1-gcm"), "decrypt", instruction=False)
SPLIT = [v for v in client_vectors() if "instruction" in v and v["expect"] == "decrypt"]
# Which KMS key may open an object is decided above the formats, so neg-wrongkey is not read here.
TAMPERED = [
    v
    for v in client_vectors()
    if v["id"].startswith("neg-") and v["format"] in ("v2", "v3") and "read_key" not in v
]


@pytest.mark.parametrize("vector", named(READABLE))
def test_object_of_an_official_client_is_read(vector: Vector) -> None:
    demanded = tuple(vector["request_context"].items())

    found = read(vector, ReadPolicy(required_context=demanded))

    assert hashlib.sha256(found).hexdigest() == vector["plaintext"]["sha256"]


@pytest.mark.parametrize(
    "vector", named([v for v in READABLE if not v.get("stored_context_damaged")])
)
def test_object_of_an_official_client_is_read_with_its_stored_context(vector: Vector) -> None:
    found = read(vector, ReadPolicy())

    assert hashlib.sha256(found).hexdigest() == vector["plaintext"]["sha256"]
    assert from_metadata(vector["metadata"]).user_context == vector["request_context"]


@pytest.mark.parametrize("vector", named([v for v in READABLE if v.get("stored_context_damaged")]))
def test_object_whose_context_lost_characters_needs_the_context(vector: Vector) -> None:
    with pytest.raises(Refused, match="KMS could not open"):
        read(vector, ReadPolicy())


@pytest.mark.parametrize("vector", named(TAMPERED))
def test_tampered_object_is_refused_by_name(vector: Vector) -> None:
    kind, words = max(
        (item for item in REFUSALS.items() if vector["id"].startswith(item[0])),
        key=lambda item: len(item[0]),
    )[1]
    context = vector.get("read_context")
    policy = ReadPolicy(
        v2=vector.get("read_policy") != "require",
        required_context=None if context is None else tuple(context.items()),
    )

    with pytest.raises(Refused) as refusal:
        read(vector, policy)

    assert type(refusal.value) is kind
    assert words in str(refusal.value)


@pytest.mark.parametrize("vector", named(OLD))
def test_object_of_the_kms_generation_is_recognised_and_refused_by_name(vector: Vector) -> None:
    envelope = from_metadata(vector["metadata"])

    assert envelope.format is Format.V1
    with pytest.raises(NotAllowed, match="v1 legacy file") as refusal:
        ReadPolicy().check(envelope)
    switch = "AES-CBC content" if vector["format"] == "v1-cbc" else "kms wrapping"
    assert f"Turn on {switch} in Settings" in refusal.value.hint


@pytest.mark.parametrize("vector", named([v for v in OLD if v["format"] == "v1-gcm"]))
def test_gcm_object_of_the_kms_generation_is_read_once_its_switch_is_on(vector: Vector) -> None:
    demanded = tuple(vector["request_context"].items())

    found = read(vector, ReadPolicy(kms_wrap=True, required_context=demanded))

    assert hashlib.sha256(found).hexdigest() == vector["plaintext"]["sha256"]


@pytest.mark.parametrize("vector", named([v for v in OLD if v["format"] == "v1-cbc"]))
def test_cbc_object_is_refused_even_with_its_switches_on(vector: Vector) -> None:
    with pytest.raises(NotAllowed, match="AES-256-CBC"):
        read(
            vector,
            ReadPolicy(
                kms_wrap=True, cbc=True, required_context=tuple(vector["request_context"].items())
            ),
        )


@pytest.mark.parametrize("vector", named(SPLIT))
def test_object_with_an_instruction_file_is_not_taken_for_anything_else(vector: Vector) -> None:
    expected = OtherFormat if vector["format"] == "v3" else (OtherFormat, NotEncrypted)

    with pytest.raises(expected, match="instruction file"):
        from_metadata(vector["metadata"])


@pytest.mark.parametrize("vector", named([v for v in client_vectors() if "raw" in v["features"]]))
def test_object_under_a_raw_key_is_recognised_by_name(vector: Vector) -> None:
    words = "instruction file" if "instruction" in vector else "raw AES key, not with KMS"

    with pytest.raises(Refused, match=words):
        from_metadata(vector["metadata"])


def test_no_vector_is_forgotten() -> None:
    read_here = {v["id"] for v in (*READABLE, *OLD, *SPLIT, *TAMPERED)}
    others = [
        v for v in client_vectors() if v["id"] not in read_here and "raw" not in v["features"]
    ]

    assert {v["id"].rpartition("-php")[0] or v["id"] for v in others} == {
        "neg-cbccut",
        "neg-cbcempty",
        "neg-padding",
        "neg-wrongkey-go-4_0_0-v3-17-ascii",
    }
