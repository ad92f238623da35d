"""Buckets, objects and uploads as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cse_desktop.core.beside import Beside

MARKER_BYTES: Final = 16
"""A folder marker is empty; encrypted it is a tag alone."""


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object, or a folder when the key ends with "/" or is empty."""

    bucket: str
    key: str
    version: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def name(self) -> str:
        """The last part of the key, a trailing "/" left out."""
        return self.key.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of a listing."""

    name: str
    created: datetime | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a folder.

    Attributes:
        key: the whole key; of a folder it ends with "/".
        size: bytes as stored, ciphertext and tag included; 0 of a folder.
        etag: without quotation marks; "" of a folder.
        modified: None of a folder.
        storage_class: as S3 spells it ("STANDARD"); "" of a folder.
    """

    key: str
    size: int = 0
    etag: str = ""
    modified: datetime | None = None
    storage_class: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether this is a common prefix."""
        return self.key.endswith("/")

    @property
    def is_marker(self) -> bool:
        """Whether an object only marks a folder: named like one, and empty but for a tag."""
        return self.is_folder and self.size <= MARKER_BYTES

    @property
    def name(self) -> str:
        """The last part of the key, a trailing "/" left out."""
        return self.key.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Page:
    """Up to 1,000 entries of one folder.

    Attributes:
        token: where the next page begins; "" after the last.
    """

    entries: Sequence[Entry]
    token: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object, or a delete marker.

    Attributes:
        ref: with its version; "null" is the one written while the bucket kept no versions.
        size: bytes as stored; 0 of a delete marker.
        etag: without quotation marks; "" of a delete marker.
        is_marker: it says that the object is deleted, and has no content.
    """

    ref: ObjectRef
    modified: datetime
    size: int = 0
    etag: str = ""
    storage_class: str = ""
    is_latest: bool = False
    is_marker: bool = False


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Versions, newest first under each key.

    Attributes:
        token: where the next page begins; ("", "") after the last.
    """

    versions: tuple[Version, ...]
    token: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Head:
    """What S3 says about one object without its body.

    Attributes:
        size: bytes as stored.
        metadata: user metadata, names in lower case without "x-amz-meta-".
    """

    ref: ObjectRef
    size: int
    etag: str
    modified: datetime
    metadata: Mapping[str, str] = field(hash=False)
    storage_class: str = "STANDARD"
    content_type: str = ""
    version: str = ""
    server_side_encryption: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that S3 has acknowledged.

    Attributes:
        version: "" where the bucket keeps no versions.
    """

    etag: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class PartTag:
    """A part that S3 has acknowledged. Numbers start at 1."""

    number: int
    etag: str
    checksum: str


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part of an open upload, as S3 lists it. Numbers start at 1.

    Attributes:
        checksum: CRC64NVME in base64; "" from a server that does not list it.
    """

    number: int
    size: int
    etag: str
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A multipart upload that was begun and neither finished nor aborted."""

    ref: ObjectRef
    upload_id: str
    begun: datetime


@dataclass(frozen=True, slots=True)
class NewObject:
    """What goes beside the bytes of a new object.

    Attributes:
        metadata: user metadata, the envelope included.
        replace: whether an object of that name may be replaced.
        content_type: "" for S3's own.
        etag: of the only object that may be replaced; "" for any.
        beside: headers; its metadata do not count here.
        tags: names and values.
    """

    metadata: Mapping[str, str] = field(hash=False)
    replace: bool = False
    content_type: str = ""
    etag: str = ""
    beside: Beside | None = None
    tags: tuple[tuple[str, str], ...] = ()
