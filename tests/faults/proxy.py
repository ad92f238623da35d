"""A proxy between boto3 and a real server that does what networks and services do wrong.

A fault on the wire is not a mock: the program's own HTTP library meets it, and the server behind
is real. Signatures stay good because the Host header goes on as the client signed it.

    with FaultProxy(s3_url, ledger) as proxy:
        proxy.rule("UploadPart", faults.lost_answer, first=2)      # the second one only
        proxy.rule("GetObject", faults.error(503, "SlowDown"), times=None)   # always
        ...
        assert proxy.count("UploadPart") == 4

What has to happen while a request is under way is done between two lines of the test:

        gate = proxy.hold("UploadPart", fits=lambda request: request.part > 1)
        ...                                     # start an upload in another thread or process
        gate.wait_for_request()
        ...                                     # cancel it; or let it go on with gate.open()
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO
from urllib.parse import urlsplit

from tests.faults.http_messages import (
    Answer,
    Cut,
    Head,
    Request,
    fetch,
    operation_of,
    read_exactly,
    read_head,
)
from tests.faults.ledger import Ledger


class Exchange:
    """One request on its way through; a fault is a function that takes this.

    Attributes:
        request: head and operation; the body is still to be read.
        is_over: the connection to the client was given up.
    """

    def __init__(self, proxy: FaultProxy, client: socket.socket, stream: IO[bytes], head: Head):
        self._proxy = proxy
        self._client = client
        self._stream = stream
        self._unread = head.length
        self._read = bytearray()
        self._test_is_over = proxy.test_is_over
        self.is_over = False
        self.request = Request(head, proxy.next_number(), operation_of(head))
        if self.request.operation == "sts:?":
            operation = operation_of(head, self.body())
            self.request = Request(head, self.request.number, operation)

    def body(self, limit: int | None = None) -> bytes:
        """The body, or its first `limit` bytes; the ledger sees all that is read."""
        if self._unread and self.request.head.get("expect") and not self._read:
            self._client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        wanted = self._unread if limit is None else min(self._unread, limit - len(self._read))
        if wanted > 0:
            read_exactly(self._stream, wanted, self._note)
        return bytes(self._read)

    def forward(self, body: bytes | None = None, head: Head | None = None) -> Answer:
        """Send the request on, changed or not; gives what the server says."""
        sent = self.body()
        answer = fetch(
            self._proxy.target, head or self.request.head, sent if body is None else body
        )
        if self.request.operation == "CreateMultipartUpload":
            self._proxy.ledger.begin(self.request, answer)
        return answer

    def send(self, answer: Answer) -> None:
        """Answer the client; a body that is not as long as it should be ends the connection."""
        self._client.sendall(bytes(answer.head))
        if not self.request.head.start.startswith("HEAD"):
            self._client.sendall(answer.body)
            if len(answer.body) != answer.head.length:
                self.fin()
        if self._unread:
            self.fin()  # the client was not asked for its body, or is in the middle of it

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._client.sendall(data)

    def reset(self) -> None:
        """End the connection as a router does that has lost its memory."""
        if not isinstance(self._client, ssl.SSLSocket):
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_over = True
        self._client.close()

    def fin(self) -> None:
        """End the connection politely."""
        self.is_over = True
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)
        self._client.close()

    def wait(self, seconds: float) -> None:
        """Do nothing, unless the test is over."""
        self._test_is_over.wait(seconds)

    def wait_for(self, event: threading.Event) -> bool:
        """Whether it happens before the test is over."""
        while not event.wait(0.02):
            if self._test_is_over.is_set():
                return event.is_set()
        return True

    def _note(self, piece: bytes) -> None:
        self._unread -= len(piece)
        if self.request.operation in ("PutObject", "UploadPart"):
            self._proxy.ledger.sent(self.request, len(self._read), piece)
        self._read += piece


Fault = Callable[[Exchange], None]


def pass_on(exchange: Exchange) -> None:
    """No fault."""
    exchange.send(exchange.forward())


@dataclass
class Rule:
    """When a fault happens.

    Attributes:
        operation: "UploadPart", "kms:Decrypt", ...; "*" for each.
        first: the n-th request that fits is the first to suffer, from 1.
        times: how many suffer; None for all from there on.
        every: only each n-th of them.
        fits: a further condition.
        happened: how often it did.
    """

    operation: str
    fault: Fault
    first: int = 1
    times: int | None = 1
    every: int = 1
    fits: Callable[[Request], bool] = lambda _: True
    happened: int = 0
    _seen: int = 0

    def takes(self, request: Request) -> bool:
        """Whether this request suffers; to be asked once for each request."""
        if self.operation not in (request.operation, "*") or not self.fits(request):
            return False
        self._seen += 1
        later = self._seen - self.first
        if (
            later < 0
            or later % self.every
            or (self.times is not None and self.happened >= self.times)
        ):
            return False
        self.happened += 1
        return True


class Gate:
    """Keeps requests waiting, their bodies read and nothing of them passed on, until it opens.

    Those that still wait when the test is over are given up.
    """

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def wait_for_request(self, timeout_s: float = 60.0) -> None:
        """Until one waits here."""
        assert self._reached.wait(timeout_s), "no request came to the gate"

    def open(self) -> None:
        """Let all pass, now and from now on."""
        self._opened.set()

    def __call__(self, exchange: Exchange) -> None:
        """As a fault."""
        exchange.body()
        self._reached.set()
        if exchange.wait_for(self._opened):
            pass_on(exchange)
        else:
            exchange.fin()


@dataclass
class FaultProxy:
    """Listens on loopback and passes on to one server.

    Attributes:
        upstream: address of the server.
        ledger: of ciphertext; shared by proxies that see the same uploads.
        tls: makes it a TLS front.
        requests: every request that came, in order.
    """

    upstream: str
    ledger: Ledger = field(default_factory=Ledger)
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts = urlsplit(self.upstream)
        self.target = (parts.hostname or "", parts.port or 80)
        self.test_is_over = threading.Event()
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self._last = 0
        self._clients: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def rule(
        self,
        operation: str,
        fault: Fault,
        *,
        first: int = 1,
        times: int | None = 1,
        every: int = 1,
        fits: Callable[[Request], bool] = lambda _: True,
    ) -> Rule:
        """Let a fault happen; the first rule that takes a request counts."""
        rule = Rule(operation, fault, first, times, every, fits)
        with self._lock:
            self._rules.append(rule)
        return rule

    def hold(self, operation: str, *, fits: Callable[[Request], bool] = lambda _: True) -> Gate:
        """Keep every request of this operation waiting at a gate."""
        gate = Gate()
        self.rule(operation, gate, times=None, fits=fits)
        return gate

    def end_test(self) -> None:
        """Let nothing wait any longer: what is silent or slow or held is given up."""
        self.test_is_over.set()

    def forget(self, ledger: Ledger) -> None:
        """Begin anew for the next test: no rules, no requests, another ledger."""
        with self._lock:
            self.test_is_over = threading.Event()
            self._rules.clear()
            self.requests.clear()
            self.ledger = ledger

    def count(self, operation: str) -> int:
        """How many requests of this operation came."""
        return sum(request.operation == operation for request in list(self.requests))

    def operations(self) -> list[str]:
        """Of all requests, in the order in which they came."""
        return [request.operation for request in list(self.requests)]

    def next_number(self) -> int:
        with self._lock:
            self._last += 1
            return self._last

    def refuse_for(self, seconds: float) -> None:
        """Let connections be refused for a while, and break those that are open."""
        self._stop_listening()

        def listen_again() -> None:
            if not self.test_is_over.wait(seconds):
                self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
                self._accept()

        self._start(listen_again)

    def __enter__(self) -> FaultProxy:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end_test()
        self._stop_listening()
        for thread in self._threads:
            thread.join(10)

    def _stop_listening(self) -> None:
        # Only shutdown() wakes a thread that waits in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            clients = list(self._clients)
        for client in clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name="fault-proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        listener = self._listener
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._clients.add(client)
            self._start(lambda client=client: self._serve(client))  # type: ignore[misc]

    def _serve(self, client: socket.socket) -> None:
        # A client that goes away in the middle is what these tests are about.
        wrapped = client
        try:
            if self.tls is not None:
                wrapped = self.tls.wrap_socket(client, server_side=True)
                with self._lock:
                    self._clients.add(wrapped)
            with wrapped.makefile("rb") as stream:
                while (head := read_head(stream)) is not None:
                    exchange = Exchange(self, wrapped, stream, head)
                    self._fault_for(exchange.request)(exchange)
                    if exchange.is_over:
                        return
                    del exchange  # and its body: the next head may be long in coming
        except (Cut, OSError, ValueError):
            return
        finally:
            with self._lock:
                self._clients -= {client, wrapped}
            wrapped.close()
            client.close()

    def _fault_for(self, request: Request) -> Fault:
        with self._lock:
            self.requests.append(request)
            return next((rule.fault for rule in self._rules if rule.takes(request)), pass_on)


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for something that another thread is about to do."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)
