"""Going on with an upload that an earlier run has begun, or giving it up.

One data key and one message id are for one plaintext. So an upload is gone on with only when all
that may have left the program comes out of the file again, byte for byte; and in any doubt a new
data key is drawn, which costs one call and the sending. The other mistake would cost the plaintext.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cse_desktop.core.cipher import Sealer
from cse_desktop.core.envelope import Envelope
from cse_desktop.core.errors import (
    Changed,
    CseError,
    KeyUnusable,
    NotFound,
    NotPermitted,
    Refused,
    UploadGone,
)
from cse_desktop.core.keys import OpenedKey
from cse_desktop.core.multipart import PART_BYTES, PartSealer
from cse_desktop.core.objects import NewObject, ObjectRef, PartTag, Stored, StoredPart
from cse_desktop.core.parsing import from_metadata
from cse_desktop.core.progress import Cancelled, CancelToken, Paused, Progress, Reporter
from cse_desktop.core.record import Intent, Left, Order, UploadRow
from cse_desktop.core.sending import Begun, look_for, send
from cse_desktop.core.session import Session
from cse_desktop.core.source import SourceFile
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.upload_log import RowKey, UploadLog
from cse_desktop.core.uploads import checksum_text

_CLOCKS_DIFFER: Final = timedelta(minutes=1)
_BEGUN_WITHIN: Final = timedelta(minutes=3)
"""So long after its row was written S3 may have begun an upload whose id was never learnt."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """An upload that was ended by this run."""

    stored: Stored
    envelope: Envelope
    key_arn: str


def order_of(
    session: Session, file: SourceFile, ref: ObjectRef, key_id: str, pairs: Mapping[str, str]
) -> Order:
    """All that an upload is asked to be.

    Args:
        pairs: of the encryption context, without reserved names.
    """
    return Order(
        session.place,
        ref,
        os.path.abspath(file.path),
        file.identity,
        key_id,
        tuple(pairs.items()),
        session.connection.write_format.value,
        PART_BYTES,
    )


def go_on(
    session: Session,
    file: SourceFile,
    order: Order,
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
) -> Resumed | None:
    """Go on with an earlier upload of the same file, if there is one; take all others back."""
    resumed: Resumed | None = None
    for row in session.records.uploads.earlier(order):
        try:
            if resumed is None:
                resumed = _resume(session, file, order, replace, report, cancel, row)
                file.rewind()
            if resumed is None:
                give_up(session.store, row)
        except Paused:
            raise
        except (Changed, Cancelled):
            give_up(session.store, row)
            raise
        finally:
            row.released()
    return resumed


def _resume(
    session: Session,
    file: SourceFile,
    order: Order,
    replace: bool,
    report: Reporter,
    cancel: CancelToken,
    row: UploadRow,
) -> Resumed | None:
    """Go on with the upload of `row`; None when there is any doubt that it may be.

    Raises:
        CseError: KMS, S3 or the network would not, or the file changed; the row says what is open.
    """
    left = row.left()
    found = _open(session, order, left)
    if found is None:
        return None
    envelope, opened = found
    facts = NewObject(dict(left.metadata), replace)
    sealer = PartSealer(file, Sealer(opened.content), cancel)
    stored = look_for(session.store, order.ref, facts, sealer.sealed_bytes, cancel).stored
    if stored is not None:
        # The last answer was lost. An upload of that name that is open still is not needed.
        give_up(session.store, row)
        return Resumed(stored, envelope, opened.key_arn)
    report(Progress(0, file.size))
    checked = _recompute(sealer, left.intents)
    begun = _compare(session.store, left, checked)
    if begun is None:
        return None
    file.rewind()
    report.resume(min(file.size, len(begun.parts) * order.part_bytes))
    sealer = PartSealer(file, Sealer(opened.content), cancel)
    log = UploadLog(row, opened.content)
    try:
        stored = send(session.store, sealer, order.ref, facts, report, cancel, log, begun)
    except UploadGone:
        return None
    return Resumed(stored, envelope, opened.key_arn)


def give_up(store: ObjectStore, row: UploadRow) -> bool:
    """Abort what is open of an earlier upload; gives whether nothing is left of it.

    Where S3 never told the id, uploads of that name are looked for that were begun just after the
    row was written and that have no part.
    """
    left = row.left()
    try:
        if left.upload_id:
            _abort(store, left, left.upload_id)
        else:
            for upload_id in _orphans(store, left):
                _abort(store, left, upload_id)
    except CseError:
        return False
    row.ended()
    return True


def _open(session: Session, order: Order, left: Left) -> tuple[Envelope, OpenedKey] | None:
    """The data key of a row, from KMS, under the key that the user names now."""
    if left.order != order.text or not (left.upload_id and left.is_fresh):
        return None
    try:
        envelope = from_metadata(left.metadata)
        opened = session.keys.only(order.key_id).open(envelope)
    except (Refused, KeyUnusable, NotPermitted, NotFound):
        return None
    is_ours = opened.key_arn == left.key_arn and RowKey(opened.content).holds(left)
    return (envelope, opened) if is_ours else None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A part that came out of the file as it was sent."""

    tag: PartTag
    length: int
    md5: str


def _recompute(sealer: PartSealer, intents: Sequence[Intent]) -> Mapping[int, _Checked] | None:
    """Seal again all that may have been sent; None when anything comes out otherwise.

    All of it, before a byte of what was never sent goes out under the same key.
    """
    wanted = {intent.number: intent for intent in intents}
    buffer = memoryview(bytearray(sealer.buffer_bytes))
    checked: dict[int, _Checked] = {}
    for _ in range(max(wanted, default=0)):
        part = sealer.next_into(buffer)
        if part is None:
            return None
        intent = wanted.get(part.number)
        if intent is None:
            continue
        body = buffer[: part.length]
        digest = hashlib.sha256(body).digest()
        if intent.length != part.length or not hmac.compare_digest(digest, intent.digest):
            return None
        md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
        tag = PartTag(part.number, intent.etag, checksum_text(part.crc))
        checked[part.number] = _Checked(tag, part.length, md5)
    return checked


def _compare(
    store: ObjectStore, left: Left, checked: Mapping[int, _Checked] | None
) -> Begun | None:
    """Which parts S3 has; None when it has any that this program has not sent."""
    if checked is None:
        return None
    try:
        listed = store.parts(left.ref, left.upload_id)
    except (NotFound, NotPermitted):
        return None
    have: dict[int, PartTag] = {}
    for part in listed:
        ours = checked.get(part.number)
        if ours is None or ours.length != part.size:
            return None
        if _is_same(part, ours):
            have[part.number] = PartTag(part.number, part.etag, ours.tag.checksum)
    digests = {intent.number: intent.digest for intent in left.intents}
    return Begun(left.upload_id, have, digests)


def _is_same(part: StoredPart, ours: _Checked) -> bool:
    """Whether a listed part is what was sent; one that may not be is sent again, the same bytes.

    A bucket that encrypts with a key of KMS has other ETags than the MD5, but it has checksums.
    """
    if part.checksum:
        return part.checksum == ours.tag.checksum
    return part.etag in (ours.tag.etag, ours.md5)


def _abort(store: ObjectStore, left: Left, upload_id: str) -> None:
    try:
        store.abort(left.ref, upload_id)
    except NotFound:
        return


def _orphans(store: ObjectStore, left: Left) -> list[str]:
    begun = datetime.fromtimestamp(left.begun, UTC)
    first, last = begun - _CLOCKS_DIFFER, begun + _BEGUN_WITHIN
    return [
        upload.upload_id
        for upload in store.open_uploads(left.ref)
        if upload.ref.key == left.ref.key
        and first <= upload.begun <= last
        and not store.parts(left.ref, upload.upload_id)
    ]
