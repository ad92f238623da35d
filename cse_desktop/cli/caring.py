"""`cse properties`, `cse link` and `cse mb`: what is kept beside objects, links, new buckets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.connecting import opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output
from cse_desktop.cli.places import names_folder, settings_told
from cse_desktop.cli.transfers import Work, do
from cse_desktop.cli.versions import version_named
from cse_desktop.core.buckets import NewBucket
from cse_desktop.core.changing import NewProperties, Properties, properties
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.inspection import Kind, inspect
from cse_desktop.core.objects import ObjectRef
from cse_desktop.jobs.amending import Change

_UNITS = {"m": 60, "h": 3600, "d": 24 * 3600}


def show_or_change(options: argparse.Namespace, output: Output, interruption: Interruption) -> int:
    """Show what is kept beside an object; with options, change it."""
    settings = settings_told(output)
    ref = _object(options)
    sessions, session = opened(options, settings)
    found = properties(session, ref)
    new = _changed(found, options)
    if new is None:
        _show(found, output)
        return exit_codes.OK
    head = found.head
    request = Change(session.connection.name, ref, head.size, head.etag, new)
    return do(
        Work("properties", [request]), sessions, settings.parallel_transfers, output, interruption
    )


def link(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """Print a link to the stored bytes of an object."""
    ref = version_named(_object(options), options)
    _, session = opened(options, settings_told(output))
    found = inspect(session, ref)
    made = session.store.labels.link(ref, _seconds(options.expires))
    output.event(
        "link",
        place=str(ref),
        url=made.url,
        ends=made.ends.isoformat(),
        is_temporary=made.is_temporary,
        yields_ciphertext=found.kind is not Kind.NOT_ENCRYPTED,
    )
    output.line(made.url)
    if found.kind is Kind.NOT_ENCRYPTED:
        output.note("This file is not encrypted: whoever opens the link can read it.")
    else:
        output.note("The link yields ciphertext. Reading it takes a client like this and the key.")
    if made.is_temporary:
        output.note("It ends with your temporary credentials, which may be earlier.")
    return exit_codes.OK


def make_bucket(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """Make a bucket: private, with versions, in the Region of the connection."""
    ref = place(options.place)
    if ref.key:
        raise InvalidInput("This is no bucket", f"Write s3://{ref.bucket} alone.")
    _, session = opened(options, settings_told(output))
    new = NewBucket(ref.bucket, session.region, keeps_versions=not options.no_versions)
    session.store.makers.create(new)
    output.event("made", bucket=new.name, region=new.region, keeps_versions=new.keeps_versions)
    output.note(f"Made s3://{new.name} in {new.region}")
    return exit_codes.OK


def _object(options: argparse.Namespace) -> ObjectRef:
    ref = place(options.place)
    if names_folder(ref):
        raise InvalidInput("This is a folder", "Name an object.")
    return ref


def _changed(found: Properties, options: argparse.Namespace) -> NewProperties | None:
    """What is asked for; None where nothing is."""
    beside = found.beside
    before = NewProperties(beside.content_type, beside.storage_class, tuple(beside.own.items()))
    after = before
    if options.content_type is not None:
        after = replace(after, content_type=options.content_type)
    if options.storage_class is not None:
        after = replace(after, storage_class=options.storage_class)
    if options.metadata:
        after = replace(after, own=_pairs(options.metadata))
    if options.no_metadata:
        after = replace(after, own=())
    if options.tag or options.no_tags:
        after = replace(after, tags=_pairs(options.tag))
    return None if after == before else after


def _show(found: Properties, output: Output) -> None:
    beside = found.beside
    output.event(
        "properties",
        place=str(found.head.ref),
        etag=found.head.etag,
        content_type=beside.content_type,
        storage_class=beside.storage_class,
        metadata=beside.own,
        envelope=beside.envelope,
        tags=dict(found.tags) if found.tags is not None else None,
    )
    lines = [("Content type", beside.content_type), ("Storage class", beside.storage_class)]
    lines += [("Metadata", f"{name} = {value}") for name, value in beside.own.items()]
    lines += [("Tag", f"{name} = {value}") for name, value in found.tags or ()]
    for name, value in lines:
        output.line(f"{name + ':':16} {text.visible(value)}")


def _pairs(written: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = [each.partition("=") for each in written]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise InvalidInput(f"“{name}” has no value", "Write it as NAME=VALUE.")
    return tuple((name, value) for name, _, value in pairs)


def _seconds(written: str) -> int:
    number, unit = written[:-1], written[-1:]
    if not number.isdecimal() or unit not in _UNITS:
        raise InvalidInput(f"“{written}” is no time", "Write it like 15m, 12h or 7d.")
    return int(number) * _UNITS[unit]
