"""The verbs of editing: a readable copy for its owner alone, and back under the same key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cse_desktop.core.beside import Beside
from cse_desktop.core.binding import BUCKET_PAIR, KEY_PAIR, names_of
from cse_desktop.core.budget import check_room_for_context
from cse_desktop.core.cipher import Sealer
from cse_desktop.core.envelope import (
    MAX_PLAINTEXT_BYTES,
    WRITTEN_SUITES,
    check_metadata_size,
)
from cse_desktop.core.errors import Changed, CseError, NotFound, NotPermitted, TooLarge
from cse_desktop.core.multipart import PartSealer
from cse_desktop.core.objects import NewObject, ObjectRef
from cse_desktop.core.progress import CancelToken, Progress, Report, Reporter, silent
from cse_desktop.core.record import Records
from cse_desktop.core.resuming import order_of
from cse_desktop.core.sending import send
from cse_desktop.core.session import Session
from cse_desktop.core.source import SourceFile
from cse_desktop.core.transfer import download
from cse_desktop.core.upload_log import begin_log

CONFLICT: Final = "Somebody else has changed this file in S3"
"""The title of the error of `save_back` that a person has to decide about."""


@dataclass(frozen=True, slots=True)
class Original:
    """What a file was opened from, and all that it keeps when it is saved.

    Attributes:
        etag: of the object that may be replaced.
        key_arn: the KMS key that wraps its data key.
        context: the user's pairs, order kept, without those that bind it to its name.
        tags: empty also where they may not be read.
        size: bytes of plaintext.
    """

    ref: ObjectRef
    etag: str
    key_arn: str
    context: tuple[tuple[str, str], ...]
    beside: Beside
    tags: tuple[tuple[str, str], ...]
    size: int


def fetch_copy(
    session: Session,
    ref: ObjectRef,
    target: Path,
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Original:
    """Fetch, verify and decrypt an object into a file that only its owner can read.

    Args:
        target: in a folder that is the owner's alone.

    Raises:
        As `transfer.download`.
    """
    cancel = cancel or CancelToken()
    # Nothing of it is gone on with after a restart: the folder is removed then.
    session = session.recording(Records())
    opened = download(session, ref, target, report=report, cancel=cancel)
    labels = session.store.labels
    try:
        tags = labels.tags(ref)
    except NotPermitted:
        tags = ()
    bound = (BUCKET_PAIR, KEY_PAIR) if session.connection.bind_names else ()
    pairs = opened.envelope.user_context.items()
    return Original(
        ref,
        opened.head.etag,
        opened.key_arn,
        tuple((name, value) for name, value in pairs if name not in bound),
        labels.beside(opened.head),
        tags,
        opened.size,
    )


def save_back(
    session: Session,
    source: Path,
    original: Original,
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Original:
    """Encrypt a file under a new data key over what it was opened from; gives the new original.

    The KMS key, the context, own metadata, headers and tags are those of the original.

    Raises:
        Changed: with the title CONFLICT, when the object is another one by now, or gone; nothing
            was stored. With another title: the file changed while it was read.
        CseError: as `transfer.upload`.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    try:
        return _store(session, source, original, report, cancel)
    except (Changed, NotFound) as error:
        if _is_unchanged(session, original):
            raise
        raise Changed(
            CONFLICT,
            f"{original.ref} is no longer the file that was opened here. Nothing was stored, and "
            "your changes are still in the open copy.",
            error.details,
        ) from None


def now_at(session: Session, original: Original) -> Original:
    """The same original with what is stored now in its place, so that it may be replaced."""
    try:
        head = session.store.head(original.ref)
    except NotFound:
        return replace(original, etag="")
    return replace(original, etag=head.etag)


def _store(
    session: Session, source: Path, original: Original, report: Report, cancel: CancelToken
) -> Original:
    suite = WRITTEN_SUITES[session.connection.write_format]
    ref, pairs = original.ref, dict(original.context)
    if session.connection.bind_names:
        pairs |= names_of(ref)
    with SourceFile(source) as file:
        if file.size > MAX_PLAINTEXT_BYTES:
            raise TooLarge(
                f"“{source.name}” is too large", "An encrypted object can hold 64 GiB at most."
            )
        check_room_for_context(pairs, suite)
        report(Progress(0, file.size))
        cancel.check()
        new = session.keys.new(original.key_arn, pairs, suite)
        metadata = {**original.beside.own, **new.envelope.to_metadata()}
        check_metadata_size(metadata)
        facts = NewObject(
            metadata,
            replace=bool(original.etag),
            etag=original.etag,
            beside=replace(original.beside, metadata=metadata, archive=""),
            tags=original.tags,
        )
        order = order_of(session, file, ref, original.key_arn, pairs)
        # Written down nowhere: an upload that is broken off here is not gone on with.
        log = begin_log(Records().uploads, order, metadata, new.key_arn, new.content)
        sealer = PartSealer(file, Sealer(new.content), cancel)
        try:
            stored = send(session.store, sealer, ref, facts, report, cancel, log)
        finally:
            log.released()
        return replace(original, etag=stored.etag, key_arn=new.key_arn, size=file.size)


def _is_unchanged(session: Session, original: Original) -> bool:
    """Whether S3 still holds the object that was opened; also when it does not say."""
    try:
        return session.store.hasty.head(original.ref).etag == original.etag
    except NotFound:
        return False
    except CseError:
        return True
