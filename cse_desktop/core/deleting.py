"""The verb that deletes: many objects at a time, and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cse_desktop.core.arranger import MAX_KEYS_AT_A_TIME, NotDeleted
from cse_desktop.core.companions import exists
from cse_desktop.core.errors import CseError
from cse_desktop.core.instruction import instruction_file
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Progress, Report, Reporter, Stage, silent
from cse_desktop.core.session import Session


@dataclass(frozen=True, slots=True)
class Doomed:
    """An object to be deleted.

    Attributes:
        size: bytes as stored.
    """

    key: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is gone.

    Attributes:
        size: bytes as they were stored.
    """

    count: int
    size: int


def delete(
    session: Session,
    bucket: str,
    doomed: Sequence[Doomed],
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Deleted:
    """Delete objects, 1,000 with each request, and the instruction files that belong to them.

    Instruction files only where the connection reads them: elsewhere "x.instruction" is just
    somebody's file.

    Raises:
        CseError: some are still there; all others are gone. The details name them.
        Cancelled: between two requests.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    total = sum(each.size for each in doomed)
    gone = size = 0
    left: list[NotDeleted] = []
    report(Progress(0, total, Stage.DELETING))
    for start in range(0, len(doomed), MAX_KEYS_AT_A_TIME):
        batch = doomed[start : start + MAX_KEYS_AT_A_TIME]
        keys = [each.key for each in batch]
        cancel.check()
        try:
            failed = session.store.arranger.delete(bucket, keys)
            left += failed
            still_there = {each.key for each in failed}
            keys = [key for key in keys if key not in still_there]
            left += _delete_instruction_files(session, bucket, keys, cancel)
        except CseError as error:
            raise _stopped(error, gone, len(doomed)) from None
        gone += len(keys)
        size += sum(each.size for each in batch if each.key not in still_there)
        report(Progress(size, total, Stage.DELETING))
    if left:
        raise _incomplete(left, gone, len(doomed))
    return Deleted(gone, size)


def _delete_instruction_files(
    session: Session, bucket: str, keys: Sequence[str], cancel: CancelToken
) -> tuple[NotDeleted, ...]:
    policy = session.connection.policy
    if not policy.instruction_files:
        return ()
    found = []
    for key in keys:
        cancel.check()
        file = instruction_file(ObjectRef(bucket, key), policy)
        # Asked first: in a bucket with versions, deleting nothing leaves a delete marker behind.
        if not key.endswith((policy.instruction_suffix, "/")) and exists(session, file):
            found.append(file.key)
    return session.store.arranger.delete(bucket, found)


def _incomplete(left: Sequence[NotDeleted], gone: int, asked: int) -> CseError:
    """What to say when some objects are still there."""
    first = left[0].error
    if asked == 1:
        return first
    listed = "\n".join(f"{each.key}: {each.error.title}" for each in left[:1000])
    return first.reworded(
        f"{len(left):,} of {asked:,} files were not deleted",
        f"{first.title}. {first.hint} The other {gone:,} are deleted.",
        f"{first.details}\nNot deleted:\n{listed}",
    )


def _stopped(error: CseError, gone: int, asked: int) -> CseError:
    """What to say when nothing more could be deleted."""
    if not gone:
        return error
    told = f"{gone:,} of {asked:,} files were deleted before, the others are still there."
    return error.reworded(error.title, f"{told} {error.hint}")
