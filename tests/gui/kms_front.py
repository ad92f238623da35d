"""KMS of moto behind a door that answers dry runs and refusals as the real service does.

moto ignores DryRun, asks for no permissions and lets disabled keys work. What the picker must show
then comes from answers on the wire, put there by this door; everything else is moto's own.
"""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DENIED = "AccessDeniedException"
DRY_RUN = "DryRunOperationException"


class KmsFront:
    """The rules of the door.

    Attributes:
        url: where it listens.
        denied: (action, key id), or (action, "*"), that are refused.
        asked: every (action, key id, context) that came by.
        is_open: while this event is not set, answers wait.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.url = ""
        self.denied: set[tuple[str, str]] = set()
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.is_open = threading.Event()
        self.is_open.set()

    def verdict(self, action: str, body: dict[str, Any]) -> str:
        """The error code to answer with, or "" for moto's own answer."""
        key_id = str(body.get("KeyId") or body.get("SourceKeyId") or "").rpartition("/")[2]
        self.asked.append((action, key_id, body.get("EncryptionContext", {})))
        if {(action, key_id), (action, "*")} & self.denied:
            return DENIED
        return DRY_RUN if body.get("DryRun") else ""

    def count(self, action: str, key_id: str = "") -> int:
        """How often an action was asked for."""
        return sum(a == action and key_id in ("", k) for a, k, _context in self.asked)


@contextlib.contextmanager
def front(upstream: str) -> Iterator[KmsFront]:
    """A door before a KMS, on loopback."""
    rules = KmsFront(upstream)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(rules))
    server.daemon_threads = True
    rules.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="kms-front")
    thread.start()
    try:
        yield rules
    finally:
        rules.is_open.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(rules: KmsFront) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            rules.is_open.wait()
            action = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            code = rules.verdict(action, json.loads(raw or b"{}")) if action else ""
            status, body = _error(code) if code else self._moto(raw)
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _moto(self, raw: bytes) -> tuple[int, bytes]:
            headers = {name: value for name, value in self.headers.items() if name != "Host"}
            request = urllib.request.Request(rules.upstream, raw, headers)
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            try:
                with opener.open(request) as answer:
                    return answer.status, answer.read()
            except urllib.request.HTTPError as error:
                with error:
                    return error.code, error.read()

        def log_message(self, *_args: object) -> None:
            pass

    return Handler


def _error(code: str) -> tuple[int, bytes]:
    status = 412 if code == DRY_RUN else 400
    return status, json.dumps({"__type": code, "message": code}).encode()
