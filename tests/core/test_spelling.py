"""Text in metadata as servers and clients bend it, and what may be shown of it."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.spelling import (
    flat_json,
    header_text,
    json_values,
    strict_base64,
    visible,
)

TEXT = '{"naïve":"日本語 🔑 ÿ","ключ":"значение"}'
AS_LATIN_1 = TEXT.encode().decode("latin-1")

json_like = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40).map(
    lambda text: "{" + text + "}"
)


def q_word(part: str) -> str:
    quoted = "".join(c if c.isalnum() and c.isascii() else escaped(c) for c in part)
    return f"=?UTF-8?Q?{quoted}?="


def escaped(character: str) -> str:
    return "".join(f"={byte:02X}" for byte in character.encode())


def b_word(part: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(part).decode()}?="


def test_plain_text_stays() -> None:
    assert header_text('{"a":"=?UTF-8?Q?x?="}') == '{"a":"=?UTF-8?Q?x?="}'


def test_utf_8_that_was_read_as_latin_1_is_restored() -> None:
    assert header_text(AS_LATIN_1) == TEXT


def test_latin_1_that_is_not_utf_8_stays() -> None:
    assert header_text('{"a":"naïve ÿ"}') == '{"a":"naïve ÿ"}'


def test_text_beyond_latin_1_stays() -> None:
    assert header_text(TEXT) == TEXT


@pytest.mark.parametrize("step", [1, 2, 3, 7, 200])
def test_words_split_inside_a_character_are_joined(step: int) -> None:
    doubled = AS_LATIN_1.encode()
    words = [b_word(doubled[i : i + step]) for i in range(0, len(doubled), step)]

    assert header_text(" ".join(words)) == TEXT


def test_words_of_two_charsets_are_read() -> None:
    assert header_text("=?ISO-8859-1?Q?{=E9?= =?us-ascii?B?fQ==?=") == "{é}"


@given(text=json_like, cut=st.integers(1, 20))
def test_any_text_doubly_encoded_in_words_is_restored(text: str, cut: int) -> None:
    doubled = text.encode().decode("latin-1")
    words = [q_word(doubled[i : i + cut]) for i in range(0, len(doubled), cut)]

    assert header_text(" ".join(words)) == text


@given(value=st.text(max_size=80))
def test_any_value_is_decoded_or_refused(value: str) -> None:
    with contextlib.suppress(ValueError):
        header_text(value)


@given(value=st.binary(max_size=50))
def test_base64_comes_back(value: bytes) -> None:
    assert strict_base64(base64.b64encode(value).decode()) == value


def test_escapes_in_json_are_read() -> None:
    assert flat_json('{"na\\u00efve":"\\ud83d\\udd11 a\\/b"}') == {"naïve": "🔑 a/b"}


def test_whole_number_is_its_text_where_it_may_be_one() -> None:
    with pytest.raises(ValueError, match="not a text"):
        flat_json('{"a":128}')
    assert json_values('{"X-Amz-Tag-Len":128}', {"x-amz-tag-len"}) == {"x-amz-tag-len": "128"}


def test_values_under_other_names_may_be_anything() -> None:
    text = '{"x":[{"y":null}],"x-amz-iv":"a","x":1.5}'
    assert json_values(text, {"x-amz-iv"}) == {"x-amz-iv": "a"}


@pytest.mark.parametrize("value", ["1.5", "true", "null", "[]", '{"a":"b"}'])
def test_value_that_is_neither_text_nor_whole_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a text"):
        json_values(f'{{"x-amz-iv":{value}}}', {"x-amz-iv"})


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_number_that_json_does_not_have_is_refused_under_any_name(word: str) -> None:
    with pytest.raises(ValueError, match="not JSON"):
        json_values(f'{{"other":{word}}}', {"x-amz-iv"})


def test_name_twice_in_any_case_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        json_values('{"x-amz-iv":"a","X-Amz-IV":"a"}', {"x-amz-iv"})


def test_what_is_shown_hides_and_turns_nothing() -> None:
    assert visible("a\u202eb\x00c\n") == "a\\u202eb\\x00c\\n"
    assert visible("x" * 100, 10) == "x" * 9 + "…"
    assert visible("日本語 é") == "日本語 é"


def test_what_is_shown_is_short_however_much_must_be_escaped() -> None:
    assert visible("\x00" * 50, 10) == "\\x00\\x00\\…"
    assert visible("\x00a", 5) == "\\x00a"
