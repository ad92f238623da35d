"""Every byte of ciphertext that left the program, by data key and message id.

AES-GCM gives its secrets away when one key and one nonce are used for two texts. So whatever is
sent for one wrapped key and one message id (or IV) at one offset must always be the same bytes,
be it acknowledged or not, in one upload or in several, before a crash or after.
"""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, field
from typing import IO

from tests.faults.http_messages import Answer, Request

PART_BYTES = 8 * 1024 * 1024

_V3 = ("x-amz-meta-x-amz-3", "x-amz-meta-x-amz-i")
_V2 = ("x-amz-meta-x-amz-key-v2", "x-amz-meta-x-amz-iv")

Material = tuple[str, str]
"""The wrapped data key and the message id or IV."""


@dataclass
class _Text:
    """What was sent under one material; kept on disk, because uploads are long."""

    file: IO[bytes]
    spans: list[tuple[int, int]] = field(default_factory=list)

    def compare(self, offset: int, data: bytes) -> list[int]:
        """Offsets of bytes that differ from what was sent there before."""
        found = []
        for start, end in self.spans:
            first, last = max(start, offset), min(end, offset + len(data))
            if first < last:
                self.file.seek(first)
                before = self.file.read(last - first)
                now = data[first - offset : last - offset]
                if before != now:
                    place = next(
                        i for i, (a, b) in enumerate(zip(before, now, strict=True)) if a != b
                    )
                    found.append(first + place)
        return found

    def add(self, offset: int, data: bytes) -> None:
        self.file.seek(offset)
        self.file.write(data)
        end = offset + len(data)
        for index, (start, old_end) in enumerate(self.spans):
            if start <= offset <= old_end:
                self.spans[index] = (start, max(old_end, end))
                return
        self.spans.append((offset, end))


@dataclass(frozen=True)
class Reuse:
    """Two texts under one key and nonce."""

    material: Material
    offset: int
    operation: str


class Ledger:
    """Keeps what was sent. Any thread; may serve several proxies, one after the other too.

    Args:
        part_bytes: size of each part but the last.
    """

    def __init__(self, part_bytes: int = PART_BYTES) -> None:
        self._part_bytes = part_bytes
        self._lock = threading.Lock()
        self._uploads: dict[str, Material] = {}
        self._texts: dict[Material, _Text] = {}
        self.reuses: list[Reuse] = []
        self.bytes_sent = 0

    def begin(self, request: Request, answer: Answer) -> None:
        """Learn which upload has which material, from an answer to CreateMultipartUpload."""
        material = material_of(request)
        if material and b"<UploadId>" in answer.body:
            upload_id = answer.body.split(b"<UploadId>")[1].split(b"</UploadId>")[0].decode()
            with self._lock:
                self._uploads[upload_id] = material

    def sent(self, request: Request, offset: int, data: bytes) -> None:
        """Note a piece of the body of a PutObject or UploadPart, `offset` from its start."""
        with self._lock:
            if request.operation == "UploadPart":
                material = self._uploads.get(request.query["uploadId"])
                offset += (request.part - 1) * self._part_bytes
            else:
                material = material_of(request)
            if material is None:
                return
            text = self._texts.get(material)
            if text is None:
                text = self._texts[material] = _Text(tempfile.TemporaryFile())  # noqa: SIM115
            self.bytes_sent += len(data)
            self.reuses += [
                Reuse(material, place, request.operation) for place in text.compare(offset, data)
            ]
            text.add(offset, data)

    @property
    def materials(self) -> set[Material]:
        """Under which anything was sent."""
        return set(self._texts)

    def check(self) -> None:
        """Fail when a key and nonce were used for two texts."""
        assert self.reuses == [], f"one key and nonce, two texts: {self.reuses[:3]}"
        by_key = {wrapped for wrapped, _ in self._texts}
        assert len(by_key) == len(self._texts), "one data key, several objects"

    def close(self) -> None:
        for text in self._texts.values():
            text.file.close()


def material_of(request: Request) -> Material | None:
    """The material named in the metadata of a request."""
    for wrapped, nonce in (_V3, _V2):
        if request.head.get(wrapped):
            return request.head.get(wrapped), request.head.get(nonce)
    return None
