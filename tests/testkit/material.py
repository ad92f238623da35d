"""Fixed bytes, and the three ways in which content is encrypted, from cryptography alone."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE_ID = b"\x00\x73"
V3_IV = b"\x01" * 12


def fixed(label: str, size: int) -> bytes:
    """The same `size` bytes for a label, for ever; without any pattern."""
    blocks = range(-(-size // 32))
    seed = f"cse-desktop testkit: {label}".encode()
    joined = b"".join(hashlib.sha256(seed + n.to_bytes(8, "big")).digest() for n in blocks)
    return joined[:size]


def b64(value: bytes) -> str:
    """Base64 as every writer spells it."""
    return base64.b64encode(value).decode("ascii")


def flipped(value: bytes, position: int, bit: int = 0) -> bytes:
    """A copy with one bit changed; a negative position counts from the end."""
    changed = bytearray(value)
    changed[position] ^= 1 << bit
    return bytes(changed)


def commitment(data_key: bytes, message_id: bytes) -> bytes:
    """What x-amz-d holds."""
    return _hkdf(data_key, message_id, b"COMMITKEY", 28)


def committing_key(data_key: bytes, message_id: bytes) -> bytes:
    """The key of a V3 body."""
    return _hkdf(data_key, message_id, b"DERIVEKEY", 32)


def v3_body(data_key: bytes, message_id: bytes, plaintext: bytes) -> bytes:
    """Ciphertext and tag of V3."""
    return AESGCM(committing_key(data_key, message_id)).encrypt(V3_IV, plaintext, SUITE_ID)


def gcm_body(data_key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """Ciphertext and tag of V2 and of the kms generation."""
    return AESGCM(data_key).encrypt(iv, plaintext, None)


def cbc_body(data_key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """Ciphertext of the oldest clients."""
    padding = 16 - len(plaintext) % 16
    return cbc_blocks(data_key, iv, plaintext + bytes([padding]) * padding)


def cbc_blocks(data_key: bytes, iv: bytes, padded: bytes) -> bytes:
    """CBC of whole blocks, whatever they end with."""
    encryptor = Cipher(AES(data_key), CBC(iv)).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def cbc_last_block(data_key: bytes, iv: bytes, body: bytes) -> bytes:
    """What the last block decrypts to, padding and all."""
    decryptor = Cipher(AES(data_key), CBC(iv)).decryptor()
    return (decryptor.update(body) + decryptor.finalize())[-16:]


def _hkdf(data_key: bytes, message_id: bytes, label: bytes, size: int) -> bytes:
    info = SUITE_ID + label
    return HKDF(algorithm=SHA512(), length=size, salt=message_id, info=info).derive(data_key)
