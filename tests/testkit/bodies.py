"""Bodies, commitments, message ids, IVs and wrapped keys that were changed."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.testkit import material
from tests.testkit.case import Case, accept, refuse
from tests.testkit.material import b64, fixed, flipped
from tests.testkit.salamander import two_faced
from tests.testkit.sample import BASES, CEK_ALG, GCM_NAME, USER_CONTEXT, Sample, grant, v2, v3

_LONG = fixed("plaintext", 80)
_FLIPS = (0, 1, 15, 16, 17, 31, 32, 63, 64, 79)
_FIELDS = {
    "v3": {"x-amz-3": "kms", "x-amz-d": "tampered", "x-amz-i": "tampered"},
    "v2": {"x-amz-key-v2": "kms", "x-amz-iv": "tampered"},
    "kms-gcm": {"x-amz-key-v2": "kms", "x-amz-iv": "tampered"},
}


def cases() -> Iterator[Case]:
    """All of them."""
    for name in ("v3", "v2", "kms-gcm"):
        sound = BASES[name](_LONG)
        yield from _flips(name, sound)
        yield from _reshaped(name, sound)
        yield from _exchanged(name, sound)
        yield from _data_keys(name)
    yield from _two_faced()


def _flips(name: str, sound: Sample) -> Iterator[Case]:
    for position in _FLIPS:
        body = flipped(sound.body, position, position % 8)
        about = f"{name}, one bit of byte {position} of the ciphertext changed"
        yield refuse(f"{name}-flip-{position}", about, "tampered", sound.with_body(body))
    for position in range(16):
        body = flipped(sound.body, len(_LONG) + position, 7 - position % 8)
        about = f"{name}, one bit of byte {position} of the tag changed"
        yield refuse(f"{name}-flip-tag-{position}", about, "tampered", sound.with_body(body))
    for field, reason in _FIELDS[name].items():
        value = base64.b64decode(sound.fields[field])
        for position in (0, len(value) // 2, len(value) - 1):
            for bit in (0, 7):
                changed = b64(flipped(value, position, bit))
                about = f"{name}, bit {bit} of byte {position} of {field} changed"
                sample = sound.having({field: changed})
                yield refuse(f"{name}-flip-{field}-{position}-{bit}", about, reason, sample)


def _reshaped(name: str, sound: Sample) -> Iterator[Case]:
    text, tag = sound.body[:-16], sound.body[-16:]
    blocks = [text[n : n + 16] for n in range(0, len(text), 16)]
    bodies = {
        "empty": ("no body", b""),
        "one-byte": ("one byte of it", text[:1]),
        "fifteen-bytes": ("fifteen bytes: less than a tag", text[:15]),
        "only-tag": ("the tag alone", tag),
        "no-tag": ("no tag", text),
        "cut-1": ("a byte less at the end", sound.body[:-1]),
        "cut-16": ("a block less before the tag", text[:-16] + tag),
        "cut-first": ("its first byte missing", sound.body[1:]),
        "more-1": ("a byte more at the end", sound.body + b"\0"),
        "more-16": ("a block more before the tag", text + bytes(16) + tag),
        "more-tag": ("the tag twice", sound.body + tag),
        "twice": ("the whole body twice", sound.body * 2),
        "tag-first": ("the tag before the ciphertext", tag + text),
        "zero-tag": ("a tag of zeros", text + bytes(16)),
        "zeros": ("zeros of the right length", bytes(len(sound.body))),
        "swapped": ("two blocks exchanged", b"".join([blocks[1], blocks[0], *blocks[2:]]) + tag),
        "backwards": ("blocks in reverse order", b"".join(reversed(blocks)) + tag),
        "plaintext": ("the plaintext itself", _LONG + tag),
    }
    for key, (about, body) in bodies.items():
        yield refuse(f"{name}-body-{key}", f"{name}, {about}", "tampered", sound.with_body(body))


def _exchanged(name: str, sound: Sample) -> Iterator[Case]:
    make = BASES[name]
    other = make(fixed("other plaintext", 80), label=f"{name} other")
    about = f"{name}, the body of another object under the same KMS key"
    yield refuse(f"{name}-other-body", about, "tampered", sound.with_body(other.body))
    about = f"{name}, the ciphertext with the tag of another object"
    mixed = sound.with_body(sound.body[:-16] + other.body[-16:])
    yield refuse(f"{name}-other-tag", about, "tampered", mixed)
    for field in _FIELDS[name]:
        about = f"{name}, {field} of another sound object"
        sample = sound.having({field: other.fields[field]}).with_grants(
            *sound.grants, *other.grants
        )
        yield refuse(f"{name}-other-{field}", about, "tampered", sample)
    zeros = {f: b64(bytes(n)) for f, n in (("x-amz-d", 28), ("x-amz-i", 28)) if f in sound.fields}
    for field, value in zeros.items():
        about = f"{name}, {field} is all zeros"
        yield refuse(f"{name}-zero-{field}", about, "tampered", sound.having({field: value}))


def _data_keys(name: str) -> Iterator[Case]:
    """KMS unwraps bytes that are no data key of the format; the body fits where it can."""
    lengths = (0, 1, 15, 17, 31, 33, 48, 64) if name == "kms-gcm" else (0, 16, 24, 31, 33, 64)
    for size in lengths:
        sound = BASES[name](_LONG, label=f"{name} data key {size}")
        (made,) = sound.grants
        other = type(made)(made.wrapped_key, made.context, fixed("data key", size))
        sample = sound.with_grants(other)
        if size in (16, 24):
            sample = sample.with_body(_under_short_key(name, sound, other.data_key))
        about = f"{name}, KMS unwraps {size} bytes as its data key"
        yield refuse(f"{name}-data-key-{size}", about, "format", sample)


def _under_short_key(name: str, sound: Sample, data_key: bytes) -> bytes:
    if name == "v3":
        return sound.body
    return material.gcm_body(data_key, base64.b64decode(sound.fields["x-amz-iv"]), _LONG)


def _two_faced() -> Iterator[Case]:
    """One body whose tag holds under two data keys, and the wrapped key exchanged."""
    blocks = [fixed(f"block {n}", 16) for n in range(4)]
    context = {**USER_CONTEXT, CEK_ALG: "115"}
    first, second = grant("v3 face", context), grant("v3 other face", context)
    message_id = fixed("message id of two faces", 28)
    keys = [material.committing_key(made.data_key, message_id) for made in (first, second)]
    body = two_faced(keys[0], keys[1], material.V3_IV, material.SUITE_ID, blocks)
    plain = material.AESGCM(keys[0]).decrypt(material.V3_IV, body, material.SUITE_ID)
    sound = v3(plain).having(
        {
            "x-amz-3": b64(first.wrapped_key),
            "x-amz-d": b64(material.commitment(first.data_key, message_id)),
            "x-amz-i": b64(message_id),
        }
    )
    sound = Sample(sound.metadata, body, plain, (first, second))
    about = "v3, a body whose tag also holds under a second data key"
    yield accept("v3-two-faced", about, sound)
    about = "v3, the wrapped key exchanged for that second one: only the commitment tells"
    swapped = sound.having({"x-amz-3": b64(second.wrapped_key)})
    yield refuse("v3-two-faced-swapped", about, "tampered", swapped)
    yield from _two_faced_v2(blocks)


def _two_faced_v2(blocks: list[bytes]) -> Iterator[Case]:
    context = {**USER_CONTEXT, CEK_ALG: GCM_NAME}
    first, second = grant("v2 face", context), grant("v2 other face", context)
    iv = fixed("iv of two faces", 12)
    body = two_faced(first.data_key, second.data_key, iv, b"", blocks)
    for key, made, about in (
        ("v2-two-faced", first, "v2, a body whose tag also holds under a second data key"),
        (
            "v2-two-faced-swapped",
            second,
            "v2, the wrapped key exchanged for that second one: v2 cannot tell (CVE-2025-14762), "
            "which is why readers offer to refuse it",
        ),
    ):
        plain = material.AESGCM(made.data_key).decrypt(iv, body, None)
        sound = v2(plain).having({"x-amz-key-v2": b64(made.wrapped_key), "x-amz-iv": b64(iv)})
        sample = Sample(sound.metadata, body, plain, (first, second), ("v2",))
        yield accept(key, about, sample)
