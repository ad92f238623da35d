"""Access portals of IAM Identity Center: which one a connection is signed in through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.clients import check_endpoint
from cse_desktop.core.connection import Connection, SingleSignOn, Source
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.later import later
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    import botocore.session as botocore_session
else:
    botocore_session = later("botocore.session")

_SCOPES: Final = ("sso:account:access",)


@dataclass(frozen=True, slots=True)
class Portal:
    """An access portal of IAM Identity Center.

    Attributes:
        session: name of the [sso-session]; "" where a profile names the start URL itself.
        scopes: asked for with a session; the sign-in can then be renewed for some days.
    """

    start_url: str
    region: str
    session: str = ""
    scopes: tuple[str, ...] = ()


def portal_of(connection: Connection) -> Portal | None:
    """The portal that a connection signs in through; None where it signs in some other way.

    Raises:
        CseError: the files of ~/.aws cannot be read.
    """
    with translating("read profiles"):
        config = botocore_session.Session().full_config
    sessions = config.get("sso_sessions", {})
    if connection.source is Source.SSO:
        sso = connection.sso
        return _portal(sessions, sso.session, sso.start_url, sso.region)
    if connection.source not in (Source.PROFILE, Source.ROLE):
        return None
    name, seen = connection.profile or "default", set[str]()
    while name and name not in seen:  # a role is taken on with another profile, and so on
        seen.add(name)
        profile = config["profiles"].get(name, {})
        session = str(profile.get("sso_session", ""))
        if session or "sso_start_url" in profile:
            url, region = profile.get("sso_start_url", ""), profile.get("sso_region", "")
            return _portal(sessions, session, str(url), str(region))
        name = str(profile.get("source_profile", ""))
    return None


def session_for(sso: SingleSignOn) -> str:
    """The [sso-session] of ~/.aws/config for a portal, so that its sign-in is shared; or ""."""
    with translating("read profiles"):
        sessions = botocore_session.Session().full_config.get("sso_sessions", {})
    for name, values in sessions.items():
        same_url = str(values.get("sso_start_url", "")).rstrip("/") == sso.start_url.rstrip("/")
        if same_url and values.get("sso_region") == sso.region:
            return str(name)
    return ""


def _portal(sessions: Mapping[str, Any], session: str, url: str, region: str) -> Portal:
    found = sessions.get(session, {}) if session else {}
    scopes = str(found.get("sso_registration_scopes", ""))
    asked = tuple(scope.strip() for scope in scopes.split(",") if scope.strip())
    return Portal(
        str(found.get("sso_start_url", url)),
        str(found.get("sso_region", region)),
        session,
        (asked or _SCOPES) if session else (),
    )


def check_portal(portal: Portal) -> None:
    """Raise InvalidInput unless the portal can be signed in to."""
    if not portal.start_url or not portal.region:
        raise InvalidInput(
            "The start URL or the Region of IAM Identity Center is missing",
            "Your administrator knows both. The URL is like https://d-1234567890.awsapps.com/start.",
        )
    check_endpoint(portal.start_url)
