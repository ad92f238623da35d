"""The jobs that are not over, on disk: the next start goes on with them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cse_desktop.core.objects import ObjectRef
from cse_desktop.jobs.journal_file import Body, JournalFile
from cse_desktop.jobs.requests import Download, IfExists, Request, Upload, Verify

_JOB: Final = "job"


@dataclass(frozen=True, slots=True)
class Saved:
    """A job of an earlier run.

    Attributes:
        batch: shared by the requests of one user action.
        is_held: the user had paused it.
    """

    row_id: int
    batch: int
    request: Request
    is_held: bool


class Backlog:
    """Rows of jobs, by the ids that the queue of this run gave them. Any thread."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._rows: dict[int, int] = {}

    def saved(self, connections: Sequence[str]) -> Sequence[Saved]:
        """The jobs of earlier runs under these connections, oldest first; others are forgotten."""
        found = []
        for row in self._file.find(_JOB):
            try:
                request = _request(row.body)
                if request.connection not in connections:
                    raise ValueError(request.connection)
                found.append(Saved(row.id, row.body["batch"], request, row.body["held"]))
            except (KeyError, TypeError, ValueError):
                self._file.drop(row.id)
        return found

    def adopt(self, job_id: int, row_id: int) -> None:
        """The job of an earlier run has this id now."""
        with self._lock:
            self._rows[job_id] = row_id

    def add(self, jobs: Iterable[tuple[int, Request]], batch: int) -> None:
        """Write new jobs, all or none; what changes things inside S3 is not begun twice."""
        kept = [(job_id, request) for job_id, request in jobs if _may_be_kept(request)]
        bodies = [{**_body(request), "batch": batch, "held": False} for _, request in kept]
        row_ids = self._file.add_all(_JOB, bodies)
        with self._lock:
            self._rows.update(
                (job_id, row_id) for (job_id, _), row_id in zip(kept, row_ids, strict=True)
            )

    def drop(self, job_ids: Iterable[int]) -> None:
        """Forget jobs that are over."""
        with self._lock:
            rows = [self._rows.pop(each) for each in job_ids if each in self._rows]
        if rows:
            self._file.drop(*rows)


def _may_be_kept(request: Request) -> bool:
    return isinstance(request, Upload | Download | Verify)


def _body(request: Request) -> Body:
    body: dict[str, Any] = {
        "verb": type(request).__name__,
        "connection": request.connection,
        "bucket": request.ref.bucket,
        "key": request.ref.key,
        "version": request.ref.version,
        "size": request.size,
    }
    if isinstance(request, Upload):
        body |= {
            "source": os.path.abspath(request.source),
            "key_id": request.key_id,
            "key_label": request.key_label,
            "context": list(request.context),
            "if_exists": request.if_exists.value,
        }
    elif isinstance(request, Download):
        body |= {
            "target": os.path.abspath(request.target),
            "folder": os.path.abspath(request.folder) if request.folder else "",
            "if_exists": request.if_exists.value,
        }
    return body


def _request(body: Body) -> Request:
    ref = ObjectRef(body["bucket"], body["key"], body["version"])
    connection, size, verb = body["connection"], body["size"], body["verb"]
    if verb == Upload.__name__:
        return Upload(
            connection,
            Path(body["source"]),
            ref,
            size,
            body["key_id"],
            body["key_label"],
            tuple((name, value) for name, value in body["context"]),
            IfExists(body["if_exists"]),
        )
    if verb == Download.__name__:
        folder = Path(body["folder"]) if body["folder"] else None
        if_exists = IfExists(body["if_exists"])
        return Download(connection, ref, Path(body["target"]), size, if_exists, folder)
    if verb == Verify.__name__:
        return Verify(connection, ref, size)
    raise ValueError(verb)
