"""From files and folders to uploads: walked, named, and compared with what is there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.jobs.clashes import taken
from cse_desktop.jobs.names import numbered
from cse_desktop.jobs.plan import Clash, Side, Skipped, UploadPlan
from cse_desktop.jobs.requests import IfExists, Upload
from cse_desktop.jobs.snapshot import FailureKind
from cse_desktop.jobs.walking import LocalFile, walk

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

MAX_KEY_BYTES: Final = 1024
"""S3's limit for the name of an object in UTF-8 ("Naming Amazon S3 objects")."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Under which KMS key uploads go, as in `Upload`."""

    key_id: str
    key_label: str = ""
    context: tuple[tuple[str, str], ...] = ()


def plan_uploads(
    session: Session,
    sources: Sequence[Path],
    folder: ObjectRef,
    key: KeyUse,
    *,
    name: str = "",
    if_exists: IfExists = IfExists.FAIL,
    cancel: CancelToken | None = None,
) -> UploadPlan:
    """Walk files and folders, and find the names that are taken.

    Args:
        folder: where they go; its key is "" or ends with "/".
        name: what the only source is called there; "" for its own name.
        if_exists: of the requests without a clash, and of all until `resolve`.

    Raises:
        Cancelled: the user stopped it.
        CseError: S3 would not; a file or folder that cannot be read is skipped and listed.
    """
    cancel = cancel or CancelToken()
    named: dict[str, LocalFile] = {}
    skipped: list[Skipped] = []
    for found in walk(sources, cancel):
        placed = found if isinstance(found, Skipped) else _place(found, folder.key, name, named)
        if isinstance(placed, Skipped):
            skipped.append(placed)
    existing = taken(session, folder, list(named), cancel)
    connection, use = session.connection.name, (key.key_id, key.key_label, key.context, if_exists)
    requests = tuple(
        Upload(connection, file.path, ObjectRef(folder.bucket, object_key), file.size, *use)
        for object_key, file in named.items()
    )
    clashes = tuple(_clashes(requests, named, existing))
    return UploadPlan(requests, clashes, tuple(skipped), sum(each.size for each in requests))


def _place(file: LocalFile, prefix: str, name: str, named: dict[str, LocalFile]) -> Skipped | None:
    """Give the file its key in `named`, or the reason why it has none."""
    key = prefix + "/".join((name, *file.parts[1:]) if name else file.parts)
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        shown = os.fsencode(file.path).decode(errors="backslashreplace")
        return Skipped(shown, "its name is not valid text", FailureKind.INVALID)
    if size > MAX_KEY_BYTES:
        reason = f"its name in S3 would be longer than {MAX_KEY_BYTES:,} bytes"
        return Skipped(str(file.path), reason, FailureKind.INVALID)
    first = named.setdefault(key, file)
    if first.path != file.path:
        # "a/x" and "b/x", both dropped on one folder.
        reason = "another chosen file has the same name"
        return Skipped(str(file.path), reason, FailureKind.EXISTS)
    return None


def _clashes(
    requests: Sequence[Upload], files: dict[str, LocalFile], existing: dict[str, Entry]
) -> Iterator[Clash]:
    for index, request in enumerate(requests):
        there = existing.get(request.ref.key)
        if there is not None:
            here = files[request.ref.key]
            folder, slash, name = request.ref.key.rpartition("/")
            yield Clash(
                index,
                name,
                f"s3://{request.ref.bucket}/{folder}{slash}",
                Side(here.size, here.modified),
                Side(there.size, there.modified),
                numbered(name, 2),
            )
