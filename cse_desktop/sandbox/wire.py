"""HTTP for the sandbox: connections are kept open, bodies are read as the application asks.

werkzeug's development server closes each connection and waits 10 ms for stray bytes first, which
is most of the time a small request takes. Its promise for the application side (the environment
it makes, as moto adapts it) is kept.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from typing import IO, Any, Final, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer
from werkzeug.wsgi import LimitedStream

_PIECE: Final = 256 * 1024
_IDLE_S: Final = 300
_NO_BODY: Final = (204, 304)


def listen(app: WSGIApplication) -> BaseWSGIServer:
    """A server for `app` on a free port of the loopback interface; `serve_forever` runs it."""
    server = ThreadedWSGIServer("127.0.0.1", 0, app, handler=_Handler)
    server.daemon_threads = True
    return server


class _Answer:
    """Status and headers, as the application gave them."""

    def __init__(self) -> None:
        self.code = 500
        self.reason = ""
        self.headers: list[tuple[str, str]] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], _error: object = None, /
    ) -> Callable[[bytes], object]:
        code, _, self.reason = status.partition(" ")
        self.code = int(code)
        self.headers = list(headers)
        return _no_write

    @property
    def has_length(self) -> bool:
        return any(name.lower() == "content-length" for name, _ in self.headers)


def _no_write(_data: bytes) -> object:
    raise NotImplementedError("neither moto nor this package writes this way")


class _Handler(MotoRequestHandler):
    """One connection, request after request."""

    protocol_version = "HTTP/1.1"
    # Small answers leave in one packet and at once, or each request waits 40 ms for the
    # acknowledgement of the one before.
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    timeout = _IDLE_S

    def handle_expect_100(self) -> bool:
        """Tell a client that waits for it to send the body."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        body = self._bounded_body(environ)
        answer = _Answer()
        pieces: Iterable[bytes] = ()
        try:
            pieces = self.server.app(environ, answer.start)
            self._send(answer, pieces)
        except (ConnectionError, ClientDisconnected):
            self.close_connection = True
        except Exception:
            # The last resort of a server: one broken request must not end the others.
            self.close_connection = True
            traceback.print_exc(file=sys.stderr)
            self._send_failure()
        finally:
            if close := getattr(pieces, "close", None):
                close()
        if not self.close_connection:
            _drain(body)

    def _bounded_body(self, environ: WSGIEnvironment) -> LimitedStream | None:
        """Put a stream into `environ` that ends where the body ends."""
        if environ.get("wsgi.input_terminated"):
            self.close_connection = True  # chunked: nobody knows how much would be left over
            return None
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = LimitedStream(cast(IO[bytes], self.rfile), length)
        environ["wsgi.input"] = body
        return body

    def _send(self, answer: _Answer, pieces: Iterable[bytes]) -> None:
        has_body = self.command != "HEAD" and answer.code not in _NO_BODY
        if has_body and not answer.has_length:
            pieces = [b"".join(pieces)]
            answer.headers.append(("Content-Length", str(len(pieces[0]))))
        self.send_response_only(answer.code, answer.reason)
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        for piece in pieces:
            if has_body:
                self.wfile.write(piece)
        self.wfile.flush()

    def _send_failure(self) -> None:
        try:
            self.send_response_only(500)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.flush()
        except (ConnectionError, ValueError):
            pass

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  werkzeug's name
        """Keep what went wrong, not what went well."""
        if type != "info":
            print(message % args if args else message, file=sys.stderr)


def _drain(body: LimitedStream | None) -> None:
    """Read what the application left of a body, or it would be taken for the next request."""
    while body is not None and not body.is_exhausted:
        if not body.read(_PIECE):
            break
