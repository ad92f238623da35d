"""How values are spelled in object metadata: base64, JSON objects of strings, encoded words.

Everything here comes from whoever wrote the object, so everything is bounded, and every oddity is
a ValueError whose text can be shown to a person.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 64 * 1024
"""An encryption context is at most 8,192 bytes; escapes make six characters of one."""

MAX_SHOWN: Final = 60

_WORD: Final = r"=\?([!-~]{1,32}?)\?([BbQq])\?([^?]*)\?="
_ENCODED_WORD: Final = re.compile(_WORD)
_ENCODED_WORDS: Final = re.compile(rf"\s*(?:{_WORD}\s*)+")
_QUOTED_BYTE: Final = re.compile(r"=([0-9A-Fa-f]{2})")
_CHARSETS: Final = {"utf-8": "utf-8", "iso-8859-1": "latin-1", "us-ascii": "ascii"}


def visible(text: str, limit: int = MAX_SHOWN) -> str:
    """Text from an object as it may stand in a sentence: shortened, nothing invisible in it."""
    escaped = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[: limit + 1])
    return escaped if len(escaped) <= limit else escaped[: limit - 1] + "…"


def strict_base64(text: str) -> bytes:
    """Decode standard base64 that has exactly one spelling (RFC 4648, sections 3.3 and 3.5)."""
    _check_length(text)
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("it is not base64") from None
    if base64_text(decoded) != text:
        raise ValueError("it is not canonical base64")
    return decoded


def base64_text(value: bytes) -> str:
    """The one spelling that `strict_base64` takes."""
    return base64.b64encode(value).decode("ascii")


def flat_json(text: str) -> dict[str, str]:
    """Parse a JSON object of strings; no number, no nesting, no name twice, order kept.

    Args:
        text: at most MAX_CHARACTERS.
    """
    return _strings(_pairs(text))


def json_values(text: str, names: Collection[str]) -> dict[str, str]:
    """Parse a JSON object and keep the values of `names`, by name in lower case.

    A whole number counts as its text: the PHP client writes "x-amz-tag-len": 128. Anything may
    stand under other names.

    Args:
        text: at most MAX_CHARACTERS.
        names: in lower case.
    """
    pairs = [(name.lower(), value) for name, value in _pairs(text) if name.lower() in names]
    return _strings([(n, v.text if isinstance(v, _Number) else v) for n, v in pairs])


def json_text(pairs: dict[str, str]) -> str:
    """A JSON object in pure ASCII, which every client can parse and S3 never re-encodes."""
    return json.dumps(pairs, ensure_ascii=True, separators=(",", ":"))


def header_text(value: str) -> str:
    """Undo what S3 and its clients do to text outside ASCII in a metadata header.

    A client that sends raw UTF-8 gets it back as RFC 2047 words of UTF-8 read as Latin-1, or, from
    servers that do not use such words, as those Latin-1 characters. One character may be split
    over two words, so words are joined first. A text that is not UTF-8 after that was Latin-1 from
    the beginning (AWS SDK for Java 1.x).

    Source: RFC 2047; objects written by the official Go, Ruby and Java clients.
    """
    _check_length(value)
    text = _join_words(value) if _ENCODED_WORDS.fullmatch(value) else value
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


class _Pairs(list[tuple[str, object]]):
    """A JSON object whose names may still repeat."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A whole number of JSON, never computed with."""

    text: str


def _pairs(text: str) -> _Pairs:
    _check_length(text)
    try:
        pairs = json.loads(
            text, object_pairs_hook=_Pairs, parse_int=_Number, parse_constant=_no_json
        )
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(pairs, _Pairs):
        raise ValueError("it is not a JSON object")
    return pairs


def _no_json(_word: str) -> object:
    raise ValueError("it is not JSON")


def _strings(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    strings: dict[str, str] = {}
    for name, value in pairs:
        if not isinstance(value, str):
            raise ValueError("a value in it is not a text")
        if name in strings:
            raise ValueError("a name stands in it twice")
        strings[_encodable(name)] = _encodable(value)
    return strings


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise ValueError("it is too long")


def _encodable(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a text in it is not Unicode") from None
    return text


def _join_words(value: str) -> str:
    """Decode adjacent words of one charset together: a split may fall inside a character."""
    text, pending, pending_charset = "", b"", ""
    for charset, encoding, content in _ENCODED_WORD.findall(value):
        if charset.lower() != pending_charset:
            text += _decode(pending, pending_charset)
            pending, pending_charset = b"", charset.lower()
        pending += strict_base64(content) if encoding in "Bb" else _quoted(content)
    return text + _decode(pending, pending_charset)


def _quoted(content: str) -> bytes:
    """The Q encoding of RFC 2047, lenient about characters that needed no escape."""
    spaced = content.replace("_", " ")
    return _QUOTED_BYTE.sub(lambda hit: chr(int(hit[1], 16)), spaced).encode("latin-1")


def _decode(content: bytes, charset: str) -> str:
    if not content:
        return ""
    if charset not in _CHARSETS:
        raise ValueError("its text is in an unknown character set")
    try:
        return content.decode(_CHARSETS[charset])
    except UnicodeDecodeError:
        raise ValueError("its text is damaged") from None
