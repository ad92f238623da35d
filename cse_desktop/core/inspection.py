"""What an object is, from its metadata alone: no KMS call, no body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cse_desktop.core.envelope import Envelope, Format
from cse_desktop.core.store import Head


class Kind(Enum):
    """What was found beside the ciphertext."""

    ENCRYPTED = "encrypted"
    NOT_ENCRYPTED = "not encrypted"
    OTHER_FORMAT = "other client format"
    DAMAGED = "damaged envelope"


@dataclass(frozen=True, slots=True)
class Inspection:
    """An object in plain facts.

    Attributes:
        format: set when kind is ENCRYPTED.
        envelope: set when kind is ENCRYPTED.
        size: bytes of plaintext; of the stored object where the two cannot be told apart.
        size_is_exact: False for CBC padding and unknown formats.
        problem: title of why it cannot be read under the connection's policy, or "".
        hint: what would change that, or "".
    """

    head: Head
    kind: Kind
    size: int
    size_is_exact: bool
    format: Format | None = None
    envelope: Envelope | None = None
    problem: str = ""
    hint: str = ""
