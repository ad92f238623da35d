"""What is fuzzed: bytes in, nothing out; whatever is raised here is a bug.

Input is cut into pieces at 0xFF, which no UTF-8 holds, so that mutations stay readable.
"""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final

import tomli_w

from cse_desktop.core.envelope import (
    RESERVED_CONTEXT_NAMES,
    Envelope,
    Format,
    Suite,
    Wrapping,
    plaintext_size,
)
from cse_desktop.core.errors import (
    BadEnvelope,
    Changed,
    NotAllowed,
    NotEncrypted,
    OtherFormat,
    Tampered,
)
from cse_desktop.core.foreign import tool_of
from cse_desktop.core.parsing import from_instruction_file, from_metadata
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.wire import check_range
from cse_desktop.jobs.backlog import saved_of
from cse_desktop.jobs.journal_bodies import left_of, order_of
from cse_desktop.jobs.journal_rows import Row
from cse_desktop.jobs.request_bodies import body_of, request_of
from cse_desktop.settings.reader import Reader
from cse_desktop.settings.spelling import document_of, settings_of, state_of

CUT: Final = b"\xff"
_NONCES: Final = {Suite.GCM_COMMITTING: 28, Suite.GCM: 12, Suite.CBC: 16}


def envelope(data: bytes) -> None:
    """Metadata: names and values in turn."""
    metadata = metadata_of(data.split(CUT))
    try:
        found = from_metadata(metadata)
    except (BadEnvelope, NotEncrypted, OtherFormat) as refusal:
        _check_words(refusal)
        return
    _check_envelope(found)
    if found.wrapping is Wrapping.KMS_CONTEXT and found.suite is not Suite.CBC:
        again = from_metadata(found.to_metadata())
        assert again == found
        assert list(again.context) == list(found.context)


def instruction(data: bytes) -> None:
    """An instruction file, and behind it names and values of the object's own metadata."""
    content, *pieces = data.split(CUT)
    try:
        found = from_instruction_file(metadata_of(pieces), content)
    except (BadEnvelope, OtherFormat) as refusal:
        _check_words(refusal)
        return
    except NotEncrypted as refusal:
        _check_words(refusal)
        assert b"x-amz-key" not in content.lower()
        return
    _check_envelope(found)


def fields(data: bytes) -> None:
    """An envelope whose JSON is always sound, so that what comes after it is reached.

    First a byte: how many of the pieces are pairs of the context, and where the envelope is; then
    these pairs, then names and values of the envelope.
    """
    head, *pieces = data.split(CUT)
    bits = (head + b"\0")[0]
    pairs, rest = pieces[: (bits & 7) * 2], pieces[(bits & 7) * 2 :]
    context = json.dumps(metadata_of(pairs), ensure_ascii=bool(bits & 8))
    values = {name.lower(): value for name, value in metadata_of(rest).items()}
    values |= {name: context for name in ("x-amz-t", "x-amz-matdesc") if name in values}
    beside = {n: values.pop(n) for n in ("x-amz-c", "x-amz-d", "x-amz-i") if n in values}
    try:
        if bits & 16:
            found = from_instruction_file(beside, json.dumps(values).encode())
            assert found.context in (metadata_of(pairs), {})
        else:
            found = from_metadata(values | beside)
    except (BadEnvelope, NotEncrypted, OtherFormat) as refusal:
        _check_words(refusal)
        return
    _check_envelope(found)


def policy(data: bytes) -> None:
    """A policy's switches and context, and an envelope it is held against."""
    head, *pieces = data.split(CUT)
    bits = (head + b"\0\0")[:2]
    half = len(pieces) // 4 * 2
    found = _some_envelope(bits[1], metadata_of(pieces[half:]))
    demanded = metadata_of(pieces[:half]) if bits[0] & 16 else None
    held = ReadPolicy(
        v2=bool(bits[0] & 1),
        kms_wrap=bool(bits[0] & 2),
        cbc=bool(bits[0] & 4),
        instruction_files=bool(bits[0] & 8),
        required_context=None if demanded is None else tuple(demanded.items()),
    )
    try:
        admitted = held.admit(found)
    except NotAllowed as refusal:
        _check_words(refusal)
        return
    assert held.v2 or found.format is Format.V3
    assert held.kms_wrap or found.wrapping is not Wrapping.KMS
    assert held.cbc or found.suite is not Suite.CBC
    assert held.instruction_files or found.place == "metadata"
    if demanded is not None:
        assert admitted.user_context == demanded
    for name in RESERVED_CONTEXT_NAMES:
        assert admitted.context.get(name) == found.context.get(name)


def settings(data: bytes) -> None:
    """A settings file: what is understood of it comes back when it is written and read again."""
    text = _text_of(data)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError):
        return  # the reader of the file sets it aside
    reader = Reader("settings.toml")
    found = settings_of(reader.table(document), reader)
    written = tomli_w.dumps(document_of(found))
    second = Reader("settings.toml")
    again = settings_of(tomllib.loads(written), second)
    assert second.problems == []
    assert tomli_w.dumps(document_of(again)) == written


def state(data: bytes) -> None:
    """A state document: what is understood of it has the types that windows rely on."""
    try:
        document = json.loads(_text_of(data))
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return  # the reader of the file sets it aside
    reader = Reader("state.json")
    found = state_of(reader.table(document), reader)
    assert all(0 <= width < 2**31 for widths in found.columns.values() for width in widths)
    assert all(isinstance(name, str) for name in (*found.place, *found.favourite_keys))
    written = json.dumps(asdict(found), ensure_ascii=False)
    assert written.encode()
    assert state_of(json.loads(written), Reader("state.json")) == found


def content_range(data: bytes) -> None:
    """An answer of S3 to a request for a range: status, what it says, what was asked for."""
    status, told, first, last, etag, *_rest = [*map(_text_of, data.split(CUT)), *[""] * 5]
    asked = (_number(first), _number(last))
    answer = {
        "ResponseMetadata": {"HTTPStatusCode": _number(status)},
        "ContentRange": told,
        "ETag": etag,
    }
    try:
        check_range(answer, "s3://bucket/key", *asked, "abc")
    except (Tampered, Changed) as refusal:
        _check_words(refusal)
        return
    assert _number(status) == 206
    assert etag.strip('"') == "abc"
    numbers = told.removeprefix("bytes ").replace("/", "-").split("-")
    assert [int(number) for number in numbers[:2]] == list(asked)


def first_bytes(data: bytes) -> None:
    """The beginning of an object that has no envelope."""
    assert isinstance(tool_of(data), str)


def journal(data: bytes) -> None:
    """Bodies of rows: a job, an upload and its parts, a piece each."""
    bodies = []
    for piece in data.split(CUT):
        try:
            body = json.loads(_text_of(piece))
        except (ValueError, RecursionError):
            return  # the reader of the file sets it aside
        if not isinstance(body, dict):
            return
        bodies.append(body)
    for body in bodies:
        saved = saved_of(Row(1, "job", 0, "key", body), ("c",))
        if saved is not None:
            assert request_of(body_of(saved.request)) == saved.request
    with contextlib.suppress(ValueError):
        left = left_of(bodies[0], bodies[1:])
        place, source, identity = order_of(left)
        assert all(isinstance(number, int) for number in identity)
        assert isinstance(source, str)
        assert isinstance(place.profile, str)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "envelope": envelope,
    "instruction": instruction,
    "fields": fields,
    "policy": policy,
    "settings": settings,
    "state": state,
    "content_range": content_range,
    "first_bytes": first_bytes,
    "journal": journal,
}


def metadata_of(pieces: list[bytes]) -> dict[str, str]:
    """Pieces as names and values in turn; the last name of an odd number has no value."""
    names, values = pieces[::2], [*pieces[1::2], b""]
    return {_text_of(n): _text_of(v) for n, v in zip(names, values, strict=False)}


def _text_of(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1


def _some_envelope(bits: int, context: dict[str, str]) -> Envelope:
    suite = (Suite.GCM_COMMITTING, Suite.GCM, Suite.CBC)[bits % 3]
    return Envelope(
        suite=suite,
        wrapping=Wrapping.KMS if bits & 64 else Wrapping.KMS_CONTEXT,
        wrapped_key=b"wrapped",
        context=context,
        nonce=bytes(_NONCES[suite]),
        commitment=bytes(28) if suite is Suite.GCM_COMMITTING else b"",
        place="instruction file" if bits & 128 else "metadata",
    )


def _check_envelope(found: Envelope) -> None:
    """What all of the program builds on."""
    assert len(found.nonce) == _NONCES[found.suite]
    assert len(found.commitment) == (28 if found.suite is Suite.GCM_COMMITTING else 0)
    assert 1 <= len(found.wrapped_key) <= 6144
    bound = found.context.get(RESERVED_CONTEXT_NAMES[0])
    assert (bound is None) == (found.wrapping is Wrapping.KMS)
    assert bound is None or bound == found.suite.wire_name
    assert all(type(text) is str for pair in found.context.items() for text in pair)
    for size in (0, 16, 64):
        try:
            assert 0 <= plaintext_size(found, size) <= size
        except Tampered as refusal:
            _check_words(refusal)


def _check_words(refusal: Any) -> None:
    """A refusal has words, none endless, and no character that a screen would obey."""
    words = f"{refusal.title}{refusal.hint}"
    assert refusal.title
    assert len(words) < 1500, words
    assert words.isprintable(), words
