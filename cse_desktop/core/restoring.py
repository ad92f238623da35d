"""The verb that brings an earlier version, or a deleted object, back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from itertools import takewhile

from cse_desktop.core.companions import exists, needs_instruction_file
from cse_desktop.core.copies import SIZES, make_copy
from cse_desktop.core.errors import InvalidInput, NotAllowed, NotFound
from cse_desktop.core.instruction import instruction_file
from cse_desktop.core.objects import ObjectRef, Version
from cse_desktop.core.progress import (
    CancelToken,
    Progress,
    Report,
    Reporter,
    Stage,
    silent,
)
from cse_desktop.core.session import Session


class Means(Enum):
    """How a version came back."""

    NOTHING = "it was the newest already"
    UNDELETED = "its delete marker was removed"
    COPIED = "it was copied over the newest"


@dataclass(frozen=True, slots=True)
class Restored:
    """An object that is what it was.

    Attributes:
        ref: of what is the newest version now.
        size: bytes as stored.
    """

    ref: ObjectRef
    means: Means
    size: int


def restore(
    session: Session,
    ref: ObjectRef,
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
    sizes: tuple[int, int] = SIZES,
) -> Restored:
    """Make one version of an object the newest, envelope and all; nothing earlier is lost.

    Where only delete markers lie above it they are removed, and the object is the same as before.
    Otherwise S3 copies the version over what is newest now.

    Args:
        ref: without a version: what was there before the object was deleted.

    Raises:
        InvalidInput: a delete marker cannot be restored.
        NotFound: there is no such version.
        NotAllowed: the copy would take the place of the newest version for good.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    versions = tuple(session.store.versions.of(ref))
    wanted = _wanted(versions, ref)
    markers = tuple(takewhile(lambda each: each.is_marker, versions))
    report(Progress(0, wanted.size, Stage.COPYING))
    cancel.check()
    if wanted is versions[0]:
        means = Means.NOTHING
    elif wanted is versions[len(markers)] and markers:
        _remove(session, markers)
        _bring_instruction_file_back(session, wanted.ref)
        means = Means.UNDELETED
    else:
        wanted = replace(
            wanted, ref=_copy_over(session, wanted, versions[0], report, cancel, sizes)
        )
        means = Means.COPIED
    report(Progress(wanted.size, wanted.size, Stage.COPYING))
    return Restored(wanted.ref, means, wanted.size)


def _wanted(versions: tuple[Version, ...], ref: ObjectRef) -> Version:
    contents = [each for each in versions if not each.is_marker]
    if not ref.version and contents:
        return contents[0]
    found = next((each for each in versions if each.ref.version == ref.version), None)
    if found is None:
        raise NotFound(
            "This version is gone",
            "It was deleted, or a rule of the bucket has removed it. Choose another version.",
            f"Object: {ref}\nVersion: {ref.version}",
        )
    if found.is_marker:
        raise InvalidInput(
            "A delete marker has no content", "Restore the version below it instead."
        )
    return found


def _remove(session: Session, markers: tuple[Version, ...]) -> None:
    # From the oldest: should one fail, the object is still deleted, as it was before.
    for marker in reversed(markers):
        session.store.versions.delete(marker.ref)


def _bring_instruction_file_back(session: Session, ref: ObjectRef) -> None:
    """The envelope in a second object was deleted with the first one, where we deleted it."""
    policy = session.connection.policy
    if not policy.instruction_files or needs_instruction_file(session, session.store.head(ref)):
        return
    file = instruction_file(ref, policy)
    if exists(session, file):
        return
    markers = tuple(takewhile(lambda each: each.is_marker, session.store.versions.of(file)))
    _remove(session, markers)


def _copy_over(
    session: Session,
    wanted: Version,
    newest: Version,
    report: Report,
    cancel: CancelToken,
    sizes: tuple[int, int],
) -> ObjectRef:
    ref = wanted.ref
    if newest.ref.version == "null" and not session.store.arranger.is_versioned(ref.bucket):
        raise NotAllowed(
            "Restoring would delete the newest version for good",
            "Versioning is suspended in this bucket, so the copy would take its place. Turn "
            "versioning on, or download the version you want.",
            f"Object: {ref}",
        )
    head = session.store.head(ref)
    to = replace(ref, version="")
    stored = make_copy(
        session.store, head, to, replace=True, report=report, cancel=cancel, sizes=sizes
    )
    return replace(ref, version=stored.version)
