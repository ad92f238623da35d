"""From rows of a listing to downloads: folders expanded, every object given a path of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cse_desktop.core.objects import MARKER_BYTES, Entry, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.jobs.folders import make_folders, obstacle_at
from cse_desktop.jobs.names import RefusedName, Rules, assign, numbered, rules_here, safe_parts
from cse_desktop.jobs.plan import Clash, DownloadPlan, Side, Skipped
from cse_desktop.jobs.requests import Download, IfExists
from cse_desktop.jobs.room import missing_bytes
from cse_desktop.jobs.snapshot import FailureKind

if TYPE_CHECKING:
    from cse_desktop.core.session import Session

Parts = tuple[str, ...]

_NAMED_LIKE_FOLDER: Final = "it is named like a folder but has content"


def plan_downloads(
    session: Session,
    bucket: str,
    entries: Sequence[Entry],
    target: Path,
    *,
    base: str | None = None,
    if_exists: IfExists = IfExists.FAIL,
    rules: Rules | None = None,
    cancel: CancelToken | None = None,
) -> DownloadPlan:
    """Expand folders, and give every object a path of its own inside `target`.

    Args:
        entries: rows of a listing; folders are expanded with all below them.
        base: the beginning of the keys that is left out of the paths; None leaves out the folder
            of each entry.
        if_exists: of the requests without a clash, and of all until `resolve`.
        rules: what a file may be called; None for this computer's.

    Raises:
        Cancelled: the user stopped it.
        CseError: S3 would not.
    """
    rules = rules or rules_here()
    found = _Found()
    for entry, relative in _expanded(session, bucket, entries, base, cancel or CancelToken()):
        found.add(entry, relative, rules)
    placed = list(_saved_inside(found, target, rules))
    connection = session.connection.name
    requests = tuple(
        Download(connection, ObjectRef(bucket, entry.key), path, entry.size, if_exists, target)
        for entry, path in placed
    )
    clashes = [
        clash
        for index, (entry, _) in enumerate(placed)
        for clash in local_clash(index, requests[index], entry)
    ]
    total = sum(request.size for request in requests)
    folders = tuple(target.joinpath(*parts) for parts in found.folders)
    renamed = tuple(_renamed(placed, target))
    missing = missing_bytes(target, [request.size for request in requests])
    return DownloadPlan(
        requests, tuple(clashes), tuple(found.skipped), total, folders, renamed, missing
    )


def plan_download(
    session: Session,
    bucket: str,
    entry: Entry,
    target: Path,
    *,
    if_exists: IfExists = IfExists.FAIL,
) -> DownloadPlan:
    """Save one object under a name that the user gave, taken as it is."""
    ref = ObjectRef(bucket, entry.key)
    request = Download(session.connection.name, ref, target, entry.size, if_exists)
    return DownloadPlan((request,), tuple(local_clash(0, request, entry)), total_bytes=entry.size)


def create_folders(plan: DownloadPlan, target: Path) -> None:
    """Make the folders that were objects of their own.

    Raises:
        LocalDisk: one cannot be made.
    """
    for folder in plan.folders:
        make_folders(target, folder)


@dataclass(slots=True)
class _Found:
    """Objects met so far, sorted into what becomes of them."""

    files: dict[str, tuple[Entry, Parts]] = field(default_factory=dict)
    folders: list[Parts] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, entry: Entry, relative: str, rules: Rules) -> None:
        """Sort in one object; the second time it is met says nothing new."""
        if entry.key in self.files:
            return
        if relative in ("", "/"):
            if entry.size > MARKER_BYTES:
                self.skipped.append(Skipped(entry.key, _NAMED_LIKE_FOLDER, FailureKind.REFUSED))
            return
        parts = safe_parts(relative, rules)
        if isinstance(parts, RefusedName):
            self.skipped.append(Skipped(entry.key, parts.reason, FailureKind.REFUSED))
        elif not entry.is_folder:
            self.files[entry.key] = (entry, parts)
        elif entry.size > MARKER_BYTES:
            self.skipped.append(Skipped(entry.key, _NAMED_LIKE_FOLDER, FailureKind.REFUSED))
        else:
            self.folders.append(parts)

    def placed(self) -> Iterator[tuple[Entry, Parts]]:
        """Every file with the parts it gets among the others."""
        given = assign((parts for _, parts in self.files.values()), self.folders)
        return zip((entry for entry, _ in self.files.values()), given, strict=True)


def _expanded(
    session: Session, bucket: str, entries: Sequence[Entry], base: str | None, cancel: CancelToken
) -> Iterator[tuple[Entry, str]]:
    """Objects below the entries, each with the key that its path is made of."""
    for entry in entries:
        cancel.check()
        folder, slash, _ = entry.key.rstrip("/").rpartition("/")
        left_out = folder + slash if base is None else base
        if entry.key and not entry.is_folder:
            yield entry, entry.key.removeprefix(left_out)
            continue
        for page in session.store.walk(ObjectRef(bucket, entry.key)):
            cancel.check()
            for each in page.entries:
                yield each, each.key.removeprefix(left_out)


def _saved_inside(found: _Found, target: Path, rules: Rules) -> Iterator[tuple[Entry, Path]]:
    """Every file with its path; what may not be saved there is added to `found.skipped`."""
    ways: dict[Path, str] = {}
    for entry, parts in found.placed():
        path = target.joinpath(*parts)
        if refusal := _refusal(path, target, rules, ways):
            found.skipped.append(Skipped(entry.key, refusal, FailureKind.REFUSED))
        else:
            yield entry, path


def _renamed(placed: Sequence[tuple[Entry, Path]], target: Path) -> Iterator[tuple[str, str]]:
    for entry, path in placed:
        relative = "/".join(path.relative_to(target).parts)
        if not f"/{entry.key}".endswith("/" + relative):
            yield entry.key, relative


def _refusal(path: Path, target: Path, rules: Rules, ways: dict[Path, str]) -> str:
    """Why nothing may be saved there, or ""; `ways` remembers folders that were looked at."""
    if rules.length(str(path)) > rules.max_path:
        return "its path is too long for this computer"
    way = target
    for part in path.relative_to(target).parts[:-1]:
        way = way / part
        if way not in ways:
            ways[way] = obstacle_at(way)
        if ways[way]:
            return f"“{way.name}” is {ways[way]} on this computer, not a folder"
    return ""


def local_clash(index: int, request: Download, entry: Entry) -> Iterator[Clash]:
    """What has the name of a download, if anything has."""
    target = request.target
    try:
        facts = target.lstat()
    except OSError:
        return
    number = 2
    while os.path.lexists(target.with_name(numbered(target.name, number))):
        number += 1
    yield Clash(
        index,
        target.name,
        f"{target.parent}{os.sep}",
        Side(entry.size, entry.modified),
        Side(facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC)),
        numbered(target.name, number),
    )
