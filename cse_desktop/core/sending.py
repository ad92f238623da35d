"""The way up: one request for a file of one part, a multipart upload for the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.errors import (
    AlreadyExists,
    Changed,
    CseError,
    DiskFull,
    NotFound,
    SignInNeeded,
    Unreachable,
)
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.multipart import PartSealer, SealedPart, send_all
from cse_desktop.core.objects import NewObject, ObjectRef, PartTag, Stored
from cse_desktop.core.progress import (
    AfterPause,
    Cancelled,
    CancelToken,
    Deadline,
    Paused,
    Progress,
    Report,
    Stage,
)
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.upload_log import UploadLog
from cse_desktop.core.wire import stored_otherwise

_LOOK_S: Final = 10.0
_LOOK_WHEN_CANCELLED_S: Final = 1.5
"""So long a look at what S3 holds may take; after that it is not known."""
_ARRIVES_S: Final = 3.0
"""So long parts that are on their way may take after a pause."""
_GOES_ON: Final = (Paused, SignInNeeded, DiskFull)


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that an earlier run has begun.

    Attributes:
        parts: what S3 has of it, by number.
        digests: SHA-256 of each part that may have been sent, by number.
    """

    upload_id: str
    parts: Mapping[int, PartTag]
    digests: Mapping[int, bytes]

    def check(self, number: int, body: memoryview) -> None:
        """Raise Changed when a part that may have been sent is other bytes now."""
        digest = self.digests.get(number)
        if digest is not None and digest != hashlib.sha256(body).digest():
            raise Changed(
                "The file changed while it was being encrypted",
                "Nothing was stored. Try again when the other program is done.",
            )


def send(
    store: ObjectStore,
    sealer: PartSealer,
    ref: ObjectRef,
    facts: NewObject,
    report: Report,
    cancel: CancelToken,
    log: UploadLog,
    begun: Begun | None = None,
) -> Stored:
    """Store what `sealer` gives; nothing of it stays in S3 when this fails.

    But an upload that is written down stays open when it is paused, and when S3 cannot be told to
    give it up; another run goes on with it. The answer to a request that worked may be lost, or
    not be waited for: then the name is found taken, or the upload gone, by our own doing, and the
    message id in the metadata of what is there tells.

    Args:
        begun: go on with this upload.

    Raises:
        Cancelled: in doubt where S3 may still store it, or has, and could not be asked.
    """
    attempt = _Attempt()
    try:
        if sealer.parts == 1:
            return _send_whole(store, sealer, ref, facts, report, cancel, attempt)
        return _send_in_parts(store, sealer, ref, facts, report, cancel, log, attempt, begun)
    except (AlreadyExists, Changed, NotFound, Unreachable, Cancelled) as error:
        if isinstance(error, Cancelled) and not attempt.may_be_stored:
            raise
        if isinstance(error, Changed) and not facts.etag:
            raise  # there was no condition that a lost answer could have made untrue
        found = look_for(store, ref, facts, sealer.sealed_bytes, cancel)
        if found.stored is None:
            if isinstance(error, Cancelled):
                # Also where nothing is there: what is on its way may be stored a moment later.
                error.is_in_doubt = not (attempt.is_over and found.is_known)
            raise error from None
        log.ended()
        return found.stored


@dataclass(slots=True)
class _Attempt:
    """What became of one attempt.

    Attributes:
        may_be_stored: S3 has, or may have, all that it takes to store the object.
        is_over: nothing of it that is still on its way can store anything.
    """

    may_be_stored: bool = False
    is_over: bool = False


def _send_whole(
    store: ObjectStore,
    sealer: PartSealer,
    ref: ObjectRef,
    facts: NewObject,
    report: Report,
    cancel: CancelToken,
    attempt: _Attempt,
) -> Stored:
    buffer = memoryview(bytearray(sealer.buffer_bytes))
    part = sealer.next_into(buffer)
    assert part is not None, "a file has one part at least, be it empty"
    report(Progress(0, part.plaintext, Stage.ENCRYPTING))
    attempt.may_be_stored = True
    try:
        stored = store.put(ref, buffer[: part.length], part.crc, facts, cancel)
    except Cancelled as stopped:
        attempt.is_over = not stopped.may_arrive
        raise
    report(Progress(part.plaintext, part.plaintext, Stage.ENCRYPTING))
    return stored


def _send_in_parts(
    store: ObjectStore,
    sealer: PartSealer,
    ref: ObjectRef,
    facts: NewObject,
    report: Report,
    cancel: CancelToken,
    log: UploadLog,
    attempt: _Attempt,
    begun: Begun | None,
) -> Stored:
    done = parts = 0

    def tell(part: SealedPart) -> None:
        nonlocal done, parts
        done, parts = done + part.plaintext, parts + 1
        report(Progress(done, sealer.plaintext_bytes, Stage.ENCRYPTING, parts, sealer.parts))

    def send_part(part: SealedPart, body: memoryview, cancel: CancelToken) -> PartTag:
        if begun is not None:
            begun.check(part.number, body)
            if part.number in begun.parts:
                return begun.parts[part.number]
        log.intended(part.number, body)
        until = AfterPause(cancel, _ARRIVES_S) if log.is_kept else cancel
        tag = store.part(ref, upload_id, part.number, body, part.crc, until)
        log.acknowledged(tag)
        return tag

    upload_id = begun.upload_id if begun else _begin(store, ref, facts, log)
    try:
        if begun is None:
            log.created(upload_id)
        report(Progress(0, sealer.plaintext_bytes, Stage.ENCRYPTING, 0, sealer.parts))
        tags = send_all(sealer, send_part, tell, cancel)
        cancel.check()
        log.completing(tags)
        attempt.may_be_stored = True
        stored = store.finish(ref, upload_id, tags, sealer.crc, sealer.sealed_bytes, facts)
    except BaseException as error:
        attempt.is_over = _leave(store, ref, upload_id, log, error)
        raise
    look_for(store, ref, facts, sealer.sealed_bytes, cancel)
    log.ended()
    return stored


def _leave(
    store: ObjectStore, ref: ObjectRef, upload_id: str, log: UploadLog, error: BaseException
) -> bool:
    """Abort an upload, unless it is to be gone on with when the reason of its end is over.

    Gives whether it is gone for sure; then no request of it can store anything any more.
    """
    if log.is_kept and isinstance(error, _GOES_ON):
        return False
    is_gone = store.give_up(ref, upload_id, error)
    if is_gone:
        log.ended()
    elif isinstance(error, Cancelled):
        log.abandoned()
    return is_gone


def _begin(store: ObjectStore, ref: ObjectRef, facts: NewObject, log: UploadLog) -> str:
    try:
        return store.begin(ref, facts)
    except (Unreachable, SignInNeeded):
        raise  # S3 may have begun an upload whose id is lost; the row says where to look for it
    except CseError:
        log.ended()
        raise


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at S3 gave.

    Attributes:
        stored: what this attempt sent, if that is what is there.
        is_known: whether S3 has said what is there.
    """

    stored: Stored | None
    is_known: bool


def look_for(
    store: ObjectStore, ref: ObjectRef, facts: NewObject, size: int, cancel: CancelToken
) -> Found:
    """Look whether S3 holds under the name what this attempt has sent.

    The envelope has a message id and a wrapped data key that were drawn for this attempt, so
    equal metadata mean our own object.

    Raises:
        ServiceError: it is ours, and S3 has lost or doubled a part of it.
    """
    soon = Deadline(_LOOK_WHEN_CANCELLED_S) if cancel.is_cancelled else Deadline(_LOOK_S, cancel)
    try:
        head = leave_when_cancelled(lambda: store.hasty.head(ref), soon)
    except NotFound:
        return Found(None, True)
    except (CseError, Cancelled):
        return Found(None, False)
    if any(head.metadata.get(name) != value for name, value in facts.metadata.items()):
        return Found(None, True)
    if head.size != size:
        raise stored_otherwise(str(ref), f"Bytes sent: {size}\nBytes stored: {head.size}")
    return Found(Stored(head.etag, head.version), True)
