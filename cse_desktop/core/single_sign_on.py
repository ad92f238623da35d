"""Signing in to IAM Identity Center: a code, a page in the browser, and a token in the end.

The token is written where the AWS CLI writes it and as it writes it, so whoever has signed in
there is signed in here, and the other way round:
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from cse_desktop import __version__
from cse_desktop.core.clients import Network, check_network, is_loopback, proxies
from cse_desktop.core.errors import ServiceError, SignInNeeded
from cse_desktop.core.later import later
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.portals import Portal, check_portal
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    import botocore
    import botocore.session as botocore_session
    from botocore import config, utils
else:
    botocore = later("botocore")
    config = later("botocore.config")
    botocore_session = later("botocore.session")
    utils = later("botocore.utils")

_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_USUAL_INTERVAL_S: Final = 5
_MOST_ACCOUNTS: Final = 50
_SLOWER_BY_S: Final = 5
"""RFC 8628, section 3.5."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that somebody has to confirm in a browser.

    Attributes:
        user_code: what the page will show, to be compared.
        address: where to type the code.
        address_with_code: where it is typed in already.
        ends: after that a new sign-in has to be begun.
    """

    user_code: str
    address: str
    address_with_code: str
    ends: datetime
    interval_s: int
    device: str = field(repr=False)
    registration: Mapping[str, Any] = field(repr=False)


class DeviceSignIn:
    """One sign-in to a portal; blocking, for a worker. Close it at the end.

    Args:
        portal: where.
        network: how it is reached.

    Raises:
        InvalidInput: the portal or the network cannot be used.
    """

    def __init__(self, portal: Portal, network: Network) -> None:
        check_portal(portal)
        check_network(network)
        self._portal = portal
        self._cache = utils.JSONFileCache(str(Path.home() / ".aws" / "sso" / "cache"))
        with translating("sso:RegisterClient"):
            self._client = _client("sso-oidc", portal.region, network)

    def begin(self, cancel: CancelToken) -> DeviceCode:
        """Ask for a code.

        Raises:
            CseError: the portal does not exist, or cannot be reached.
            Cancelled: before it was answered.
        """
        with translating("sso:StartDeviceAuthorization", self._portal.start_url):
            registration = self._registration(cancel)
            answer = leave_when_cancelled(
                lambda: self._client.start_device_authorization(
                    clientId=registration["clientId"],
                    clientSecret=registration["clientSecret"],
                    startUrl=self._portal.start_url,
                ),
                cancel,
            )
        code = DeviceCode(
            user_code=answer["userCode"],
            address=answer["verificationUri"],
            address_with_code=answer.get("verificationUriComplete", answer["verificationUri"]),
            ends=datetime.now(UTC) + timedelta(seconds=answer["expiresIn"]),
            interval_s=int(answer.get("interval") or _USUAL_INTERVAL_S),
            device=answer["deviceCode"],
            registration=registration,
        )
        for address in (code.address, code.address_with_code):
            _check_is_page(address)
        return code

    def finish(self, code: DeviceCode, cancel: CancelToken) -> None:
        """Wait until it is confirmed in the browser, and keep the token.

        Raises:
            SignInNeeded: it was refused, or took too long.
            Cancelled: before that.
        """
        interval_s = code.interval_s
        while True:
            cancel.wait(interval_s)
            try:
                answer = leave_when_cancelled(lambda: self._token(code), cancel)
            except self._client.exceptions.AuthorizationPendingException:
                continue
            except self._client.exceptions.SlowDownException:
                interval_s += _SLOWER_BY_S
                continue
            self._keep(answer, code.registration)
            return

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _token(self, code: DeviceCode) -> Any:
        errors = self._client.exceptions
        try:
            return self._client.create_token(
                grantType=_GRANT,
                clientId=code.registration["clientId"],
                clientSecret=code.registration["clientSecret"],
                deviceCode=code.device,
            )
        except errors.ExpiredTokenException:
            raise SignInNeeded(
                "The sign-in was not confirmed in time", "Begin it again, for a new code."
            ) from None
        except (errors.AccessDeniedException, errors.InvalidGrantException):
            raise SignInNeeded(
                "The sign-in was refused in the browser", "Begin it again if that was not meant."
            ) from None
        except (errors.AuthorizationPendingException, errors.SlowDownException):
            raise
        except Exception:
            with translating("sso:CreateToken", self._portal.start_url):
                raise

    def _registration(self, cancel: CancelToken) -> Mapping[str, Any]:
        """This program as the portal knows it; kept for the months it is good for, as the CLI's."""
        key = _registration_key(self._portal)
        if key in self._cache:
            known: dict[str, Any] = self._cache[key]
            if _is_good(known) and "authorization_code" not in known.get("grantTypes", ()):
                return known
        name = self._portal.session or str(int(time.time()))
        scopes: dict[str, Any] = {"scopes": [*self._portal.scopes]} if self._portal.scopes else {}
        answer = leave_when_cancelled(
            lambda: self._client.register_client(
                clientName=f"cse-desktop-{name}", clientType="public", **scopes
            ),
            cancel,
        )
        ends = datetime.fromtimestamp(answer["clientSecretExpiresAt"], UTC)
        made = {
            "clientId": answer["clientId"],
            "clientSecret": answer["clientSecret"],
            "expiresAt": ends.strftime(_TIME),
            **scopes,
        }
        self._cache[key] = made
        return made

    def _keep(self, answer: Mapping[str, Any], registration: Mapping[str, Any]) -> None:
        ends = datetime.now(UTC) + timedelta(seconds=answer["expiresIn"])
        token = {
            "startUrl": self._portal.start_url,
            "region": self._portal.region,
            "accessToken": answer["accessToken"],
            "expiresAt": ends.strftime(_TIME),
            "clientId": registration["clientId"],
            "clientSecret": registration["clientSecret"],
            "registrationExpiresAt": registration["expiresAt"],
        }
        if answer.get("refreshToken"):
            token["refreshToken"] = answer["refreshToken"]
        with translating("save", str(Path.home() / ".aws" / "sso" / "cache")):
            loader: Any = utils.SSOTokenLoader(self._cache)
            loader.save_token(self._portal.start_url, token, self._portal.session or None)


def roles_at(portal: Portal, network: Network) -> tuple[tuple[str, str], ...]:
    """Pairs of account id and role that the portal gives to whoever is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    cache = utils.JSONFileCache(str(Path.home() / ".aws" / "sso" / "cache"))
    with translating("sso:ListAccounts", portal.start_url):
        load: Any = utils.SSOTokenLoader(cache)
        token = load(portal.start_url, portal.session or None)["accessToken"]
        client = _client("sso", portal.region, network)
        try:
            pages = client.get_paginator("list_accounts").paginate(accessToken=token)
            accounts = [each["accountId"] for page in pages for each in page["accountList"]]
            return tuple(
                (account, role["roleName"])
                for account in accounts[:_MOST_ACCOUNTS]
                for page in client.get_paginator("list_account_roles").paginate(
                    accessToken=token, accountId=account
                )
                for role in page["roleList"]
            )
        finally:
            client.close()


def _client(service: str, region: str, network: Network) -> Any:
    base = botocore_session.Session()
    base.set_config_variable("ignore_configured_endpoint_urls", True)
    endpoint = network.sso_endpoint
    return base.create_client(
        service,
        region_name=region,
        endpoint_url=endpoint or None,
        verify=network.ca_file or None,
        config=config.Config(
            signature_version=botocore.UNSIGNED,
            connect_timeout=10,
            read_timeout=30,
            proxies=proxies(network, endpoint),
            use_fips_endpoint=True if network.fips and not endpoint else None,
            user_agent_extra=f"cse-desktop/{__version__}",
        ),
    )


def _check_is_page(address: str) -> None:
    """A browser is sent there: to a page of the web, and to nothing that starts a program."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(address)):
        raise ServiceError(
            "IAM Identity Center gave an address that can't be opened",
            "Check the start URL of the connection.",
        )


def _is_good(registration: Mapping[str, Any]) -> bool:
    try:
        ends = utils.parse_timestamp(registration["expiresAt"])
    except (KeyError, ValueError):
        return False
    return bool(datetime.now(UTC) + timedelta(minutes=15) < ends)


def _registration_key(portal: Portal) -> str:
    facts = {
        "tool": "cse-desktop",
        "startUrl": portal.start_url,
        "region": portal.region,
        "scopes": [*portal.scopes],
        "session_name": portal.session or None,
    }
    return hashlib.sha1(json.dumps(facts, sort_keys=True).encode()).hexdigest()
