"""What a transfer writes down so that a later run can go on with it.

Who keeps it is not known here. A verb tells a record each step before it takes it. A record that
keeps nothing is the default: then everything works, and nothing can be resumed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.source import Identity

VERSION: Final = 1
"""Of what is written down; rows of another version are never resumed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose storage this is: a transfer is resumed under the same one only."""

    profile: str
    region: str
    account: str
    s3_endpoint: str
    kms_endpoint: str


@dataclass(frozen=True, slots=True)
class Order:
    """All that must be the same for a data key to be used again.

    Attributes:
        source: absolute path.
        key_id: as the user named it.
        context: the user's pairs, the object's own names included where the connection binds them.
        format: in which it is written.
        part_bytes: plaintext of each part but the last.
    """

    place: Place
    ref: ObjectRef
    source: str
    identity: Identity
    key_id: str
    context: tuple[tuple[str, str], ...]
    format: str
    part_bytes: int
    version: int = VERSION

    @property
    def text(self) -> str:
        """All of it, spelled the same way each time."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)

    @property
    def target(self) -> str:
        """The object, spelled the same way each time."""
        return target_text(self.place, self.ref)


def target_text(place: Place, ref: ObjectRef) -> str:
    """An object of a storage, whoever signs in to it."""
    return json.dumps([place.s3_endpoint, place.region, ref.bucket, ref.key])


@dataclass(frozen=True, slots=True)
class Intent:
    """A part of which a first byte may have been sent.

    Attributes:
        length: bytes of ciphertext, the tag included where it is the last part.
        digest: SHA-256 of the ciphertext.
        mac: under the row's key.
        etag: S3's acknowledgement; "" where none is known.
    """

    number: int
    length: int
    digest: bytes
    mac: bytes
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """An upload that an earlier run has begun and not ended.

    Attributes:
        order: `Order.text` of what was asked for then.
        ref: what was being written.
        begun: seconds since 1970, by the clock of this computer.
        metadata: of the object, so its envelope.
        mac: over order, metadata and key; under the row's key.
        upload_id: "" where S3 had not answered yet.
        upload_mac: over the upload id.
        is_fresh: young enough to be resumed, and not abandoned.
    """

    order: str
    ref: ObjectRef
    begun: float
    metadata: Mapping[str, str] = field(hash=False)
    key_arn: str
    mac: bytes
    upload_id: str
    upload_mac: bytes
    intents: tuple[Intent, ...]
    is_fresh: bool


class UploadRow(Protocol):
    """One upload in a record. Each method returns when what it writes is durable."""

    def left(self) -> Left:
        """What is written."""

    def created(self, upload_id: str, mac: bytes) -> None:
        """S3 has begun the upload."""

    def intended(self, intent: Intent) -> None:
        """A part is going to be sent; written before its first byte is."""

    def acknowledged(self, number: int, etag: str) -> None:
        """S3 has a part. Need not be durable: S3 can be asked."""

    def completing(self, digest: bytes) -> None:
        """S3 is going to be told to make one object of the parts that `digest` is of."""

    def abandoned(self) -> None:
        """Nobody is to go on with it, but something of it may be open still."""

    def ended(self) -> None:
        """Nothing of it is open any more; the row goes."""

    def released(self) -> None:
        """This run is done with it; another may go on."""


class UploadRecord(Protocol):
    """Where uploads are written down. Any thread."""

    def earlier(self, order: Order) -> Sequence[UploadRow]:
        """Uploads to the same object that nobody works on, newest first; they are ours now."""

    def knows(self, place: Place, ref: ObjectRef) -> bool:
        """Whether there is an upload to that object."""

    def planned(
        self, order: Order, metadata: Mapping[str, str], key_arn: str, mac: bytes
    ) -> UploadRow | None:
        """Begin a row, before anything is asked of S3; None where nothing is kept."""


class DownloadRow(Protocol):
    """One download in a record. Each method returns when what it writes is durable."""

    @property
    def object_text(self) -> str:
        """What was being fetched, as `planned` was told."""

    @property
    def token(self) -> str:
        """Part of the names of its hidden files; not to be guessed."""

    @property
    def done(self) -> int:
        """Bytes of ciphertext that are on the disk for sure."""

    def synced(self, done: int) -> None:
        """So many bytes of ciphertext are on the disk for sure."""

    def ended(self) -> None:
        """No hidden file of it is left; the row goes."""

    def released(self) -> None:
        """This run is done with it; another may go on."""


class DownloadRecord(Protocol):
    """Where downloads are written down. Any thread."""

    def earlier(self, target: Path) -> Sequence[DownloadRow]:
        """Downloads to the same file that nobody works on, newest first; they are ours now."""

    def planned(self, target: Path, object_text: str) -> DownloadRow | None:
        """Begin a row; None where nothing is kept."""


class _NoUploads:
    """Keeps nothing."""

    def earlier(self, order: Order) -> Sequence[UploadRow]:  # noqa: ARG002
        return ()

    def knows(self, place: Place, ref: ObjectRef) -> bool:  # noqa: ARG002
        return False

    def planned(
        self,
        order: Order,  # noqa: ARG002
        metadata: Mapping[str, str],  # noqa: ARG002
        key_arn: str,  # noqa: ARG002
        mac: bytes,  # noqa: ARG002
    ) -> UploadRow | None:
        return None


class _NoDownloads:
    """Keeps nothing."""

    def earlier(self, target: Path) -> Sequence[DownloadRow]:  # noqa: ARG002
        return ()

    def planned(self, target: Path, object_text: str) -> DownloadRow | None:  # noqa: ARG002
        return None


@dataclass(frozen=True, slots=True)
class Records:
    """Where the transfers of a session are written down; nowhere, unless somebody says where."""

    uploads: UploadRecord = field(default_factory=_NoUploads)
    downloads: DownloadRecord = field(default_factory=_NoDownloads)
