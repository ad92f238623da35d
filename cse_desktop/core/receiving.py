"""The way down: envelope, key, tag, and only then plaintext."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cse_desktop.core.binding import names_of
from cse_desktop.core.cbc import opener_of
from cse_desktop.core.cipher import ContentKey
from cse_desktop.core.envelope import TAG_BYTES, Envelope, plaintext_size
from cse_desktop.core.errors import NotEncrypted
from cse_desktop.core.instruction import find_envelope
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.peeking import named_by_content
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
        size: bytes of plaintext; of AES-CBC known, and so right, once a verb has succeeded.
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
        """Bytes of ciphertext before the last 16, which are the tag, or the last block of AES-CBC.

        As many are the bytes of plaintext; in AES-CBC up to 15 more are in that block.
        """
        return self.opened.head.size - TAG_BYTES

    def opened_with(self, size: int) -> Opened:
        """The facts, now that the size of the plaintext is known."""
        return replace(self.opened, size=size)


def open_object(session: Session, ref: ObjectRef) -> Reading:
    """Read the envelope, hold it against the policy, and have KMS open the data key.

    All that can be refused is refused before KMS is asked, and no content is fetched before it
    has answered. Only of an object without envelope the first bytes are looked at, so that the
    files of other programs are called by their names.
    """
    connection = session.connection
    head = session.store.head(ref)
    try:
        found = find_envelope(session.store, head, connection.policy)
    except NotEncrypted as error:
        raise named_by_content(session.store, head, error) from None
    names = names_of(ref) if connection.bind_names else None
    envelope = connection.policy.admit(found, names)
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
    opener = opener_of(reading.key)
    for start in range(0, reading.size, _PIECE_BYTES):
        piece = data[start : min(start + _PIECE_BYTES, reading.size)]
        opener.update_into(piece, piece)
    rest = opener.finish(bytes(data[reading.size :]))
    size = reading.size + len(rest)
    data[reading.size : size] = rest
    return data[:size]


@dataclass(frozen=True, slots=True)
class Begun:
    """The first bytes of an object, fetched earlier.

    Attributes:
        read: fills a buffer from an offset.
        size: a multiple of RANGE_BYTES.
    """

    read: Callable[[int, memoryview], None]
    size: int


def check_tag(
    store: ObjectStore,
    reading: Reading,
    report: Report,
    cancel: CancelToken,
    keep: Callable[[int, memoryview], None] | None = None,
    begun: Begun | None = None,
    decrypted: Callable[[memoryview], None] | None = None,
) -> int:
    """Fetch the whole object and check its tag, or its padding; gives the bytes of plaintext.

    What is decrypted on the way is overwritten at once, unless somebody asks for it.

    Raises:
        Tampered: it does not match.

    Args:
        keep: is given the ciphertext, offset and bytes, in order.
        begun: what is here already; it is checked as well, and neither fetched nor kept.
        decrypted: is given what nobody may see before this returns, in order.
    """
    opener = opener_of(reading.key)
    scratch = memoryview(bytearray(0 if decrypted else _PIECE_BYTES))
    tag = bytearray()
    head = reading.opened.head
    parts = -(-head.size // RANGE_BYTES)

    def check(first: int, data: memoryview) -> None:
        body = data[: max(0, reading.size - first)]
        for start in range(0, len(body), _PIECE_BYTES):
            piece = body[start : start + _PIECE_BYTES]
            if decrypted is None:
                opener.update_into(piece, scratch)
            else:
                opener.update_into(piece, piece)
                decrypted(piece)
        tag.extend(data[len(body) :])

    def consume(first: int, data: memoryview) -> None:
        if keep is not None:
            keep(first, data)
        check(first, data)
        done = min(first + len(data), reading.size)
        report(Progress(done, reading.size, Stage.DOWNLOADING, first // RANGE_BYTES + 1, parts))

    done = 0
    if begun is not None:
        done = begun.size
        _check_begun(begun, check, cancel)
    report(Progress(done, reading.size, Stage.DOWNLOADING, done // RANGE_BYTES, parts))
    fetch_all(store, head, consume, cancel, begun=done)
    report(Progress(reading.size, reading.size, Stage.VERIFYING, parts, parts))
    return reading.size + len(opener.finish(bytes(tag)))


def _check_begun(
    begun: Begun, check: Callable[[int, memoryview], None], cancel: CancelToken
) -> None:
    buffer = memoryview(bytearray(_PIECE_BYTES))
    for first in range(0, begun.size, _PIECE_BYTES):
        cancel.check()
        piece = buffer[: min(_PIECE_BYTES, begun.size - first)]
        begun.read(first, piece)
        check(first, piece)


def decrypt_spool(
    reading: Reading, spool: Spool, file: NewFile, report: Report, cancel: CancelToken
) -> None:
    """Decrypt ciphertext whose tag was found right into `file`.

    The tag is checked once more over what the disk gave back, so a disk that lies is noticed
    before the file gets its name.
    """
    report(Progress(reading.size, reading.size, Stage.SAVING))
    opener = opener_of(reading.key)
    buffer = memoryview(bytearray(_PIECE_BYTES))
    for start in range(0, reading.size, _PIECE_BYTES):
        cancel.check()
        piece = buffer[: min(_PIECE_BYTES, reading.size - start)]
        spool.read_at(start, piece)
        opener.update_into(piece, piece)
        file.write(piece)
    tag = memoryview(bytearray(TAG_BYTES))
    spool.read_at(reading.size, tag)
    file.write(memoryview(opener.finish(bytes(tag))))
