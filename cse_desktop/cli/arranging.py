"""`cse cp`, `cse mv` and `cse rm`: what is in S3 is copied, moved and deleted there."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.connecting import opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output
from cse_desktop.cli.places import entry_at, names_folder, settings_told
from cse_desktop.cli.transfers import Work, do
from cse_desktop.cli.versions import remove_version
from cse_desktop.core.errors import InvalidInput, NotPermitted
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.jobs.arrange_planner import Heap, collect, deletion, plan_arrangement
from cse_desktop.jobs.plan import ArrangePlan, resolve
from cse_desktop.jobs.requests import IfExists

WORD: Final = "delete"
"""What has to be typed where nothing can be brought back."""


def copy(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Copy inside S3."""
    return _arrange(options, output, interruption, is_move=False)


def move(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Move or rename inside S3."""
    return _arrange(options, output, interruption, is_move=True)


def remove(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Ask, then delete."""
    if options.version_id:
        return remove_version(options, output)
    settings = settings_told(output)
    refs = [place(each) for each in options.places]
    if any(not ref.key for ref in refs) and not options.recursive:
        raise InvalidInput("A whole bucket was named", "Delete all that is in it with -r.")
    sessions, session = opened(options, settings)
    chosen: dict[str, list[Entry]] = defaultdict(list)
    for ref in refs:
        chosen[ref.bucket].append(entry_at(session, ref, is_recursive=options.recursive))
    heaps = {bucket: collect(session, bucket, entries) for bucket, entries in chosen.items()}
    if not options.yes and not _is_confirmed(session, heaps):
        output.note("Nothing was deleted.")
        return exit_codes.INTERRUPTED
    connection = session.connection.name
    requests = [deletion(connection, bucket, found) for bucket, found in heaps.items()]
    work = Work("rm", [each for each in requests if each.doomed])
    return do(work, sessions, settings.parallel_transfers, output, interruption)


def _arrange(
    options: argparse.Namespace, output: Output, interruption: Interruption, *, is_move: bool
) -> int:
    settings = settings_told(output)
    sources, target = [place(each) for each in options.sources], place(options.place)
    if len(sources) > 1 and not names_folder(target):
        raise InvalidInput(
            "Several objects cannot have one name", f"For a folder, write {target}/ with a slash."
        )
    sessions, session = opened(options, settings)
    if_exists = IfExists(options.if_exists)
    plans = [
        _plan(session, source, target, if_exists, is_move=is_move, is_recursive=options.recursive)
        for source in sources
    ]
    work = Work(
        "mv" if is_move else "cp",
        [request for plan in plans for request in resolve(plan, if_exists)],
        [each for plan in plans for each in plan.skipped],
        sum(len(plan.clashes) for plan in plans),
    )
    return do(work, sessions, settings.parallel_transfers, output, interruption)


def _plan(
    session: Session,
    source: ObjectRef,
    target: ObjectRef,
    if_exists: IfExists,
    *,
    is_move: bool,
    is_recursive: bool,
) -> ArrangePlan:
    entry = entry_at(session, source, is_recursive=is_recursive)
    if not entry.key:
        raise InvalidInput("A whole bucket was named", "Name a folder in it, or its objects.")
    folder, names = target, {}
    if not names_folder(target):
        above, slash, name = target.key.rpartition("/")
        folder, names = ObjectRef(target.bucket, above + slash), {entry.key: name}
    return plan_arrangement(
        session,
        source.bucket,
        [entry],
        folder,
        is_move=is_move,
        names=names,
        if_exists=if_exists,
    )


def _is_confirmed(session: Session, heaps: Mapping[str, Sequence[Heap]]) -> bool:
    """Ask the person at the terminal.

    Raises:
        InvalidInput: nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise InvalidInput(
            "Deleting has to be confirmed, and nobody can be asked here",
            "Say that it is meant with --yes.",
        )
    found = [heap for each in heaps.values() for heap in each]
    count, size = sum(heap.files for heap in found), sum(heap.size for heap in found)
    is_kept = all(_is_versioned(session, bucket) for bucket in heaps)
    is_simple = is_kept or (count == 1 and not found[0].entry.is_folder)
    stays = (
        "Earlier versions stay."
        if is_kept
        else "Without versioning, they can't be restored by anyone."
    )
    asked = "[y/N]" if is_simple else f"Type {WORD} to confirm:"
    question = f"Delete {text.count(count, 'file')} ({text.size(size)})? {stays} {asked} "
    print(question, end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().lower()
    return answer in ("y", "yes", WORD) if is_simple else answer == WORD


def _is_versioned(session: Session, bucket: str) -> bool:
    try:
        return session.store.arranger.is_versioned(bucket)
    except NotPermitted:
        return False
