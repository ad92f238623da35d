"""Names that were taken after all had been looked at: what is there now, for whoever decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cse_desktop.core.errors import NotFound, NotPermitted
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.jobs.download_planner import local_clash
from cse_desktop.jobs.names import numbered
from cse_desktop.jobs.plan import ArrangePlan, Clash, DownloadPlan, Side, UploadPlan
from cse_desktop.jobs.requests import Copy, Download, Move, Upload
from cse_desktop.jobs.snapshot import Snapshot

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

Named = Upload | Download | Copy | Move
"""Requests that give something a name."""


@dataclass(frozen=True, slots=True)
class Late:
    """What jobs ask about.

    Attributes:
        requests: of the jobs whose name is still taken.
        clashes: one for each of them; the index is the id of the job.
        free: ids of jobs whose name is free again.
    """

    requests: tuple[Named, ...]
    clashes: tuple[Clash, ...]
    free: tuple[int, ...]

    @property
    def plan(self) -> UploadPlan | DownloadPlan | ArrangePlan:
        """The same as a plan, for requests that are all of one kind."""
        uploads = tuple(each for each in self.requests if isinstance(each, Upload))
        downloads = tuple(each for each in self.requests if isinstance(each, Download))
        if uploads:
            return UploadPlan(uploads, self.clashes)
        if downloads:
            return DownloadPlan(downloads, self.clashes)
        rest = tuple(each for each in self.requests if isinstance(each, Copy | Move))
        return ArrangePlan(rest, self.clashes)


def look_again(session_for: Callable[[str], Session], jobs: Sequence[Snapshot]) -> Late:
    """Look what has the names of these jobs now.

    Raises:
        CseError: S3 would not say.
    """
    requests: list[Named] = []
    clashes: list[Clash] = []
    free: list[int] = []
    for job in jobs:
        request = job.request
        if not isinstance(request, Named):
            continue
        clash = _clash(session_for(request.connection), job.id, request)
        if clash is None:
            free.append(job.id)
        else:
            requests.append(request)
            clashes.append(clash)
    return Late(tuple(requests), tuple(clashes), tuple(free))


def _clash(session: Session, job_id: int, request: Named) -> Clash | None:
    if isinstance(request, Download):
        entry = Entry(request.ref.key, request.size, modified=_stored(session, request.ref)[1])
        return next(iter(local_clash(job_id, request, entry)), None)
    place = request.ref if isinstance(request, Upload) else request.to
    size, modified = _stored(session, place)
    if size is None:
        return None
    folder, slash, name = place.key.rpartition("/")
    return Clash(
        job_id,
        name,
        f"s3://{place.bucket}/{folder}{slash}",
        Side(request.size, _modified(session, request)),
        Side(size, modified),
        numbered(name, 2),
    )


def _modified(session: Session, request: Upload | Copy | Move) -> datetime | None:
    if isinstance(request, Copy | Move):
        return _stored(session, request.ref)[1]
    try:
        return datetime.fromtimestamp(request.source.stat().st_mtime, UTC)
    except OSError:
        return None  # the transfer itself will say that the file is gone


def _stored(session: Session, ref: ObjectRef) -> tuple[int | None, datetime | None]:
    """Size and time of an object; nothing of one that is not there.

    Who may not look is told of an empty one: that the name is taken is known.
    """
    try:
        head = session.store.head(ref)
    except NotFound:
        return None, None
    except NotPermitted:
        return 0, None
    return head.size, head.modified
