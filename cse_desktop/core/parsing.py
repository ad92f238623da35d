"""From an object's metadata, and perhaps its instruction file, to an envelope. Strict; no I/O.

What stands here was written by whoever can write objects, so nothing is guessed: an envelope is
complete, of one format, and has the exact lengths, or it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cse_desktop.core.envelope import (
    CBC_WIRE_NAMES,
    INSTRUCTION_FILE,
    METADATA,
    Envelope,
    Suite,
    Wrapping,
    check_lengths,
    check_reserved_pair,
)
from cse_desktop.core.errors import BadEnvelope
from cse_desktop.core.recognition import (
    ENVELOPE_NAMES,
    V3_SPLIT,
    broken,
    check_file_names,
    check_is_kms,
    check_is_one_format,
    lacks_envelope,
    recognise,
)
from cse_desktop.core.spelling import (
    MAX_CHARACTERS,
    flat_json,
    header_text,
    json_values,
    strict_base64,
    visible,
)

MAX_INSTRUCTION_BYTES = MAX_CHARACTERS
"""More than any envelope needs; a longer file is not read."""


def from_metadata(metadata: Mapping[str, str]) -> Envelope:
    """Read the envelope out of an object's metadata.

    Args:
        metadata: as S3 returned it, without "x-amz-meta-"; names in any case.

    Raises:
        NotEncrypted: there is none.
        OtherFormat: it is one this program knows and does not read, or it is in another place.
        BadEnvelope: it breaks the format.
    """
    fields = recognise(metadata)
    return _envelope(_Source(fields.values, METADATA), is_v3=fields.is_v3)


def from_instruction_file(metadata: Mapping[str, str], content: bytes) -> Envelope:
    """Read the envelope out of an instruction file.

    V3 splits it: suite, commitment and message id stay with the object, and a file that brings its
    own could exchange the content unnoticed. V1 and V2 keep all of it in the file.

    Args:
        metadata: that of the object, not of the file.
        content: the whole file.

    Raises:
        OtherFormat: the data key is not wrapped with KMS.
        BadEnvelope: it breaks the format.
    """
    values = _file_values(content)
    found = {name.lower(): value for name, value in metadata.items()}
    check_is_one_format(found)
    check_file_names(found, values)
    values |= {name: found[name] for name in V3_SPLIT if name in found}
    if lacks_envelope(values):
        raise broken("Its instruction file holds no wrapped data key")
    fields = recognise(values)
    return _envelope(_Source(fields.values, INSTRUCTION_FILE), is_v3=fields.is_v3)


@dataclass(frozen=True, slots=True)
class _Source:
    """The values of an envelope, and where they stood: that decides how text is spelled."""

    values: Mapping[str, str]
    place: str

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def bytes_of(self, name: str) -> bytes:
        try:
            return strict_base64(self.values[name])
        except ValueError as error:
            raise broken(f"{name} can't be read: {error}") from None

    def context_of(self, name: str) -> dict[str, str]:
        """The stored context; a missing one is empty, as the official clients read it."""
        text = self.values.get(name, "{}")
        try:
            # A file is UTF-8 throughout; only a header needs undoing.
            return flat_json(header_text(text) if self.place == METADATA else text)
        except ValueError as error:
            raise broken(f"{name} can't be read: {error}") from None

    def unknown(self, name: str) -> BadEnvelope:
        shown = f"“{visible(self.values[name])}”" if self.values[name] else "empty"
        return broken(f"{name} is {shown}, which no known format has")


def _envelope(source: _Source, *, is_v3: bool) -> Envelope:
    envelope = _read_v3(source) if is_v3 else _read_v2(source)
    check_lengths(envelope)
    check_reserved_pair(envelope)
    return envelope


def _read_v3(source: _Source) -> Envelope:
    check_is_kms(source["x-amz-w"])
    if source["x-amz-w"] != "12":
        raise source.unknown("x-amz-w")
    if source["x-amz-c"] != Suite.GCM_COMMITTING.wire_name:
        raise source.unknown("x-amz-c")
    return Envelope(
        suite=Suite.GCM_COMMITTING,
        wrapping=Wrapping.KMS_CONTEXT,
        wrapped_key=source.bytes_of("x-amz-3"),
        context=source.context_of("x-amz-t"),
        nonce=source.bytes_of("x-amz-i"),
        commitment=source.bytes_of("x-amz-d"),
        place=source.place,
    )


def _read_v2(source: _Source) -> Envelope:
    wrapping, content = source["x-amz-wrap-alg"], source["x-amz-cek-alg"]
    check_is_kms(wrapping)
    if wrapping not in (Wrapping.KMS_CONTEXT.value, Wrapping.KMS.value):
        raise source.unknown("x-amz-wrap-alg")
    if content not in (Suite.GCM.wire_name, *CBC_WIRE_NAMES):
        raise source.unknown("x-amz-cek-alg")
    is_gcm = content == Suite.GCM.wire_name
    if is_gcm and source.values.get("x-amz-tag-len", "128") != "128":
        raise source.unknown("x-amz-tag-len")
    return Envelope(
        suite=Suite.GCM if is_gcm else Suite.CBC,
        wrapping=Wrapping(wrapping),
        wrapped_key=source.bytes_of("x-amz-key-v2"),
        context=source.context_of("x-amz-matdesc"),
        nonce=source.bytes_of("x-amz-iv"),
        place=source.place,
    )


def _file_values(content: bytes) -> dict[str, str]:
    """The envelope's values in an instruction file; what else stands there is nobody's concern."""
    try:
        if len(content) > MAX_INSTRUCTION_BYTES:
            raise ValueError("it is too long")
        if not content:
            raise ValueError("it is empty")
        return json_values(content.decode(), ENVELOPE_NAMES)
    except UnicodeDecodeError:
        raise broken("The instruction file can't be read: it is not UTF-8") from None
    except ValueError as error:
        raise broken(f"The instruction file can't be read: {error}") from None
