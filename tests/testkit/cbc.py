"""CBC bodies that end wrongly. All are refused alike, or they would make a padding oracle."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.testkit import material
from tests.testkit.case import Case, refuse
from tests.testkit.material import b64, fixed, flipped
from tests.testkit.sample import Sample, kms_cbc

_PLAINTEXT = fixed("plaintext", 40)


def cases() -> Iterator[Case]:
    """All of them."""
    sound = kms_cbc(_PLAINTEXT)
    data_key = sound.grants[0].data_key
    iv = base64.b64decode(sound.fields["x-amz-iv"])
    endings = {
        "zero": bytes(8),
        "seventeen": b"\x11" * 8,
        "255": b"\xff" * 8,
        "first-wrong": b"\x07" + b"\x08" * 7,
        "last-wrong": b"\x08" * 7 + b"\x09",
        "middle-wrong": b"\x08\x08\x08\x00\x08\x08\x08\x08",
        "no-padding": fixed("no padding", 8),
        "x923": bytes(7) + b"\x08",
        "iso10126": fixed("random padding", 7) + b"\x08",
        "bit-padding": b"\x80" + bytes(7),
    }
    for key, ending in endings.items():
        body = material.cbc_blocks(data_key, iv, _PLAINTEXT + ending)
        about = f"kms-cbc, padded with {ending.hex()}"
        yield refuse(f"kms-cbc-padding-{key}", about, "cbc", sound.with_body(body))
    for key, block in (("block-of-zeros", bytes(16)), ("block-of-17", b"\x11" * 16)):
        body = material.cbc_blocks(data_key, iv, _PLAINTEXT[:32] + block)
        about = f"kms-cbc, its last block is {block.hex()}"
        yield refuse(f"kms-cbc-padding-{key}", about, "cbc", sound.with_body(body))
    yield from _lengths(sound)
    yield from _changed(sound, data_key, iv)


def _lengths(sound: Sample) -> Iterator[Case]:
    for size in (0, 1, 8, 15, 17, 31, 33, 47, 49, 63):
        body = (sound.body + fixed("more", 32))[:size]
        about = f"kms-cbc, a body of {size} bytes, which are no whole blocks"
        if size == 0:
            about = "kms-cbc, a body without a byte: even nothing is padded to a block"
        yield refuse(f"kms-cbc-body-{size}", about, "cbc", sound.with_body(body))


def _changed(sound: Sample, data_key: bytes, iv: bytes) -> Iterator[Case]:
    """Changes that a reader can see; those it cannot see are why CBC is off."""
    last = flipped(sound.body, -17, 0)  # this bit of the last byte of the padding, and no other
    yield refuse("kms-cbc-flip-padding", "kms-cbc, one bit of the padding changed", "cbc",
                 sound.with_body(last))  # fmt: skip
    cut = sound.body[:-16]
    if _ends_well(data_key, iv, cut):
        raise ValueError("another plaintext is needed: this one is padded by chance")
    yield refuse(
        "kms-cbc-cut-block", "kms-cbc, its last block missing", "cbc", sound.with_body(cut)
    )
    one_block = kms_cbc(fixed("plaintext", 8))
    value = base64.b64decode(one_block.fields["x-amz-iv"])
    other_iv = one_block.having({"x-amz-iv": b64(flipped(value, 15, 0))})
    yield refuse("kms-cbc-flip-iv", "kms-cbc, a bit of the IV over the padding", "cbc", other_iv)
    other = kms_cbc(_PLAINTEXT, label="kms cbc other")
    if _ends_well(other.grants[0].data_key, iv, sound.body):
        raise ValueError("another data key is needed: this one pads by chance")
    about = "kms-cbc, the wrapped key of another sound object"
    exchanged = sound.having({"x-amz-key-v2": other.fields["x-amz-key-v2"]})
    sample = exchanged.with_grants(*other.grants)
    yield refuse("kms-cbc-other-x-amz-key-v2", about, "cbc", sample)


def _ends_well(data_key: bytes, iv: bytes, body: bytes) -> bool:
    block = material.cbc_last_block(data_key, iv, body)
    return 1 <= block[-1] <= 16 and block.endswith(block[-1:] * block[-1])
