"""The instruction file that belongs to an object, where the connection reads such files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cse_desktop.core.errors import (
    AlreadyExists,
    CseError,
    NotFound,
    NotPermitted,
    Refused,
    Unreachable,
)
from cse_desktop.core.instruction import instruction_file
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.progress import Cancelled
from cse_desktop.core.recognition import is_marked_as_instruction_file, lacks_envelope
from cse_desktop.core.session import Session


@contextmanager
def instruction_file_copied(
    session: Session, head: Head, to: ObjectRef, *, replace: bool
) -> Iterator[None]:
    """The envelope goes first, so that no copy is ever there without it; taken back on failure."""
    policy = session.connection.policy
    if not needs_instruction_file(session, head):
        yield
        return
    target = instruction_file(to, policy)
    is_new = not exists(session, target)
    if not is_new and not replace:
        raise taken(target)
    envelope = session.store.head(instruction_file(head.ref, policy))
    session.store.arranger.copy(envelope, target, replace=replace)
    try:
        yield
    except BaseException:
        if is_new:
            with suppress(CseError):
                session.store.arranger.take_back(target)
        raise


def needs_instruction_file(session: Session, head: Head) -> bool:
    """Whether the envelope of an object is in a second one, as far as the connection reads it."""
    policy = session.connection.policy
    if not policy.instruction_files or is_marked_as_instruction_file(head.metadata):
        return False
    try:
        is_elsewhere = lacks_envelope(head.metadata)
    except Refused:
        return False
    return is_elsewhere and exists(session, instruction_file(head.ref, policy))


def delete_instruction_file(session: Session, head: Head, to: ObjectRef) -> None:
    """Delete what a move to `to` has left beside the original, which is gone already."""
    envelope = instruction_file(head.ref, session.connection.policy)
    try:
        session.store.arranger.delete_one(envelope)
    except NotFound:
        return
    except (CseError, Cancelled) as error:
        cause = Unreachable("Amazon S3 was silent") if isinstance(error, Cancelled) else error
        raise cause.reworded(
            f"“{head.ref.name}” was moved, but its instruction file was not deleted: {cause.title}",
            f"The file is now {to}. You can delete {envelope}.",
        ) from error


def check_is_free(session: Session, to: ObjectRef) -> None:
    """Look before: not every server takes a condition on a copy. The condition decides."""
    if exists(session, to):
        raise taken(to)


def exists(session: Session, ref: ObjectRef) -> bool:
    """Whether there is such an object, as far as the user may know."""
    try:
        session.store.head(ref)
    except (NotFound, NotPermitted):
        return False
    return True


def taken(ref: ObjectRef) -> AlreadyExists:
    """The error for a name that is taken."""
    return AlreadyExists(
        f"“{ref.name}” already exists",
        "Nothing was replaced. Choose another name, or replace it.",
        f"Object: {ref}",
    )
