"""Every way to sign in gives the credentials that were asked for, and no others."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.credentials import AssumeRoleCredentialFetcher
from botocore.exceptions import ClientError

from cse_desktop.core.clients import DIRECT, Network, check_network
from cse_desktop.core.connection import AssumedRole, Connection, Source
from cse_desktop.core.errors import Declined, InvalidInput, SignInNeeded
from cse_desktop.core.means import Means, Nobody
from cse_desktop.core.session import open_session
from cse_desktop.core.sign_in import provider_session
from cse_desktop.core.translation import translating
from tests import servers

moto_only = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

ROLE = f"arn:aws:iam::{servers.ACCOUNT}:role/payroll-ops"
DEVICE = f"arn:aws:iam::{servers.ACCOUNT}:mfa/m.keller"
CONFIG = f"""
[profile keys]
aws_access_key_id = {servers.ACCESS_KEY}
aws_secret_access_key = {servers.SECRET_KEY}
region = us-east-1

[profile empty]
region = us-east-1
"""


class Holder(Nobody):
    """Somebody with an MFA device in hand."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def code(self, connection: str, device: str) -> str:
        self.asked.append((connection, device))
        return "123456"


@pytest.fixture(autouse=True)
def config(home: Path) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(CONFIG)


@pytest.fixture
def role(connection: Connection) -> Connection:
    """A role taken on with the profile, and a code."""
    return replace(
        connection,
        source=Source.ROLE,
        profile="keys",
        role=AssumedRole(ROLE, "m.keller", "an-external-id", DEVICE),
    )


@moto_only
def test_a_role_is_taken_on_with_a_code_that_is_asked_for_once(role: Connection) -> None:
    means = Means(Holder())
    session = open_session(role, means=means)

    assert session.identity().arn.endswith("assumed-role/payroll-ops/m.keller")
    open_session(role, means=means).store.buckets()

    assert isinstance(means.person, Holder)
    assert means.person.asked == [(role.name, DEVICE)]
    assert servers.SECRET_KEY not in repr(means)


@pytest.mark.logs_warnings  # of the client library, about the refresh that did not happen
@moto_only
def test_nobody_to_ask_is_said_and_is_not_asked_twice(role: Connection) -> None:
    class Absent(Nobody):
        times = 0

        def code(self, connection: str, device: str) -> str:
            self.times += 1
            return super().code(connection, device)

    person = Absent()
    session = open_session(role, means=Means(person))
    with pytest.raises(Declined, match="MFA code is needed"):
        session.identity()
    with pytest.raises(SignInNeeded):
        session.identity()
    assert person.times == 1


@moto_only
def test_a_role_that_the_aws_cli_took_on_needs_no_code(role: Connection, home: Path) -> None:
    answer = {
        "Credentials": {
            "AccessKeyId": "ASIAOFTHECLI",
            "SecretAccessKey": "s",
            "SessionToken": "t",
            "Expiration": "2099-01-01T00:00:00Z",
        }
    }
    cache = home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    remote = replace(role, kms_endpoint="")
    asked = {"RoleSessionName": "m.keller", "ExternalId": "an-external-id", "SerialNumber": DEVICE}
    fetcher = AssumeRoleCredentialFetcher(None, None, ROLE, asked)  # names the file as the CLI does
    (cache / f"{fetcher._cache_key}.json").write_text(json.dumps(answer))

    found = provider_session(remote, None, Means()).get_credentials()
    assert found.get_frozen_credentials().access_key == "ASIAOFTHECLI"
    # A simulator is not AWS: what AWS gave is not shown to it.
    at_simulator = provider_session(role, None, Means(Holder())).get_credentials()
    assert at_simulator.get_frozen_credentials().access_key != "ASIAOFTHECLI"


@moto_only
def test_a_profile_without_credentials_never_signs_in_as_somebody_else(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s")
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/never")
    with pytest.raises(SignInNeeded):
        open_session(replace(connection, profile="empty"))
    with pytest.raises(SignInNeeded):
        open_session(replace(connection, profile="no-such-profile"))
    with pytest.raises(SignInNeeded, match="not here"):
        open_session(replace(connection, source=Source.KEYS, access_key="AKIAX"))


@moto_only
def test_the_environment_is_used_only_where_it_was_chosen(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = replace(connection, source=Source.ENVIRONMENT)
    monkeypatch.setenv("AWS_PROFILE", "keys")
    with pytest.raises(SignInNeeded):
        open_session(chosen)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", servers.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", servers.SECRET_KEY)
    assert open_session(chosen).identity().account == servers.ACCOUNT


@moto_only
def test_a_role_is_taken_on_from_the_environment_without_a_profile(
    role: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", servers.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", servers.SECRET_KEY)
    session = open_session(replace(role, profile=""), means=Means(Holder()))
    assert session.identity().name == "payroll-ops"


@moto_only
def test_a_web_identity_takes_on_its_role_with_the_token_of_its_file(
    connection: Connection, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("header.body.signature")
    web = replace(
        connection,
        source=Source.WEB_IDENTITY,
        role=AssumedRole(ROLE, "ci", token_file=str(token)),
    )
    assert open_session(web).identity().name == "payroll-ops"


@moto_only
def test_a_program_supplies_credentials(connection: Connection, tmp_path: Path) -> None:
    program = tmp_path / "supply.py"
    keys = {"Version": 1, "AccessKeyId": servers.ACCESS_KEY, "SecretAccessKey": "s"}
    program.write_text(f"print('''{json.dumps(keys)}''')")
    command = f"{sys.executable} {program}"
    found = open_session(replace(connection, source=Source.PROCESS, process=command))
    assert found.identity().account == servers.ACCOUNT


@moto_only
def test_path_style_and_a_proxy_of_one_s_own_reach_the_clients(connection: Connection) -> None:
    away = replace(
        connection,
        profile="keys",
        s3_endpoint="",
        kms_endpoint="",
        network=Network(proxy="http://proxy.example.com:8080", fips=True, dual_stack=True),
    )
    session = open_session(away)
    s3, kms = session.store._client, session.keys._client
    assert s3.meta.endpoint_url == "https://s3-fips.dualstack.us-east-1.amazonaws.com"
    assert kms.meta.endpoint_url == "https://kms-fips.us-east-1.api.aws"
    assert s3.meta.config.proxies["https"] == "http://proxy.example.com:8080"
    direct = open_session(replace(away, network=Network(proxy=DIRECT, path_style=True)))
    assert direct.store._client.meta.config.proxies == {}
    assert direct.store._client.meta.config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(
    ("network", "says"),
    [
        (Network(proxy="proxy:8080"), "proxy can't be used"),
        (Network(proxy="http://m.keller:hunter2@proxy:8080"), "holds a password"),
        (Network(proxy="socks5://proxy:1080"), "proxy can't be used"),
        (Network(ca_file="/no/such/file.pem"), "trusted certificates is not there"),
        (Network(sts_endpoint="http://sts.example.com"), "Use https"),
        (Network(sso_endpoint="ftp://sso.example.com"), "Use https"),
    ],
)
def test_a_network_that_cannot_be_used_is_refused(network: Network, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as caught:
        check_network(network)
    assert "hunter2" not in repr(caught.value) + str(caught.value.details)


def test_a_wrong_code_is_told_from_a_missing_permission() -> None:
    message = "MultiFactorAuthentication failed with invalid MFA one time pass code."
    answer = {"Error": {"Code": "AccessDenied", "Message": message}}
    with (
        pytest.raises(SignInNeeded, match="MFA code was not accepted"),
        translating("sts:AssumeRole"),
    ):
        raise ClientError(answer, "AssumeRole")
