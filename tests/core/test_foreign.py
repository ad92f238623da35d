"""Other programs' files, told by their first bytes; ordinary files are nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.foreign import PEEK_BYTES, is_instruction_file, tool_of

ESDK, GPG = "the AWS Encryption SDK", "GPG (OpenPGP)"


@pytest.mark.parametrize(
    ("start", "tool"),
    [
        (b"age-encryption.org/v1\n-> X25519 ", "age"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "age"),
        (b"RCLONE\x00\x00" + bytes(24), "rclone crypt"),
        (b"Salted__" + bytes(8), "OpenSSL (enc)"),
        (b"-----BEGIN PGP MESSAGE-----\n", GPG),
        (bytes.fromhex("85010c03") + bytes(8), GPG),  # old packet, public key, RSA 2048
        (bytes.fromhex("845e03") + bytes(8), GPG),  # old packet, public key, elliptic
        (bytes.fromhex("c15e03") + bytes(8), GPG),  # new packet, public key
        (bytes.fromhex("8c0d04090302") + bytes(8), GPG),  # old packet, passphrase, AES-256
        (bytes.fromhex("c32e05090203") + bytes(8), GPG),  # new packet, passphrase, version 5
        (bytes.fromhex("01800378") + bytes(16), ESDK),
        (bytes.fromhex("01800178") + bytes(16), ESDK),
        (bytes.fromhex("020578") + bytes(32), ESDK),
        (bytes.fromhex("020478") + bytes(32), ESDK),
    ],
)
def test_file_of_another_program_has_its_name(start: bytes, tool: str) -> None:
    assert tool_of(start) == tool


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\x01",
        b"\x85",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"\x89PNG\r\n\x1a\n" + bytes(8),
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
        b"PK\x03\x04" + bytes(12),
        b"\x1f\x8b\x08\x00" + bytes(12),
        b"\x7fELF\x02\x01\x01" + bytes(9),
        b"\xef\xbb\xbfText with a mark",
        b"\xc3\xa4\xc3\xb6\xc3\xbc and other text",
        b"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----",
        bytes.fromhex("01800377") + bytes(16),
        bytes(PEEK_BYTES),
    ],
)
def test_ordinary_file_is_nobodys(start: bytes) -> None:
    assert tool_of(start) == ""


def test_instruction_file_is_known_by_its_names() -> None:
    assert is_instruction_file(b'{"x-amz-iv":"1imxbPg/8yq38myMBAa+1g=="')
    assert is_instruction_file(b' {\n "x-amz-3": "')
    assert not is_instruction_file(b'{"name":"x-amz-iv"}')
    assert not is_instruction_file(b"")


@given(start=st.binary(max_size=PEEK_BYTES))
def test_any_beginning_has_an_answer(start: bytes) -> None:
    assert isinstance(tool_of(start), str)
    assert isinstance(is_instruction_file(start), bool)
