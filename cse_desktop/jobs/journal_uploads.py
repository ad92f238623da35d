"""The uploads of the journal."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.record import Intent, Left, Order, Place, UploadRow, target_text
from cse_desktop.jobs.journal_bodies import left_of, text_of
from cse_desktop.jobs.journal_downloads import Holds
from cse_desktop.jobs.journal_file import JournalFile
from cse_desktop.jobs.journal_rows import Body, Row

_UPLOAD: Final = "upload"
_PART: Final = "part"


class Uploads:
    """The uploads of a journal; what `core.record` asks for. Any thread."""

    def __init__(self, file: JournalFile, holds: Holds, job: str = "") -> None:
        self._file = file
        self._holds = holds
        self._job = job

    def of_job(self, job: str) -> Uploads:
        """The same; what is begun or gone on with is marked with a job."""
        return Uploads(self._file, self._holds, job)

    def earlier(self, order: Order) -> Sequence[UploadRow]:
        """Uploads to the same object that nobody works on, newest first; they are ours now."""
        rows = list(reversed(self._readable(self._file.find(_UPLOAD, order.target))))
        return [row for row in rows if row.take(self._job)]

    def knows(self, place: Place, ref: ObjectRef) -> bool:
        """Whether there is an upload to that object."""
        return bool(self._file.find(_UPLOAD, target_text(place, ref)))

    def rows(self) -> Sequence[JournalUpload]:
        """All uploads, oldest first; none of them is ours by that."""
        return self._readable(self._file.find(_UPLOAD))

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
            "mac": text_of(mac),
            "upload_id": "",
            "upload_mac": "",
            "completing": "",
            "abandoned": False,
            "job": self._job,
        }
        row_id = self._file.add(_UPLOAD, order.target, body)
        self._holds.take(row_id)
        return JournalUpload(self._file, self._holds, row_id)

    def _readable(self, rows: Sequence[Row]) -> list[JournalUpload]:
        """Rows that say what they should; others are dropped, for they are of no use."""
        found = []
        for row in rows:
            try:
                left_of(row.body, [part.body for part in self._file.parts_of(row.id)])
            except ValueError:
                self._file.drop(row.id)
            else:
                found.append(JournalUpload(self._file, self._holds, row.id))
        return found


class JournalUpload:
    """One upload; see `core.record.UploadRow`."""

    def __init__(self, file: JournalFile, holds: Holds, row_id: int) -> None:
        self._file = file
        self._holds = holds
        self._id = row_id
        self._lock = threading.Lock()
        self._parts: dict[int, Row] = {}
        self._unwritten: list[Row] = []

    def take(self, job: str = "") -> bool:
        """Whether nobody worked on it; now it is ours, and of the job if one is named."""
        if not self._holds.take(self._id):
            return False
        row = self._file.get(self._id)
        if row is None:  # it ended while we looked
            self._holds.leave(self._id)
            return False
        if job and job != row.body["job"]:
            self._change({"job": job})
        return True

    @property
    def job(self) -> str:
        """The job that it is of; "" for none."""
        row = self._file.get(self._id)
        return str(row.body["job"]) if row else ""

    def left(self) -> Left:
        """What is written of it."""
        parts = self._file.parts_of(self._id)
        with self._lock:
            self._parts = {part.body["number"]: part for part in parts}
        return left_of(self._row().body, [part.body for part in parts])

    def created(self, upload_id: str, mac: bytes) -> None:
        """Note the upload id."""
        self._change({"upload_id": upload_id, "upload_mac": text_of(mac)})

    def intended(self, intent: Intent) -> None:
        """Note a part that is going to be sent."""
        body = {
            "number": intent.number,
            "length": intent.length,
            "digest": text_of(intent.digest),
            "mac": text_of(intent.mac),
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
        self._change({"completing": text_of(digest)})

    def abandoned(self) -> None:
        """Note that nobody is to go on with it."""
        self._change({"abandoned": True})

    def ended(self) -> None:
        """Drop the row and its parts."""
        self._file.drop(self._id)

    def released(self) -> None:
        """Let others have it."""
        with self._lock, suppress(LocalDisk):  # S3 can be asked instead
            self._write_acknowledged()
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
