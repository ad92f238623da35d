"""The shared vectors, and what they were made of."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from cse_desktop.core.cipher import content_key, seal
from cse_desktop.core.envelope import Envelope, Suite
from cse_desktop.core.parsing import from_instruction_file, from_metadata

VECTORS = Path(__file__).parent / "vectors"
Vector = dict[str, Any]


def cases(name: str) -> list[Vector]:
    """The lines of one file of vectors."""
    return [json.loads(line) for line in (VECTORS / name).read_text("ascii").splitlines()]


@cache
def client_vectors() -> tuple[Vector, ...]:
    """Objects written by the official clients, and tampered ones."""
    return tuple(cases("clients.jsonl"))


def plaintext(vector: Vector) -> bytes:
    """What the writer encrypted."""
    seed, length = vector["plaintext"]["seed"].encode(), vector["plaintext"]["length"]
    blocks = range(-(-length // 32))
    joined = b"".join(hashlib.sha256(seed + n.to_bytes(8, "big")).digest() for n in blocks)
    return joined[:length]


def envelope_of(vector: Vector) -> Envelope:
    """The envelope of a vector, wherever it is kept."""
    if "instruction" in vector:
        return from_instruction_file(vector["metadata"], vector["instruction"]["body"].encode())
    return from_metadata(vector["metadata"])


def body(vector: Vector) -> bytes:
    """What the writer stored; the 5 MiB bodies are made again and compared with the writer's."""
    if "body" in vector:
        return base64.b64decode(vector["body"])
    envelope = envelope_of(vector)
    data_key = bytes.fromhex(vector["kms"]["plaintext_data_key_hex"])
    if envelope.suite is Suite.CBC:
        made = cbc(data_key, envelope.nonce, plaintext(vector))
    else:
        made = b"".join(seal([plaintext(vector)], content_key(envelope, data_key)))
    assert hashlib.sha256(made).hexdigest() == vector["body_sha256"]
    return made


def cbc(key: bytes, iv: bytes, content: bytes) -> bytes:
    """AES-CBC with PKCS7, which the program itself never writes."""
    padder = PKCS7(128).padder()
    encryptor = Cipher(AES(key), CBC(iv)).encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()
