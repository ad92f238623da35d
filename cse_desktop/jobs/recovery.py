"""Taking back what earlier runs left and nobody can go on with."""

from __future__ import annotations

import os
from dataclasses import dataclass

from cse_desktop.core.hidden import hidden_files
from cse_desktop.core.resuming import give_up
from cse_desktop.core.session import Session
from cse_desktop.core.source import identity_of
from cse_desktop.jobs.journal import Journal
from cse_desktop.jobs.journal_bodies import order_of
from cse_desktop.jobs.journal_uploads import JournalUpload


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found of earlier runs.

    Attributes:
        uploads: open uploads that were taken back.
        files: hidden files that were removed.
        stuck: uploads that S3 could not be told to give up; the next run tries again.
    """

    uploads: int = 0
    files: int = 0
    stuck: int = 0


def recover(session: Session, journal: Journal) -> Recovered:
    """Take back the uploads of one session whose file is not what it was, or that are too old.

    Downloads need no session: what is too old, or was removed, is cleared away.
    """
    uploads = stuck = 0
    for row in journal.uploads.rows():
        if not _is_hopeless(row, session) or not row.take():
            continue
        try:
            is_gone = give_up(session.store.hasty, row)
            uploads, stuck = uploads + is_gone, stuck + (not is_gone)
        finally:
            row.released()
    return Recovered(uploads, clear_downloads(journal), stuck)


def clear_downloads(journal: Journal) -> int:
    """Remove the hidden files of downloads that cannot be gone on with; gives how many."""
    files = 0
    for row in journal.downloads.rows():
        spool, _ = hidden_files(row.target, row.token)
        if (row.is_fresh and spool.exists()) or not row.take():
            continue
        try:
            files += row.removed()
        except OSError:
            continue  # the disk of that folder is not here; the row waits for it
        finally:
            row.released()
    return files


def _is_hopeless(row: JournalUpload, session: Session) -> bool:
    """Whether an upload of this session can only be taken back."""
    try:
        left = row.left()
    except LookupError:
        return False  # it has ended meanwhile
    place, source, identity = order_of(left)
    may_go_on = bool(left.is_fresh and left.upload_id) and identity == _identity(source)
    return place == session.place and not may_go_on


def _identity(source: str) -> tuple[int, ...]:
    try:
        return identity_of(os.stat(source))
    except OSError:
        return ()
