"""The way down: envelope, key, tag, and only then plaintext."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cse_desktop.core.cipher import ContentKey, Opener
from cse_desktop.core.envelope import TAG_BYTES, Envelope, from_metadata, plaintext_size
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.progress import CancelToken, Progress, Report, Stage
from cse_desktop.core.ranges import RANGE_BYTES, fetch_all, fetch_into
from cse_desktop.core.session import Session
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.target import NewFile, Spool

_PIECE_BYTES = 1024 * 1024
"""Decrypted at a time. The cipher may hold the interpreter lock for so long (0.1 ms)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An object whose data key KMS has opened.

    Attributes:
        size: bytes of plaintext.
        key_arn: the KMS key that wraps its data key.
    """

    head: Head
    envelope: Envelope
    size: int
    key_arn: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a verb needs to read an object; lives for one verb."""

    opened: Opened
    key: ContentKey

    @property
    def size(self) -> int:
        """Bytes of plaintext."""
        return self.opened.size


def open_object(session: Session, ref: ObjectRef) -> Reading:
    """Read the envelope, hold it against the policy, and have KMS open the data key.

    No body is fetched before all of that has succeeded.
    """
    head = session.store.head(ref)
    envelope = session.connection.policy.admit(from_metadata(head.metadata))
    size = plaintext_size(envelope, head.size)
    opened = session.keys.open(envelope)
    return Reading(Opened(head, envelope, size, opened.key_arn), opened.content)


def read_small(
    store: ObjectStore, reading: Reading, report: Report, cancel: CancelToken
) -> memoryview:
    """The verified plaintext of an object that fits into memory."""
    head = reading.opened.head
    report(Progress(0, reading.size, Stage.DOWNLOADING))
    data = memoryview(bytearray(head.size))
    for start in range(0, head.size, RANGE_BYTES):
        fetch_into(store, head, start, data[start : start + RANGE_BYTES], cancel)
        report(Progress(min(start + RANGE_BYTES, reading.size), reading.size, Stage.DOWNLOADING))
    opener = Opener(reading.key)
    for start in range(0, reading.size, _PIECE_BYTES):
        piece = data[start : min(start + _PIECE_BYTES, reading.size)]
        opener.update_into(piece, piece)
    opener.finish(bytes(data[reading.size :]))
    return data[: reading.size]


def check_tag(
    store: ObjectStore,
    reading: Reading,
    report: Report,
    cancel: CancelToken,
    keep: Callable[[int, memoryview], None] | None = None,
) -> None:
    """Fetch the whole object and check its tag; raises Tampered when it does not match.

    What is decrypted on the way is overwritten at once.

    Args:
        keep: is given the ciphertext, offset and bytes, in order.
    """
    opener = Opener(reading.key)
    scratch = memoryview(bytearray(_PIECE_BYTES))
    tag = bytearray()
    head = reading.opened.head
    parts = -(-head.size // RANGE_BYTES)

    def consume(first: int, data: memoryview) -> None:
        if keep is not None:
            keep(first, data)
        body = data[: max(0, reading.size - first)]
        for start in range(0, len(body), _PIECE_BYTES):
            piece = body[start : start + _PIECE_BYTES]
            opener.update_into(piece, scratch)
        tag.extend(data[len(body) :])
        done = min(first + len(data), reading.size)
        report(Progress(done, reading.size, Stage.DOWNLOADING, first // RANGE_BYTES + 1, parts))

    report(Progress(0, reading.size, Stage.DOWNLOADING, 0, parts))
    fetch_all(store, head, consume, cancel)
    report(Progress(reading.size, reading.size, Stage.VERIFYING, parts, parts))
    opener.finish(bytes(tag))


def decrypt_spool(
    reading: Reading, spool: Spool, file: NewFile, report: Report, cancel: CancelToken
) -> None:
    """Decrypt ciphertext whose tag was found right into `file`.

    The tag is checked once more over what the disk gave back, so a disk that lies is noticed
    before the file gets its name.
    """
    report(Progress(reading.size, reading.size, Stage.SAVING))
    opener = Opener(reading.key)
    buffer = memoryview(bytearray(_PIECE_BYTES))
    for start in range(0, reading.size, _PIECE_BYTES):
        cancel.check()
        piece = buffer[: min(_PIECE_BYTES, reading.size - start)]
        spool.read_at(start, piece)
        opener.update_into(piece, piece)
        file.write(piece)
    tag = memoryview(bytearray(TAG_BYTES))
    spool.read_at(reading.size, tag)
    opener.finish(bytes(tag))
