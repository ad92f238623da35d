"""One ciphertext with a tag that holds under two keys: what key commitment is there for.

GHASH is linear, so with one free block the tags under two keys can be made equal (Grubbs, Lu and
Ristenpart 2017, "Message franking via committing authenticated encryption"; CVE-2025-14762).
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

_REDUCTION = 0xE1 << 120  # NIST SP 800-38D, 6.3
_ORDER = 2**128 - 2


def two_faced(first: bytes, second: bytes, iv: bytes, aad: bytes, blocks: list[bytes]) -> bytes:
    """A body, ciphertext and tag, that opens under both AES keys.

    Args:
        blocks: 16 bytes each; the last is replaced by the one that makes the tags meet.
    """
    free = len(blocks)  # the free block is the last one, whose factor is H squared
    h1, h2 = (_to_int(_encrypted(key, bytes(16))) for key in (first, second))
    chosen = [*blocks[:-1], bytes(16)]
    gap = _tag(first, iv, aad, chosen) ^ _tag(second, iv, aad, chosen)
    factor = _times(h1, h1) ^ _times(h2, h2)
    chosen[free - 1] = _times(gap, _inverse(factor)).to_bytes(16, "big")
    return b"".join(chosen) + _tag(first, iv, aad, chosen).to_bytes(16, "big")


def _tag(key: bytes, iv: bytes, aad: bytes, blocks: list[bytes]) -> int:
    h = _to_int(_encrypted(key, bytes(16)))
    sizes = (len(aad) * 8).to_bytes(8, "big") + (len(blocks) * 128).to_bytes(8, "big")
    total = 0
    for block in [*([aad.ljust(16, b"\0")] if aad else []), *blocks, sizes]:
        total = _times(total ^ _to_int(block), h)
    return total ^ _to_int(_encrypted(key, iv + b"\0\0\0\x01"))


def _encrypted(key: bytes, block: bytes) -> bytes:
    return Cipher(AES(key), ECB()).encryptor().update(block)


def _to_int(block: bytes) -> int:
    return int.from_bytes(block, "big")


def _times(left: int, right: int) -> int:
    product = 0
    for position in range(127, -1, -1):
        if right >> position & 1:
            product ^= left
        left = left >> 1 ^ (_REDUCTION if left & 1 else 0)
    return product


def _inverse(value: int) -> int:
    result, power, exponent = 1 << 127, value, _ORDER  # 1 << 127 is the one of this field
    while exponent:
        if exponent & 1:
            result = _times(result, power)
        power = _times(power, power)
        exponent >>= 1
    return result
