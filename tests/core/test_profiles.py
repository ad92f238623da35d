"""The profiles of ~/.aws, as they are told apart without network."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cse_desktop.core.profiles import Profile, profiles

CONFIG = """
[default]
region = eu-west-1

[profile legal]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = counsel
region = eu-central-1

[sso-session corp]
sso_start_url = https://corp.awsapps.example/start
sso_region = eu-west-1

[profile payroll]
role_arn = arn:aws:iam::111122223333:role/payroll-ops
source_profile = default

[profile vendor]
credential_process = /no/such/helper --json
"""
CREDENTIALS = """
[default]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = never-shown
"""


def write_aws(home: Path) -> None:
    (home / ".aws" / "sso" / "cache").mkdir(parents=True)
    (home / ".aws" / "config").write_text(CONFIG)
    (home / ".aws" / "credentials").write_text(CREDENTIALS)


def sign_in(home: Path, until: datetime) -> None:
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    token = {"accessToken": "t", "expiresAt": until.strftime("%Y-%m-%dT%H:%M:%SZ")}
    (home / ".aws" / "sso" / "cache" / f"{name}.json").write_text(json.dumps(token))


def named(name: str) -> Profile:
    return next(profile for profile in profiles() if profile.name == name)


def test_profiles_are_told_apart_by_how_they_sign_in(home: Path) -> None:
    write_aws(home)

    assert [profile.name for profile in profiles()] == ["default", "legal", "payroll", "vendor"]
    assert named("default").kind == "Access keys"
    assert named("payroll") == Profile("payroll", "Role", "", "111122223333", "Role payroll-ops")
    assert named("vendor").problem == "helper program not found"


def test_no_profile_shows_a_secret(home: Path) -> None:
    write_aws(home)

    assert "never-shown" not in repr(profiles())


def test_identity_center_needs_a_sign_in_once_the_cached_one_is_over(home: Path) -> None:
    write_aws(home)
    assert named("legal").needs_sign_in

    sign_in(home, datetime.now(UTC) + timedelta(hours=1))
    assert not named("legal").needs_sign_in

    sign_in(home, datetime.now(UTC) - timedelta(hours=1))
    assert named("legal").needs_sign_in


def test_no_profiles_is_an_empty_list(home: Path) -> None:
    assert home.is_dir()
    assert profiles() == ()
