"""A KMS that only looks up what it once wrapped, and counts who asks."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.offline import client_vectors
from tests.servers import ACCOUNT

_IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:user/tester</Arn><UserId>A</UserId>
<Account>{ACCOUNT}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""


class OfflineKms(ThreadingHTTPServer):
    """KMS Decrypt for the vectors, and enough of STS to sign in.

    Attributes:
        decrypts: calls of Decrypt so far.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.decrypts = 0
        self.keys = {
            (vector["kms"]["wrapped_key_b64"], _pairs(vector["kms"]["encryption_context"])): (
                vector["kms"]["key_arn"],
                bytes.fromhex(vector["kms"]["plaintext_data_key_hex"]),
            )
            for vector in client_vectors()
            if "kms" in vector and not vector["id"].startswith("neg-")
        }

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def decrypt(self, asked: dict[str, Any]) -> tuple[int, dict[str, str]]:
        """Status and answer, as KMS would give them."""
        self.decrypts += 1
        name = (asked["CiphertextBlob"], _pairs(asked.get("EncryptionContext", {})))
        if name not in self.keys:
            return 400, {"__type": "InvalidCiphertextException"}
        arn, key = self.keys[name]
        if asked.get("KeyId", arn) != arn:
            return 400, {"__type": "IncorrectKeyException"}
        return 200, {"KeyId": arn, "Plaintext": base64.b64encode(key).decode()}


@contextmanager
def offline_kms() -> Iterator[OfflineKms]:
    """Run it in a thread of this process."""
    with OfflineKms() as server:
        thread = threading.Thread(target=server.serve_forever, name="offline_kms", daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: OfflineKms
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("X-Amz-Target") == "TrentService.Decrypt":
            status, answer = self.server.decrypt(json.loads(content))
            self._answer(status, "application/x-amz-json-1.1", json.dumps(answer))
        else:
            self._answer(200, "text/xml", _IDENTITY)

    def _answer(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _pairs(context: dict[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(context.items())
