"""THE VERBS: upload, download, verify, read. Start reading here.

Each blocks until it is done, tells where it is through `report`, and stops at `cancel`. None
leaves anything behind when it fails: no open upload, no file, no temporary file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cse_desktop.core.binding import check_pairs_are_free, names_of
from cse_desktop.core.budget import check_room_for_context
from cse_desktop.core.cipher import Sealer
from cse_desktop.core.envelope import (
    MAX_PLAINTEXT_BYTES,
    WRITTEN_SUITES,
    Format,
    check_metadata_size,
)
from cse_desktop.core.errors import Changed, Tampered, TooLarge, UploadGone
from cse_desktop.core.multipart import PART_BYTES, PartSealer
from cse_desktop.core.objects import NewObject, ObjectRef, Stored
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.progress import (
    CancelToken,
    Progress,
    Report,
    Reporter,
    silent,
    silently,
)
from cse_desktop.core.receiving import (
    Opened,
    Reading,
    check_tag,
    open_object,
    read_small,
)
from cse_desktop.core.record import Records
from cse_desktop.core.resuming import go_on, order_of
from cse_desktop.core.sending import send
from cse_desktop.core.session import Session
from cse_desktop.core.source import SourceFile
from cse_desktop.core.spooling import forget_spools, save_spooled
from cse_desktop.core.target import NewFile, check_target
from cse_desktop.core.translation import translating
from cse_desktop.core.upload_log import begin_log

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that S3 holds encrypted.

    Attributes:
        size: bytes of plaintext.
        key_arn: the KMS key that wraps its data key.
        format: in which it was written.
    """

    ref: ObjectRef
    stored: Stored
    size: int
    key_arn: str
    format: Format = Format.V3


def upload(
    session: Session,
    source: Path,
    ref: ObjectRef,
    key_id: str,
    context: Mapping[str, str],
    *,
    replace: bool = False,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Uploaded:
    """Encrypt a file under a data key of its own and store it.

    An upload of the same file that an earlier run has begun, and that the session's records know,
    is gone on with.

    Args:
        key_id: KMS key ARN, id or alias.
        context: the user's encryption context, without reserved names; the connection may add
            the object's own name to it.
        replace: whether an object of that name may be replaced; S3 decides, not a look before.

    Raises:
        TooLarge: the file or its metadata, before a key is drawn.
        AlreadyExists: the name is taken and `replace` is off.
        Changed: the file changed while it was read; nothing was stored.
        CseError: KMS, S3, the network or the disk would not.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    pairs = dict(context)
    if session.connection.bind_names:
        check_pairs_are_free(pairs)
        pairs |= names_of(ref)
    restarts = 0
    while True:
        try:
            return _upload_once(session, source, ref, key_id, pairs, replace, report, cancel)
        except UploadGone:
            # What was sent is gone, so a new attempt needs a data key of its own.
            restarts += 1
            if restarts > session.patience.restarts:
                raise


def _upload_once(
    session: Session,
    source: Path,
    ref: ObjectRef,
    key_id: str,
    pairs: Mapping[str, str],
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
) -> Uploaded:
    suite = WRITTEN_SUITES[session.connection.write_format]
    with SourceFile(source) as file:
        if file.size > MAX_PLAINTEXT_BYTES:
            raise TooLarge(
                f"“{source.name}” is too large",
                "An encrypted object can hold 64 GiB at most. Split the file.",
            )
        check_room_for_context(pairs, suite)
        report(Progress(0, file.size))
        cancel.check()
        order = order_of(session, file, ref, key_id, pairs)
        # A file of one part is sent with one request, of which nothing can stay open.
        in_parts = file.size > PART_BYTES
        resumed = go_on(session, file, order, replace, report, cancel) if in_parts else None
        if resumed is not None:
            form = resumed.envelope.format
            return Uploaded(ref, resumed.stored, file.size, resumed.key_arn, form)
        new = session.keys.new(key_id, pairs, suite)
        facts = NewObject(new.envelope.to_metadata(), replace)
        check_metadata_size(facts.metadata)
        sealer = PartSealer(file, Sealer(new.content), cancel)
        kept = session.records if in_parts else Records()
        log = begin_log(kept.uploads, order, facts.metadata, new.key_arn, new.content)
        try:
            stored = send(session.store, sealer, ref, facts, report, cancel, log)
        finally:
            log.released()
        return Uploaded(ref, stored, file.size, new.key_arn, new.envelope.format)


def download(
    session: Session,
    ref: ObjectRef,
    target: Path,
    *,
    replace: bool = False,
    folder: OpenFolder | None = None,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Opened:
    """Fetch an object, verify it, decrypt it, and only then let it appear as `target`.

    What an earlier run has fetched of it, and the session's records know, is not fetched again.

    Args:
        target: in a folder that exists.
        replace: whether a file of that name may be replaced; it stays whole until the end.
        folder: that of the target, where it was opened already; the file goes there whatever the
            path leads to by now. Not closed here.

    Raises:
        Refused: not encrypted, another format, against the policy, or tampered with.
        AlreadyExists: the file exists and `replace` is off.
        Changed: the object was replaced meanwhile.
        CseError: KMS, S3, the network or the disk would not.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    with translating("open", str(target.parent)):
        place = folder or OpenFolder(target.parent)
    try:
        reading, size = _until_it_holds(
            session, ref, _saving(session, place, target.name, replace, report, cancel)
        )
    finally:
        if folder is None:
            place.close()
    return reading.opened_with(size)


def _saving(
    session: Session,
    folder: OpenFolder,
    name: str,
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
) -> Callable[[Reading], int]:
    """What saves an object under `name`, if that can be; gives the bytes of plaintext."""
    check_target(folder, name, 0, replace)

    def save(reading: Reading) -> int:
        if reading.size > PART_BYTES:
            return save_spooled(session, reading, folder, name, replace, report, cancel)
        check_target(folder, name, reading.size, replace)
        forget_spools(session, folder, name)
        with NewFile(folder, name, reading.size) as file:
            plaintext = read_small(session.store, reading, report, cancel)
            file.write(plaintext)
            cancel.check()
            file.commit(replace)
        return len(plaintext)

    return save


def verify(
    session: Session,
    ref: ObjectRef,
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Opened:
    """Fetch an object and check its tag, saving nothing.

    Raises:
        As `download`, the disk left out.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    reading, size = _until_it_holds(
        session, ref, lambda reading: check_tag(session.store, reading, report, cancel)
    )
    return reading.opened_with(size)


def read(
    session: Session, ref: ObjectRef, *, limit: int, cancel: CancelToken | None = None
) -> memoryview:
    """The verified plaintext of a small object, in memory only.

    Args:
        limit: bytes of plaintext that are accepted at most.

    Raises:
        TooLarge: the object is larger.
        As `download`, the disk left out.
    """
    cancel = cancel or CancelToken()
    session = session.during(cancel, silently)

    def read_all(reading: Reading) -> memoryview:
        if reading.size > limit:
            raise _too_large_to_read(ref)
        return read_small(session.store, reading, silent, cancel)

    _, plaintext = _until_it_holds(session, ref, read_all)
    if len(plaintext) > limit:  # only AES-CBC tells as late as this
        raise _too_large_to_read(ref)
    return plaintext


def _until_it_holds(
    session: Session, ref: ObjectRef, use: Callable[[Reading], T]
) -> tuple[Reading, T]:
    """Open the object and `use` it; gives what it was and what came of it.

    An object that was replaced on the way is opened anew, a few times. One whose tag does not
    match is fetched once more in full, because the network may have done it.
    """
    restarts = 0
    is_second_look = False
    while True:
        reading = open_object(session, ref)
        try:
            return reading, use(reading)
        except Changed:
            restarts += 1
            if restarts > session.patience.restarts:
                raise
        except Tampered:
            if is_second_look:
                raise
            is_second_look = True


def _too_large_to_read(ref: ObjectRef) -> TooLarge:
    return TooLarge(f"“{ref.name}” is too large to be read into memory", "Download it instead.")
