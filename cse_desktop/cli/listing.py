"""`cse ls`, `cse inspect`, `cse keys` and `cse connections`: questions without transfers."""

from __future__ import annotations

import argparse
import base64
from dataclasses import asdict
from datetime import datetime

from cse_desktop import sandbox
from cse_desktop.cli import exit_codes, text
from cse_desktop.cli.connecting import opened, place
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.output import Output
from cse_desktop.cli.versions import version_named
from cse_desktop.core.connection import Source
from cse_desktop.core.errors import CseError, NotFound
from cse_desktop.core.inspection import Inspection, inspect
from cse_desktop.core.kms_key import KmsKey, Permissions
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.profiles import profiles
from cse_desktop.core.session import Connection, Session
from cse_desktop.jobs.facts import facts_of
from cse_desktop.settings import home, load_settings


def list_place(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """List buckets, or what begins with a prefix up to the next slash."""
    ref = None if options.place in ("s3://", "s3:") else place(options.place)
    _, session = opened(options, load_settings(home()).value)
    if ref is None:
        for bucket in session.store.buckets():
            created = _time(bucket.created)
            output.event("bucket", name=bucket.name, created=created, region=bucket.region)
            start = f"{_minute(bucket.created):16}  " if options.long else ""
            output.line(f"{start}s3://{text.visible(bucket.name)}/")
    else:
        _list_folder(session, ref, output, is_long=options.long)
    return exit_codes.OK


def _list_folder(session: Session, ref: ObjectRef, output: Output, *, is_long: bool) -> None:
    token, is_first = "", True
    while is_first or token:
        page = session.store.page(ref, token)
        if is_first and ref.key and not page.entries and not page.token:
            raise NotFound(f"Nothing begins with {ref}", "Check the spelling of bucket and folder.")
        for entry in page.entries:
            _print_entry(ref.bucket, entry, output, is_long=is_long)
        token, is_first = page.token, False


def _print_entry(bucket: str, entry: Entry, output: Output, *, is_long: bool) -> None:
    name = text.visible(entry.name) + ("/" if entry.is_folder else "")
    if entry.is_folder:
        output.event("folder", bucket=bucket, key=entry.key)
        output.line(f"{'':15}  {'':16}  {'':19}  {name}" if is_long else name)
        return
    output.event(
        "object",
        bucket=bucket,
        key=entry.key,
        size=entry.size,
        modified=_time(entry.modified),
        etag=entry.etag,
        storage_class=entry.storage_class,
    )
    facts = f"{entry.size:>15,}  {_minute(entry.modified):16}  {entry.storage_class:19}  "
    output.line((facts if is_long else "") + name)


def show_envelope(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """Show how one object is encrypted."""
    ref = place(options.place)
    _, session = opened(options, load_settings(home()).value)
    found = inspect(session, version_named(ref, options), peek=True)
    output.event("inspection", **facts_of(found))
    output.line(text.visible(found.summary))
    for name, value in _inspection_lines(found):
        output.line(f"{name + ':':22} {text.visible(value)}")
    return exit_codes.OK


def _inspection_lines(found: Inspection) -> list[tuple[str, str]]:
    head, envelope = found.head, found.envelope
    about = "" if found.size_is_exact else "at most "
    lines = [("Can't be read here", f"{found.problem}. {found.hint}")] if found.problem else []
    lines += [
        ("Object", str(head.ref)),
        ("Kind", found.kind.value),
        ("Size", f"{about}{found.size:,} bytes"),
        ("Stored size", f"{head.size:,} bytes"),
        ("Modified", _time(head.modified)),
        ("Storage class", head.storage_class),
        ("ETag", head.etag),
    ]
    if head.version:
        lines.append(("Version", head.version))
    if envelope is not None:
        lines += [
            ("Format", envelope.format.value),
            ("Content encryption", envelope.suite.value),
            ("Data key wrapping", envelope.wrapping.value),
            ("Envelope kept in", envelope.place),
            ("Wrapped data key", _base64(envelope.wrapped_key)),
            ("Message id" if envelope.commitment else "IV", _base64(envelope.nonce)),
        ]
        if envelope.commitment:
            lines.append(("Key commitment", _base64(envelope.commitment)))
        lines += [
            ("Encryption context", f"{name} = {value}") for name, value in envelope.context.items()
        ]
    return lines


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def list_keys(options: argparse.Namespace, output: Output, _interruption: Interruption) -> int:
    """List KMS keys; with --check, also what may be done with each."""
    _, session = opened(options, load_settings(home()).value)
    for key in session.keys.list():
        permissions = session.keys.probe(key.arn) if options.check else None
        output.event("key", **_key_values(key, permissions))
        checks = ""
        if permissions is not None:
            checks = (
                f"  encrypt {permissions.encrypt.value:8}"
                f"decrypt {permissions.decrypt.value:8}rewrap {permissions.rewrap.value:8}"
            )
        state = key.state or "unknown"
        output.line(f"{text.visible(key.label):32}  {state:16}{checks}  {text.visible(key.arn)}")
    return exit_codes.OK


def _key_values(key: KmsKey, permissions: Permissions | None) -> dict[str, object]:
    values = asdict(key) | {
        "label": key.label,
        "aliases": list(key.aliases),
        "deletion": _time(key.deletion),
        "expires": _time(key.expires),
    }
    if permissions is not None:
        values |= {
            "encrypt": permissions.encrypt.value,
            "decrypt": permissions.decrypt.value,
            "rewrap": permissions.rewrap.value,
            "note": permissions.note,
        }
    return values


def list_connections(
    _options: argparse.Namespace, output: Output, _interruption: Interruption
) -> int:
    """List saved connections, the sandbox where it runs, and profiles of AWS; no network."""
    loaded = load_settings(home())
    for note in loaded.notes:
        output.note(note)
        output.event("note", title=note)
    running = sandbox.running(home())
    for connection in (*loaded.value.connections, *((running.connection,) if running else ())):
        _print_connection(connection, output)
    try:
        found = profiles()
    except CseError as error:
        output.note(str(error))
        output.event("note", title=str(error))
        return exit_codes.OK
    for profile in found:
        output.event("profile", **asdict(profile))
        facts = [profile.kind, profile.region, profile.account, profile.note, profile.problem]
        shown = text.visible(", ".join(fact for fact in facts if fact))
        output.line(f"--profile {text.visible(profile.name):24}  {shown}")
    return exit_codes.OK


def _print_connection(connection: Connection, output: Output) -> None:
    values = asdict(connection) | {
        "write_format": connection.write_format.value,
        "source": connection.source.value,
    }
    output.event("connection", **values)
    profile = connection.signs_in_with
    if connection.source is Source.PROFILE:
        profile = f"profile {profile}" if profile else "AWS default chain"
    facts = [
        "Sandbox on this computer" if connection.is_sandbox else profile,
        connection.region,
        connection.account,
        connection.s3_endpoint,
    ]
    shown = text.visible(", ".join(fact for fact in facts if fact))
    output.line(f"--connection {text.visible(connection.name):21}  {shown}")


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _minute(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
