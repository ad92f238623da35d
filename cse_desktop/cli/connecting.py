"""From options to a connection, its session, and places in S3."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

from cse_desktop import sandbox
from cse_desktop.core.errors import InvalidInput, NotFound
from cse_desktop.core.objects import ObjectRef
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
    return Chosen(connection, found.credentials)


def opened(options: argparse.Namespace, settings: Settings) -> tuple[Sessions, Session]:
    """Open the session of the chosen connection, for this thread and for the queue.

    Raises:
        CseError: there is no such connection, or it cannot be opened.
    """
    choice = chosen(options, settings)
    sessions = Sessions()
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
