"""What is wrong with the pairs of an encryption context, and how much room they take. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cse_desktop.core.envelope import (
    MAX_METADATA_BYTES,
    RESERVED_CONTEXT_NAMES,
    Envelope,
    Suite,
    Wrapping,
    metadata_bytes,
)

Pair = tuple[str, str]

RESERVED: Final = "This name is reserved for the encryption format. Choose another."
DUPLICATE: Final = "This name is already used above. Each name can have one value."
NAMELESS: Final = "Give this value a name, or remove the pair."
BROKEN: Final = "This has a character that can't be stored. Type it again."
TOO_LONG: Final = "Too long to be stored beside a file. Shorten the pairs or remove one."

_WRAPPED_KEY_BYTES: Final = 184
"""The length of a wrapped 32-byte data key as KMS makes it (format notes, section 7)."""


def filled(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs without those that are still empty on both sides."""
    return tuple(pair for pair in pairs if pair != ("", ""))


def problems(pairs: Sequence[Pair]) -> tuple[str, ...]:
    """One sentence for each pair; "" where nothing is wrong."""
    seen: set[str] = set()
    found = []
    for name, value in pairs:
        found.append(_problem(name, value, seen))
        seen.add(name)
    return tuple(found)


def stored_bytes(pairs: Sequence[Pair]) -> int:
    """All metadata of a file with this context, as S3 counts it."""
    context: Mapping[str, str] = {**dict(filled(pairs)), "aws:x-amz-cek-alg": "115"}
    envelope = Envelope(
        suite=Suite.GCM_COMMITTING,
        wrapping=Wrapping.KMS_CONTEXT,
        wrapped_key=bytes(_WRAPPED_KEY_BYTES),
        context=context,
        nonce=bytes(28),
        commitment=bytes(28),
    )
    return metadata_bytes(envelope.to_metadata())


def is_too_long(pairs: Sequence[Pair]) -> bool:
    """Whether a file with this context could not be stored."""
    return stored_bytes(pairs) > MAX_METADATA_BYTES


def _problem(name: str, value: str, seen: set[str]) -> str:
    if name in RESERVED_CONTEXT_NAMES:
        return RESERVED
    if not _is_text(name + value):
        return BROKEN
    if not name:
        return NAMELESS if value else ""
    return DUPLICATE if name in seen else ""


def _is_text(entered: str) -> bool:
    """Whether it can be written as UTF-8; half of a surrogate pair, as some pastes hold, can't."""
    try:
        entered.encode()
    except UnicodeEncodeError:
        return False
    return True
