"""Requests that change an object which is stored already, without its content passing through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cse_desktop.core import changing, restoring
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Report
from cse_desktop.jobs.outcome import Outcome

if TYPE_CHECKING:
    from cse_desktop.core.session import Session


@dataclass(frozen=True, slots=True)
class Restore:
    """Make an earlier version the newest one, or bring a deleted object back.

    Attributes:
        ref: without a version: what was there before the object was deleted.
    """

    connection: str
    ref: ObjectRef
    size: int

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Remove delete markers, or have S3 copy the version over the newest."""
        found = restoring.restore(session, self.ref, report=report, cancel=cancel)
        return Outcome(result=found)


@dataclass(frozen=True, slots=True)
class Change:
    """Store other properties of an object.

    Attributes:
        etag: of the object that was looked at.
    """

    connection: str
    ref: ObjectRef
    size: int
    etag: str
    new: changing.NewProperties

    def perform(self, session: Session, report: Report, cancel: CancelToken) -> Outcome:
        """Have S3 copy the object onto itself with them."""
        done = changing.change(session, self.ref, self.etag, self.new, report=report, cancel=cancel)
        return Outcome(result=done)
