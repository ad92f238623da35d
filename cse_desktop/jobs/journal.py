"""What this program has begun and not ended: uploads, downloads and jobs, on disk.

Nothing in it is secret: wrapped data keys, names, and digests of ciphertext, so what the bucket
holds as well. Rows go when what they are about has ended.

A journal that is damaged is set aside under a dated name, never deleted, and a new one is begun:
then nothing is resumed, which costs a transfer and never a secret.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.record import (
    Intent,
    Left,
    Order,
    Place,
    Records,
    UploadRow,
    target_text,
)
from cse_desktop.jobs.backlog import Backlog
from cse_desktop.jobs.journal_downloads import FRESH_S, Downloads, Holds
from cse_desktop.jobs.journal_file import Body, Damaged, JournalFile, Owned, Row, set_aside

_UPLOAD: Final = "upload"
_PART: Final = "part"


class Journal:
    """The rows of all transfers. Any thread.

    A row is worked on by one transfer at a time: whoever is given it holds it until it is released.
    """

    def __init__(self, file: JournalFile) -> None:
        self.file = file
        self.uploads = Uploads(file, Holds())
        self.downloads = Downloads(file, Holds())
        self.backlog = Backlog(file)

    @property
    def records(self) -> Records:
        """What the verbs write to."""
        return Records(self.uploads, self.downloads)

    def close(self) -> None:
        """Give the journal up for other processes."""
        self.file.close()


@dataclass(frozen=True, slots=True)
class OpenedJournal:
    """A journal, or none, and what a person should know about that."""

    journal: Journal | None
    notes: tuple[str, ...] = ()


def open_journal(folder: Path) -> OpenedJournal:
    """Open the journal in a folder; one is made where there is none."""
    notes: tuple[str, ...] = ()
    try:
        try:
            file = JournalFile(folder)
        except Damaged:
            aside = set_aside(folder)
            notes = (
                f"The journal of transfers was damaged. It is kept as {aside}; "
                "what it knew about can't be resumed.",
            )
            file = JournalFile(folder)
    except Owned:
        note = "Another CSE Desktop is running, so this one's transfers can't be resumed later."
        return OpenedJournal(None, (note,))
    except (Damaged, LocalDisk) as error:
        note = f"There is no journal of transfers, so they can't be resumed later: {error}"
        return OpenedJournal(None, (*notes, note))
    return OpenedJournal(Journal(file), notes)


class Uploads:
    """The uploads of a journal; what `core.record` asks for. Any thread."""

    def __init__(self, file: JournalFile, holds: Holds) -> None:
        self._file = file
        self._holds = holds

    def earlier(self, order: Order) -> Sequence[UploadRow]:
        """Uploads to the same object that nobody works on, newest first; they are ours now."""
        found = reversed(self._file.find(_UPLOAD, order.target))
        rows = [JournalUpload(self._file, self._holds, row.id) for row in found]
        return [row for row in rows if row.take()]

    def knows(self, place: Place, ref: ObjectRef) -> bool:
        """Whether there is an upload to that object."""
        return bool(self._file.find(_UPLOAD, target_text(place, ref)))

    def rows(self) -> Sequence[JournalUpload]:
        """All uploads, oldest first; none of them is ours by that."""
        found = self._file.find(_UPLOAD)
        return [JournalUpload(self._file, self._holds, row.id) for row in found]

    def planned(
        self, order: Order, metadata: Mapping[str, str], key_arn: str, mac: bytes
    ) -> UploadRow:
        """Begin a row."""
        body = {
            "order": order.text,
            "bucket": order.ref.bucket,
            "key": order.ref.key,
            "begun": time.time(),
            "metadata": dict(metadata),
            "key_arn": key_arn,
            "mac": _text(mac),
            "upload_id": "",
            "upload_mac": "",
            "completing": "",
        }
        row_id = self._file.add(_UPLOAD, order.target, body)
        self._holds.take(row_id)
        return JournalUpload(self._file, self._holds, row_id)


class JournalUpload:
    """One upload; see `core.record.UploadRow`."""

    def __init__(self, file: JournalFile, holds: Holds, row_id: int) -> None:
        self._file = file
        self._holds = holds
        self._id = row_id
        self._lock = threading.Lock()
        self._parts: dict[int, Row] = {}
        self._unwritten: list[Row] = []

    def take(self) -> bool:
        """Whether nobody worked on it; now it is ours."""
        return self._holds.take(self._id)

    def left(self) -> Left:
        """What is written of it."""
        row = self._row()
        body = row.body
        parts = self._file.parts_of(self._id)
        with self._lock:
            self._parts = {part.body["number"]: part for part in parts}
        return Left(
            order=body["order"],
            ref=ObjectRef(body["bucket"], body["key"]),
            begun=body["begun"],
            metadata=body["metadata"],
            key_arn=body["key_arn"],
            mac=_bytes(body["mac"]),
            upload_id=body["upload_id"],
            upload_mac=_bytes(body["upload_mac"]),
            intents=tuple(_intent(part.body) for part in parts),
            is_fresh=0 <= time.time() - body["begun"] < FRESH_S,
        )

    def created(self, upload_id: str, mac: bytes) -> None:
        """Note the upload id."""
        self._change({"upload_id": upload_id, "upload_mac": _text(mac)})

    def intended(self, intent: Intent) -> None:
        """Note a part that is going to be sent."""
        body = {
            "number": intent.number,
            "length": intent.length,
            "digest": _text(intent.digest),
            "mac": _text(intent.mac),
            "etag": intent.etag,
        }
        with self._lock:
            self._write_acknowledged()
            before = self._parts.get(intent.number)
            if before is not None and before.body["digest"] == body["digest"]:
                return
            row_id = self._file.add(_PART, str(intent.number), body, self._id)
            self._parts[intent.number] = Row(row_id, _PART, self._id, str(intent.number), body)

    def acknowledged(self, number: int, etag: str) -> None:
        """Note that S3 has a part; written with the next intent, until then S3 can be asked."""
        with self._lock:
            part = self._parts.get(number)
            if part is not None:
                self._unwritten.append(replace(part, body={**part.body, "etag": etag}))

    def completing(self, digest: bytes) -> None:
        """Note that S3 is going to be told to make one object."""
        with self._lock:
            self._write_acknowledged()
        self._change({"completing": _text(digest)})

    def ended(self) -> None:
        """Drop the row and its parts."""
        self._file.drop(self._id)

    def released(self) -> None:
        """Let others have it."""
        self._holds.leave(self._id)

    def _row(self) -> Row:
        row = self._file.get(self._id)
        if row is None:
            raise LookupError("the row has ended")
        return row

    def _change(self, news: Body) -> None:
        row = self._row()
        self._file.change(replace(row, body={**row.body, **news}))

    def _write_acknowledged(self) -> None:
        if self._unwritten:
            self._file.change(*self._unwritten)
            self._unwritten.clear()


def order_of(left: Left) -> tuple[Place, str, tuple[int, ...]]:
    """Storage, path and identity of the file of an upload."""
    order = json.loads(left.order)
    identity = order["identity"]
    names = ("device", "inode", "size", "mtime_ns", "ctime_ns")
    return Place(**order["place"]), order["source"], tuple(identity[name] for name in names)


def _intent(body: Body) -> Intent:
    return Intent(
        body["number"], body["length"], _bytes(body["digest"]), _bytes(body["mac"]), body["etag"]
    )


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
