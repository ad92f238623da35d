"""The verbs that copy and move what is stored. No content passes through here.

A copy is made by S3 itself, byte for byte and with everything beside it, so the envelope stays
whole and no key is needed. A move is a copy that was looked at, and then a deletion.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.binding import BUCKET_PAIR, KEY_PAIR
from cse_desktop.core.companions import (
    check_is_free,
    delete_instruction_file,
    instruction_file_copied,
    needs_instruction_file,
    taken,
)
from cse_desktop.core.copies import COPY_PART_BYTES, MAX_SINGLE_COPY_BYTES, make_copy
from cse_desktop.core.errors import (
    AlreadyExists,
    Changed,
    CseError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    Unreachable,
)
from cse_desktop.core.instruction import find_envelope
from cse_desktop.core.objects import Head, ObjectRef, Stored
from cse_desktop.core.progress import (
    Afterwards,
    Cancelled,
    CancelToken,
    Progress,
    Report,
    Reporter,
    Stage,
    silent,
)
from cse_desktop.core.session import Session

_TO_THE_END_S: Final = 5.0
"""So long after a cancel a move that has made its copy goes on to delete the original."""


@dataclass(frozen=True, slots=True)
class Copied:
    """An object that S3 holds a second time, or under another name.

    Attributes:
        ref: of the new one.
        size: bytes as stored.
    """

    ref: ObjectRef
    stored: Stored
    size: int


def copy(
    session: Session,
    ref: ObjectRef,
    to: ObjectRef,
    *,
    replace: bool = False,
    report: Report = silent,
    cancel: CancelToken | None = None,
    single_bytes: int = MAX_SINGLE_COPY_BYTES,
    part_bytes: int = COPY_PART_BYTES,
) -> Copied:
    """Have S3 copy an object with its envelope, and with its instruction file where it has one.

    Args:
        replace: whether an object of that name may be replaced.
        single_bytes: above this the copy is made in parts of `part_bytes`.

    Raises:
        AlreadyExists: the name is taken and `replace` is off.
        NotAllowed: the object is bound to its name, so the copy could not be opened.
        Changed: the object was replaced meanwhile.
        CseError: S3 would not.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    head = session.store.head(ref)
    return _copy(session, head, to, replace, report, cancel, (single_bytes, part_bytes))


def move(
    session: Session,
    ref: ObjectRef,
    to: ObjectRef,
    *,
    replace: bool = False,
    report: Report = silent,
    cancel: CancelToken | None = None,
    single_bytes: int = MAX_SINGLE_COPY_BYTES,
    part_bytes: int = COPY_PART_BYTES,
) -> Copied:
    """Copy an object as `copy` does, look at the copy, and only then delete the original.

    Raises:
        As `copy`; until the copy was found to be right, the original is still there. Once there
        is a copy, a cancel comes too late, and an error says what is where.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    to_the_end = session.during(Afterwards(cancel, _TO_THE_END_S), report.wait)
    session = session.during(cancel, report.wait)
    head = session.store.head(ref)
    sizes = (single_bytes, part_bytes)
    copied = _copy(session, head, to, replace, report, cancel, sizes)
    _delete_original(to_the_end, head, to)
    return copied


def _delete_original(session: Session, head: Head, to: ObjectRef) -> None:
    """The end of a move: look at the copy, then delete the original and its instruction file."""
    ref, arranger = head.ref, session.store.arranger
    try:
        if not _is_marker(head):
            _check_is_alike(head, session.store.head(to))
        has_instruction_file = needs_instruction_file(session, head)
        with suppress(NotFound):  # somebody else was faster; nothing is lost, the copy is there
            arranger.delete_one(ref, head.etag)
    except _NotAlike:
        raise
    except Changed as error:
        raise Changed(
            f"“{ref.name}” was replaced while it was moved",
            f"What was there before is now {to}; the new file is still at its old place.",
            error.details,
        ) from None
    except (CseError, Cancelled) as error:
        cause = Unreachable("Amazon S3 was silent") if isinstance(error, Cancelled) else error
        raise cause.reworded(
            f"“{ref.name}” was copied, but not deleted: {cause.title}",
            f"The file is now in both places, {ref} and {to}. Delete the one you do not want. "
            f"{cause.hint}".rstrip(),
        ) from error
    if has_instruction_file:
        delete_instruction_file(session, head, to)


def _copy(
    session: Session,
    head: Head,
    to: ObjectRef,
    replace: bool,
    report: Report,
    cancel: CancelToken,
    sizes: tuple[int, int],
) -> Copied:
    if (head.ref.bucket, head.ref.key) == (to.bucket, to.key):
        raise InvalidInput("This is the same file", "Choose another folder or another name.")
    _check_is_not_bound(session, head)
    if not replace and not _is_marker(head):
        check_is_free(session, to)
    report(Progress(0, head.size, Stage.COPYING))
    cancel.check()
    if _is_marker(head):
        return Copied(to, _make_marker(session, to), 0)
    with instruction_file_copied(session, head, to, replace=replace):
        try:
            stored = make_copy(
                session.store, head, to, replace=replace, report=report, cancel=cancel, sizes=sizes
            )
        except (Changed, NotFound):
            if replace:
                raise
            # The name was free a moment ago: what is like the original now is this copy, whose
            # answer was lost on the way.
            found = _lost_copy(session, head, to)
            if found is None:
                raise
            stored = found
    report(Progress(head.size, head.size, Stage.COPYING))
    return Copied(to, stored, head.size)


def _is_marker(head: Head) -> bool:
    """Whether this is an empty object that only makes a folder be there."""
    return head.ref.key.endswith("/") and not head.size


def _make_marker(session: Session, folder: ObjectRef) -> Stored:
    """A marker of its own: not every server can copy one, and there is nothing in it to keep."""
    with suppress(AlreadyExists):
        session.store.make_folder(folder)
    return Stored("")


def _lost_copy(session: Session, head: Head, to: ObjectRef) -> Stored | None:
    """The copy of `head` that is there although S3 denied it; None where nothing is there.

    Raises:
        AlreadyExists: something else has the name.
    """
    try:
        found = session.store.head(to)
    except NotFound:
        return None
    if not _is_alike(head, found):
        raise taken(to)
    return Stored(found.etag, found.version)


def _check_is_not_bound(session: Session, head: Head) -> None:
    """A connection that binds objects to their names could not open the copy any more."""
    if not session.connection.bind_names:
        return
    try:
        pairs = find_envelope(session.store, head, session.connection.policy).context
    except Refused:
        return
    if BUCKET_PAIR in pairs or KEY_PAIR in pairs:
        raise NotAllowed(
            "This file is bound to its name",
            "Its encryption context names its bucket and key, so under another name it could not "
            "be opened. Download it, and upload it again under the new name.",
            f"Object: {head.ref}",
        )


class _NotAlike(Changed):
    """The copy is not like the original."""


def _check_is_alike(head: Head, copied: Head) -> None:
    """Raise Changed unless the copy has the size, the envelope and the type of the original."""
    if _is_alike(head, copied):
        return
    raise _NotAlike(
        f"The copy of “{head.ref.name}” is not like the original",
        f"So the original was not deleted. Look at {copied.ref} before you use it, or delete it.",
        f"Object: {head.ref}\nSize: {head.size}\nCopy: {copied.ref}\nSize of the copy: "
        f"{copied.size}",
    )


def _is_alike(head: Head, copied: Head) -> bool:
    mine = (head.size, dict(head.metadata), head.content_type)
    return mine == (copied.size, dict(copied.metadata), copied.content_type)
