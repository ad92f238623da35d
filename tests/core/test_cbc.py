"""AES-CBC: any content comes back, and every damage is told in the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.cbc import CbcOpener, opener_of
from cse_desktop.core.cipher import ContentKey, Opener
from cse_desktop.core.envelope import Envelope, Suite, Wrapping, plaintext_size
from cse_desktop.core.errors import Tampered
from tests.offline import cbc

KEY, IV = bytes(range(32)), bytes(range(16))
ENVELOPE = Envelope(Suite.CBC, Wrapping.KMS, b"w", {"kms_cmk_id": "x"}, IV)
WORDS = (
    "This file was altered or damaged. Its AES-CBC content can't be decrypted, so nothing was "
    "saved. Ask the sender to upload it again, or open an earlier version."
)


def key(data_key: bytes = KEY) -> ContentKey:
    return ContentKey(data_key, IV, b"", Suite.CBC)


def opened(body: bytes, data_key: bytes = KEY, step: int = 16) -> bytes:
    opener = CbcOpener(key(data_key))
    content = bytearray(body[:-16])
    for start in range(0, len(content), step):
        piece = memoryview(content)[start : start + step]
        assert opener.update_into(piece, piece) == len(piece)
    return bytes(content) + opener.finish(body[-16:])


@given(
    content=st.binary(max_size=100),
    data_key=st.sampled_from([bytes(16), bytes(24), KEY]),
    blocks=st.integers(1, 8),
)
def test_any_content_comes_back(content: bytes, data_key: bytes, blocks: int) -> None:
    assert opened(cbc(data_key, IV, content), data_key, blocks * 16) == content


@pytest.mark.parametrize("last", [0, 17, 32, 255])
def test_bad_padding_is_told_in_the_one_way(last: int) -> None:
    block = cbc(KEY, IV, b"")  # sixteen bytes of 16, which the IV turns into anything
    bent = ContentKey(KEY, bytes((*IV[:15], IV[15] ^ 16 ^ last)), b"", Suite.CBC)

    with pytest.raises(Tampered) as refusal:
        CbcOpener(bent).finish(block)

    assert str(refusal.value) == WORDS


@pytest.mark.parametrize("size", [0, 1, 15, 17, 31])
def test_bad_length_is_told_in_the_same_words(size: int) -> None:
    with pytest.raises(Tampered) as by_size:
        plaintext_size(ENVELOPE, size)
    assert str(by_size.value) == WORDS
    if size % 16:
        with pytest.raises(Tampered) as by_block:
            CbcOpener(key()).finish(bytes(size))
        assert str(by_block.value) == WORDS


def test_half_a_block_in_the_middle_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="whole blocks"):
        CbcOpener(key()).update_into(bytes(17), bytearray(17))


def test_suite_decides_what_opens_the_content() -> None:
    assert isinstance(opener_of(key()), CbcOpener)
    assert isinstance(opener_of(ContentKey(KEY, bytes(12), b"", Suite.GCM)), Opener)
