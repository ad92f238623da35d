"""The proxy of a network: what HTTPS_PROXY names. It sees where a program wants to go."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.http_messages import Answer, Cut, Head, answer, read_exactly, read_head


@dataclass
class ForwardProxy:
    """Answers CONNECT; with `tls`, it then plays the server.

    Attributes:
        status: of the answer to CONNECT.
        reply: what the server says to each request.
        targets: hosts that were asked for, in order.
    """

    status: int = 200
    tls: ssl.SSLContext | None = None
    reply: Callable[[Head], Answer] = lambda _: answer(500)
    targets: list[str] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def listening(self) -> Iterator[ForwardProxy]:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        thread.name = "fault-proxy"
        thread.start()
        try:
            yield self
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(10)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            name = "fault-proxy"
            threading.Thread(target=self._serve, args=(client,), daemon=True, name=name).start()

    def _serve(self, client: socket.socket) -> None:
        # Whatever the client does is what is being tested.
        with contextlib.suppress(OSError, Cut, ValueError), client:
            with client.makefile("rb") as stream:
                head = read_head(stream)
            if head is None:
                return
            self.targets.append(head.start.split(" ")[1].rpartition(":")[0])
            client.sendall(bytes(answer(self.status).head))
            if self.status == 200 and self.tls is not None:
                with self.tls.wrap_socket(client, server_side=True) as inside:
                    self._answer(inside)

    def _answer(self, client: ssl.SSLSocket) -> None:
        with client.makefile("rb") as stream:
            while (head := read_head(stream)) is not None:
                read_exactly(stream, head.length)
                found = self.reply(head)
                body = b"" if head.start.startswith("HEAD") else found.body
                client.sendall(bytes(found.head) + body)
