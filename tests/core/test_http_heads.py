"""Heads of answers: what is clear is read, what is not is refused."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import ProtocolError

from cse_desktop.core.http_heads import parse_head
from cse_desktop.core.line import Line
from cse_desktop.core.lines import Lines, Origin
from cse_desktop.core.progress import Cancelled, CancelToken

ASK = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n"
NOTHING = memoryview(b"")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/2 200 OK",
        b"HTTP/1.1 2OO OK",
        b"HTTP/1.1 \xb2\xb2\xb2 OK",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0x5",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked",
        b"HTTP/1.1 200 OK\r\nno colon",
        b"HTTP/1.1 200 OK\r\nContent-Length : 5",
        b"HTTP/1.1 200 OK\r\n folded: 5",
    ],
)
def test_a_head_that_is_not_clear_is_refused(head: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_head(head, is_bodiless=False)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    for head in (noise, b"HTTP/1.1 200 OK\r\n" + noise):
        try:
            reply = parse_head(head, is_bodiless=False)
        except ProtocolError:
            continue
        assert 0 <= reply.status <= 999
        assert reply.length is None or reply.length >= 0


def test_an_answer_to_head_has_no_body_whatever_it_says() -> None:
    reply = parse_head(b"HTTP/1.1 200 OK\r\nContent-Length: 99", is_bodiless=True)

    assert (reply.length, reply.headers["content-length"], reply.is_last) == (0, "99", False)


@pytest.fixture
def wire() -> Iterator[tuple[Line, socket.socket]]:
    ours, theirs = socket.socketpair()
    line = Line(ours, silence_s=5, patience_s=5)
    yield line, theirs
    line.close()
    theirs.close()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         b"abc"),
        (b"HTTP/1.1 204 No\r\n\r\n", b""),
    ],
)  # fmt: skip
def test_a_body_is_read_to_its_end_and_the_next_request_may_come(
    wire: tuple[Line, socket.socket], answer: bytes, text: bytes
) -> None:
    line, theirs = wire
    for _ in range(2):
        theirs.sendall(answer)
        reply = line.ask(ASK, NOTHING, CancelToken())
        assert line.text(reply, CancelToken()) == text
        line.finish(reply)
        assert line.is_usable


def test_an_answer_in_pieces_of_one_byte_is_the_same(wire: tuple[Line, socket.socket]) -> None:
    line, theirs = wire
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"

    def trickle() -> None:
        for byte in answer:
            theirs.send(bytes([byte]))

    sender = threading.Thread(target=trickle)
    sender.start()
    assert line.text(line.ask(ASK, NOTHING, CancelToken()), CancelToken()) == b"abc"
    sender.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\nabc\r\n",
    ],
)
def test_a_body_that_breaks_off_or_is_endless_is_refused(
    wire: tuple[Line, socket.socket], answer: bytes
) -> None:
    line, theirs = wire
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    reply = line.ask(ASK, NOTHING, CancelToken())

    with pytest.raises(ProtocolError):
        line.text(reply, CancelToken())
    assert not line.is_usable


def test_a_head_without_end_is_refused(wire: tuple[Line, socket.socket]) -> None:
    line, theirs = wire
    sender = threading.Thread(
        target=lambda: theirs.sendall(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 99_999)
    )
    sender.start()

    with pytest.raises(ProtocolError):
        line.ask(ASK, NOTHING, CancelToken())
    line.close()
    sender.join()


def test_a_refusal_that_came_before_the_body_was_taken_is_heard(
    wire: tuple[Line, socket.socket],
) -> None:
    line, theirs = wire
    theirs.sendall(b"HTTP/1.1 403 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    theirs.shutdown(socket.SHUT_RD)  # so that sending fails here

    assert line.ask(ASK, memoryview(bytes(1 << 20)), CancelToken()).status == 403


def test_a_cancel_ends_the_wait_for_a_silent_server(wire: tuple[Line, socket.socket]) -> None:
    line, _ = wire
    cancel = CancelToken()
    cancel.cancel()

    with pytest.raises(Cancelled):
        line.ask(ASK, NOTHING, cancel)
    assert not line.is_usable


def test_a_connection_that_the_server_has_ended_is_not_used_again() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda sock: (sock.recv(999), sock.sendall(answer))) as origin:
        lines = Lines(origin, 5, 5)
        seen = []
        for _ in range(2):
            line = lines.take(CancelToken())
            reply = line.ask(ASK, NOTHING, CancelToken())
            line.finish(reply)
            seen.append(line)
            while not line.is_dropped():
                pass  # until the end of the connection has arrived
            lines.give(line)

    assert seen[0] is not seen[1]


class serving:  # noqa: N801  reads as a statement
    """Two connections, each handled and closed."""

    def __init__(self, handle: Callable[[socket.socket], object]) -> None:
        self._handle = handle
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Origin:
        self._thread.start()
        host, port = self._listener.getsockname()
        return Origin(host, port, None)

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        for _ in range(2):
            sock, _ = self._listener.accept()
            with sock:
                self._handle(sock)
