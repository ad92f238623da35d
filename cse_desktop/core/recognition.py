"""Which format's envelope stands in an object's metadata, told by the names alone.

A name of two formats beside one object is how an object is downgraded, so it is refused before
any value is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.errors import BadEnvelope, NotEncrypted, OtherFormat, Tampered

V3_NAMES: Final = ("x-amz-c", "x-amz-3", "x-amz-w", "x-amz-d", "x-amz-i", "x-amz-t", "x-amz-m")
V2_NAMES: Final = (
    "x-amz-key-v2",
    "x-amz-iv",
    "x-amz-cek-alg",
    "x-amz-wrap-alg",
    "x-amz-matdesc",
    "x-amz-tag-len",
    "x-amz-unencrypted-content-length",
)
V1_KEY: Final = "x-amz-key"
ENVELOPE_NAMES: Final = frozenset((*V3_NAMES, *V2_NAMES, V1_KEY))
"""Names that the user's own metadata must not use."""

_RAW_WRAPPINGS: Final = {
    "02": "a raw AES key",
    "22": "a raw RSA key",
    "AES/GCM": "a raw AES key",
    "AESWrap": "a raw AES key",
    "RSA-OAEP-SHA1": "a raw RSA key",
    "RSA/ECB/OAEPWithSHA-256AndMGF1Padding": "a raw RSA key",
}
_V3_NEEDED: Final = ("x-amz-c", "x-amz-3", "x-amz-w", "x-amz-d", "x-amz-i")
V3_SPLIT: Final = ("x-amz-c", "x-amz-d", "x-amz-i")
"""What stays with a V3 object whose wrapped data key is kept in an instruction file."""

_V2_NEEDED: Final = ("x-amz-key-v2", "x-amz-iv", "x-amz-cek-alg", "x-amz-wrap-alg")
_LENGTH: Final = "x-amz-unencrypted-content-length"
_MARKER: Final = "x-amz-crypto-instr-file"
_LONGEST_AES_WRAP: Final = 64  # characters of base64: 48 bytes, what AES/ECB makes of a data key


@dataclass(frozen=True, slots=True)
class Fields:
    """The envelope's values as text, by lower-case name; all that the format needs are there."""

    is_v3: bool
    values: Mapping[str, str]


def recognise(metadata: Mapping[str, str]) -> Fields:
    """Pick the one envelope out of an object's metadata.

    Args:
        metadata: names in any case, without "x-amz-meta-"; other names may stand beside.

    Raises:
        NotEncrypted: no envelope.
        OtherFormat: an envelope this program knows and does not read.
        BadEnvelope: incomplete, or of two formats.
    """
    values = _by_lower_name(metadata)
    found = ENVELOPE_NAMES.intersection(values)
    check_is_one_format(found)
    if V1_KEY in found:
        raise _not_kms(_v1_wrapping(values[V1_KEY]))
    if not found or found == {_LENGTH}:
        raise _without_envelope(values)
    if found.intersection(V3_NAMES):
        if is_split(found):
            raise _in_instruction_file("Its wrapped data key is")
        _check_complete(found, _V3_NEEDED)
        return Fields(True, {name: values[name] for name in V3_NAMES if name in found})
    _check_complete(found, _V2_NEEDED)
    return Fields(False, {name: values[name] for name in V2_NAMES if name in found})


def lacks_envelope(metadata: Mapping[str, str]) -> bool:
    """Whether the envelope of an object, if it has one, is in an instruction file.

    Raises:
        BadEnvelope: names of two formats.
    """
    found = ENVELOPE_NAMES.intersection(_by_lower_name(metadata))
    check_is_one_format(found)
    return found <= {_LENGTH} or is_split(found)


def is_split(names: Collection[str]) -> bool:
    """Whether this is a V3 object whose wrapped data key is kept in an instruction file.

    Args:
        names: of its metadata, in lower case.
    """
    return all(name in names for name in V3_SPLIT) and "x-amz-3" not in names


def check_file_names(beside: Collection[str], inside: Collection[str]) -> None:
    """Raise BadEnvelope unless object and instruction file share the envelope as the format says.

    Args:
        beside: names of the object's metadata, in lower case.
        inside: names in its instruction file, in lower case.
    """
    for name in V3_SPLIT:
        if name in inside:
            raise broken(f"Its instruction file has {name}, which only the object itself may have")
    for name in sorted(ENVELOPE_NAMES.difference(V3_SPLIT, [_LENGTH]).intersection(beside)):
        raise broken(f"It has {name} itself, which only its instruction file may have")


def check_is_kms(wrapping: str) -> None:
    """Raise OtherFormat for a wrapping (x-amz-w or x-amz-wrap-alg) that is known and not KMS."""
    if wrapping in _RAW_WRAPPINGS:
        raise _not_kms(_RAW_WRAPPINGS[wrapping])


def broken(why: str) -> BadEnvelope:
    """The error of an envelope that breaks the format.

    Args:
        why: one clause, no full stop.
    """
    return BadEnvelope(
        "The envelope of this file is damaged",
        f"{why}. The file can't be decrypted as it is. Ask the sender to upload it again, or open "
        "an earlier version.",
    )


def altered(why: str) -> Tampered:
    """The error of a body that is not what was written.

    Args:
        why: one clause, no full stop.
    """
    return Tampered(
        "This file was altered or damaged",
        f"{why}, so nothing was saved. "
        "Ask the sender to upload it again, or open an earlier version.",
    )


def _not_kms(wrapping: str) -> OtherFormat:
    return OtherFormat(
        f"The data key of this file is wrapped with {wrapping}, not with KMS",
        "CSE Desktop works with KMS keys only. Open the file with the program that wrote it, "
        "which holds that key.",
    )


def _by_lower_name(metadata: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in metadata.items():
        lower = name.lower()
        if lower in values and lower in ENVELOPE_NAMES:
            raise broken(f"It has {lower} twice")
        values[lower] = value
    return values


def check_is_one_format(names: Collection[str]) -> None:
    """Raise BadEnvelope when names of two formats stand together; names in lower case."""
    found = ENVELOPE_NAMES.intersection(names)
    v3, v2 = sorted(found.intersection(V3_NAMES)), sorted(found.intersection(V2_NAMES))
    v1 = [V1_KEY] if V1_KEY in found else []
    if v3 and (v2 or v1):
        raise broken(f"It mixes two formats: {v3[0]} of v3 and {(v2 or v1)[0]} of an older one")
    if v1 and "x-amz-key-v2" in v2:
        raise broken("It mixes two formats: x-amz-key of v1 and x-amz-key-v2 of v2")


def _check_complete(found: frozenset[str], needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in found]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        raise broken(f"It is incomplete: {', '.join(missing)} {are} missing")


def _v1_wrapping(wrapped: str) -> str:
    """The wrapping of x-amz-key, which has no name there: told by its length."""
    return "a raw AES key" if len(wrapped) <= _LONGEST_AES_WRAP else "a raw RSA key"


def _without_envelope(values: Mapping[str, str]) -> NotEncrypted | OtherFormat:
    if _LENGTH in values:
        return _in_instruction_file("Its envelope seems to be")
    if _MARKER in values:
        return not_a_file()
    return NotEncrypted(
        "This file is not encrypted",
        "There is no encryption envelope beside it, so there is nothing to decrypt or to verify. "
        "Use another S3 program to get it as it is.",
    )


def not_a_file() -> NotEncrypted:
    """The error of an object that only holds the envelope of another one."""
    return NotEncrypted(
        "This is an instruction file, not an encrypted file",
        "It holds the envelope of the file of the same name without .instruction. "
        "Open that file instead.",
    )


def is_marked_as_instruction_file(metadata: Mapping[str, str]) -> bool:
    """Whether an object says that it holds the envelope of another one; many do not say it."""
    return _MARKER in _by_lower_name(metadata)


def _in_instruction_file(what: str) -> OtherFormat:
    return OtherFormat(
        "The envelope of this file is in an instruction file",
        f"{what} in a second object whose name ends in .instruction. Open it where that object can "
        "be read as well.",
    )
