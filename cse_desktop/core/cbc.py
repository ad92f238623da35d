"""AES-CBC as the oldest clients wrote it: read only, and without authentication.

Whoever can write the object can change its plaintext within limits that nobody notices. That is
why reading it is a switch of the connection, and off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cse_desktop.core.cipher import Buffer, ContentKey, Opener, WritableBuffer
from cse_desktop.core.envelope import CBC_BLOCK_BYTES, Suite, cbc_failed
from cse_desktop.core.later import later

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import ciphers, padding
    from cryptography.hazmat.primitives.ciphers import algorithms, modes
else:
    ciphers = later("cryptography.hazmat.primitives.ciphers")
    algorithms = later("cryptography.hazmat.primitives.ciphers.algorithms")
    modes = later("cryptography.hazmat.primitives.ciphers.modes")
    padding = later("cryptography.hazmat.primitives.padding")


class CbcOpener:
    """Decrypts one stream; of the same shape as `Opener`, with the last block in place of the tag.

    What comes out means nothing until `finish` returned. One thread.

    Args:
        key: of the object that is read.
    """

    def __init__(self, key: ContentKey) -> None:
        self._cipher = ciphers.Cipher(algorithms.AES(key.key), modes.CBC(key.nonce)).decryptor()

    def update_into(self, data: Buffer, out: WritableBuffer) -> int:
        """Decrypt the next whole blocks, without the last of the object; `out` may be `data`."""
        size = memoryview(data).nbytes
        if size % CBC_BLOCK_BYTES:
            raise ValueError("AES-CBC is decrypted in whole blocks")
        out[:size] = self._cipher.update(data)
        return size

    def finish(self, last: Buffer) -> bytes:
        """Decrypt the last block and check its padding; gives what is left of it, 0 to 15 bytes.

        Raises:
            Tampered: one and the same for each kind of damage.
        """
        try:
            padded = self._cipher.update(last) + self._cipher.finalize()
            unpadder = padding.PKCS7(CBC_BLOCK_BYTES * 8).unpadder()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise cbc_failed() from None


def opener_of(key: ContentKey) -> Opener | CbcOpener:
    """What decrypts the content of an object; all but its last 16 bytes go through `update_into`.

    Those are the tag of AES-GCM, or the last block of AES-CBC: `finish` judges by them.
    """
    return CbcOpener(key) if key.suite is Suite.CBC else Opener(key)
