"""What other programs' encrypted files begin with, so that they can be called by name."""

from __future__ import annotations

import re
from typing import Final

PEEK_BYTES: Final = 64
"""As many bytes of an object tell all that is told here."""

_INSTRUCTION_FILE: Final = re.compile(rb'\s*\{\s*"x-amz-')

_PREFIXES: Final = (
    (b"age-encryption.org/v1", "age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "age"),
    (b"RCLONE\x00\x00", "rclone crypt"),
    (b"-----BEGIN PGP MESSAGE-----", "GPG (OpenPGP)"),
    (b"Salted__", "OpenSSL (enc)"),
)

# AWS Encryption SDK, "Message format reference" and "Algorithms reference".
_ESDK_V1_SUITES: Final = frozenset(
    (0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, 0x0378)
)
_ESDK_V2_SUITES: Final = frozenset((0x0478, 0x0578))
_ESDK_V1, _ESDK_V2, _ESDK_TYPE = 1, 2, 0x80

# RFC 9580, 4.2, 5.1 and 5.3: the packets an encrypted message begins with, and their versions.
_PGP_VERSIONS: Final = {1: (3, 6), 3: (4, 5, 6)}
_PGP_LENGTH_BYTES: Final = {0: 1, 1: 2, 2: 4}


def tool_of(start: bytes) -> str:
    """The program that wrote a file which begins so, as people call it; "" if nobody knows."""
    for prefix, tool in _PREFIXES:
        if start.startswith(prefix):
            return tool
    if _is_esdk(start):
        return "the AWS Encryption SDK"
    return "GPG (OpenPGP)" if _is_pgp(start) else ""


def is_instruction_file(start: bytes) -> bool:
    """Whether a file that begins so is the envelope of another object."""
    return _INSTRUCTION_FILE.match(start) is not None


def _is_esdk(start: bytes) -> bool:
    if len(start) < 4:
        return False
    if start[0] == _ESDK_V1:
        suite = int.from_bytes(start[2:4], "big")
        return start[1] == _ESDK_TYPE and suite in _ESDK_V1_SUITES
    return start[0] == _ESDK_V2 and int.from_bytes(start[1:3], "big") in _ESDK_V2_SUITES


def _is_pgp(start: bytes) -> bool:
    """Whether this is an OpenPGP packet with a session key, or symmetrically encrypted data."""
    if len(start) < 8 or not start[0] & 0x80:
        return False
    if start[0] & 0x40:
        tag = start[0] & 0x3F
        length_bytes = 1 if start[1] < 192 else 2 if start[1] < 224 else 5
    else:
        tag = (start[0] >> 2) & 0x0F
        length_bytes = _PGP_LENGTH_BYTES.get(start[0] & 3, 0)
    if not length_bytes or tag not in _PGP_VERSIONS:
        return False
    version, algorithm = start[1 + length_bytes : 3 + length_bytes]
    if version not in _PGP_VERSIONS[tag]:
        return False
    # Of a symmetric session key the next byte is a cipher; one of a public key has an id there.
    return tag == 1 or version != 4 or 1 <= algorithm <= 13
