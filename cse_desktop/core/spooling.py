"""A large download: ciphertext into a spool beside the target, and plaintext only after the tag.

The spool outlives a crash, a pause and a network that is gone, where a record of it is kept. What
is in it is never believed: the tag is checked over all of it again, from the first byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cse_desktop.core.envelope import TAG_BYTES
from cse_desktop.core.errors import LocalDisk, SignInNeeded, Unreachable
from cse_desktop.core.hidden import hidden_names
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.progress import CancelToken, Paused, Reporter
from cse_desktop.core.receiving import Begun, Reading, check_tag, decrypt_spool
from cse_desktop.core.record import DownloadRow
from cse_desktop.core.session import Session
from cse_desktop.core.target import NewFile, Spool, check_target

_SYNC_EVERY: Final = 64 * 1024 * 1024
_RESUMABLE: Final = (Paused, Unreachable, SignInNeeded, LocalDisk)


def save_spooled(
    session: Session,
    reading: Reading,
    folder: OpenFolder,
    name: str,
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
) -> int:
    """Fetch, verify, decrypt and save as `name`; gives the bytes of plaintext.

    What an earlier run has fetched of the same object is not fetched again.
    """
    row = _row(session, reading, folder, name)
    done = row.done if row else 0
    report.resume(done)
    needed = 2 * reading.size + TAG_BYTES - done
    with _kept(row, folder, name, needed) as (spool, keep):
        check_target(folder, name, needed, replace)
        with NewFile(folder, name, reading.size, row.token if row else "") as file:
            begun = Begun(spool.read_at, done)
            size = check_tag(session.store, reading, report, cancel, keep, begun)
            keep.sync()
            decrypt_spool(reading, spool, file, report, cancel)
            cancel.check()
            file.commit(replace)
    return size


class _Keeping:
    """Writes ciphertext to a spool and, now and then, to the row how much is safe.

    Attributes:
        safe: so many bytes are on the disk for sure, and the row says so.
        is_lost: a sync failed; what the disk says after that is worth nothing.
    """

    def __init__(self, spool: Spool, row: DownloadRow | None, safe: int) -> None:
        self._spool = spool
        self._row = row
        self.safe = self._written = safe
        self.is_lost = False

    def __call__(self, first: int, data: memoryview) -> None:
        self._spool.write_at(first, data)
        self._written = first + len(data)
        if self._written - self.safe >= _SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        """Make what was written safe."""
        if self._row is not None and self._written > self.safe:
            self.is_lost = True
            self._spool.sync()
            self._row.synced(self._written)
            self.safe, self.is_lost = self._written, False


@contextmanager
def _kept(
    row: DownloadRow | None, folder: OpenFolder, name: str, needed: int
) -> Iterator[tuple[Spool, _Keeping]]:
    """The spool of a row, which outlives an error that can be gone on from."""
    if row is None:
        with Spool(folder, name, needed) as spool:
            yield spool, _Keeping(spool, None, 0)
        return
    try:
        with Spool(folder, name, needed, row.token, row.done) as spool:
            keep = _Keeping(spool, row, row.done)
            try:
                yield spool, keep
            except _RESUMABLE:
                if not keep.is_lost:
                    keep.sync()
                if keep.safe and not keep.is_lost:
                    spool.keep()
                else:
                    row.ended()
                raise
        row.ended()
    except _RESUMABLE:
        raise
    except BaseException:
        _remove(row, folder, name)
        raise
    finally:
        row.released()


def forget_spools(session: Session, folder: OpenFolder, name: str) -> None:
    """Remove what earlier runs have fetched for a target that needs none of it now."""
    for row in session.records.downloads.earlier(folder.path / name):
        try:
            _remove(row, folder, name)
        finally:
            row.released()


def _remove(row: DownloadRow, folder: OpenFolder, name: str) -> None:
    for hidden in hidden_names(name, row.token):
        folder.remove(hidden)
    row.ended()


def _row(session: Session, reading: Reading, folder: OpenFolder, name: str) -> DownloadRow | None:
    """The row of an earlier download of the very same object, or a new one."""
    records = session.records.downloads
    text = _object_text(session, reading)
    found: DownloadRow | None = None
    for row in records.earlier(folder.path / name):
        if found is None and row.done and row.object_text == text:
            folder.remove(hidden_names(name, row.token)[1])
            found = row
        else:
            _remove(row, folder, name)
            row.released()
    return found or records.planned(folder.path / name, text)


def _object_text(session: Session, reading: Reading) -> str:
    """All that must be the same for ranges of an object to be put together."""
    head, place = reading.opened.head, session.place
    return json.dumps(
        [
            [place.s3_endpoint, place.region, head.ref.bucket, head.ref.key],
            [head.version, head.etag, head.size],
            sorted(head.metadata.items()),
        ]
    )
