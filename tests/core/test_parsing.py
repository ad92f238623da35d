"""Envelopes in instruction files: V1 and V2 whole, V3 split, anything else refused."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.envelope import INSTRUCTION_FILE, Envelope
from cse_desktop.core.errors import BadEnvelope, CseError, OtherFormat, Refused
from cse_desktop.core.parsing import (
    MAX_INSTRUCTION_BYTES,
    from_instruction_file,
    from_metadata,
)
from tests.envelopes import CEK_ALG, KMS_CBC, KMS_GCM, V2, V3, without

SPLIT = ("x-amz-c", "x-amz-d", "x-amz-i")
BESIDE = {name: V3[name] for name in SPLIT}
INSIDE = without(V3, *SPLIT)
LENGTH = "x-amz-unencrypted-content-length"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
envelope_names = st.sampled_from(sorted({*V3, *V2, "x-amz-m", "x-amz-key", LENGTH}))


def file(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()


def refusal(metadata: dict[str, str], content: bytes) -> CseError:
    with pytest.raises(Refused) as raised:
        from_instruction_file(metadata, content)
    return raised.value


def elsewhere(envelope: Envelope) -> Envelope:
    return replace(envelope, place=INSTRUCTION_FILE)


@pytest.mark.parametrize("values", [V2, KMS_GCM, KMS_CBC])
@pytest.mark.parametrize("metadata", [{}, {LENGTH: "17"}, {"owner": "alice"}])
def test_envelope_of_v1_and_v2_is_whole_in_the_file(
    values: dict[str, str], metadata: dict[str, str]
) -> None:
    assert from_instruction_file(metadata, file(values)) == elsewhere(from_metadata(values))


def test_envelope_of_v3_is_split() -> None:
    assert from_instruction_file(BESIDE, file(INSIDE)) == elsewhere(from_metadata(V3))


def test_numbers_other_names_and_upper_case_are_taken() -> None:
    values = {name.upper(): value for name, value in V2.items()}
    values |= {"X-AMZ-TAG-LEN": 128, LENGTH: 17, "x-other": {"deep": [1.5, None]}}  # type: ignore[dict-item]

    assert from_instruction_file({}, file(values)) == elsewhere(from_metadata(V2))


def test_text_in_a_file_is_not_undone_as_a_header_is() -> None:
    context = {"Ã¤": "=?UTF-8?Q?x?=", CEK_ALG: "115"}
    values = {**INSIDE, "x-amz-t": json.dumps(context, ensure_ascii=False)}

    assert from_instruction_file(BESIDE, file(values)).context == context


@pytest.mark.parametrize("name", SPLIT)
def test_file_that_brings_what_the_object_must_have_is_refused(name: str) -> None:
    words = f"instruction file has {name}, which only the object itself may have"

    assert words in refusal(BESIDE, file({**INSIDE, name: V3[name]})).hint
    assert words in refusal({}, file({**V2, name: V3[name]})).hint


@pytest.mark.parametrize("name", ["x-amz-w", "x-amz-t", "x-amz-m", "x-amz-key-v2", "x-amz-iv"])
def test_object_that_has_what_the_file_must_bring_is_refused(name: str) -> None:
    metadata = {name: "x"} if name in V2 else {**BESIDE, name: "x"}

    assert f"It has {name} itself" in refusal(metadata, file(INSIDE)).hint


def test_v3_object_is_not_turned_into_an_older_one_by_its_file() -> None:
    assert "mixes two formats" in refusal(BESIDE, file(V2)).hint
    assert "mixes two formats" in refusal(BESIDE, file({**INSIDE, "x-amz-key": "x"})).hint
    assert "mixes two formats" in refusal({**BESIDE, LENGTH: "1"}, file(INSIDE)).hint


def test_v3_file_of_an_object_without_commitment_is_incomplete() -> None:
    assert "x-amz-c, x-amz-d, x-amz-i are missing" in refusal({}, file(INSIDE)).hint
    assert "x-amz-d is missing" in refusal(without(BESIDE, "x-amz-d"), file(INSIDE)).hint


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"x", "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b'"x-amz-iv"', "it is not a JSON object"),
        (b"[" * 60_000, "it is nested too deeply"),
        (b"\xff", "it is not UTF-8"),
        (b" " * (MAX_INSTRUCTION_BYTES + 1), "it is too long"),
        (b'{"x-amz-iv":"a","x-amz-iv":"b"}', "a name stands in it twice"),
        (b'{"x-amz-iv":null}', "a value in it is not a text"),
        (b'{"x-amz-iv":"\\ud800"}', "a text in it is not Unicode"),
    ],
)
def test_file_that_is_no_envelope_says_why(content: bytes, words: str) -> None:
    error = refusal({}, content)

    assert type(error) is BadEnvelope
    assert f"The instruction file can't be read: {words}" in error.hint


@pytest.mark.parametrize("values", [{}, {"a": "b"}, {LENGTH: 1}])
def test_file_without_an_envelope_is_refused(values: dict[str, object]) -> None:
    assert "holds no wrapped data key" in refusal({}, file(values)).hint


def test_file_of_v3_without_the_data_key_is_refused() -> None:
    assert "no wrapped data key" in refusal(BESIDE, file(without(INSIDE, "x-amz-3"))).hint


def test_file_for_a_raw_key_is_recognised_by_name() -> None:
    values = {"x-amz-key": "x" * 64, "x-amz-iv": "x", "x-amz-matdesc": "{}"}

    assert type(refusal({}, file(values))) is OtherFormat
    assert "raw AES key" in refusal({}, file({**V2, "x-amz-wrap-alg": "AES/GCM"})).title


@given(
    metadata=st.dictionaries(envelope_names | st.text(max_size=4), st.text(max_size=8)),
    values=json_values | st.dictionaries(envelope_names, json_values | st.text(max_size=8)),
)
def test_any_file_is_read_or_refused(metadata: dict[str, str], values: object) -> None:
    with contextlib.suppress(Refused):
        from_instruction_file(metadata, file(values))


@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        from_instruction_file(BESIDE, content)
