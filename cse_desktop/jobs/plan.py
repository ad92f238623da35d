"""What would be done, to be looked at before the first byte is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cse_desktop.jobs.requests import Copy, Download, IfExists, Move, Upload
from cse_desktop.jobs.snapshot import FailureKind


@dataclass(frozen=True, slots=True)
class Side:
    """One of two files of one name.

    Attributes:
        size: bytes; as stored where it is in S3.
    """

    size: int
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Clash:
    """A name that is taken.

    Attributes:
        index: of the request in the plan.
        name: the last part of the name.
        place: the folder it is in, as s3:// place or path, with its slash at the end.
        new: the file to be sent or fetched.
        existing: what has the name now.
        other_name: what the new file is called when both are kept, as far as one can tell now.
    """

    index: int
    name: str
    place: str
    new: Side
    existing: Side
    other_name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is left out.

    Attributes:
        name: path or key.
        reason: half a sentence, to follow "because".
        kind: what kind of failure that is; None for what is never sent (links, devices).
    """

    name: str
    reason: str
    kind: FailureKind | None = None


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """Files to send. `requests` holds the clashing ones as well."""

    requests: tuple[Upload, ...] = ()
    clashes: tuple[Clash, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    total_bytes: int = 0


@dataclass(frozen=True, slots=True)
class DownloadPlan:
    """Objects to fetch. `requests` holds the clashing ones as well.

    Attributes:
        folders: to be made even if nothing is saved in them; `create_folders` does.
        renamed: keys whose file is called otherwise, with that relative path.
        missing_bytes: what the disk lacks for all of it; 0 for enough.
    """

    requests: tuple[Download, ...] = ()
    clashes: tuple[Clash, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    total_bytes: int = 0
    folders: tuple[Path, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    missing_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ArrangePlan:
    """Objects to copy or move inside S3. `requests` holds the clashing ones as well."""

    requests: tuple[Copy | Move, ...] = ()
    clashes: tuple[Clash, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    total_bytes: int = 0


def resolve(
    plan: UploadPlan | DownloadPlan | ArrangePlan, decisions: Mapping[int, IfExists] | IfExists
) -> tuple[Upload | Download | Copy | Move, ...]:
    """Give the requests of a plan after the user decided about its clashes.

    Args:
        decisions: one for all, or by `Clash.index`; a clash that nobody decided fails.

    A request without a clash keeps its own `if_exists`, so a name that is taken meanwhile is
    noticed by the transfer. A skipped clash stays as a request that will end SKIPPED.
    """
    requests: list[Upload | Download | Copy | Move] = list(plan.requests)
    for clash in plan.clashes:
        decision = (
            decisions
            if isinstance(decisions, IfExists)
            else decisions.get(clash.index, IfExists.FAIL)
        )
        requests[clash.index] = replace(requests[clash.index], if_exists=decision)
    return tuple(requests)
