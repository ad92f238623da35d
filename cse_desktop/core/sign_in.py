"""Credentials of a connection, by the ways AWS knows, and by none that was not asked for.

The client library does the work. A connection that is not a profile of ~/.aws is shown to it as
one that lies in no file, so both kinds go the same way: roles, IAM Identity Center, programs.
"""

from __future__ import annotations

import os
import time
from typing import Any, Final, cast

import boto3
import botocore.session
from botocore import credentials as providers
from botocore.config import Config

from cse_desktop.core.clients import proxies, sts_address
from cse_desktop.core.connection import Connection, Credentials, Source
from cse_desktop.core.errors import Declined
from cse_desktop.core.means import Means
from cse_desktop.core.role_cache import RoleCache

_OWN_PROFILE: Final = "connection of CSE Desktop"
_OWN_SESSION: Final = "sign-in of CSE Desktop"
_SIGN_IN_SERVICES: Final = {"sts": "sts", "sso": "sso", "sso-oidc": "sso"}
_ASKED_AGAIN_AFTER_S: Final = 10.0
"""Several requests may stand in line for one code; who declined it once has declined it for all."""


def provider_session(
    connection: Connection, keys: Credentials | None, means: Means
) -> boto3.Session:
    """A session that finds the credentials of a connection, and no others.

    Args:
        keys: of the connection itself, instead of any other source.
    """
    base = _SessionOf(connection, keys)
    # Credentials may come from STS or IAM Identity Center: whoever answers there chooses the
    # account, so an address from the environment must not decide who that is.
    base.set_config_variable("ignore_configured_endpoint_urls", True)
    if connection.network.ca_file:
        base.set_config_variable("ca_bundle", connection.network.ca_file)
    base.set_default_client_config(
        Config(
            proxies=proxies(connection.network, ""),
            use_fips_endpoint=True if connection.network.fips else None,
        )
    )
    if keys is None:
        base.register_component("credential_provider", _resolver(base, connection, means))
        return boto3.Session(botocore_session=base, region_name=connection.region or None)
    return boto3.Session(
        botocore_session=base,
        region_name=connection.region or None,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token or None,
    )


class _SessionOf(botocore.session.Session):
    """The files of AWS on this computer, and beside them the connection as one more profile."""

    def __init__(self, connection: Connection, keys: Credentials | None) -> None:
        self._entry = None if keys else _entry(connection)
        is_profile = connection.source is Source.PROFILE and keys is None
        name = connection.profile if is_profile else _OWN_PROFILE if self._entry else ""
        super().__init__(profile=name or None)
        self._network = connection.network
        self._sts = sts_address(connection.network, connection.kms_endpoint)
        self._portal = {
            "sso_start_url": connection.sso.start_url,
            "sso_region": connection.sso.region,
        }

    @property
    def full_config(self) -> Any:
        """What the files say, and the connection."""
        found = super().full_config
        if self._entry is None:
            return found
        merged = {**found, "profiles": {**found["profiles"], _OWN_PROFILE: self._entry}}
        name = self._entry.get("sso_session", "")
        if name and name not in found.get("sso_sessions", {}):
            merged["sso_sessions"] = {**found.get("sso_sessions", {}), name: self._portal}
        return merged

    def create_client(self, service_name: str, *args: Any, **options: Any) -> Any:
        """As the parent, at the address that the connection has for it."""
        kind = _SIGN_IN_SERVICES.get(service_name, "")
        address = {"sts": self._sts, "sso": self._network.sso_endpoint}.get(kind, "")
        if address:
            options["endpoint_url"] = address
            own = Config(proxies=proxies(self._network, address), use_fips_endpoint=None)
            given = options.get("config")
            options["config"] = own if given is None else own.merge(given)
        return super().create_client(service_name, *args, **options)


def _entry(connection: Connection) -> dict[str, str] | None:
    """The connection as an entry of ~/.aws/config; None where it is one, or needs none."""
    role, sso = connection.role, connection.sso
    region = {"region": connection.region}
    taken_on = {
        "role_arn": role.arn,
        "role_session_name": role.session_name,
        "external_id": role.external_id,
        "mfa_serial": role.mfa_serial,
    }
    found: dict[str, str]
    match connection.source:
        case Source.SSO:
            found = {"sso_account_id": sso.account, "sso_role_name": sso.role}
            if sso.session:
                found["sso_session"] = sso.session
            else:
                found |= {"sso_start_url": sso.start_url, "sso_region": sso.region}
        case Source.ROLE if connection.profile:
            found = taken_on | {"source_profile": connection.profile}
        case Source.ROLE:
            found = taken_on | {"credential_source": _surroundings()}
        case Source.WEB_IDENTITY:
            found = taken_on | {"web_identity_token_file": role.token_file, "mfa_serial": ""}
        case Source.PROCESS:
            found = {"credential_process": connection.process}
        case _:
            return None
    return {name: value for name, value in (found | region).items() if value}


def _surroundings() -> str:
    """Which of AWS's own sources this computer offers, by the client library's names."""
    if "AWS_ACCESS_KEY_ID" in os.environ:
        return "Environment"
    container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
    is_container = any(name in os.environ for name in container)
    return "EcsContainer" if is_container else "Ec2InstanceMetadata"


def _resolver(
    base: _SessionOf, connection: Connection, means: Means
) -> providers.CredentialResolver:
    sts = sts_address(connection.network, connection.kms_endpoint)
    cache = cast("dict[str, Any]", RoleCache(means.memory, sts))  # what is used of one
    # Roles are asked for in the Region of the connection, as the CLI does it.
    region = connection.region or base.get_config_variable("region")
    made = providers.create_credential_resolver(base, cache, region)
    # WORKAROUND: the client library reads the code from the terminal and has no public way to put
    # another reader in its place. Until it has one.
    role: Any = made.get_provider("assume-role")
    role._prompter = _Prompter(connection.name, means).ask
    match connection.source:
        case Source.KEYS:
            return providers.CredentialResolver([])  # never those of somebody else
        case Source.ENVIRONMENT:
            return providers.CredentialResolver(
                [
                    providers.EnvProvider(),
                    providers.AssumeRoleWithWebIdentityProvider(
                        load_config=dict,
                        client_creator=base.create_client,
                        profile_name="",
                        cache=cache,
                    ),
                    made.get_provider("container-role"),
                    made.get_provider("iam-role"),
                ]
            )
        case Source.PROFILE if not connection.profile:
            return made
        case Source.PROFILE:
            return providers.CredentialResolver(
                [each for each in made.providers if each.METHOD not in _OF_NO_PROFILE]
            )
    # What follows the profile in the chain would sign in as somebody else.
    own = [role, *(each for each in made.providers if each.METHOD in _OF_PROFILES)]
    return providers.CredentialResolver(own)


_OF_NO_PROFILE: Final = ("ec2-credentials-file", "boto-config", "container-role", "iam-role")
"""The client library tries these after a profile without credentials, and signs in as another."""
_OF_PROFILES: Final = ("assume-role-with-web-identity", "sso", "custom-process")


class _Prompter:
    """Asks for the code of an MFA device as the client library wants it asked for."""

    _PREFIX: Final = "Enter MFA code for "

    def __init__(self, connection: str, means: Means) -> None:
        self._connection = connection
        self._means = means

    def ask(self, prompt: str) -> str:
        """The code; see `Person.code`."""
        declined = self._means.declined
        last = declined.get(self._connection, -_ASKED_AGAIN_AFTER_S)
        if time.monotonic() - last < _ASKED_AGAIN_AFTER_S:
            raise Declined("Sign in to continue", "No MFA code was given.")
        try:
            device = prompt.removeprefix(self._PREFIX).rstrip(": ")
            return self._means.person.code(self._connection, device)
        except Declined:
            declined[self._connection] = time.monotonic()
            raise
