"""What is stored beside the ciphertext: suite, wrapped data key, context, and how it is spelled.

No I/O. The format is that of the Amazon S3 Encryption Clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

TAG_BYTES: Final = 16
MAX_PLAINTEXT_BYTES: Final = 2**36 - 32
"""The limit of AES-GCM with a 12-byte IV (NIST SP 800-38D, 5.2.1.1)."""

RESERVED_CONTEXT_NAMES: Final = ("aws:x-amz-cek-alg", "kms_cmk_id")
MAX_METADATA_BYTES: Final = 2048
"""S3's limit for user metadata: names plus values."""


class Suite(Enum):
    """How the content is encrypted. The value is what the user reads."""

    GCM_COMMITTING = "AES-256-GCM with key commitment"
    GCM = "AES-256-GCM"
    CBC = "AES-256-CBC"


class Wrapping(Enum):
    """How the data key is wrapped. The value is the V2 spelling."""

    KMS_CONTEXT = "kms+context"
    KMS = "kms"


class Format(Enum):
    """The message format, as the user reads it."""

    V3 = "v3"
    V2 = "v2"
    V1 = "v1"  # the generation of `kms` wrapping and CBC; spelled with the names of V2


@dataclass(frozen=True, slots=True)
class Envelope:
    """All a reader with access to the KMS key needs to decrypt an object.

    Attributes:
        suite: content encryption.
        wrapping: data key encryption.
        wrapped_key: the data key as KMS encrypted it, opaque bytes.
        context: the KMS encryption context as stored, reserved names included, order kept.
        nonce: 28 bytes of message id (GCM_COMMITTING), 12 bytes of IV (GCM), 16 (CBC).
        commitment: 28 bytes for GCM_COMMITTING, else empty.
        place: "metadata" or "instruction file".
    """

    suite: Suite
    wrapping: Wrapping
    wrapped_key: bytes
    context: Mapping[str, str] = field(hash=False)
    nonce: bytes
    commitment: bytes = b""
    place: str = "metadata"
