"""`cse versions` and `cse restore`, and one version where another command names it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.connecting import opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output
from cse_desktop.cli.places import names_folder, settings_told
from cse_desktop.cli.transfers import Work, do
from cse_desktop.core.errors import InvalidInput, NotFound
from cse_desktop.core.objects import ObjectRef, Version
from cse_desktop.core.session import Session
from cse_desktop.jobs.amending import Restore

WORD = "delete"


def version_named(ref: ObjectRef, options: argparse.Namespace) -> ObjectRef:
    """The object, or that version of it which --version-id names."""
    if options.version_id and (names_folder(ref) or getattr(options, "recursive", False)):
        raise InvalidInput("A folder has no versions", "Name an object with --version-id.")
    return replace(ref, version=options.version_id or "")


def list_versions(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """List the versions of an object, or with --deleted what was deleted in a folder."""
    ref = place(options.place)
    _, session = opened(options, settings_told(output))
    found = list(_deleted(session, ref) if options.deleted else session.store.versions.of(ref))
    if not found and not options.deleted:
        raise NotFound(f"There is no version of {ref}", "Check the spelling of its name.")
    for version in found:
        _print(version, output, is_deleted=options.deleted)
    return exit_codes.OK


def restore(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Bring versions or deleted objects back."""
    settings = settings_told(output)
    refs = [version_named(place(each), options) for each in options.places]
    if options.version_id and len(refs) > 1:
        raise InvalidInput("One version id names one object", "Restore them one by one.")
    sessions, session = opened(options, settings)
    requests = [Restore(session.connection.name, ref, 0) for ref in refs]
    work = Work("restore", requests)
    return do(work, sessions, settings.parallel_transfers, output, interruption)


def remove_version(options: argparse.Namespace, output: Output) -> int:
    """Ask, then delete one version for good."""
    if len(options.places) > 1:
        raise InvalidInput("One version id names one object", "Delete versions one by one.")
    ref = version_named(place(options.places[0]), options)
    _, session = opened(options, settings_told(output))
    if not options.yes and not _is_confirmed(ref):
        output.note("Nothing was deleted.")
        return exit_codes.INTERRUPTED
    session.store.versions.delete(ref)
    output.event("deleted", place=str(ref), version=ref.version)
    output.note(f"Deleted version {ref.version} of {ref}")
    return exit_codes.OK


def _is_confirmed(ref: ObjectRef) -> bool:
    """Ask the person at the terminal.

    Raises:
        InvalidInput: nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise InvalidInput(
            "Deleting has to be confirmed, and nobody can be asked here",
            "Say that it is meant with --yes.",
        )
    shown = text.visible(str(ref))
    question = f"Delete version {text.visible(ref.version)} of {shown} for good? Type {WORD}: "
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() == WORD


def _deleted(session: Session, folder: ObjectRef) -> Iterator[Version]:
    token = ("", "")
    while True:
        page = session.store.versions.deleted(folder, token)
        yield from page.versions
        token = page.token
        if not any(token):
            return


def _print(version: Version, output: Output, *, is_deleted: bool) -> None:
    output.event(
        "version",
        place=str(version.ref),
        version=version.ref.version,
        modified=version.modified.isoformat(),
        size=version.size,
        etag=version.etag,
        storage_class=version.storage_class,
        is_latest=version.is_latest,
        is_delete_marker=version.is_marker,
    )
    moment = version.modified.astimezone().strftime("%Y-%m-%d %H:%M")
    if is_deleted:
        output.line(f"{moment}  {text.visible(version.ref.key)}")
        return
    size = "deleted" if version.is_marker else f"{version.size:,}"
    newest = "  newest" if version.is_latest else ""
    output.line(f"{moment}  {size:>15}  {text.visible(version.ref.version)}{newest}")
