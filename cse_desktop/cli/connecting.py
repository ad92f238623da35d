"""From options to a connection, its session, and places in S3."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cse_desktop import sandbox
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import InvalidInput, NotFound
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Connection, Credentials, Session
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import Settings, home

UNNAMED = "command line"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A connection with the credentials that do not come from AWS's own places."""

    connection: Connection
    credentials: Credentials | None = None


def chosen(options: argparse.Namespace, settings: Settings) -> Chosen:
    """Give the connection that the options name, with what they change about it.

    Raises:
        NotFound: there is no such connection.
    """
    found = (
        _named(options.connection, settings)
        if options.connection
        else Chosen(Connection(UNNAMED, profile=options.profile or ""))
    )
    base = found.connection
    connection = replace(
        base,
        region=options.region or base.region,
        s3_endpoint=options.s3_endpoint or base.s3_endpoint,
        kms_endpoint=options.kms_endpoint or base.kms_endpoint,
    )
    if options.command in ("get", "verify") and options.kms_key:
        connection = replace(connection, allowed_keys=tuple(options.kms_key))
    if options.command in ("get", "verify", "inspect"):
        connection = replace(connection, policy=_policy(options, connection.policy))
    if options.command == "put" and options.write:
        connection = replace(connection, write_format=Format(options.write))
    binds = getattr(options, "bind_names", None)
    if binds is None and getattr(options, "read", None) == "strict":
        binds = True  # strict is what storage can't play tricks with: not even with names
    if binds is not None:
        connection = replace(connection, bind_names=binds)
    return Chosen(connection, found.credentials)


def opened(options: argparse.Namespace, settings: Settings) -> tuple[Sessions, Session]:
    """Open the session of the chosen connection, for this thread and for the queue.

    Raises:
        CseError: there is no such connection, or it cannot be opened.
    """
    choice = chosen(options, settings)
    sessions = Sessions()
    limit, bandwidth = getattr(options, "limit_rate", None), sessions.bandwidth
    bandwidth.up.limit = settings.upload_limit if limit is None else limit
    bandwidth.down.limit = settings.download_limit if limit is None else limit
    sessions.add(choice.connection, choice.credentials)
    return sessions, sessions.get(choice.connection.name)


def place(text: str) -> ObjectRef:
    """Give the place that "s3://BUCKET/KEY" names.

    Raises:
        InvalidInput: it names no bucket.
    """
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if not text.startswith("s3://") or not bucket:
        raise InvalidInput(f"“{text}” is not a place in S3", "Write it like s3://BUCKET/KEY.")
    try:
        key.encode()
    except UnicodeEncodeError:
        raise InvalidInput("The name of the object is not valid text", "S3 takes UTF-8.") from None
    return ObjectRef(bucket, key)


def context_pairs(given: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Give the pairs of an encryption context that "NAME=VALUE" texts spell.

    Raises:
        InvalidInput: a text without "=", or a name twice.
    """
    pairs: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInput(f"“{text}” is not an encryption context", "Write it as NAME=VALUE.")
        if name in pairs:
            raise InvalidInput(f"The encryption context names “{name}” twice", "Give it once.")
        pairs[name] = value
    return tuple(pairs.items())


def _policy(options: argparse.Namespace, saved: ReadPolicy) -> ReadPolicy:
    """The connection's policy; --read takes the place of its formats, --allow adds to them."""
    policy = saved
    if options.read:
        is_default = options.read == "default"
        policy = replace(saved, v2=is_default, kms_wrap=False, cbc=False, instruction_files=False)
    if not policy.v2 and {"kms-wrap", "cbc"}.intersection(options.allow):
        raise InvalidInput(
            "This connection reads only v3, so kms-wrap and cbc can't be allowed",
            "Give --read default as well." if not options.read else "Leave out --read strict.",
        )
    if options.instruction_suffix == "":
        raise InvalidInput("The suffix of instruction files is empty", "It is .instruction mostly.")
    demanded = context_pairs(options.require_context)
    return replace(
        policy,
        kms_wrap=policy.kms_wrap or "kms-wrap" in options.allow,
        cbc=policy.cbc or "cbc" in options.allow,
        instruction_files=policy.instruction_files or "instruction-file" in options.allow,
        instruction_suffix=options.instruction_suffix or policy.instruction_suffix,
        required_context=demanded or policy.required_context,
    )


def _named(name: str, settings: Settings) -> Chosen:
    saved = settings.connection(name)
    if saved is not None:
        return Chosen(saved)
    if name.casefold() == sandbox.CONNECTION_NAME.casefold():
        running = sandbox.running(home())
        if running is None:
            raise NotFound("The sandbox is not running", "Start it with “cse-desktop --sandbox”.")
        return Chosen(running.connection, running.credentials)
    raise NotFound(
        f"There is no connection called “{name}”", "“cse connections” lists those that are saved."
    )
