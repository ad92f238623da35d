"""`cse leftovers`: uploads that were begun and never ended, with age and size."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.connecting import opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output, failure_values
from cse_desktop.core.errors import CseError, NotFound
from cse_desktop.core.objects import OpenUpload
from cse_desktop.core.session import Session
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.snapshot import FailureKind
from cse_desktop.settings import home, load_settings


def list_leftovers(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """List open uploads below a place; with --abort, end them."""
    ref = place(options.place)
    _, session = opened(options, load_settings(home()).value)
    now = datetime.now(UTC)
    kinds: list[FailureKind] = []
    for upload in sorted(session.store.open_uploads(ref), key=lambda each: each.begun):
        if now - upload.begun < options.older_than:
            continue
        try:
            _show(session, upload, now, output, is_aborting=options.abort)
        except NotFound:
            continue  # it ended while we looked
        except CseError as error:
            failure = failure_of(error)
            kinds.append(failure.kind)
            output.event("error", place=str(upload.ref), **failure_values(failure))
            output.failure(failure, str(upload.ref))
    return exit_codes.exit_code(kinds)


def _show(
    session: Session, upload: OpenUpload, now: datetime, output: Output, *, is_aborting: bool
) -> None:
    parts = session.store.parts(upload.ref, upload.upload_id)
    size = sum(part.size for part in parts)
    if is_aborting:
        session.store.abort(upload.ref, upload.upload_id)
    output.event(
        "aborted" if is_aborting else "leftover",
        place=str(upload.ref),
        upload_id=upload.upload_id,
        begun=upload.begun.isoformat(),
        age_s=round((now - upload.begun).total_seconds()),
        parts=len(parts),
        size=size,
    )
    start = "aborted  " if is_aborting else ""
    age = now - upload.begun
    old = f"{age.days} d" if age.days else text.duration(age.total_seconds())
    output.line(f"{start}{old:>12} old  {text.size(size):>10}  {text.visible(str(upload.ref))}")
