"""A large download: ciphertext into a spool beside the target, and plaintext only after the tag.

The spool outlives a crash, a pause and a network that is gone, where a record of it is kept. What
is in it is never believed: the tag is checked over all of it again, from the first byte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Final

from cse_desktop.core.cipher import Sealer
from cse_desktop.core.envelope import TAG_BYTES, Suite
from cse_desktop.core.errors import LocalDisk, SignInNeeded, Unreachable
from cse_desktop.core.hidden import hidden_names
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.progress import CancelToken, Paused, Progress, Reporter, Stage
from cse_desktop.core.ranges import RANGE_BYTES, RANGES_IN_FLIGHT
from cse_desktop.core.receiving import Begun, Reading, check_tag, decrypt_spool
from cse_desktop.core.record import DownloadRow
from cse_desktop.core.session import Session
from cse_desktop.core.target import NewFile, Spool, check_target

_SYNC_EVERY: Final = 64 * 1024 * 1024
_PIECE_BYTES: Final = 1024 * 1024
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
    row = _earlier_row(session, reading, folder, name)
    if row is None:
        with NewFile(folder, name, reading.size) as file:
            if file.is_nameless and reading.key.suite is not Suite.CBC:
                return _save_in_one_pass(
                    session, reading, file, folder, name, replace, report, cancel
                )
    row = row or _new_row(session, reading, folder, name)
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


def _save_in_one_pass(
    session: Session,
    reading: Reading,
    file: NewFile,
    folder: OpenFolder,
    name: str,
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
) -> int:
    """Decrypt into a file without a name while the ranges come; it gets its name after the tag.

    Half the work for the disk. A crash leaves nothing, which is right for what was not verified,
    but leaves nothing to go on with either: so a spool is begun where that would be a pity.
    """
    check_target(folder, name, reading.size, replace)
    with ExitStack() as spooled:
        clock = _Clock(session.patience.worth_keeping_s, reading.size)
        keep: _Keeping | None = None
        is_slow = False

        def keep_if_slow(first: int, data: memoryview) -> None:
            nonlocal keep, is_slow
            if not is_slow and clock.is_slow(first + len(data)):
                is_slow = True
                spool = _begin_spool(session, reading, file, folder, name, first)
                keep = spooled.enter_context(spool)
            if keep is not None:
                keep(first, data)

        size = check_tag(session.store, reading, report, cancel, keep_if_slow, decrypted=file.write)
        report(Progress(reading.size, reading.size, Stage.SAVING))
        cancel.check()
        file.commit(replace)
    return size


class _Clock:
    """How long a download seems to take; one thread at a time."""

    def __init__(self, worth_keeping_s: float, total: int) -> None:
        self._worth_keeping_s = worth_keeping_s
        self._total = total
        self._begun = monotonic()

    def is_slow(self, done: int) -> bool:
        """Whether the rest will take longer than is lost with a light heart."""
        # The other ranges in flight are as far as this one was.
        come = min(done + (RANGES_IN_FLIGHT - 1) * RANGE_BYTES, self._total)
        left_s = (monotonic() - self._begun) * (self._total - come) / come
        return left_s >= self._worth_keeping_s


@contextmanager
def _begin_spool(
    session: Session, reading: Reading, file: NewFile, folder: OpenFolder, name: str, done: int
) -> Iterator[_Keeping | None]:
    """A spool with the first `done` bytes; None without room for it, or for a record of it.

    Their ciphertext is made once more from what was decrypted: the same bytes, under the same key.
    """
    needed = 2 * reading.size + TAG_BYTES - done
    has_room = True
    try:
        check_target(folder, name, needed, replace=True)
    except LocalDisk:
        has_room = False
    row = _new_row(session, reading, folder, name) if has_room else None
    if row is None:
        yield None
        return
    with _kept(row, folder, name, needed) as (_, keep):
        sealer = Sealer(reading.key)
        buffer = memoryview(bytearray(_PIECE_BYTES))
        for first in range(0, done, _PIECE_BYTES):
            piece = buffer[: min(_PIECE_BYTES, done - first)]
            file.read_at(first, piece)
            sealer.update_into(piece, piece)
            keep(first, piece)
        yield keep


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


def _remove(row: DownloadRow, folder: OpenFolder, name: str) -> None:
    for hidden in hidden_names(name, row.token):
        folder.remove(hidden)
    row.ended()


def _earlier_row(
    session: Session, reading: Reading, folder: OpenFolder, name: str
) -> DownloadRow | None:
    """The row of an earlier download of the very same object."""
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
    return found


def _new_row(
    session: Session, reading: Reading, folder: OpenFolder, name: str
) -> DownloadRow | None:
    text = _object_text(session, reading)
    return session.records.downloads.planned(folder.path / name, text)


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
