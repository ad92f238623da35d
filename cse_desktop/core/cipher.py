"""AES-GCM over a stream, and how its key comes from the data key.

Both formats store ciphertext, then 16 bytes of tag. V2 uses the data key as it is; V3 derives a
content key and a commitment to it, so that no second key opens the same object.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from cse_desktop.core.envelope import (
    MAX_PLAINTEXT_BYTES,
    TAG_BYTES,
    Envelope,
    Suite,
    Wrapping,
    check_lengths,
)
from cse_desktop.core.errors import BadEnvelope, Tampered, TooLarge
from cse_desktop.core.later import later
from cse_desktop.core.recognition import altered

if TYPE_CHECKING:
    import cryptography.exceptions as failures
    from cryptography.hazmat.primitives import ciphers, hashes
    from cryptography.hazmat.primitives.ciphers import algorithms, modes
    from cryptography.hazmat.primitives.kdf import hkdf
else:
    failures = later("cryptography.exceptions")
    ciphers = later("cryptography.hazmat.primitives.ciphers")
    algorithms = later("cryptography.hazmat.primitives.ciphers.algorithms")
    modes = later("cryptography.hazmat.primitives.ciphers.modes")
    hashes = later("cryptography.hazmat.primitives.hashes")
    hkdf = later("cryptography.hazmat.primitives.kdf.hkdf")

DATA_KEY_BYTES: Final = 32
_SHORTER_DATA_KEYS: Final = (16, 24)  # the PHP V1 client let its caller choose

# S3 Encryption Client specification, "Key Derivation": the suite's id 0x0073 stands in front of
# both labels and is the associated data; the IV is twelve 0x01, because the content key is fresh.
_SUITE_ID: Final = b"\x00\x73"
_COMMIT_LABEL: Final = _SUITE_ID + b"COMMITKEY"
_DERIVE_LABEL: Final = _SUITE_ID + b"DERIVEKEY"
_COMMITTING_NONCE: Final = b"\x01" * 12
_COMMITMENT_BYTES: Final = 28
_MESSAGE_ID_BYTES: Final = 28
_GCM_NONCE_BYTES: Final = 12

Buffer = bytes | bytearray | memoryview
WritableBuffer = bytearray | memoryview


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ContentKey:
    """What one object is encrypted with. Lives for one verb; never stored, shown or copied.

    Attributes:
        key: 32 bytes; 16 or 24 with data keys of the oldest clients.
        nonce: 12 bytes; 16 for CBC.
        aad: associated data, 2 bytes for GCM_COMMITTING, else empty.
    """

    key: bytes
    nonce: bytes
    aad: bytes
    suite: Suite

    def __repr__(self) -> str:
        return f"ContentKey({self.suite.value})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a content key does not leave the process")


def derive(data_key: bytes, message_id: bytes) -> tuple[ContentKey, bytes]:
    """The content key of V3, and the 28-byte commitment to it.

    Args:
        data_key: 32 bytes.
        message_id: 28 bytes, the salt.
    """
    if len(data_key) != DATA_KEY_BYTES or len(message_id) != _MESSAGE_ID_BYTES:
        raise ValueError("a data key has 32 bytes, a message id 28")
    commitment = hkdf_sha512(data_key, message_id, _COMMIT_LABEL, _COMMITMENT_BYTES)
    key = hkdf_sha512(data_key, message_id, _DERIVE_LABEL, DATA_KEY_BYTES)
    return ContentKey(key, _COMMITTING_NONCE, _SUITE_ID, Suite.GCM_COMMITTING), commitment


def content_key(envelope: Envelope, data_key: bytes) -> ContentKey:
    """The key that opens an object, once its envelope and its data key agree.

    Args:
        data_key: as KMS unwrapped it.

    Raises:
        BadEnvelope: a wrong length in the envelope, or of the data key.
        Tampered: the stored commitment is not that of this data key.
    """
    check_lengths(envelope)
    _check_data_key(envelope, data_key)
    if envelope.suite is not Suite.GCM_COMMITTING:
        return ContentKey(data_key, envelope.nonce, b"", envelope.suite)
    content, commitment = derive(data_key, envelope.nonce)
    if not hmac.compare_digest(commitment, envelope.commitment):
        raise Tampered(
            "This file does not belong to its key",
            "The key commitment does not match. This can be an attack. "
            "Do not trust the file. Tell your security team.",
        )
    return content


def new_material(data_key: bytes, suite: Suite) -> tuple[ContentKey, bytes, bytes]:
    """The key of a new object, with its fresh message id or IV and its commitment.

    Args:
        data_key: 32 bytes, fresh from KMS: one data key encrypts one object.
        suite: GCM_COMMITTING (28 bytes of message id) or GCM (12 bytes of IV, no commitment).
    """
    if len(data_key) != DATA_KEY_BYTES:
        raise ValueError("a data key has 32 bytes")
    if suite is Suite.GCM_COMMITTING:
        message_id = secrets.token_bytes(_MESSAGE_ID_BYTES)
        content, commitment = derive(data_key, message_id)
        return content, message_id, commitment
    if suite is Suite.GCM:
        nonce = secrets.token_bytes(_GCM_NONCE_BYTES)
        return ContentKey(data_key, nonce, b"", Suite.GCM), nonce, b""
    raise ValueError(f"{suite.value} is never written")


class Sealer:
    """Encrypts one stream. One thread at a time.

    Args:
        key: used for this one stream only.
    """

    def __init__(self, key: ContentKey) -> None:
        if key.suite is Suite.CBC:
            raise ValueError(f"{key.suite.value} is never written")
        self._cipher = ciphers.Cipher(algorithms.AES(key.key), modes.GCM(key.nonce)).encryptor()
        self._cipher.authenticate_additional_data(key.aad)
        self._limit = MAX_PLAINTEXT_BYTES
        self._size = 0
        self._is_over = False

    @property
    def size(self) -> int:
        """Bytes sealed so far."""
        return self._size

    def update_into(self, data: Buffer, out: WritableBuffer) -> int:
        """Encrypt the next bytes; `out` may be `data` itself.

        Args:
            data: at most 1 MiB at a time keeps the interpreter responsive.
            out: at least as long as `data`.

        Returns:
            How many bytes were written: the length of `data`.

        Raises:
            TooLarge: the stream passes the limit of the format; it cannot be finished any more.
        """
        _check_open(self._is_over)
        if self._size + memoryview(data).nbytes > self._limit:
            self._is_over = True
            raise too_large()
        written = self._cipher.update_into(data, out)
        self._size += written
        return written

    def finish(self) -> bytes:
        """End the stream; its 16-byte tag follows the ciphertext."""
        _check_open(self._is_over)
        self._is_over = True
        self._cipher.finalize()
        return self._cipher.tag


class Opener:
    """Decrypts one stream. What comes out means nothing until `finish` returned. One thread.

    Args:
        key: of the object that is read.
    """

    def __init__(self, key: ContentKey) -> None:
        self._cipher = ciphers.Cipher(algorithms.AES(key.key), modes.GCM(key.nonce)).decryptor()
        self._cipher.authenticate_additional_data(key.aad)
        self._limit = MAX_PLAINTEXT_BYTES
        self._size = 0
        self._is_over = False

    @property
    def size(self) -> int:
        """Bytes opened so far."""
        return self._size

    def update_into(self, data: Buffer, out: WritableBuffer) -> int:
        """Decrypt the next bytes, as `Sealer.update_into` does the other way; tag left out.

        Raises:
            Tampered: the stream is longer than the format allows.
        """
        _check_open(self._is_over)
        if self._size + memoryview(data).nbytes > self._limit:
            self._is_over = True
            raise altered("It is longer than its encryption can be")
        written = self._cipher.update_into(data, out)
        self._size += written
        return written

    def finish(self, tag: Buffer) -> bytes:
        """Check that nothing was changed; no plaintext is left, so this gives b"".

        Args:
            tag: the 16 bytes after the ciphertext.

        Raises:
            Tampered: what was decrypted must be discarded.
        """
        _check_open(self._is_over)
        self._is_over = True
        if len(tag) != TAG_BYTES:
            raise altered("Its authentication tag is incomplete")
        try:
            return self._cipher.finalize_with_tag(bytes(tag))
        except failures.InvalidTag:
            raise altered("Its authentication tag does not match") from None


def seal(chunks: Iterable[Buffer], key: ContentKey) -> Iterator[bytes]:
    """Encrypt a stream of any chunks; the tag is the last chunk.

    Raises:
        TooLarge: the limit of the format is passed.
    """
    sealer = Sealer(key)
    for chunk in chunks:
        out = bytearray(memoryview(chunk).nbytes)
        sealer.update_into(chunk, out)
        yield bytes(out)
    yield sealer.finish()


def unseal(chunks: Iterable[Buffer], key: ContentKey, size: int) -> bytes:
    """The whole plaintext of a small object, verified.

    Args:
        chunks: ciphertext and tag, in order.
        size: bytes of plaintext that are expected; more are never held.

    Raises:
        Tampered: the length or the tag does not match.
    """
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > size + TAG_BYTES:
            raise altered("It is longer than it was stored")
    if len(body) != size + TAG_BYTES:
        raise altered("It is shorter than it was stored")
    tag = bytes(body[size:])
    opener = Opener(key)
    opener.update_into(memoryview(body)[:size], body)
    opener.finish(tag)
    return bytes(memoryview(body)[:size])


def hkdf_sha512(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    """Extract and expand (RFC 5869)."""
    return hkdf.HKDF(algorithm=hashes.SHA512(), length=size, salt=salt, info=info).derive(secret)


def too_large() -> TooLarge:
    """The error of a plaintext above the limit of AES-GCM."""
    return TooLarge(
        "This file is too large to encrypt",
        f"The format ends at {MAX_PLAINTEXT_BYTES:,} bytes for one file. "
        "Split the file, or pack it into several archives.",
    )


def _check_data_key(envelope: Envelope, data_key: bytes) -> None:
    is_old = envelope.wrapping is Wrapping.KMS
    allowed = (DATA_KEY_BYTES, *_SHORTER_DATA_KEYS) if is_old else (DATA_KEY_BYTES,)
    if len(data_key) not in allowed:
        lengths = "16, 24 or 32" if is_old else str(DATA_KEY_BYTES)
        raise BadEnvelope(
            "The data key of this file has the wrong length",
            f"It has {len(data_key)} bytes, and this format has keys of {lengths}. The file can't "
            "be decrypted as it is. Ask the sender to upload it again, or open an earlier version.",
        )


def _check_open(is_over: bool) -> None:
    if is_over:
        raise ValueError("this stream is finished")
