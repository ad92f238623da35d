"""Parts up: each read, sealed and checksummed in turn, a few in flight.

AES-GCM is one running cipher, so parts are sealed in order; sending is what takes time, and that
is done side by side. Each worker owns one buffer: it fills it while it holds the turn, and sends
it without. The buffer is left alone until S3 has acknowledged it, so a retry sends the same
bytes and no byte is ever sealed twice. Memory is `workers` buffers, whatever the size of the file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cse_desktop.core.cipher import Sealer
from cse_desktop.core.crew import run_side_by_side
from cse_desktop.core.envelope import TAG_BYTES
from cse_desktop.core.later import later
from cse_desktop.core.objects import PartTag
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.source import SourceFile

if TYPE_CHECKING:
    from awscrt import checksums
else:
    checksums = later("awscrt.checksums")

PART_BYTES: Final = 8 * 1024 * 1024
"""Plaintext of each part but the last. 64 GiB, the limit of GCM, are 8,192 parts of S3's 10,000."""

_PIECE_BYTES: Final = 1024 * 1024
"""Sealed at a time. The cipher may hold the interpreter lock for so long (0.1 ms)."""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """Ciphertext in the buffer of a worker.

    Attributes:
        number: from 1.
        length: bytes of ciphertext, the tag included where it is the last part.
        plaintext: bytes of plaintext.
        crc: CRC64NVME of the ciphertext.
    """

    number: int
    length: int
    plaintext: int
    crc: int


class PartSealer:
    """Reads and seals a file part by part. One thread at a time."""

    def __init__(self, source: SourceFile, sealer: Sealer, cancel: CancelToken) -> None:
        self._source = source
        self._sealer = sealer
        self._cancel = cancel
        self._left = source.size
        self._number = 0
        self.parts = max(1, -(-source.size // PART_BYTES))
        self.crc = 0

    @property
    def plaintext_bytes(self) -> int:
        """Bytes of the file."""
        return self._source.size

    @property
    def sealed_bytes(self) -> int:
        """Bytes of the object: ciphertext and tag."""
        return self._source.size + TAG_BYTES

    @property
    def is_sealed(self) -> bool:
        """Whether the last byte was sealed, so that S3 may have all of it."""
        return self._number == self.parts

    @property
    def buffer_bytes(self) -> int:
        """What the longest part needs: the tag is never split over two parts."""
        return min(PART_BYTES, self._source.size) + TAG_BYTES

    def next_into(self, buffer: memoryview) -> SealedPart | None:
        """Fill `buffer` with the next part; None after the last.

        Raises:
            Changed: the file is not what it was when it was opened.
        """
        if self._number == self.parts:
            return None
        self._number += 1
        self._source.check()
        plaintext = min(PART_BYTES, self._left)
        for start in range(0, plaintext, _PIECE_BYTES):
            self._cancel.check()
            piece = buffer[start : min(start + _PIECE_BYTES, plaintext)]
            self._source.read_into(piece)
            self._sealer.update_into(piece, piece)
        self._source.check()
        self._left -= plaintext
        length = plaintext
        if self._number == self.parts:
            length += TAG_BYTES
            buffer[plaintext:length] = self._sealer.finish()
        crc = checksums.crc64nvme(buffer[:length])
        self.crc = checksums.combine_crc64nvme(self.crc, crc, length)
        return SealedPart(self._number, length, plaintext, crc)


class SendPart(Protocol):
    """How a part gets to S3."""

    def __call__(self, part: SealedPart, body: memoryview, cancel: CancelToken) -> PartTag:
        """Send one part; gives S3's acknowledgement."""


def send_all(
    sealer: PartSealer,
    send: SendPart,
    acknowledged: Callable[[SealedPart], None],
    cancel: CancelToken,
    workers: int = 4,
) -> tuple[PartTag, ...]:
    """Send every part; gives their tags in order.

    Args:
        acknowledged: called after each part, in the worker's thread, one call at a time.
        workers: parts in flight at most.

    Raises:
        Cancelled, or the first error of any worker, after all workers have stopped.
    """
    turn = threading.Lock()
    tags: list[PartTag] = []

    def work(stop: CancelToken) -> None:
        buffer = memoryview(bytearray(sealer.buffer_bytes))
        while True:
            with turn:
                stop.check()
                part = sealer.next_into(buffer)
            if part is None:
                return
            tag = send(part, buffer[: part.length], stop)
            with turn:
                tags.append(tag)
                acknowledged(part)

    run_side_by_side(work, min(workers, sealer.parts), cancel, "part")
    return tuple(sorted(tags, key=lambda tag: tag.number))
