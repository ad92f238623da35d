"""`cse put`, `cse get` and `cse verify`: from what is asked to requests for the queue."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cse_desktop.cli import text
from cse_desktop.cli.connecting import context_pairs, opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output
from cse_desktop.cli.places import entry_at, names_folder, objects_at, settings_told
from cse_desktop.cli.transfers import Work, do
from cse_desktop.cli.versions import version_named
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.jobs.planner import (
    KeyUse,
    create_folders,
    plan_download,
    plan_downloads,
    plan_uploads,
    resolve,
)
from cse_desktop.jobs.requests import IfExists, Verify
from cse_desktop.settings import Settings

_SLASHES: Final = tuple(each for each in (os.sep, os.altsep) if each)


def put(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Encrypt and upload."""
    settings = settings_told(output)
    sources = [Path(name) for name in options.sources]
    folder, name = _destination(place(options.place), sources)
    _check_folders(sources, is_recursive=options.recursive)
    context = context_pairs(options.context)
    sessions, session = opened(options, settings)
    key = _key(options, settings, session, folder.bucket, context)
    if_exists = IfExists(options.if_exists)
    plan = plan_uploads(session, sources, folder, key, name=name, if_exists=if_exists)
    work = Work("put", resolve(plan, if_exists), plan.skipped, len(plan.clashes))
    return do(work, sessions, options.parallel or settings.parallel_transfers, output, interruption)


def get(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Download, verify and decrypt."""
    settings = settings_told(output)
    ref = version_named(place(options.place), options)
    sessions, session = opened(options, settings)
    entry = entry_at(session, ref, is_recursive=options.recursive)
    target = Path(options.target).absolute()
    is_folder = options.target.endswith(_SLASHES) or target.is_dir()
    if_exists = IfExists(options.if_exists)
    is_object = entry.key != "" and not entry.is_folder
    if is_object and not is_folder:
        plan = plan_download(session, ref.bucket, entry, target, if_exists=if_exists)
    else:
        # "PREFIX/" means what is in the folder, "PREFIX" the folder itself: it keeps its name.
        keeps_name = is_object or (is_folder and not names_folder(ref))
        base = None if keeps_name else entry.key
        plan = plan_downloads(session, ref.bucket, [entry], target, base=base, if_exists=if_exists)
        create_folders(plan, target)
    if plan.missing_bytes:
        amount = text.size(plan.missing_bytes)
        output.note(f"cse: not enough space on this disk: {amount} more is needed in {target}")
    for key, path in plan.renamed:
        output.event("renamed", key=key, path=path)
        output.note(f"s3://{ref.bucket}/{key} is saved as {path}")
    requests = resolve(plan, if_exists)
    if ref.version:
        requests = tuple(replace(each, ref=ref) for each in requests)
    work = Work("get", requests, plan.skipped, len(plan.clashes))
    return do(work, sessions, options.parallel or settings.parallel_transfers, output, interruption)


def verify(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Download and verify, saving nothing."""
    settings = settings_told(output)
    refs = [version_named(place(text), options) for text in options.places]
    if options.version_id and len(refs) > 1:
        raise InvalidInput("One version id names one object", "Verify versions one by one.")
    sessions, session = opened(options, settings)
    requests = [
        Verify(session.connection.name, ObjectRef(ref.bucket, entry.key, ref.version), entry.size)
        for ref in refs
        for entry in objects_at(session, ref, is_recursive=options.recursive)
    ]
    work = Work("verify", requests)
    return do(work, sessions, options.parallel or settings.parallel_transfers, output, interruption)


def _destination(ref: ObjectRef, sources: Sequence[Path]) -> tuple[ObjectRef, str]:
    """The folder that uploads go to, and the name of the only source there ("" for its own)."""
    if ref.key == "" or ref.key.endswith("/"):
        return ref, ""
    if len(sources) > 1:
        raise InvalidInput(
            "Several files cannot have one name", f"For a folder, write {ref}/ with a slash."
        )
    folder, slash, name = ref.key.rpartition("/")
    return ObjectRef(ref.bucket, folder + slash), name


def _check_folders(sources: Iterable[Path], *, is_recursive: bool) -> None:
    for source in sources:
        if not is_recursive and os.path.isdir(source):
            raise InvalidInput(f"“{source}” is a folder", "Upload it with -r.")


def _key(
    options: argparse.Namespace,
    settings: Settings,
    session: Session,
    bucket: str,
    context: tuple[tuple[str, str], ...],
) -> KeyUse:
    if options.kms_key:
        return KeyUse(options.kms_key, options.kms_key, context)
    default = settings.default_keys.get((session.connection.name, bucket))
    if default is None:
        raise InvalidInput(
            "No KMS key was named", "Give one with --kms-key; “cse keys” lists them."
        )
    return KeyUse(default.key_id, default.label, context or default.context)
