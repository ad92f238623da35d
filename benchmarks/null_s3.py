"""An S3 server that throws uploads away, so that a client is measured and not its server.

    python -m benchmarks.null_s3 PORT FOLDER [--cert FILE] [--latency-ms N]

Objects whose bucket is called "kept" are kept in FOLDER, others only with their size and metadata.
Signatures and checksums are not looked at. Two processes serve, a thread for each connection.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import ssl
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote
from xml.sax.saxutils import escape

KEPT: Final = "kept"
PROCESSES: Final = 2
BLOCK: Final = 1 << 20
MODIFIED: Final = "Sun, 01 Jan 2023 00:00:00 GMT"
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_META: Final = ("x-amz-meta-", "content-type")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request without its body."""

    method: str
    bucket: str
    key: str
    query: dict[str, str]
    head: dict[str, str]

    @property
    def length(self) -> int:
        return int(self.head.get("content-length", "0"))


class Gone(Exception):
    """The client has closed the connection."""


class Wire:
    """One connection: what was read too far is kept for the next read."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._rest = b""

    def request(self) -> Asked:
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            piece = self.sock.recv(65536)
            if not piece:
                raise Gone
            data += piece
        self._rest = data[end + 4 :]
        first, *lines = data[:end].decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        head = {name.lower(): value.strip() for name, _, value in (i.partition(":") for i in lines)}
        if head.get("expect") == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Asked(method, bucket, key, dict(parse_qsl(query, keep_blank_values=True)), head)

    def body(self, length: int, block: memoryview) -> Iterator[memoryview]:
        """The body in pieces; each is gone when the next is asked for."""
        first, self._rest = self._rest[:length], self._rest[length:]
        if first:
            yield memoryview(first)
        left = length - len(first)
        while left:
            got = self.sock.recv_into(block[: min(BLOCK, left)])
            if not got:
                raise Gone
            left -= got
            yield block[:got]

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        fields = {"Date": formatdate(usegmt=True), "Server": "null", "Content-Length": len(body)}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.sock.sendall(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode("latin-1") + body)


class NullS3:
    """What is known about the objects: in files, because two processes share them."""

    def __init__(self, folder: Path, latency_s: float) -> None:
        self._folder = folder
        self._latency_s = latency_s

    def serve(self, sock: socket.socket) -> None:
        """Answer the requests of one connection."""
        wire, block = Wire(sock), memoryview(bytearray(BLOCK))
        try:
            while True:
                asked = wire.request()
                sink = self._file(asked) if asked.bucket == KEPT and asked.method == "PUT" else None
                text = self._take(wire, asked, block, sink)
                if self._latency_s:
                    time.sleep(self._latency_s)
                self._answer(wire, asked, text)
        except (Gone, OSError):
            sock.close()

    def _take(self, wire: Wire, asked: Asked, block: memoryview, sink: Path | None) -> bytes:
        pieces = wire.body(asked.length, block)
        if sink is not None:
            data = b"".join(bytes(piece) for piece in pieces)
            sink.write_bytes(_plain(asked, data))
            return b""
        if asked.method == "POST":
            return b"".join(bytes(piece) for piece in pieces)
        for _piece in pieces:
            pass
        return b""

    def _answer(self, wire: Wire, asked: Asked, text: bytes) -> None:
        query = asked.query
        if asked.method == "PUT":
            self._put(wire, asked)
        elif asked.method == "POST" and "uploads" in query:
            upload = uuid.uuid4().hex
            (self._folder / upload).write_text(json.dumps(_meta(asked)))
            wire.answer(200, _xml("InitiateMultipartUploadResult", UploadId=upload))
        elif asked.method == "POST":
            self._complete(wire, asked, text)
        elif asked.method == "DELETE":
            wire.answer(204)
        elif asked.key == "":
            self._list(wire, asked)
        else:
            self._get(wire, asked)

    def _put(self, wire: Wire, asked: Asked) -> None:
        headers = {"ETag": '"0123456789abcdef0123456789abcdef-1"'}
        for name in ("x-amz-checksum-crc64nvme", "x-amz-checksum-crc32"):
            if name in asked.head:
                headers[name] = asked.head[name]
        size = int(asked.head.get("x-amz-decoded-content-length", asked.length))
        if "partNumber" in asked.query:
            name = f"{asked.query['uploadId']}.{asked.query['partNumber']}.size"
            (self._folder / name).write_text(str(size))
        elif asked.key:
            self._note(asked, _meta(asked), size)
        wire.answer(200, **headers)

    def _complete(self, wire: Wire, asked: Asked, text: bytes) -> None:
        upload = self._folder / asked.query["uploadId"]
        size, count = 0, text.count(b"<PartNumber>")
        for number in range(1, count + 1):
            size += int((self._folder / f"{upload.name}.{number}.size").read_text())
        if asked.bucket == KEPT:
            with self._path(asked).open("wb") as file:
                for number in range(1, count + 1):
                    part = self._folder / f"{upload.name}.{number}"
                    file.write(part.read_bytes())
                    part.unlink()
        self._note(asked, json.loads(upload.read_text()), size)
        upload.unlink()
        wire.answer(
            200, _xml("CompleteMultipartUploadResult", ETag='"0123456789abcdef0123456789abcdef-2"')
        )

    def _get(self, wire: Wire, asked: Asked) -> None:
        try:
            size, meta = json.loads(self._path(asked, ".json").read_text())
        except FileNotFoundError:
            wire.answer(404, _xml("Error", Code="NoSuchKey", Message="gone"))
            return
        first, last = 0, size - 1
        if "range" in asked.head:
            begin, _, end = asked.head["range"].removeprefix("bytes=").partition("-")
            first, last = int(begin), min(int(end or size), size - 1)
        length = last - first + 1
        fields = {
            **meta,
            "Content-Length": length,
            "ETag": '"0123456789abcdef0123456789abcdef-2"',
            "Last-Modified": MODIFIED,
            "Accept-Ranges": "bytes",
            "Date": formatdate(usegmt=True),
        }
        is_part = "range" in asked.head
        if is_part:
            fields["Content-Range"] = f"bytes {first}-{last}/{size}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        head = f"HTTP/1.1 {206 if is_part else 200} X\r\n{lines}\r\n".encode("latin-1")
        if asked.method == "HEAD":
            wire.sock.sendall(head)
            return
        with self._path(asked).open("rb") as file:
            _send(wire.sock, head, file.fileno(), first, length)

    def _list(self, wire: Wire, asked: Asked) -> None:
        prefix = asked.query.get("prefix", "")
        start = asked.query.get("continuation-token", "")
        names = sorted(
            unquote(path.name[:-5]) for path in (self._folder / asked.bucket).glob("*.json")
        )
        found = [name for name in names if name.startswith(prefix) and name > start]
        limit = int(asked.query.get("max-keys", "1000"))
        page, more = found[:limit], len(found) > limit
        items = "".join(self._listed(asked.bucket, name) for name in page)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        body = (
            f'{_XML}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{asked.bucket}</Name><Prefix>{escape(prefix)}</Prefix><MaxKeys>{limit}</MaxKeys>"
            f"<KeyCount>{len(page)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{token}{items}</ListBucketResult>"
        )
        wire.answer(200, body.encode(), Content_Type="application/xml")

    def _listed(self, bucket: str, name: str) -> str:
        size, _ = json.loads((self._folder / bucket / f"{quote(name, safe='')}.json").read_text())
        return (
            f"<Contents><Key>{escape(name)}</Key><LastModified>2023-01-01T00:00:00.000Z"
            f'</LastModified><ETag>"0123456789abcdef0123456789abcdef-2"</ETag><Size>{size}</Size>'
            "<StorageClass>STANDARD</StorageClass></Contents>"
        )

    def _file(self, asked: Asked) -> Path:
        if "partNumber" in asked.query:
            return self._folder / f"{asked.query['uploadId']}.{asked.query['partNumber']}"
        return self._path(asked)

    def _path(self, asked: Asked, suffix: str = "") -> Path:
        (self._folder / asked.bucket).mkdir(exist_ok=True)
        return self._folder / asked.bucket / (quote(asked.key, safe="") + suffix)

    def _note(self, asked: Asked, meta: dict[str, str], size: int) -> None:
        if asked.bucket == KEPT:
            size = self._path(asked).stat().st_size
        self._path(asked, ".json").write_text(json.dumps([size, meta]))


def _send(sock: socket.socket, head: bytes, file: int, first: int, length: int) -> None:
    if isinstance(sock, ssl.SSLSocket):
        sock.sendall(head)
        left = length
        while left:
            piece = os.pread(file, min(BLOCK, left), first + length - left)
            sock.sendall(piece)
            left -= len(piece)
        return
    sock.sendall(head, socket.MSG_MORE)
    sent = 0
    while sent < length:
        sent += os.sendfile(sock.fileno(), file, first + sent, length - sent)


def _meta(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in asked.head.items() if name.startswith(_META)}


def _xml(root: str, **fields: str) -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
    space = "" if root == "Error" else ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return f"{_XML}<{root}{space}>{inner}</{root}>".encode()


def _plain(asked: Asked, data: bytes) -> bytes:
    """The body without the frames of aws-chunked."""
    if "aws-chunked" not in asked.head.get("content-encoding", ""):
        return data
    out, place = [], 0
    while True:
        line = data.index(b"\r\n", place)
        size = int(data[place:line].partition(b";")[0], 16)
        if size == 0:
            return b"".join(out)
        out.append(data[line + 2 : line + 2 + size])
        place = line + 4 + size


def serve(port: int, handle: Any, certificate: str | None) -> None:
    """Listen in some processes; a thread for each connection. Never returns."""
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["http/1.1"])
    print("ready", flush=True)
    for _ in range(PROCESSES - 1):
        if os.fork() == 0:
            break
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_begin, args=(sock, context, handle), daemon=True).start()


def _begin(sock: socket.socket, context: ssl.SSLContext | None, handle: Any) -> None:
    try:
        handle(context.wrap_socket(sock, server_side=True) if context else sock)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cert")
    parser.add_argument("--latency-ms", type=float, default=0)
    options = parser.parse_args()
    serve(options.port, NullS3(options.folder, options.latency_ms / 1000).serve, options.cert)


if __name__ == "__main__":
    main()
