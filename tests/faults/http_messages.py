"""HTTP/1.1 as the proxy reads and writes it: heads as bytes, so that nothing is tidied up."""

from __future__ import annotations

import re
import socket
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import IO

PIECE = 64 * 1024
MAX_HEAD = 64 * 1024

Headers = tuple[tuple[str, str], ...]


class Cut(Exception):
    """The other side closed the connection in the middle of a message."""


@dataclass(frozen=True)
class Head:
    """A start line and headers, spelled as they came."""

    start: str
    headers: Headers

    def get(self, name: str, default: str = "") -> str:
        return next((value for n, value in self.headers if n.lower() == name.lower()), default)

    def without(self, *names: str) -> Head:
        gone = {name.lower() for name in names}
        return replace(self, headers=tuple(h for h in self.headers if h[0].lower() not in gone))

    def with_header(self, name: str, value: str) -> Head:
        return replace(self.without(name), headers=(*self.without(name).headers, (name, value)))

    @property
    def length(self) -> int:
        return int(self.get("content-length", "0"))

    def __bytes__(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers), "", ""]
        return "\r\n".join(lines).encode("latin-1")


@dataclass(frozen=True)
class Request:
    """A request, and which operation of AWS it is."""

    head: Head
    number: int
    operation: str = ""

    @property
    def method(self) -> str:
        return self.head.start.split(" ")[0]

    @property
    def path(self) -> str:
        return urllib.parse.unquote(self.head.start.split(" ")[1].partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        text = self.head.start.split(" ")[1].partition("?")[2]
        return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))

    @property
    def key(self) -> str:
        """Of the object, of a path-style address."""
        return self.path.lstrip("/").partition("/")[2]

    @property
    def part(self) -> int:
        return int(self.query.get("partNumber", "0"))

    @property
    def access_key(self) -> str:
        found = re.search(r"Credential=([^/]+)/", self.head.get("authorization"))
        return found[1] if found else ""


@dataclass(frozen=True)
class Answer:
    """A whole answer; `body` may be shorter or longer than its head says."""

    head: Head
    body: bytes = field(default=b"", repr=False)

    @property
    def status(self) -> int:
        return int(self.head.start.split(" ")[1])

    def with_status(self, status: int, reason: str = "Changed") -> Answer:
        return replace(self, head=replace(self.head, start=f"HTTP/1.1 {status} {reason}"))

    def with_header(self, name: str, value: str) -> Answer:
        return replace(self, head=self.head.with_header(name, value))

    def with_body(self, body: bytes) -> Answer:
        """Another body, and the length that belongs to it."""
        return replace(self.with_header("Content-Length", str(len(body))), body=body)


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer made up; headers with _ for -."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    head = Head(f"HTTP/1.1 {status} Made-Up", named).with_header("Content-Length", str(len(body)))
    return Answer(head, body)


def read_head(stream: IO[bytes]) -> Head | None:
    """The next head; None when the connection ends before it."""
    lines: list[str] = []
    size = 0
    while True:
        line = stream.readline(MAX_HEAD)
        size += len(line)
        if not line.endswith(b"\r\n") or size > MAX_HEAD:
            if not line and not lines:
                return None
            raise Cut
        if line == b"\r\n":
            break
        lines.append(line[:-2].decode("latin-1"))
    pairs = (line.partition(":") for line in lines[1:])
    return Head(lines[0], tuple((name, value.strip()) for name, _, value in pairs))


def read_exactly(
    stream: IO[bytes], length: int, seen: Callable[[bytes], None] = lambda _: None
) -> bytes:
    """So many bytes; `seen` is told of each piece at once."""
    body = bytearray()
    while len(body) < length:
        piece = stream.read1(min(PIECE, length - len(body)))  # type: ignore[attr-defined]
        if not piece:
            raise Cut
        seen(piece)
        body += piece
    return bytes(body)


def read_chunks(stream: IO[bytes]) -> bytes:
    """A chunked body, joined."""
    body = bytearray()
    while True:
        size = int(stream.readline(MAX_HEAD).partition(b";")[0], 16)
        body += read_exactly(stream, size)
        if size == 0:
            while stream.readline(MAX_HEAD) not in (b"\r\n", b""):
                pass
            return bytes(body)
        stream.readline(MAX_HEAD)


def fetch(address: tuple[str, int], head: Head, body: bytes) -> Answer:
    """Send a request on a connection of its own; gives the whole answer."""
    one_shot = head.without("connection", "expect").with_header("Connection", "close")
    with socket.create_connection(address, timeout=60) as upstream:
        upstream.sendall(bytes(one_shot) + body)
        stream = upstream.makefile("rb")
        with stream:
            found = read_head(stream)
            while found is not None and found.start.split(" ")[1] == "100":
                found = read_head(stream)
            if found is None:
                raise Cut
            status = int(found.start.split(" ")[1])
            if head.start.startswith("HEAD") or status in (204, 304):
                content = b""
            elif found.get("transfer-encoding").lower() == "chunked":
                content = read_chunks(stream)
                found = found.without("transfer-encoding")
                found = found.with_header("Content-Length", str(len(content)))
            elif found.get("content-length"):
                content = read_exactly(stream, found.length)
            else:
                content = stream.read()
                found = found.with_header("Content-Length", str(len(content)))
    return Answer(found.without("connection"), content)


def operation_of(head: Head, body: bytes = b"") -> str:
    """What AWS calls a request: "UploadPart", "kms:Decrypt", "sts:GetCallerIdentity"."""
    target = head.get("x-amz-target")
    if target.startswith("TrentService."):
        return f"kms:{target.partition('.')[2]}"
    method = head.start.split(" ")[0]
    path, _, query = head.start.split(" ")[1].partition("?")
    names = {name for name, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)}
    if method == "POST" and path == "/":
        action = urllib.parse.parse_qs(body.decode("latin-1")).get("Action", ["?"])[0]
        return f"sts:{action}"
    has_key = bool(path.strip("/").partition("/")[2])
    return (_of_object if has_key else _of_bucket)(method, names)


def _of_object(method: str, names: set[str]) -> str:
    if "uploads" in names:
        return "CreateMultipartUpload"
    if "uploadId" in names:
        in_upload = {
            "PUT": "UploadPart",
            "POST": "CompleteMultipartUpload",
            "GET": "ListParts",
            "DELETE": "AbortMultipartUpload",
        }
        return in_upload[method]
    whole = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
    return whole.get(method, method)


def _of_bucket(method: str, names: set[str]) -> str:
    for name, operation in (("uploads", "ListMultipartUploads"), ("list-type", "ListObjectsV2")):
        if name in names:
            return operation
    bucket = {"PUT": "CreateBucket", "GET": "ListBuckets", "HEAD": "HeadBucket"}
    return bucket.get(method, method)
