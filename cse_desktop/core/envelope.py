"""What is stored beside the ciphertext: suite, wrapped data key, context, and how it is spelled.

No I/O. The format is that of the Amazon S3 Encryption Clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from cse_desktop.core.errors import InvalidInput, Tampered, TooLarge
from cse_desktop.core.recognition import altered, broken
from cse_desktop.core.spelling import base64_text, json_text, visible

TAG_BYTES: Final = 16
CBC_BLOCK_BYTES: Final = 16
MAX_PLAINTEXT_BYTES: Final = 2**36 - 32
"""The limit of AES-GCM with a 12-byte IV (NIST SP 800-38D, 5.2.1.1)."""

RESERVED_CONTEXT_NAMES: Final = ("aws:x-amz-cek-alg", "kms_cmk_id")
MAX_METADATA_BYTES: Final = 2048
"""S3's limit for user metadata: names plus values."""

METADATA: Final = "metadata"
INSTRUCTION_FILE: Final = "instruction file"


class Suite(Enum):
    """How the content is encrypted. The value is what the user reads."""

    GCM_COMMITTING = "AES-256-GCM with key commitment"
    GCM = "AES-256-GCM"
    CBC = "AES-256-CBC"

    @property
    def wire_name(self) -> str:
        """How the envelope and the reserved context pair spell it."""
        return _WIRE_NAMES[self]


class Wrapping(Enum):
    """How the data key is wrapped. The value is the V2 spelling."""

    KMS_CONTEXT = "kms+context"
    KMS = "kms"


class Format(Enum):
    """The message format, as the user reads it."""

    V3 = "v3"
    V2 = "v2"
    V1 = "v1"  # the generation of `kms` wrapping and CBC; spelled with the names of V2


WRITTEN_SUITES: Final = {Format.V3: Suite.GCM_COMMITTING, Format.V2: Suite.GCM}
"""V2 only for readers of before December 2025: nothing there ties the content to one key."""

_WIRE_NAMES: Final = {
    Suite.GCM_COMMITTING: "115",
    Suite.GCM: "AES/GCM/NoPadding",
    Suite.CBC: "AES/CBC/PKCS5Padding",
}
CBC_WIRE_NAMES: Final = (_WIRE_NAMES[Suite.CBC], "AES/CBC/PKCS7Padding")  # the second: Ruby
_NONCE_BYTES: Final = {Suite.GCM_COMMITTING: 28, Suite.GCM: 12, Suite.CBC: 16}
_COMMITMENT_BYTES: Final = {Suite.GCM_COMMITTING: 28, Suite.GCM: 0, Suite.CBC: 0}
_MAX_WRAPPED_KEY_BYTES: Final = 6144  # what KMS Decrypt takes as CiphertextBlob


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
        place: METADATA or INSTRUCTION_FILE.
    """

    suite: Suite
    wrapping: Wrapping
    wrapped_key: bytes
    context: Mapping[str, str] = field(hash=False)
    nonce: bytes
    commitment: bytes = b""
    place: str = METADATA

    @property
    def format(self) -> Format:
        """The message format."""
        if self.suite is Suite.GCM_COMMITTING:
            return Format.V3
        if self.suite is Suite.GCM and self.wrapping is Wrapping.KMS_CONTEXT:
            return Format.V2
        return Format.V1

    @property
    def user_context(self) -> dict[str, str]:
        """The user's pairs of the context, order kept."""
        return {n: v for n, v in self.context.items() if n not in RESERVED_CONTEXT_NAMES}

    def with_user_context(self, user: Mapping[str, str]) -> Envelope:
        """The same envelope with other pairs of the user; the reserved pairs stay."""
        reserved = {n: v for n, v in self.context.items() if n in RESERVED_CONTEXT_NAMES}
        return replace(self, context={**user, **reserved})

    def to_metadata(self) -> dict[str, str]:
        """The envelope as user metadata, in ASCII, names in lower case.

        Only what the format asks for: readers refuse an object that has names of two formats.

        Raises:
            ValueError: the envelope is of a format that is never written.
        """
        check_lengths(self)
        check_reserved_pair(self)
        if self.wrapping is not Wrapping.KMS_CONTEXT or self.suite is Suite.CBC:
            raise ValueError(f"{self.wrapping.value} with {self.suite.value} is never written")
        context = json_text(dict(self.context))
        if self.suite is Suite.GCM_COMMITTING:
            return {
                "x-amz-c": self.suite.wire_name,
                "x-amz-3": base64_text(self.wrapped_key),
                "x-amz-w": "12",
                "x-amz-d": base64_text(self.commitment),
                "x-amz-i": base64_text(self.nonce),
                "x-amz-t": context,
            }
        return {
            "x-amz-key-v2": base64_text(self.wrapped_key),
            "x-amz-iv": base64_text(self.nonce),
            "x-amz-cek-alg": self.suite.wire_name,
            "x-amz-wrap-alg": self.wrapping.value,
            "x-amz-matdesc": context,
            "x-amz-tag-len": str(TAG_BYTES * 8),
        }


def check_lengths(envelope: Envelope) -> None:
    """Raise BadEnvelope unless nonce, commitment and wrapped key have lengths of the format."""
    for what, value, length in (
        ("message id or IV", envelope.nonce, _NONCE_BYTES[envelope.suite]),
        ("key commitment", envelope.commitment, _COMMITMENT_BYTES[envelope.suite]),
    ):
        if len(value) != length:
            raise broken(f"The {what} has {len(value)} bytes where the format has {length}")
    if not 0 < len(envelope.wrapped_key) <= _MAX_WRAPPED_KEY_BYTES:
        raise broken(f"The wrapped data key has {len(envelope.wrapped_key)} bytes")


def new_context(user: Mapping[str, str], suite: Suite) -> dict[str, str]:
    """The encryption context of a new object: the user's pairs, then the reserved one.

    Raises:
        InvalidInput: a reserved or empty name, or something that is not text.
    """
    for name, value in user.items():
        _check_pair(name, value)
    return {**user, RESERVED_CONTEXT_NAMES[0]: suite.wire_name}


def metadata_bytes(metadata: Mapping[str, str]) -> int:
    """What S3 counts: names and values in UTF-8."""
    return sum(len(name.encode()) + len(value.encode()) for name, value in metadata.items())


def check_metadata_size(metadata: Mapping[str, str]) -> None:
    """Raise TooLarge above what S3 stores beside an object."""
    size = metadata_bytes(metadata)
    if size > MAX_METADATA_BYTES:
        raise TooLarge(
            "The encryption context is too long",
            f"With it the envelope takes {size:,} bytes beside the file, and S3 stores at most "
            f"{MAX_METADATA_BYTES:,}. Shorten the names or values.",
        )


def plaintext_size(envelope: Envelope, stored: int) -> int:
    """Bytes of plaintext in an object of `stored` bytes.

    Exact for GCM. CBC hides 1 to 16 bytes of padding: then `stored` itself.

    Raises:
        Tampered: no object of this format has that size.
    """
    if envelope.suite is Suite.CBC:
        if stored == 0 or stored % CBC_BLOCK_BYTES:
            raise cbc_failed()
        return stored
    size = stored - TAG_BYTES
    if not 0 <= size <= MAX_PLAINTEXT_BYTES:
        relation = "shorter" if size < 0 else "longer"
        raise altered(f"It is {relation} than any encrypted file can be")
    return size


def cbc_failed() -> Tampered:
    """The one error of CBC content, whatever is wrong with it.

    Telling bad padding from a bad length would let whoever can write objects ask for the plaintext
    byte by byte (CVE-2020-8911).
    """
    return altered("Its AES-CBC content can't be decrypted")


def check_reserved_pair(envelope: Envelope) -> None:
    """Refuse labels that are not those KMS bound to the data key; KMS alone does not notice.

    Source: CVE-2020-8912; S3 Encryption Client specification, "Encryption Context".
    """
    name = RESERVED_CONTEXT_NAMES[0]
    bound = envelope.context.get(name)
    if envelope.wrapping is Wrapping.KMS:
        if bound is not None:
            raise broken(f"Its data key was wrapped as kms+context ({name}) and is labelled kms")
    elif bound is None:
        raise broken(f"Its encryption context lacks {name}")
    elif bound != envelope.suite.wire_name:
        label = envelope.suite.wire_name
        raise broken(f"It is labelled “{label}”, but its data key is bound to “{visible(bound)}”")


def _check_pair(name: object, value: object) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        raise InvalidInput("The encryption context must be text", "Use text for names and values.")
    if not name:
        raise InvalidInput("A name in the encryption context is empty", "Give each pair a name.")
    if name in RESERVED_CONTEXT_NAMES:
        raise InvalidInput(
            f"The name {name} is reserved for the encryption format", "Choose another."
        )
    if any("\ud800" <= c <= "\udfff" for c in name + value):
        raise InvalidInput("The encryption context holds half a character", "Type the pair again.")
