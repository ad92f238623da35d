"""What is wrong with a connection as it was filled in, field by field, before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.clients import Network, check_endpoint, check_network
from cse_desktop.core.connection import Connection, Source
from cse_desktop.core.errors import CseError, InvalidInput
from cse_desktop.core.portals import Portal, check_portal

_ACCOUNT: Final = re.compile(r"\d{12}")
_REGION: Final = re.compile(r"[a-z]{2,3}(-[a-z]+){1,3}-\d{1,2}")
_ROLE: Final = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)
_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_ACCESS_KEY: Final = re.compile(r"\w{16,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """A field, by the name of the connection's attribute, and a sentence that says what to do."""

    field: str
    sentence: str


def problems_of(connection: Connection, *, has_region: bool = True) -> tuple[Problem, ...]:
    """Everything that keeps a connection from being used; no network.

    Args:
        has_region: whether the profile names a Region where the connection names none.
    """
    return tuple(_problems(connection, has_region))


def _problems(connection: Connection, has_region: bool) -> Iterator[Problem]:
    if not connection.name.strip():
        yield Problem("name", "Give the connection a name.")
    if not connection.region and not has_region:
        yield Problem("region", "Choose a Region.")
    if connection.region and not _REGION.fullmatch(connection.region):
        yield Problem("region", "A Region is written like eu-central-1.")
    if connection.account and not _ACCOUNT.fullmatch(connection.account):
        yield Problem("account", "An AWS account id has 12 digits.")
    for field in ("s3_endpoint", "kms_endpoint"):
        try:
            check_endpoint(getattr(connection, field))
        except InvalidInput as error:
            yield Problem(field, _said(error))
    yield from _of_source(connection)
    yield from _of_network(connection.network)


def _of_source(connection: Connection) -> Iterator[Problem]:
    match connection.source:
        case Source.KEYS:
            if not _ACCESS_KEY.fullmatch(connection.access_key):
                yield Problem(
                    "access_key", "An access key id is written like AKIAIOSFODNN7EXAMPLE."
                )
        case Source.SSO:
            yield from _of_portal(connection)
        case Source.ROLE | Source.WEB_IDENTITY:
            yield from _of_role(connection)
        case Source.PROCESS if not connection.process.strip():
            yield Problem("process", "Name the program that prints credentials.")


def _of_portal(connection: Connection) -> Iterator[Problem]:
    sso = connection.sso
    if not sso.region or not _REGION.fullmatch(sso.region):
        yield Problem("sso.region", "Choose the Region of IAM Identity Center, like eu-west-1.")
    try:
        check_portal(Portal(sso.start_url, sso.region or "-"))
    except InvalidInput as error:
        missing = "Enter the start URL. It is like https://d-1234567890.awsapps.com/start."
        yield Problem("sso.start_url", _said(error) if sso.start_url else missing)
    if not _ACCOUNT.fullmatch(sso.account):
        yield Problem("sso.account", "Enter the 12 digits of the AWS account.")
    if not sso.role.strip():
        yield Problem("sso.role", "Enter the name of the role.")


def _of_role(connection: Connection) -> Iterator[Problem]:
    role = connection.role
    if not _ROLE.fullmatch(role.arn):
        yield Problem("role.arn", "A role is written like arn:aws:iam::111122223333:role/name.")
    if role.session_name and not _SESSION_NAME.fullmatch(role.session_name):
        yield Problem("role.session_name", "Use 2 to 64 letters, digits and + = , . @ -")
    if connection.source is Source.WEB_IDENTITY and not role.token_file:
        yield Problem("role.token_file", "Choose the file that holds the token.")


def _of_network(network: Network) -> Iterator[Problem]:
    """Each part by itself, so that the sentence stands at its field."""
    for field, part in (
        ("network.proxy", Network(proxy=network.proxy)),
        ("network.ca_file", Network(ca_file=network.ca_file)),
        ("network.sts_endpoint", Network(sts_endpoint=network.sts_endpoint)),
        ("network.sso_endpoint", Network(sso_endpoint=network.sso_endpoint)),
    ):
        try:
            check_network(part)
        except InvalidInput as error:
            yield Problem(field, _said(error))


def _said(error: CseError) -> str:
    return f"{error.title.rstrip('.')}. {error.hint}".strip()
