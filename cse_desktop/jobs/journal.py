"""What this program has begun and not ended: uploads, downloads and jobs, on disk.

Nothing in it is secret: wrapped data keys, names, and digests of ciphertext, so what the bucket
holds as well. Rows go when what they are about has ended.

A journal that is damaged is set aside under a dated name, never deleted, and a new one is begun:
then nothing is resumed, which costs a transfer and never a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.record import Records
from cse_desktop.core.resuming import give_up
from cse_desktop.core.session import Session
from cse_desktop.jobs.backlog import Backlog
from cse_desktop.jobs.journal_downloads import Downloads, Holds
from cse_desktop.jobs.journal_file import JournalFile, Owned, set_aside
from cse_desktop.jobs.journal_rows import Damaged
from cse_desktop.jobs.journal_uploads import Uploads


class Journal:
    """The rows of all transfers. Any thread.

    A row is worked on by one transfer at a time: whoever is given it holds it until it is released.
    """

    def __init__(self, file: JournalFile) -> None:
        self.file = file
        self.uploads = Uploads(file, Holds())
        self.downloads = Downloads(file, Holds())
        self.backlog = Backlog(file, self)

    @property
    def records(self) -> Records:
        """What the verbs write to."""
        return Records(self.uploads, self.downloads)

    def records_of(self, job: str) -> Records:
        """What the verbs of a job write to; see `take_back`."""
        return Records(self.uploads.of_job(job), self.downloads.of_job(job))

    def take_back(self, job: str, session_for: Callable[[], Session]) -> None:
        """End what is open of a job's transfers, and remove what they have spooled.

        What can't be ended now, the next start ends.
        """
        for download in self.downloads.rows():
            if download.job == job and download.take():
                try:
                    download.removed()
                finally:
                    download.released()
        uploads = [row for row in self.uploads.rows() if row.job == job and row.take()]
        for row in uploads:
            row.abandoned()
        try:
            for row in uploads:
                give_up(session_for().store.hasty, row)
        finally:
            for row in uploads:
                row.released()

    def close(self) -> None:
        """Give the journal up for other processes."""
        self.backlog.close()
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
