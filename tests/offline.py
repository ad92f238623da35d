"""The shared vectors, and a KMS that only looks up what it once wrapped."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from cse_desktop.core.cipher import content_key, seal, unseal
from cse_desktop.core.envelope import Envelope, from_metadata, plaintext_size
from cse_desktop.core.errors import Refused
from cse_desktop.core.policy import ReadPolicy

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


def body(vector: Vector) -> bytes:
    """What the writer stored; the 5 MiB bodies are made again and compared with the writer's."""
    if "body" in vector:
        return base64.b64decode(vector["body"])
    envelope = from_metadata(vector["metadata"])
    key = content_key(envelope, bytes.fromhex(vector["kms"]["plaintext_data_key_hex"]))
    made = b"".join(seal([plaintext(vector)], key))
    assert hashlib.sha256(made).hexdigest() == vector["body_sha256"]
    return made


@cache
def _wrapped_keys() -> dict[tuple[bytes, frozenset[tuple[str, str]]], bytes]:
    return {
        (
            base64.b64decode(vector["kms"]["wrapped_key_b64"]),
            frozenset(vector["kms"]["encryption_context"].items()),
        ): bytes.fromhex(vector["kms"]["plaintext_data_key_hex"])
        for vector in client_vectors()
        if "kms" in vector and not vector["id"].startswith("neg-")
    }


def unwrap(envelope: Envelope) -> bytes:
    """The data key, where wrapped key and context are those of a writer; as KMS, else a refusal."""
    wanted = (envelope.wrapped_key, frozenset(envelope.context.items()))
    if wanted not in _wrapped_keys():
        raise Refused("KMS could not open the wrapped data key")
    return _wrapped_keys()[wanted]


def read(vector: Vector, policy: ReadPolicy) -> bytes:
    """The verified plaintext of a vector, read as the program reads an object."""
    envelope = policy.admit(from_metadata(vector["metadata"]))
    key = content_key(envelope, unwrap(envelope))
    stored = body(vector)
    return unseal([stored], key, plaintext_size(envelope, len(stored)))
