"""AES-GCM and key derivation against published answers."""

from __future__ import annotations

import pytest

from cse_desktop.core.cipher import (
    ContentKey,
    derive,
    hkdf_sha512,
    seal,
    unseal,
)
from cse_desktop.core.envelope import (
    Suite,
)
from cse_desktop.core.errors import Tampered
from tests.offline import Vector, cases

DATA_KEY = bytes(range(32))
MESSAGE_ID = bytes(range(0x40, 0x5C))


@pytest.mark.parametrize("case", cases("aes_256_gcm.jsonl"), ids=lambda case: str(case["tcId"]))
def test_wycheproof_aes_gcm(case: Vector) -> None:
    key, nonce, aad, plaintext, ciphertext, tag = (
        bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
    )
    content = ContentKey(key, nonce, aad, Suite.GCM)
    is_valid = case["result"] == "valid"

    assert (b"".join(seal([plaintext], content)) == ciphertext + tag) is is_valid
    if is_valid:
        assert unseal([ciphertext + tag], content, len(plaintext)) == plaintext
    else:
        with pytest.raises(Tampered):
            unseal([ciphertext + tag], content, len(ciphertext))


@pytest.mark.parametrize("case", cases("hkdf_sha512.jsonl"), ids=lambda case: str(case["tcId"]))
def test_wycheproof_hkdf_sha512(case: Vector) -> None:
    secret, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))

    if case["result"] == "valid":
        assert hkdf_sha512(secret, salt, info, case["size"]).hex() == case["okm"]
    else:
        with pytest.raises(ValueError, match="derive"):
            hkdf_sha512(secret, salt, info, case["size"])


def test_content_key_and_commitment_are_those_of_the_format() -> None:
    key, commitment = derive(DATA_KEY, MESSAGE_ID)

    assert commitment.hex() == "0e7419e5cfb7c60d57a748d87c03278749350c9bb4c973f4f40831f4"
    assert key.key.hex() == "35f108bd2c11d0a8334d2c5d6e7dacb51d477b00723a49466ef1dff41ff45d52"
    assert (key.nonce, key.aad) == (b"\x01" * 12, b"\x00\x73")


def test_body_is_that_of_the_format() -> None:
    key, _commitment = derive(DATA_KEY, MESSAGE_ID)
    body = "ba093e6554e21bc92f7d68288f76140c4bc65868f42d51"

    assert b"".join(seal([], key)).hex() == "1957e31f3fbe220acba1a68965e5d1c9"
    assert b"".join(seal([b"inter", b"op"], key)).hex() == body
