"""Which formats a connection may read, and which context it demands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """What may be decrypted. V3 always may.

    Attributes:
        v2: AES-GCM without key commitment.
        kms_wrap: data keys wrapped without the user's context, by clients of before 2020.
        cbc: content without authentication.
        instruction_files: envelopes kept in a second object.
        required_context: the user's pairs that a stored context must equal; None trusts it.
    """

    v2: bool = True
    kms_wrap: bool = False
    cbc: bool = False
    instruction_files: bool = False
    required_context: tuple[tuple[str, str], ...] | None = None
