"""The envelope beside an object: written as the format asks, read as strictly as it allows."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.envelope import (
    MAX_PLAINTEXT_BYTES,
    RESERVED_CONTEXT_NAMES,
    Envelope,
    Format,
    Suite,
    Wrapping,
    check_metadata_size,
    metadata_bytes,
    new_context,
    plaintext_size,
)
from cse_desktop.core.errors import (
    BadEnvelope,
    InvalidInput,
    Refused,
    Tampered,
    TooLarge,
)
from cse_desktop.core.parsing import from_metadata
from cse_desktop.core.recognition import ENVELOPE_NAMES
from tests.envelopes import CEK_ALG, KMS_CBC, KMS_GCM, V2, V3, refusal

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = texts.filter(lambda name: name and name not in RESERVED_CONTEXT_NAMES)
written_suites = st.sampled_from([Suite.GCM_COMMITTING, Suite.GCM])
contexts = st.dictionaries(names, texts, max_size=6)


def test_v3_is_read() -> None:
    envelope = from_metadata(V3)

    assert envelope == Envelope(
        suite=Suite.GCM_COMMITTING,
        wrapping=Wrapping.KMS_CONTEXT,
        wrapped_key=b"wrapped",
        context={"a": "b", CEK_ALG: "115"},
        nonce=bytes(range(0x40, 0x5C)),
        commitment=bytes.fromhex("0e7419e5cfb7c60d57a748d87c03278749350c9bb4c973f4f40831f4"),
    )
    assert (envelope.format, envelope.user_context) == (Format.V3, {"a": "b"})


def test_v2_is_read() -> None:
    envelope = from_metadata(V2)

    assert (envelope.format, envelope.suite) == (Format.V2, Suite.GCM)
    assert (len(envelope.nonce), envelope.commitment) == (12, b"")


@pytest.mark.parametrize(("metadata", "suite"), [(KMS_GCM, Suite.GCM), (KMS_CBC, Suite.CBC)])
def test_kms_generation_is_read(metadata: dict[str, str], suite: Suite) -> None:
    envelope = from_metadata(metadata)

    assert (envelope.format, envelope.wrapping) == (Format.V1, Wrapping.KMS)
    assert (envelope.suite, envelope.user_context) == (suite, {})


@pytest.mark.parametrize("metadata", [V3, V2])
def test_names_are_compared_in_lower_case(metadata: dict[str, str]) -> None:
    shouted = {name.upper(): value for name, value in metadata.items()}

    assert from_metadata(shouted) == from_metadata(metadata)


@pytest.mark.parametrize("metadata", [V3, V2, KMS_GCM])
def test_unrelated_metadata_is_let_be(metadata: dict[str, str]) -> None:
    beside = {**metadata, "owner": "alice", "x-amz-server-note": "=?broken", "note": "ÿ"}

    assert from_metadata(beside) == from_metadata(metadata)


def test_v3_is_written_with_its_own_names_only() -> None:
    assert from_metadata(V3).to_metadata() == V3


def test_v2_is_written_with_its_own_names_only() -> None:
    assert from_metadata(V2).to_metadata() == V2


@pytest.mark.parametrize("metadata", [KMS_GCM, KMS_CBC])
def test_old_formats_are_never_written(metadata: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="never written"):
        from_metadata(metadata).to_metadata()


@given(
    user=contexts,
    suite=st.sampled_from([Suite.GCM_COMMITTING, Suite.GCM]),
    wrapped=st.binary(min_size=1),
)
def test_any_envelope_comes_back_in_ascii_and_in_order(
    user: dict[str, str], suite: Suite, wrapped: bytes
) -> None:
    is_v3 = suite is Suite.GCM_COMMITTING
    envelope = Envelope(
        suite,
        Wrapping.KMS_CONTEXT,
        wrapped,
        new_context(user, suite),
        nonce=bytes(28 if is_v3 else 12),
        commitment=bytes(28 if is_v3 else 0),
    )

    metadata = envelope.to_metadata()

    assert all(value.isascii() and value.isprintable() for value in metadata.values())
    assert from_metadata(metadata) == envelope
    assert list(from_metadata(metadata).user_context.items()) == list(user.items())


@pytest.mark.parametrize(
    ("metadata", "name", "value"),
    [
        (V3, "x-amz-c", "114"),
        (V3, "x-amz-c", "0115"),
        (V3, "x-amz-c", " 115"),
        (V3, "x-amz-c", ""),
        (V3, "x-amz-w", "11"),
        (V3, "x-amz-w", "kms+context"),
        (V2, "x-amz-cek-alg", "AES/CTR/NoPadding"),
        (V2, "x-amz-cek-alg", "aes/gcm/nopadding"),
        (V2, "x-amz-wrap-alg", "KMS+CONTEXT"),
        (V2, "x-amz-wrap-alg", "AES/ECB"),
        (V2, "x-amz-tag-len", "96"),
        (V2, "x-amz-tag-len", "128 "),
        (V2, "x-amz-tag-len", ""),
    ],
)
def test_unknown_value_is_refused_and_named(
    metadata: dict[str, str], name: str, value: str
) -> None:
    error = refusal({**metadata, name: value})

    assert type(error) is BadEnvelope
    shown = f"“{value}”" if value else "empty"
    assert f"{name} is {shown}" in error.hint


@pytest.mark.parametrize("name", ["x-amz-3", "x-amz-d", "x-amz-i"])
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text + "\n", id="line break"),
        pytest.param(lambda text: " " + text, id="space"),
        pytest.param(lambda text: text[:4] + "!" + text[4:], id="foreign character"),
        pytest.param(lambda text: text.rstrip("="), id="no padding"),
        pytest.param(lambda text: text.replace("=", "é"), id="not ASCII"),
        pytest.param(lambda text: text[:-3] + "B==", id="spare bits set"),
        pytest.param(lambda _text: "", id="empty"),
        pytest.param(lambda text: text * 3000, id="endless"),
    ],
)
def test_base64_is_read_strictly(name: str, spoil: Any) -> None:
    assert type(refusal({**V3, name: spoil(V3[name])})) is BadEnvelope


@pytest.mark.parametrize(
    ("metadata", "name", "right"),
    [
        (V3, "x-amz-d", 28),
        (V3, "x-amz-i", 28),
        (V2, "x-amz-iv", 12),
        (KMS_GCM, "x-amz-iv", 12),
        (KMS_CBC, "x-amz-iv", 16),
    ],
)
@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 15, 16, 17, 27, 28, 29, 1000])
def test_lengths_are_exact(metadata: dict[str, str], name: str, right: int, size: int) -> None:
    bent = {**metadata, name: base64.b64encode(bytes(size)).decode()}

    assert size == right or f"{size} bytes" in refusal(bent).hint


@pytest.mark.parametrize(
    "context",
    [
        "",
        "x",
        "null",
        "[]",
        '"text"',
        "{",
        '{"a":"b"}{"c":"d"}',
        '{"a":1}',
        '{"a":1.5}',
        '{"a":NaN}',
        '{"a":null}',
        '{"a":true}',
        '{"a":{"b":"c"}}',
        '{"a":["b"]}',
        '{"a":"b","a":"c"}',
        '{"a":"\\ud800"}',
        "[" * 5000,
        '{"a":' * 5000,
        '{"a":' + "9" * 5000 + "}",
        '{"a":"' + "x" * 70_000 + '"}',
        "=?KOI8-R?Q?{}?=",
        "=?UTF-8?B?e30?=",
        "=?UTF-8?Q?=FF?=",
    ],
)
def test_context_that_is_not_an_object_of_texts_is_refused(context: str) -> None:
    error = refusal({**V3, "x-amz-t": context})

    assert type(error) is BadEnvelope
    assert "x-amz-t can't be read" in error.hint


@given(metadata=st.dictionaries(st.sampled_from(sorted(ENVELOPE_NAMES)), texts))
def test_any_metadata_is_read_or_refused(metadata: dict[str, str]) -> None:
    with pytest.raises(Refused):
        from_metadata(metadata)


@given(name=st.sampled_from(sorted(V3)), value=st.text(max_size=60))
def test_any_value_in_v3_is_read_or_refused(name: str, value: str) -> None:
    with contextlib.suppress(Refused):
        from_metadata({**V3, name: value})


def test_refusal_shows_hostile_text_as_escapes() -> None:
    assert "a\\u202eb\\n" in refusal({**V3, "x-amz-c": "a\u202eb\n"}).hint


@pytest.mark.parametrize(
    ("metadata", "context", "words"),
    [
        (V3, {}, f"lacks {CEK_ALG}"),
        (V3, {CEK_ALG: "AES/GCM/NoPadding"}, "bound to “AES/GCM/NoPadding”"),
        (V3, {CEK_ALG: "0115"}, "bound to “0115”"),
        (V2, {}, f"lacks {CEK_ALG}"),
        (V2, {CEK_ALG: "115"}, "bound to “115”"),
        (V2, {CEK_ALG: "AES/CBC/PKCS5Padding"}, "bound to “AES/CBC/PKCS5Padding”"),
        (KMS_GCM, {CEK_ALG: "AES/GCM/NoPadding"}, "labelled kms"),
        (KMS_CBC, {CEK_ALG: "AES/CBC/PKCS5Padding"}, "labelled kms"),
    ],
)
def test_label_that_kms_did_not_bind_is_refused(
    metadata: dict[str, str], context: dict[str, str], words: str
) -> None:
    name = "x-amz-t" if metadata is V3 else "x-amz-matdesc"

    assert words in refusal({**metadata, name: json.dumps(context)}).hint


def test_new_context_ends_with_the_reserved_pair() -> None:
    user = {"z": "1", "a": "2"}

    assert list(new_context(user, Suite.GCM_COMMITTING).items()) == [
        *user.items(),
        (CEK_ALG, "115"),
    ]
    assert new_context({}, Suite.GCM) == {CEK_ALG: "AES/GCM/NoPadding"}


@pytest.mark.parametrize(
    "user",
    [{CEK_ALG: "115"}, {"kms_cmk_id": "x"}, {"": "x"}, {"a": "\ud800"}, {"a": 1}, {2: "a"}],
)
def test_context_that_the_format_does_not_take_is_refused(user: Any) -> None:
    with pytest.raises(InvalidInput):
        new_context(user, Suite.GCM_COMMITTING)


def test_metadata_above_2048_bytes_is_too_large() -> None:
    full = {"name": "x" * 2044}

    check_metadata_size(full)
    assert (metadata_bytes(full), metadata_bytes({"é": "日本"})) == (2048, 8)
    with pytest.raises(TooLarge, match="2,049 bytes"):
        check_metadata_size({"name": "x" * 2045})


@pytest.mark.parametrize("size", [0, 1, MAX_PLAINTEXT_BYTES])
def test_plaintext_is_16_bytes_shorter(size: int) -> None:
    assert plaintext_size(from_metadata(V3), size + 16) == size


@pytest.mark.parametrize("stored", [0, 15, MAX_PLAINTEXT_BYTES + 17])
def test_size_that_no_object_has_is_refused(stored: int) -> None:
    with pytest.raises(Tampered, match="altered or damaged"):
        plaintext_size(from_metadata(V2), stored)
