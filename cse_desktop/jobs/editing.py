"""Requests of open and edit: a readable copy, and its way back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cse_desktop.core import editing
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Report
from cse_desktop.jobs.outcome import Outcome

if TYPE_CHECKING:
    from cse_desktop.core.session import Session


@dataclass(frozen=True, slots=True)
class FetchCopy:
    """Decrypt an object into a folder that is its owner's alone, to be edited there.

    Attributes:
        target: in that folder.
        size: bytes as listed.
    """

    connection: str
    ref: ObjectRef
    target: Path
    size: int

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Fetch, verify and decrypt it."""
        found = editing.fetch_copy(session, self.ref, self.target, report=report, cancel=cancel)
        return Outcome(result=found)


@dataclass(frozen=True, slots=True)
class SaveBack:
    """Encrypt an edited file over what it was opened from.

    Attributes:
        size: bytes of plaintext when it was asked for.
    """

    connection: str
    ref: ObjectRef
    source: Path
    original: editing.Original
    size: int

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Store it under the same key, unless somebody else has changed it."""
        done = editing.save_back(session, self.source, self.original, report=report, cancel=cancel)
        return Outcome(result=done)
