"""Bodies on their way to and from S3."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import (
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from cse_desktop.core.errors import Tampered, Unreachable
from cse_desktop.core.progress import CancelToken

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from typing_extensions import Buffer

PIECE_BYTES: Final = 256 * 1024
"""How much is moved at a time: small enough that a cancel is felt at once."""

_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})", re.ASCII)


class Outgoing(io.RawIOBase):
    """The body of one request: bytes in a buffer that its owner leaves alone until the answer.

    botocore reads a body up to three times (checksum, signature, sending) and rewinds it for a
    retry; always the same bytes. Each read is a place to stop.
    """

    def __init__(self, data: memoryview, cancel: CancelToken) -> None:
        super().__init__()
        self._data = data
        self._position = 0
        self._cancel = cancel

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def __len__(self) -> int:
        return len(self._data)

    def tell(self) -> int:
        """Bytes read since the start."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset`."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._data)}
        self._position = max(0, origin[whence] + offset)
        return self._position

    def readinto(self, out: Buffer) -> int:
        """Fill `out` as far as there are bytes left.

        The signer of awscrt reads this way, and turns an exception into a crash report; so a
        cancel waits until the sending begins, a few milliseconds.
        """
        view = memoryview(out).cast("B")
        piece = self._data[self._position : self._position + len(view)]
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes.

        Raises:
            Cancelled: through the HTTP library, which gives the connection up.
        """
        self._cancel.check()
        end = len(self._data) if size is None or size < 0 else self._position + size
        piece = bytes(self._data[self._position : end])
        self._position += len(piece)
        return piece


def read_into(body: StreamingBody, out: memoryview, cancel: CancelToken) -> int:
    """Read until `out` is full or the connection breaks; gives the bytes read.

    Raises:
        Cancelled: between two pieces.
    """
    filled = 0
    while filled < len(out):
        cancel.check()
        try:
            piece = body.read(min(PIECE_BYTES, len(out) - filled))
        except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
            break
        if not piece:
            break
        out[filled : filled + len(piece)] = piece
        filled += len(piece)
    return filled


def check_range(answer: Mapping[str, Any], subject: str, first: int, last: int) -> None:
    """Raise Tampered unless `answer` is 206 with exactly the bytes `first` to `last`.

    An endpoint that ignores the range, or sends another one, would put the right bytes in the
    wrong place; stock clients write a wrong file then.
    """
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    told = answer.get("ContentRange", "")
    match = _CONTENT_RANGE.fullmatch(told)
    if status != 206 or match is None or (int(match[1]), int(match[2])) != (first, last):
        raise Tampered(
            "S3 answered with other bytes than those asked for",
            "Nothing was saved. Something between this computer and S3 changes the answers.",
            f"Object: {subject}\nAsked: bytes {first}-{last}\nAnswered: {status} {told}",
        )


def check_echo(answer: Mapping[str, Any], checksum: str, subject: str) -> None:
    """Raise Unreachable when the server says it stored bytes with another checksum than ours."""
    echoed = answer.get("ChecksumCRC64NVME", checksum)
    if echoed != checksum:
        raise Unreachable(
            "The file was damaged on its way to S3",
            "Try again. If this happens more than once, look at the network or proxy.",
            f"Object: {subject}\nChecksum sent: {checksum}\nChecksum stored: {echoed}",
        )
