"""Connections to be given to somebody else: readable TOML, no secret, and nothing that runs."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import tomli_w

from cse_desktop.core.connection import Connection, Source
from cse_desktop.core.connection_check import problems_of
from cse_desktop.core.errors import InvalidInput, LocalDisk
from cse_desktop.settings.reader import Document, Reader
from cse_desktop.settings.spelling import connections_of, table_of
from cse_desktop.settings.values import Settings

FORMAT: Final = 1
SUFFIX: Final = ".cse-connections.toml"
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what a connection would do.

    Attributes:
        is_grave: somebody should look at it twice: it runs a program, or sends data elsewhere.
    """

    name: str
    value: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Offered:
    """A connection of a file, as it would be taken in.

    Attributes:
        problems: sentences why it could not be used; then it is not taken.
    """

    connection: Connection
    buckets: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def facts(self) -> tuple[Fact, ...]:
        """Everything in it that is not as usual, in the user's words."""
        return tuple(_facts(self))


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file holds.

    Attributes:
        notes: sentences about what could not be understood.
    """

    offered: tuple[Offered, ...]
    notes: tuple[str, ...] = ()


def write_connections(path: Path, settings: Settings, names: Sequence[str]) -> None:
    """Write connections to a file.

    Raises:
        LocalDisk: it could not be written.
    """
    wanted = [each for each in settings.connections if each.name in names]
    document: Document = {
        "cse_desktop_connections": FORMAT,
        "connections": [
            table_of(each) | {"buckets": [*settings.named_buckets.get(each.name, ())]}
            for each in wanted
        ],
    }
    try:
        path.write_text(tomli_w.dumps(document), encoding="utf-8")
    except OSError as error:
        hint = "Choose another folder, or make room on the disk."
        raise LocalDisk(f"“{path.name}” could not be saved", hint, str(error)) from None


def read_connections(path: Path) -> Parcel:
    """Read a file that `write_connections` wrote, or a settings.toml.

    Raises:
        InvalidInput: it holds no connections.
        LocalDisk: it could not be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        hint = "Check that the file is there and that you may read it."
        raise LocalDisk(f"“{path.name}” could not be read", hint, str(error)) from None
    try:
        if len(data) > _MOST_BYTES:
            raise ValueError("too large")
        document = tomllib.loads(data.decode())
    except (ValueError, RecursionError):
        raise InvalidInput(
            f"“{path.name}” holds no connections", "Choose a file that CSE Desktop exported."
        ) from None
    reader = Reader(path.name)
    found = [_offered(each, document, reader) for each in connections_of(document, reader)]
    if not found:
        raise InvalidInput(
            f"“{path.name}” holds no connections",
            "Choose a file that CSE Desktop exported.",
            "\n".join(reader.problems),
        )
    return Parcel(tuple(found), tuple(reader.problems))


def _offered(connection: Connection, document: Document, reader: Reader) -> Offered:
    table = next(
        each
        for each in reversed(document["connections"])
        if isinstance(each, dict) and each.get("name") == connection.name
    )
    problems = tuple(each.sentence for each in problems_of(connection))
    return Offered(connection, reader.strings(table, "buckets"), problems)


_WAYS: Final = {
    Source.PROFILE: "A profile of your ~/.aws",
    Source.SSO: "IAM Identity Center",
    Source.KEYS: "Access keys, which you enter yourself",
    Source.ROLE: "A role",
    Source.ENVIRONMENT: "The environment of this computer",
    Source.WEB_IDENTITY: "A web identity token",
    Source.PROCESS: "A program that is run on this computer",
}
_WORDS: Final = {
    "profile": "Profile",
    "region": "Region",
    "account": "Account",
    "access_key": "Access key",
    "process": "Runs the program",
    "s3_endpoint": "Sends files to",
    "kms_endpoint": "Gets data keys from",
    "start_url": "Start URL",
    "arn": "Role",
    "session_name": "Session name",
    "external_id": "External ID",
    "mfa_serial": "MFA device",
    "token_file": "Reads the file",
    "session": "SSO session",
    "role": "Role",
    "proxy": "Goes through the proxy",
    "ca_file": "Trusts the certificates in",
    "fips": "FIPS endpoints",
    "dual_stack": "Dual-stack endpoints",
    "path_style": "Path-style addresses",
    "sts_endpoint": "Signs in at",
    "sso_endpoint": "Signs in at",
    "bind_names": "Binds files to their names",
}
_GRAVE: Final = frozenset(
    (
        *("process", "s3_endpoint", "kms_endpoint", "proxy", "ca_file", "token_file"),
        *("sts_endpoint", "sso_endpoint"),
    )
)


def _facts(offered: Offered) -> list[Fact]:
    connection = offered.connection
    plain = replace(Connection(""), name=connection.name)
    facts = [Fact("Signs in with", _WAYS[connection.source], connection.source is Source.PROCESS)]
    for part in (connection, connection.sso, connection.role, connection.network):
        for name, value in asdict(part).items():
            if name in _WORDS and isinstance(value, str | bool) and value:
                shown = "on" if value is True else str(value)
                facts.append(Fact(_WORDS[name], shown, name in _GRAVE))
    if connection.allowed_keys:
        facts.append(Fact("Opens files under", "\n".join(connection.allowed_keys), True))
    if connection.write_format is not plain.write_format:
        facts.append(Fact("Writes format", connection.write_format.value, True))
    if connection.policy != plain.policy:
        weak = [
            name for name, value in asdict(connection.policy).items() if value not in (False, None)
        ]
        facts.append(Fact("Reads formats", ", ".join(weak), True))
    if offered.buckets:
        facts.append(Fact("Shows", "\n".join(offered.buckets)))
    return facts
