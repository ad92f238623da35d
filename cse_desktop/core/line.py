"""One kept-alive connection, and one request with its answer on it.

Less than an HTTP library does, and so much faster: bodies go from and into buffers of the caller,
and a cancel is seen while nothing comes.
"""

from __future__ import annotations

import socket
from time import monotonic
from typing import TYPE_CHECKING, Final

from cse_desktop.core.bandwidth import Allowance
from cse_desktop.core.http_heads import TEXT_BYTES, Reply, chunk_size, parse_head
from cse_desktop.core.later import later
from cse_desktop.core.leaving import GRACE_S, LOOK_AROUND_S
from cse_desktop.core.progress import Cancelled, CancelToken

if TYPE_CHECKING:
    import urllib3.exceptions as net
    from urllib3 import connection
    from urllib3.util import wait
else:
    connection = later("urllib3.connection")
    net = later("urllib3.exceptions")
    wait = later("urllib3.util.wait")

Buffer = bytes | memoryview

_PIECE_BYTES: Final = 256 * 1024
"""Sent at a time; a cancel is felt in between."""
_HEAD_BYTES: Final = 64 * 1024
"""The longest head of an answer."""


_FREE: Final = Allowance()
"""All there is."""
_LONG: Final = 1 << 30


class Line:
    """One connection; one request after the other. One thread at a time.

    Args:
        silence_s: so long a read may take that brings nothing.
        patience_s: so long a piece may take to be sent.
    """

    def __init__(self, sock: socket.socket, silence_s: float, patience_s: float) -> None:
        self._sock = sock
        self._silence_s = silence_s
        self._patience_s = patience_s
        self._rest = b""
        self.is_usable = True
        sock.settimeout(LOOK_AROUND_S)

    def is_dropped(self) -> bool:
        """Whether the other side has ended it, or says what nobody asked for."""
        return not self.is_usable or wait.wait_for_read(self._sock, 0.0)

    def close(self) -> None:
        """End it."""
        self.is_usable = False
        self._sock.close()

    def ask(
        self, head: bytes, body: Buffer, cancel: CancelToken, allowance: Allowance = _FREE
    ) -> Reply:
        """Send a request and read the head of its answer; the body is for `fill` or `text`.

        Raises:
            Cancelled: at once while the body is sent, and soon while nothing comes.
            OSError, HTTPError: of the network.
        """
        self.is_usable = False  # until the answer was read to its end
        try:
            if len(body) <= _HEAD_BYTES:
                self._send(head + body, cancel, allowance)
            else:
                self._send(head, cancel, _FREE)
                self._send(body, cancel, allowance)
        except (BrokenPipeError, ConnectionResetError) as error:
            # Who refuses a request may hang up before it was read, and the reason is here already.
            try:
                return self._reply(head, cancel)
            except (OSError, net.ProtocolError):
                raise error from None
        try:
            return self._reply(head, cancel)
        except Cancelled as stopped:
            stopped.may_arrive = True
            raise

    def fill(self, out: memoryview, cancel: CancelToken, allowance: Allowance = _FREE) -> int:
        """Read the next bytes of the body until `out` is full; less only where it breaks off."""
        impatience = Impatience(cancel, 0.0)
        filled = min(len(self._rest), len(out))
        if filled:
            out[:filled] = self._rest[:filled]
            self._rest = self._rest[filled:]
        while filled < len(out):
            try:
                got = self._receive(out[filled : filled + allowance.piece(_LONG)], impatience)
            except OSError:
                break
            if not got:
                break
            filled += got
            # The network is held back by not reading on.
            allowance.take(got, cancel)
        return filled

    def text(self, reply: Reply, cancel: CancelToken) -> bytes:
        """The whole body of an answer, for those that carry words.

        Raises:
            ProtocolError: it broke off, or is longer than words are.
        """
        if reply.is_chunked:
            return self._chunks(cancel)
        if reply.length is None:
            return self._until_the_end(cancel)
        if reply.length > TEXT_BYTES:
            raise net.ProtocolError("the answer is too long")
        data = bytearray(reply.length)
        if self.fill(memoryview(data), cancel) < reply.length:
            raise net.ProtocolError("the answer broke off")
        return bytes(data)

    def finish(self, reply: Reply) -> None:
        """The body was read to its end, so the next request may come."""
        self.is_usable = not reply.is_last and not self._rest

    def _send(self, data: Buffer, cancel: CancelToken, allowance: Allowance) -> None:
        view, start = memoryview(data), 0
        while start < len(view):
            piece = view[start : start + allowance.piece(_PIECE_BYTES)]
            start += len(piece)
            allowance.take(len(piece), cancel)
            end = monotonic() + self._patience_s
            while len(piece):
                cancel.check()
                try:
                    piece = piece[self._sock.send(piece) :]
                except TimeoutError:
                    # TLS wants the same bytes again, and gets them.
                    if monotonic() > end:
                        raise

    def _receive(self, out: memoryview, impatience: Impatience) -> int:
        end = monotonic() + self._silence_s
        while True:
            impatience.check()
            try:
                return self._sock.recv_into(out)
            except TimeoutError:
                if monotonic() > end:
                    raise

    def _reply(self, asked: bytes, cancel: CancelToken) -> Reply:
        impatience = Impatience(cancel, GRACE_S)
        while True:
            reply = self._head(asked.startswith(b"HEAD "), impatience)
            if reply.status >= 200:
                return reply

    def _head(self, is_bodiless: bool, impatience: Impatience) -> Reply:
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            if len(data) > _HEAD_BYTES:
                raise net.ProtocolError("the head of the answer is too long")
            data += self._some(impatience)
        self._rest = data[end + 4 :]
        return parse_head(data[:end], is_bodiless)

    def _some(self, impatience: Impatience) -> bytes:
        block = memoryview(bytearray(_HEAD_BYTES))
        got = self._receive(block, impatience)
        if not got:
            raise net.ProtocolError("the connection was closed without an answer")
        return bytes(block[:got])

    def _until_the_end(self, cancel: CancelToken) -> bytes:
        data = self._rest
        self._rest = b""
        try:
            while len(data) < TEXT_BYTES:
                data += self._some(Impatience(cancel, 0.0))
        except net.ProtocolError:
            return data
        raise net.ProtocolError("the answer is too long")

    def _chunks(self, cancel: CancelToken) -> bytes:
        """A body in chunks. Source: RFC 9112, section 7.1."""
        data, out, place = self._rest, bytearray(), 0
        impatience = Impatience(cancel, 0.0)
        while len(out) <= TEXT_BYTES:
            while (line := data.find(b"\r\n", place)) < 0:
                data += self._some(impatience)
            size = chunk_size(data[place:line].partition(b";")[0])
            start = line + 2
            while len(data) < start + size + 2:
                data += self._some(impatience)
            if size == 0:
                # What else may follow is not worth the connection.
                self._rest = data[start + 2 :]
                return bytes(out)
            out += data[start : start + size]
            place = start + size + 2
        raise net.ProtocolError("the answer is too long")


class Impatience:
    """Says when a cancel ends a wait: some seconds after it, for what may be answered still."""

    __slots__ = ("_cancel", "_end", "_grace_s")

    def __init__(self, cancel: CancelToken, grace_s: float) -> None:
        self._cancel = cancel
        self._grace_s = grace_s
        self._end = 0.0

    def check(self) -> None:
        """Raise Cancelled when it is over."""
        if self._cancel.is_cancelled:
            self._end = self._end or monotonic() + self._grace_s
            if monotonic() >= self._end:
                self._cancel.check()
