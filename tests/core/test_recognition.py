"""Which format it is, told by the names beside the object alone."""

from __future__ import annotations

import base64

import pytest

from cse_desktop.core.errors import (
    BadEnvelope,
    NotEncrypted,
    OtherFormat,
)
from cse_desktop.core.recognition import ENVELOPE_NAMES, V2_NAMES
from tests.envelopes import V2, V3, refusal, without


def test_object_without_envelope_is_not_encrypted() -> None:
    assert type(refusal({"owner": "alice"})) is NotEncrypted
    assert type(refusal({})) is NotEncrypted


def test_instruction_file_itself_is_named() -> None:
    assert refusal({"x-amz-crypto-instr-file": ""}).title.startswith("This is an instruction file")


def test_v3_split_with_an_instruction_file_is_told_from_a_plain_object() -> None:
    split = refusal(without(V3, "x-amz-3", "x-amz-w", "x-amz-t"))

    assert type(split) is OtherFormat
    assert "instruction file" in split.title


def test_v1_is_named_by_what_wrapped_its_key() -> None:
    aes = {"x-amz-key": base64.b64encode(bytes(48)).decode(), "x-amz-iv": "x"}
    rsa = {"x-amz-key": base64.b64encode(bytes(256)).decode(), "x-amz-iv": "x"}

    assert "raw AES key, not with KMS" in refusal(aes).title
    assert "raw RSA key, not with KMS" in refusal(rsa).title


@pytest.mark.parametrize(
    "wrapping",
    ["AES/GCM", "AESWrap", "RSA-OAEP-SHA1", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding"],
)
def test_raw_wrapping_of_v2_is_named(wrapping: str) -> None:
    error = refusal({**V2, "x-amz-wrap-alg": wrapping})

    assert type(error) is OtherFormat
    assert f"a raw {wrapping[:3]} key" in error.title


# x-amz-m is a name of v3 itself, for raw keys, and not used with KMS.
@pytest.mark.parametrize("name", sorted(ENVELOPE_NAMES.difference(V3, ["x-amz-m"])))
def test_v3_beside_any_name_of_an_older_format_is_refused(name: str) -> None:
    older = {**V2, "x-amz-key": "x"}.get(name, "x")
    assert "mixes two formats" in refusal({**V3, name: older}).hint


@pytest.mark.parametrize("name", ["x-amz-c", "x-amz-d", "x-amz-i", "x-amz-3", "x-amz-key"])
def test_v2_beside_a_name_of_another_format_is_refused(name: str) -> None:
    assert "mixes two formats" in refusal({**V2, name: V3.get(name, "x")}).hint


def test_name_in_two_spellings_is_refused() -> None:
    assert "twice" in refusal({**V3, "X-Amz-I": V3["x-amz-i"]}).hint


@pytest.mark.parametrize("name", ["x-amz-c", "x-amz-w", "x-amz-d", "x-amz-i"])
def test_incomplete_v3_says_what_is_missing(name: str) -> None:
    error = refusal(without(V3, name))

    assert type(error) is BadEnvelope
    assert f"{name} is missing" in error.hint


@pytest.mark.parametrize("name", V2_NAMES[:4])
def test_incomplete_v2_says_what_is_missing(name: str) -> None:
    assert f"{name} is missing" in refusal(without(V2, name)).hint
