"""Keeps object bodies out of memory, where moto would hold them several times.

moto reads the whole object for each ranged GET, and joins the parts of an upload in memory four
times over: 38 ranges of a 300 MB file would move 11 GB. Here bodies stay in the temporary files
moto already keeps, and only the bytes that were asked for are read.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import awscrt.checksums
from moto.s3 import models
from moto.s3.exceptions import EntityTooSmall, InvalidPart, MalformedXML, S3ClientError
from moto.s3.models import FakeKey, FakeMultipart, S3Backend
from moto.s3.utils import compute_checksum
from moto.settings import S3_UPLOAD_PART_MIN_SIZE

_PIECE: Final = 1 << 20
_PLAIN_QUERIES: Final = {"versionId", "x-id"}


def keep_bodies_on_disk() -> None:
    """Have moto use the two classes below. Call before the first request."""
    # WORKAROUND moto 5.2: it has no hook for how bodies are kept. The classes are looked up by
    # name in this module each time; `tests/sandbox` notices if that ever changes.
    models.FakeKey = _DiskKey  # type: ignore[misc]
    models.FakeMultipart = _DiskMultipart  # type: ignore[misc]


class _Joined(bytes):
    """Stands for the bytes in `file` on their way from a finished upload to its object."""

    file: Any
    size: int


class _DiskKey(FakeKey):
    """An object that takes over the file of a finished upload instead of copying it."""

    @property
    def value(self) -> bytes:
        return super().value

    @value.setter
    def value(self, new: bytes) -> None:
        if isinstance(new, _Joined):
            self._value_buffer.close()
            self._value_buffer = new.file
            self.contentsize = new.size
        else:
            FakeKey.value.fset(self, new)  # type: ignore[attr-defined]


class _DiskMultipart(FakeMultipart):
    """An upload whose parts are joined in a file."""

    def complete(
        self, body: Iterator[tuple[int, str]]
    ) -> tuple[bytes, str, tuple[str, str, int] | None]:
        """Join the parts named in `body`, as moto's own method does."""
        parts = list(self._checked(body))
        joined = _Joined()
        joined.file = tempfile.TemporaryFile()  # noqa: SIM115  the object closes it
        joined.size = 0
        digests = hashlib.md5(usedforsecurity=False)
        checksum = _Checksum(self.metadata)
        for part in parts:
            digests.update(bytes.fromhex(part.etag.strip('"')))
            value = part.value
            joined.file.write(value)
            joined.size += len(value)
            checksum.add(value)
            # A GET by part number is the only use of a part from here on; nobody makes one.
            part.dispose()
        self.parts.clear()
        return joined, f"{digests.hexdigest()}-{len(parts)}", checksum.result()

    def _checked(self, body: Iterator[tuple[int, str]]) -> Iterator[FakeKey]:
        last = None
        for number, etag in body:
            part = self.parts.get(number)
            if part is None or part.etag.strip('"') != etag.strip('"'):
                raise InvalidPart()
            if last is not None and last.contentsize < S3_UPLOAD_PART_MIN_SIZE:
                raise EntityTooSmall()
            last = part
            yield part
        if last is None:
            raise MalformedXML()


class _Checksum:
    """The checksum S3 keeps beside an object in parts: of the whole, or of the parts' checksums."""

    def __init__(self, metadata: Any) -> None:
        self._algorithm = metadata.get("x-amz-checksum-algorithm") or "CRC64NVME"
        default = "FULL_OBJECT" if self._algorithm == "CRC64NVME" else "COMPOSITE"
        self._type = metadata.get("x-amz-checksum-type") or default
        self._whole = 0
        self._of_parts = b""
        self._count = 0

    def add(self, value: bytes) -> None:
        self._count += 1
        if self._type == "COMPOSITE":
            self._of_parts += compute_checksum(value, self._algorithm, encode_base64=False)
        elif self._algorithm == "CRC64NVME":
            self._whole = awscrt.checksums.crc64nvme(value, self._whole)

    def result(self) -> tuple[str, str, int] | None:
        if self._type == "COMPOSITE":
            digest = compute_checksum(self._of_parts, self._algorithm)
            return self._type, digest.decode(), self._count
        if self._algorithm != "CRC64NVME":
            return None
        whole = base64.b64encode(self._whole.to_bytes(8, "big"))
        return self._type, whole.decode(), 1


class Bodies:
    """A WSGI application in front of moto's: answers GET of an object piece by piece."""

    def __init__(self, app: WSGIApplication, backend: S3Backend) -> None:
        self._app = app
        self._backend = backend

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if not _gets_an_object(environ):
            return self._app(environ, start)
        # moto decides by a HEAD whether there is an answer and how its headers read.
        head = _Head()
        for _ in self._app({**environ, "REQUEST_METHOD": "HEAD"}, head.start):
            pass
        key = self._key(environ) if head.status[:3] in ("200", "206") else None
        if key is None or key.etag != head.headers.get("etag"):
            return self._app(environ, start)  # an error, or replaced meanwhile: moto's own way
        start(head.status, head.items)
        return _pieces(key, head)

    def _key(self, environ: WSGIEnvironment) -> FakeKey | None:
        # WSGI hands bytes over as latin-1 text.
        path = environ["PATH_INFO"].encode("latin-1").decode()
        bucket, _, name = path[1:].partition("/")
        version = dict(parse_qsl(environ["QUERY_STRING"])).get("versionId")
        try:
            return self._backend.get_object(bucket, name, version_id=version)
        except S3ClientError:
            return None


class _Head:
    """What moto answers to a HEAD."""

    def __init__(self) -> None:
        self.status = ""
        self.items: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}

    def start(self, status: str, items: list[tuple[str, str]], _error: object = None, /) -> Any:
        self.status = status
        self.items = items
        self.headers = {name.lower(): value for name, value in items}
        return bytes  # WSGI's `write`, which neither moto nor Flask calls


def _gets_an_object(environ: WSGIEnvironment) -> bool:
    if environ["REQUEST_METHOD"] != "GET" or "/" not in environ["PATH_INFO"][1:].rstrip("/"):
        return False
    query = parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)
    return {name for name, _ in query} <= _PLAIN_QUERIES


def _pieces(key: FakeKey, head: _Head) -> Iterator[bytes]:
    position = 0
    if described := head.headers.get("content-range"):  # "bytes 0-99/1234"
        position = int(described.removeprefix("bytes ").partition("-")[0])
    left = int(head.headers["content-length"])
    while left > 0:
        with key.lock:
            key._value_buffer.seek(position)
            piece = key._value_buffer.read(min(_PIECE, left))
        if not piece:
            raise ConnectionAbortedError("the object was deleted while it was read")
        yield piece
        position += len(piece)
        left -= len(piece)
