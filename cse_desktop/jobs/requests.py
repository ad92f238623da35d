"""What can be asked of the queue: data, and one line that calls the verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cse_desktop.core import copying, deleting, transfer
from cse_desktop.core.errors import AlreadyExists, NotFound, NotPermitted
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Report
from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.folders import open_folders
from cse_desktop.jobs.names import numbered
from cse_desktop.jobs.outcome import Outcome

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

MAX_NUMBER: Final = 1000
"""Where the search for a free name ends: "report (1000).pdf"."""

WORTH_ASKING_BYTES: Final = 8 * 2**20
"""Above this, one request that asks whether the name is taken costs less than a refused upload."""


class IfExists(Enum):
    """What happens when the name is taken. The value is its spelling on the command line.

    ASK holds the job until somebody has decided; there it fails.
    """

    FAIL = "fail"
    ASK = "ask"
    SKIP = "skip"
    REPLACE = "replace"
    KEEP_BOTH = "keep-both"


@dataclass(frozen=True, slots=True)
class Upload:
    """Encrypt a file and store it.

    Attributes:
        connection: name of the connection.
        size: bytes of plaintext when it was planned.
        key_id: KMS key ARN, id or alias.
        key_label: the key as the user knows it.
        context: the user's encryption context, order kept.
    """

    connection: str
    source: Path
    ref: ObjectRef
    size: int
    key_id: str
    key_label: str = ""
    context: tuple[tuple[str, str], ...] = ()
    if_exists: IfExists = IfExists.FAIL

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Upload under this name, or under the next free one where both are to be kept."""

        def store(number: int) -> Outcome:
            ref = replace(self.ref, key=_numbered_key(self.ref.key, number))
            is_replacing = self.if_exists is IfExists.REPLACE
            is_begun = session.records.uploads.knows(session.place, ref)
            is_worth_asking = self.size > WORTH_ASKING_BYTES and not (is_replacing or is_begun)
            if is_worth_asking and _is_stored(session, ref):
                raise AlreadyExists(f"“{ref.name}” is already there", _EXISTS_HINT, str(ref))
            stored = transfer.upload(
                session,
                self.source,
                ref,
                self.key_id,
                dict(self.context),
                replace=is_replacing,
                report=report,
                cancel=cancel,
            )
            return Outcome(f"Stored as {ref.name}" if number > 1 else "", result=stored)

        return _settle(self.if_exists, store)


@dataclass(frozen=True, slots=True)
class Download:
    """Fetch, verify, decrypt and save an object.

    Attributes:
        size: bytes as listed, so of ciphertext.
        folder: what the user chose, above the target: folders in between are made, and none of
            them may be a link. None when the target's folder is the chosen one.
    """

    connection: str
    ref: ObjectRef
    target: Path
    size: int
    if_exists: IfExists = IfExists.FAIL
    folder: Path | None = None

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Download to this name, or to the next free one where both are to be kept."""

        def save(number: int) -> Outcome:
            target = _numbered_path(self.target, number)
            is_replacing = self.if_exists is IfExists.REPLACE
            with open_folders(self.folder or target.parent, target.parent) as folder:
                saved = transfer.download(
                    session,
                    self.ref,
                    target,
                    replace=is_replacing,
                    folder=folder,
                    report=report,
                    cancel=cancel,
                )
            return Outcome(f"Saved as {target.name}" if number > 1 else "", result=saved)

        return _settle(self.if_exists, save)


@dataclass(frozen=True, slots=True)
class Verify:
    """Fetch and verify an object without saving it."""

    connection: str
    ref: ObjectRef
    size: int

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Verify the object from its first to its last byte."""
        return Outcome(result=transfer.verify(session, self.ref, report=report, cancel=cancel))


@dataclass(frozen=True, slots=True)
class Copy:
    """Have S3 copy an object; its envelope goes along.

    Attributes:
        to: the new object.
        size: bytes as listed.
    """

    connection: str
    ref: ObjectRef
    to: ObjectRef
    size: int
    if_exists: IfExists = IfExists.FAIL

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Copy to this name, or to the next free one where both are to be kept."""
        return _arrange(self, copying.copy, session, report, cancel)


@dataclass(frozen=True, slots=True)
class Move:
    """Give an object another name or place; attributes as of Copy."""

    connection: str
    ref: ObjectRef
    to: ObjectRef
    size: int
    if_exists: IfExists = IfExists.FAIL

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Move to this name, or to the next free one where both are to be kept."""
        return _arrange(self, copying.move, session, report, cancel)


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete objects of one bucket.

    Attributes:
        ref: what the user pointed at: the first of `rows`.
        rows: keys of the files and folders that the user chose.
        doomed: all objects in and below them.
        size: bytes of all of them, as listed.
    """

    connection: str
    ref: ObjectRef
    rows: tuple[str, ...]
    doomed: tuple[deleting.Doomed, ...]
    size: int

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Delete all, 1,000 with each request."""
        gone = deleting.delete(session, self.ref.bucket, self.doomed, report=report, cancel=cancel)
        return Outcome(result=gone)


Request = (
    Upload | Download | Verify | Copy | Move | Delete | Restore | Change | FetchCopy | SaveBack
)

_EXISTS_HINT: Final = "Choose to replace it, to keep both or to skip it."


def _arrange(
    request: Copy | Move,
    verb: Callable[..., copying.Copied],
    session: Session,
    report: Report,
    cancel: CancelToken,
) -> Outcome:
    def put(number: int) -> Outcome:
        to = replace(request.to, key=_numbered_key(request.to.key, number))
        is_replacing = request.if_exists is IfExists.REPLACE
        if to == request.ref and request.if_exists is IfExists.KEEP_BOTH:
            raise AlreadyExists(f"“{to.name}” is already there", _EXISTS_HINT, str(to))
        copied = verb(session, request.ref, to, replace=is_replacing, report=report, cancel=cancel)
        return Outcome(f"Stored as {to.name}" if number > 1 else "", result=copied)

    return _settle(request.if_exists, put)


def _settle(if_exists: IfExists, attempt: Callable[[int], Outcome]) -> Outcome:
    """Do `attempt` once, or with rising numbers until a name is free.

    The name is taken by a conditional request or a rename without replacing, so two writers that
    try the same name at the same time never overwrite each other.
    """
    for number in range(1, MAX_NUMBER):
        try:
            return attempt(number)
        except AlreadyExists:
            if if_exists is IfExists.SKIP:
                return Outcome("The name is taken", is_skipped=True)
            if if_exists is not IfExists.KEEP_BOTH:
                raise
    return attempt(MAX_NUMBER)


def _is_stored(session: Session, ref: ObjectRef) -> bool:
    """Whether the name is taken, asked before gigabytes are sent; the upload itself decides.

    Who may write but not read is not told, and learns it at the end of the upload.
    """
    try:
        session.store.head(ref)
    except (NotFound, NotPermitted):
        return False
    return True


def _numbered_key(key: str, number: int) -> str:
    folder, slash, name = key.rpartition("/")
    return key if number == 1 else folder + slash + numbered(name, number)


def _numbered_path(path: Path, number: int) -> Path:
    return path if number == 1 else path.with_name(numbered(path.name, number))
