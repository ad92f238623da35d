"""Clients, servers and answers that fail, as the translation of errors is tested with them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import botocore.exceptions as aws
import pytest
from botocore.config import Config
from botocore.session import Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cse_desktop.core.errors import (
    CseError,
)
from cse_desktop.core.translation import translating

SECRET = "wJalrXUtnFEMIsecret"
ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"


def translated(
    action: Callable[[], object],
    operation: str = "s3:GetObject",
    subject: str = "s3://b/k",
    key: str = "",
) -> CseError:
    """What an action's foreign error becomes."""
    with pytest.raises(CseError) as raised, translating(operation, subject, key):
        action()
    return raised.value


def raising(error: BaseException) -> Callable[[], None]:
    """An action that fails."""

    def action() -> None:
        raise error

    return action


def service_error(
    code: str, message: str = "", status: int = 400, call: str = "GetObject", **headers: str
) -> aws.ClientError:
    """An error as botocore makes it of an answer; headers with _ for -."""
    meta = {
        "HTTPStatusCode": status,
        "RequestId": "4442587FB7D0A2F9",
        "HTTPHeaders": {name.replace("_", "-"): value for name, value in headers.items()},
    }
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": meta}
    return aws.ClientError(response, call)


def client(service: str, url: str, **settings: Any) -> Any:
    """A client that tries once and gives up soon."""
    return Session().create_client(
        service,
        region_name="eu-central-1",
        endpoint_url=url,
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key=SECRET,
        config=Config(
            retries={"total_max_attempts": 1},
            connect_timeout=2,
            read_timeout=0.3,
            s3={"addressing_style": "path"},
        ),
        **settings,
    )


@contextmanager
def answering(answer: bytes | None, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that sends `answer` to each request; with None it never answers."""
    over = threading.Event()

    def serve() -> None:
        while True:
            peer, _address = listener.accept()
            if over.is_set():
                peer.close()
                return
            try:
                with context.wrap_socket(peer, server_side=True) if context else peer as stream:
                    stream.recv(65536)
                    if answer is None:
                        over.wait(10)
                    else:
                        stream.sendall(answer)
            except OSError:
                continue  # the client refused the certificate: that is what is tested

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        scheme = "https" if context else "http"
        port = listener.getsockname()[1]
        yield f"{scheme}://127.0.0.1:{port}"
        over.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()


def http_answer(status: str, body: str = "", **headers: str) -> bytes:
    """A whole answer; headers with _ for -."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server side of TLS whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=1))
    ).sign(key, hashes.SHA256())
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
