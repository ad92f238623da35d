"""From files and folders of S3 to what is deleted, copied or moved: walked and counted first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cse_desktop.core.deleting import Doomed
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.jobs.clashes import taken
from cse_desktop.jobs.names import numbered
from cse_desktop.jobs.plan import ArrangePlan, Clash, Side, Skipped
from cse_desktop.jobs.requests import Copy, Delete, IfExists, Move
from cse_desktop.jobs.snapshot import FailureKind

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

MAX_KEY_BYTES: Final = 1024
"""S3's limit for the name of an object in UTF-8 ("Naming Amazon S3 objects")."""


@dataclass(frozen=True, slots=True)
class Heap:
    """All objects in and below one chosen file or folder.

    Attributes:
        entry: what was chosen.
        files: how many objects, the markers of folders left out.
        size: bytes as listed.
    """

    entry: Entry
    objects: tuple[Entry, ...]
    files: int
    size: int


def collect(
    session: Session,
    bucket: str,
    entries: Sequence[Entry],
    cancel: CancelToken | None = None,
    counted: Callable[[int], None] = lambda _: None,
) -> tuple[Heap, ...]:
    """Find all objects in and below what was chosen, page by page.

    Args:
        counted: told after each page how many files were found so far.

    Raises:
        Cancelled: between two pages.
    """
    cancel = cancel or CancelToken()
    heaps: list[Heap] = []
    found = 0
    for entry in entries:
        objects: list[Entry] = []
        files = 0
        for page in _pages(session, bucket, entry):
            cancel.check()
            objects += page
            files += sum(not each.is_folder for each in page)
            counted(found + files)
        found += files
        size = sum(each.size for each in objects)
        heaps.append(Heap(entry, tuple(objects), files, size))
    return tuple(heaps)


def deletion(connection: str, bucket: str, heaps: Sequence[Heap]) -> Delete:
    """The request that deletes what was collected; each object once."""
    doomed = {each.key: Doomed(each.key, each.size) for heap in heaps for each in heap.objects}
    rows = tuple(heap.entry.key for heap in heaps)
    size = sum(each.size for each in doomed.values())
    return Delete(connection, ObjectRef(bucket, rows[0]), rows, tuple(doomed.values()), size)


def plan_arrangement(
    session: Session,
    bucket: str,
    entries: Sequence[Entry],
    to: ObjectRef,
    *,
    is_move: bool,
    names: Mapping[str, str] | None = None,
    if_exists: IfExists = IfExists.FAIL,
    cancel: CancelToken | None = None,
) -> ArrangePlan:
    """Give every object its new name, and find the names that are taken.

    Args:
        entries: files and folders of `bucket`.
        to: the folder they go to; its key is "" or ends with "/".
        names: what an entry, by its key, is called there; its own name where it is not in it.
        if_exists: of all until `resolve`.

    Raises:
        InvalidInput: a folder into itself, or a move to where a file is already.
        Cancelled: the user stopped it.
        CseError: S3 would not.
    """
    cancel = cancel or CancelToken()
    placed: dict[str, Entry] = {}
    skipped: list[Skipped] = []
    for heap in collect(session, bucket, entries, cancel):
        name = (names or {}).get(heap.entry.key, heap.entry.name)
        new = f"{to.key}{name}/" if heap.entry.is_folder else f"{to.key}{name}"
        _check_place(ObjectRef(bucket, heap.entry.key), ObjectRef(to.bucket, new), is_move=is_move)
        skipped += _place(heap, new, placed)
    existing = taken(session, to, list(placed), cancel)
    connection, kind = session.connection.name, Move if is_move else Copy
    requests = tuple(
        kind(
            connection,
            ObjectRef(bucket, each.key),
            ObjectRef(to.bucket, key),
            each.size,
            _if_exists(each, (bucket, each.key) == (to.bucket, key), if_exists),
        )
        for key, each in placed.items()
    )
    clashes = tuple(_clashes(requests, placed, existing))
    size = sum(each.size for each in requests)
    return ArrangePlan(requests, clashes, tuple(skipped), size)


def _place(heap: Heap, new: str, placed: dict[str, Entry]) -> Iterator[Skipped]:
    """Add what is in a heap to `placed` by its new key; gives what has no place."""
    for each in heap.objects:
        key = new + each.key.removeprefix(heap.entry.key)
        if len(key.encode()) > MAX_KEY_BYTES:
            reason = f"its name would be longer than {MAX_KEY_BYTES:,} bytes"
            yield Skipped(each.key, reason, FailureKind.INVALID)
        elif placed.setdefault(key, each) is not each:
            reason = "another chosen file has the same name"
            yield Skipped(each.key, reason, FailureKind.EXISTS)


def _if_exists(entry: Entry, is_itself: bool, otherwise: IfExists) -> IfExists:
    if entry.is_folder and not entry.size:
        return IfExists.REPLACE  # two markers of one folder are one folder
    # Who copies a file into its own folder wants a second one.
    return IfExists.KEEP_BOTH if is_itself else otherwise


def _pages(session: Session, bucket: str, entry: Entry) -> Iterator[Sequence[Entry]]:
    if not entry.is_folder and entry.key:
        yield (entry,)
        return
    for page in session.store.walk(ObjectRef(bucket, entry.key)):
        yield page.entries


def _check_place(old: ObjectRef, new: ObjectRef, *, is_move: bool) -> None:
    if old.key.endswith("/") and old.bucket == new.bucket and new.key.startswith(old.key):
        if new.key != old.key or is_move:
            raise InvalidInput(
                f"“{old.name}” can't go into itself", "Choose a folder outside of it."
            )
        raise InvalidInput(
            f"“{old.name}” is in this folder already", "Choose another folder for the copy."
        )
    if old == new and is_move:
        raise InvalidInput(f"“{old.name}” is there already", "Choose another folder or name.")


def _clashes(
    requests: Sequence[Copy | Move], placed: dict[str, Entry], existing: dict[str, Entry]
) -> Iterator[Clash]:
    for index, request in enumerate(requests):
        there = existing.get(request.to.key)
        is_itself = (request.ref.bucket, request.ref.key) == (request.to.bucket, request.to.key)
        if there is None or is_itself or there.is_folder:
            continue
        here = placed[request.to.key]
        folder, slash, name = request.to.key.rpartition("/")
        yield Clash(
            index,
            name,
            f"s3://{request.to.bucket}/{folder}{slash}",
            Side(here.size, here.modified),
            Side(there.size, there.modified),
            numbered(name, 2),
        )
