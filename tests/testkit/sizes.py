"""Sound objects: every format at every size where something changes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.testkit.case import Case, accept
from tests.testkit.material import fixed
from tests.testkit.sample import BASES, kms_cbc, kms_gcm, v2, v3

_SIZES = (0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 255, 256, 257, 1023, 1024, 1025)
_OLD_SIZES = (0, 1, 15, 16, 17, 32, 256)
_SPLIT_SIZES = (0, 1, 15, 16, 17, 33)
_SHORT_KEYS = (16, 24)  # bytes; the PHP client of the kms generation let its caller choose
_WRAPPED_SIZES = (1, 184, 255, 1024, 6144)  # 6144 is what KMS Decrypt takes at most


def cases() -> Iterator[Case]:
    """All of them."""
    for name, make in BASES.items():
        for size in _SIZES:
            about = f"{name}, {size} bytes of plaintext"
            yield accept(f"{name}-{size}", about, make(fixed("plaintext", size)))
    for name, old in (("kms-gcm", kms_gcm), ("kms-cbc", kms_cbc)):
        for bits in (n * 8 for n in _SHORT_KEYS):
            for size in _OLD_SIZES:
                sample = old(fixed("plaintext", size), label=f"{name} {bits}", size=bits // 8)
                about = f"{name} with a data key of {bits} bits, {size} bytes of plaintext"
                yield accept(f"{name}-key{bits}-{size}", about, sample)
    yield from _in_instruction_files()
    for wrapped in _WRAPPED_SIZES:
        for name, new in (("v3", v3), ("v2", v2)):
            sample = new(b"x" * 20, label=f"{name} wrapped {wrapped}", wrapped=wrapped)
            about = f"{name}, the wrapped data key has {wrapped} bytes"
            yield accept(f"{name}-wrapped-{wrapped}", about, sample)


def _in_instruction_files() -> Iterator[Case]:
    for name, make in BASES.items():
        for size in _SPLIT_SIZES:
            sound = make(fixed("plaintext", size))
            what = ("x-amz-3", "x-amz-w", "x-amz-t") if name == "v3" else ()
            about = f"{name}, its envelope in an instruction file, {size} bytes of plaintext"
            yield accept(f"{name}-instruction-{size}", about, sound.moved(*what))
