"""Will the envelope fit beside the object? Asked before a key is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cse_desktop.core.envelope import (
    Envelope,
    Suite,
    Wrapping,
    check_metadata_size,
    metadata_bytes,
    new_context,
)

WRAPPED_KEY_BYTES: Final = 184
"""What KMS makes of a 32-byte data key; a simulator makes less."""


def envelope_bytes(context: Mapping[str, str], suite: Suite = Suite.GCM_COMMITTING) -> int:
    """Bytes of S3 metadata that an envelope with these pairs of the user takes, about."""
    return metadata_bytes(_likely_metadata(context, suite))


def check_room_for_context(context: Mapping[str, str], suite: Suite = Suite.GCM_COMMITTING) -> None:
    """Raise TooLarge when an envelope with these pairs of the user cannot be stored."""
    check_metadata_size(_likely_metadata(context, suite))


def _likely_metadata(context: Mapping[str, str], suite: Suite) -> dict[str, str]:
    is_committing = suite is Suite.GCM_COMMITTING
    return Envelope(
        suite=suite,
        wrapping=Wrapping.KMS_CONTEXT,
        wrapped_key=bytes(WRAPPED_KEY_BYTES),
        context=new_context(context, suite),
        nonce=b"\x01" * (28 if is_committing else 12),
        commitment=bytes(28 if is_committing else 0),
    ).to_metadata()
