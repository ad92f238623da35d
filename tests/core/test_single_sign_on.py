"""Signing in to IAM Identity Center, and sharing the sign-in with the AWS CLI."""

from __future__ import annotations

import hashlib
import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.credentials import SSOProvider
from botocore.tokens import SSOTokenProvider

from cse_desktop.core.clients import Network
from cse_desktop.core.connection import Connection, SingleSignOn, Source
from cse_desktop.core.errors import InvalidInput, SignInNeeded
from cse_desktop.core.means import Means, Nobody
from cse_desktop.core.patience import Patience
from cse_desktop.core.portals import Portal, portal_of, session_for
from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.core.session import Session, open_session
from cse_desktop.core.single_sign_on import DeviceSignIn
from tests import sso_portal
from tests.sso_portal import SsoPortal

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

HURRIED = Patience(renewal_s=0)
CONFIG = """
[sso-session corp]
sso_start_url = {url}/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access

[profile legal]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = counsel
region = us-east-1

[profile auditor]
role_arn = arn:aws:iam::123456789012:role/auditor
source_profile = legal
region = us-east-1
"""


@pytest.fixture
def portal(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SsoPortal]:
    # The client library works out where ~ is when it is imported.
    cache = str(home / ".aws" / "sso" / "cache")
    monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    with sso_portal.running() as found:
        yield found


@pytest.fixture
def own(connection: Connection, portal: SsoPortal) -> Connection:
    """A connection that names the portal itself."""
    return replace(
        connection,
        source=Source.SSO,
        sso=SingleSignOn(portal.start_url, "eu-west-1", "", "123456789012", "clerk"),
        network=Network(sso_endpoint=portal.url),
    )


def sign_in(connection: Connection) -> None:
    found = portal_of(connection)
    assert found is not None
    desk = DeviceSignIn(found, connection.network)
    try:
        desk.finish(desk.begin(CancelToken()), CancelToken())
    finally:
        desk.close()


def cached(home: Path, name: str) -> dict[str, Any]:
    path = home / ".aws" / "sso" / "cache" / f"{hashlib.sha1(name.encode()).hexdigest()}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write_config(home: Path, portal: SsoPortal) -> None:
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(CONFIG.format(url=portal.url))


def test_a_sign_in_is_confirmed_elsewhere_and_then_opens_the_connection(
    own: Connection, portal: SsoPortal, home: Path
) -> None:
    desk = DeviceSignIn(Portal(portal.start_url, "eu-west-1"), own.network)
    code = desk.begin(CancelToken())
    assert code.user_code == "WDJB-MJHT"
    assert code.address_with_code.endswith("?user_code=WDJB-MJHT")
    assert "c-secret" not in repr(code)

    waiting = threading.Thread(target=desk.finish, args=(code, CancelToken()))
    waiting.start()
    while portal.requests.count("/token") < 1:
        waiting.join(0.01)
    portal.confirmed = True
    waiting.join(30)
    desk.close()

    session = open_session(own)
    assert session.identity().account
    assert session.store.buckets() is not None
    token = cached(home, portal.start_url)
    assert token["startUrl"] == portal.start_url
    assert token["expiresAt"].endswith("Z")


def test_a_profile_with_an_sso_session_shares_its_sign_in_with_other_programs(
    connection: Connection, portal: SsoPortal, home: Path
) -> None:
    write_config(home, portal)
    portal.confirmed = True
    legal = replace(connection, profile="legal", network=Network(sso_endpoint=portal.url))

    sign_in(legal)

    assert cached(home, "corp")["clientSecret"] == "c-secret"
    assert portal.scopes == ["sso:account:access"]
    # Another program asks the client library, which knows nothing of this one.
    other = botocore.session.Session(profile="legal").get_auth_token()
    assert other is not None
    assert other.get_frozen_token().token in portal.tokens
    assert open_session(legal).identity().account


def test_the_portal_of_a_role_is_that_of_the_profile_it_is_taken_on_with(
    connection: Connection, portal: SsoPortal, home: Path
) -> None:
    write_config(home, portal)
    found = portal_of(replace(connection, profile="auditor"))
    assert found == Portal(portal.start_url, "eu-west-1", "corp", ("sso:account:access",))
    assert portal_of(replace(connection, profile="nobody")) is None
    sso = SingleSignOn(portal.start_url + "/", "eu-west-1")
    assert session_for(sso) == "corp"


def test_a_refused_sign_in_says_so_and_keeps_nothing(
    own: Connection, portal: SsoPortal, home: Path
) -> None:
    portal.refused = True
    with pytest.raises(SignInNeeded, match="refused in the browser"):
        sign_in(own)
    assert "accessToken" not in "".join(
        path.read_text() for path in (home / ".aws/sso/cache").iterdir()
    )


def test_waiting_for_a_sign_in_can_be_given_up(own: Connection, portal: SsoPortal) -> None:
    cancel = CancelToken()
    desk = DeviceSignIn(Portal(portal.start_url, "eu-west-1"), own.network)
    code = desk.begin(cancel)
    giving_up = threading.Timer(0.1, cancel.cancel)
    giving_up.start()
    with pytest.raises(Cancelled):
        desk.finish(code, cancel)
    giving_up.join()
    desk.close()


@pytest.mark.logs_warnings  # of the client library, about the token it did not find
def test_without_a_sign_in_the_connection_asks_for_one(own: Connection) -> None:
    with pytest.raises(SignInNeeded, match="Sign in to continue"):
        open_session(own).identity()


@pytest.mark.logs_warnings  # of the client library, about the token it did not find
def test_a_transfer_waits_until_somebody_has_signed_in(own: Connection, portal: SsoPortal) -> None:
    wanted, said = threading.Event(), []

    class Clerk(Nobody):
        def wants_sign_in(self, _connection: str) -> bool:
            wanted.set()
            return True

    session = open_session(own, patience=HURRIED, means=Means(Clerk()))
    found: list[object] = []

    def list_buckets(bound: Session) -> None:
        found.append(bound.store.buckets())

    transfer = threading.Thread(
        target=list_buckets, args=(session.during(CancelToken(), said.append),)
    )
    transfer.start()
    assert wanted.wait(30)
    assert not found
    portal.confirmed = True
    sign_in(own)
    transfer.join(30)

    assert found
    assert [str(each) for each in said] == ["Paused until you sign in"]


@pytest.mark.logs_warnings  # of the client library, about the token it did not find
def test_a_waiting_transfer_can_be_cancelled(own: Connection) -> None:
    class Clerk(Nobody):
        def wants_sign_in(self, _connection: str) -> bool:
            cancel.cancel()
            return True

    cancel = CancelToken()
    session = open_session(own, patience=HURRIED, means=Means(Clerk()))
    with pytest.raises(Cancelled):
        session.during(cancel, str).store.buckets()


def test_a_page_that_is_none_of_the_web_is_never_opened(
    own: Connection, portal: SsoPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = portal.answer

    def hostile(path: str, query: Any, token: str, body: Any) -> Any:
        status, error, values = honest(path, query, token, body)
        if path == "/device_authorization":
            values["verificationUriComplete"] = "file:///usr/bin/xterm"
        return status, error, values

    monkeypatch.setattr(SsoPortal, "answer", lambda _self, *given: hostile(*given))
    desk = DeviceSignIn(Portal(portal.start_url, "eu-west-1"), own.network)
    with pytest.raises(Exception, match="can't be opened"):
        desk.begin(CancelToken())
    desk.close()


def test_a_portal_over_plain_http_is_refused(own: Connection) -> None:
    with pytest.raises(InvalidInput, match="Use https"):
        DeviceSignIn(Portal("http://portal.example.com/start", "eu-west-1"), own.network)
