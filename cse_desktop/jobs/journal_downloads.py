"""The downloads of the journal, and which rows are being worked on."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cse_desktop.core.hidden import hidden_files
from cse_desktop.core.record import DownloadRow
from cse_desktop.jobs.journal_bodies import FRESH_S
from cse_desktop.jobs.journal_file import JournalFile
from cse_desktop.jobs.journal_rows import Body, Row

_DOWNLOAD: Final = "download"


class Holds:
    """Which rows are being worked on. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: set[int] = set()

    def take(self, row_id: int) -> bool:
        """Whether the row was free; now it is held."""
        with self._lock:
            is_free = row_id not in self._held
            self._held.add(row_id)
            return is_free

    def leave(self, row_id: int) -> None:
        """Let others have the row."""
        with self._lock:
            self._held.discard(row_id)


class Downloads:
    """The downloads of a journal; what `core.record` asks for. Any thread."""

    def __init__(self, file: JournalFile, holds: Holds, job: str = "") -> None:
        self._file = file
        self._holds = holds
        self._job = job

    def of_job(self, job: str) -> Downloads:
        """The same; what is begun or gone on with is marked with a job."""
        return Downloads(self._file, self._holds, job)

    def earlier(self, target: Path) -> Sequence[DownloadRow]:
        """Downloads to the same file that nobody works on, newest first; they are ours now."""
        found = reversed(self._file.find(_DOWNLOAD, json.dumps(str(target))))
        rows = [JournalDownload(self._file, self._holds, row) for row in found]
        return [row for row in rows if row.take(self._job)]

    def rows(self) -> Sequence[JournalDownload]:
        """All downloads, oldest first; none of them is ours by that."""
        found = self._file.find(_DOWNLOAD)
        return [JournalDownload(self._file, self._holds, row) for row in found]

    def planned(self, target: Path, object_text: str) -> DownloadRow:
        """Begin a row."""
        body = {
            "object": object_text,
            "token": secrets.token_hex(8),
            "done": 0,
            "begun": time.time(),
            "job": self._job,
        }
        name = json.dumps(str(target))  # which may not be Unicode
        row_id = self._file.add(_DOWNLOAD, name, body)
        self._holds.take(row_id)
        return JournalDownload(self._file, self._holds, Row(row_id, _DOWNLOAD, 0, name, body))


class JournalDownload:
    """One download; see `core.record.DownloadRow`. One thread at a time."""

    def __init__(self, file: JournalFile, holds: Holds, row: Row) -> None:
        self._file = file
        self._holds = holds
        self._row = row

    def take(self, job: str = "") -> bool:
        """Whether nobody worked on it; now it is ours, and of the job if one is named."""
        if not self._holds.take(self._row.id):
            return False
        if job and job != self.job:
            self._change({"job": job})
        return True

    @property
    def job(self) -> str:
        """The job that it is of; "" for none."""
        return str(self._row.body["job"])

    @property
    def target(self) -> Path:
        """What is being saved."""
        return Path(json.loads(self._row.name))

    @property
    def object_text(self) -> str:
        """Which object it is of."""
        return str(self._row.body["object"])

    @property
    def token(self) -> str:
        """Part of the names of its hidden files."""
        return str(self._row.body["token"])

    @property
    def done(self) -> int:
        """Bytes of ciphertext that are on the disk for sure."""
        return int(self._row.body["done"])

    @property
    def is_fresh(self) -> bool:
        """Whether it is young enough to be gone on with."""
        return bool(0 <= time.time() - self._row.body["begun"] < FRESH_S)

    def synced(self, done: int) -> None:
        """Note how many bytes are on the disk for sure."""
        self._change({"done": done})

    def removed(self) -> int:
        """Remove its hidden files and the row; gives how many files there were.

        Raises:
            OSError: the disk of that folder is not here; the row waits for it.
        """
        files = 0
        for path in hidden_files(self.target, self.token):
            files += path.exists()
            path.unlink(missing_ok=True)
        self.ended()
        return files

    def ended(self) -> None:
        """Drop the row."""
        self._file.drop(self._row.id)

    def released(self) -> None:
        """Let others have it."""
        self._holds.leave(self._row.id)

    def _change(self, news: Body) -> None:
        self._row = replace(self._row, body={**self._row.body, **news})
        self._file.change(self._row)
