"""Connections to one place, kept for the next request.

Names are looked up, proxies gone through and certificates checked by urllib3, the library below
botocore.
"""

from __future__ import annotations

import socket
import ssl
import threading
import weakref
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from cse_desktop.core.later import later
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.line import Line
from cse_desktop.core.progress import CancelToken

if TYPE_CHECKING:
    import urllib3.exceptions as net
    from urllib3 import connection
else:
    connection = later("urllib3.connection")
    net = later("urllib3.exceptions")

_KEPT: Final = 64
_OPTIONS: Final[list[tuple[int, int, int | bytes]]] = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where connections go.

    Attributes:
        host: a name or an address, without brackets.
        trust: of TLS; None for plain http.
        proxy: host and port of one that makes tunnels; None for none.
        proxy_headers: for the tunnel; may hold a password.
    """

    host: str
    port: int
    trust: ssl.SSLContext | None
    proxy: tuple[str, int] | None = None
    proxy_headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Origin({self.host}:{self.port})"


class Lines:
    """Connections to one origin, kept for the next request. Any thread."""

    def __init__(self, origin: Origin, connect_s: float, silence_s: float) -> None:
        self._origin = origin
        self._connect_s = connect_s
        self._silence_s = silence_s
        self._idle: list[Line] = []
        self._lock = threading.Lock()
        # Who forgets a session forgets its connections too.
        weakref.finalize(self, _close_all, self._idle)

    def take(self, cancel: CancelToken) -> Line:
        """A connection that is free, or a new one; `give` it back.

        Raises:
            Cancelled, or what urllib3 raises when none can be made.
        """
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return self._new(cancel)
            if not line.is_dropped():
                return line
            line.close()

    def give(self, line: Line) -> None:
        """Keep a connection that can be used again; close any other."""
        if line.is_usable:
            with self._lock:
                if len(self._idle) < _KEPT:
                    self._idle.append(line)
                    return
        line.close()

    def _new(self, cancel: CancelToken) -> Line:
        def connect() -> Line:
            line = self._connect()
            if cancel.is_cancelled:  # perhaps nobody waits any more
                line.close()
            cancel.check()
            return line

        return leave_when_cancelled(connect, cancel)

    def _connect(self) -> Line:
        origin = self._origin
        host, port = origin.proxy or (origin.host, origin.port)
        if origin.trust is None:
            plain = connection.HTTPConnection(
                host, port, timeout=self._connect_s, socket_options=_OPTIONS
            )
            plain.connect()
            return self._line(plain)
        secure = connection.HTTPSConnection(
            host, port, timeout=self._connect_s, socket_options=_OPTIONS, ssl_context=origin.trust
        )
        if origin.proxy:
            secure.set_tunnel(origin.host, origin.port, dict(origin.proxy_headers))
        try:
            secure.connect()
        except (OSError, net.HTTPError, HTTPException) as error:
            secure.close()
            if origin.proxy and not secure.has_connected_to_proxy:
                raise net.ProxyError("no tunnel", error) from None
            raise
        return self._line(secure)

    def _line(self, made: connection.HTTPConnection) -> Line:
        sock = made.sock
        assert sock is not None
        return Line(sock, self._silence_s, self._connect_s)


def _close_all(lines: list[Line]) -> None:
    for line in lines:
        line.close()
