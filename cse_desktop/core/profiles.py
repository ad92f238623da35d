"""The profiles of ~/.aws, read without network and without secrets."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cse_desktop.core.later import later
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    import botocore.exceptions as aws
    import botocore.session as botocore_session
    from botocore import utils
else:
    botocore_session = later("botocore.session")
    aws = later("botocore.exceptions")
    utils = later("botocore.utils")


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile found in ~/.aws, read without network.

    Attributes:
        kind: "Access keys", "IAM Identity Center", "Role", "credential_process", "Web identity".
        note: what else is worth a line ("Role payroll-ops"), or "".
        problem: why it cannot be used, or "".
    """

    name: str
    kind: str
    region: str = ""
    account: str = ""
    note: str = ""
    problem: str = ""
    needs_sign_in: bool = False


def profiles() -> tuple[Profile, ...]:
    """All profiles of the config and credentials files, by name, "default" first.

    Raises:
        CseError: a file that cannot be read or parsed.
    """
    with translating("read profiles"):
        config = botocore_session.Session().full_config
    found = [_profile(name, values, config) for name, values in config["profiles"].items()]
    return tuple(sorted(found, key=lambda profile: (profile.name != "default", profile.name)))


def _profile(name: str, values: Mapping[str, Any], config: Mapping[str, Any]) -> Profile:
    region = str(values.get("region", ""))
    if "sso_session" in values or "sso_start_url" in values:
        role = str(values.get("sso_role_name", ""))
        return Profile(
            name,
            "IAM Identity Center",
            region,
            str(values.get("sso_account_id", "")),
            f"Role {role}" if role else "",
            needs_sign_in=not _has_sign_in(values, config),
        )
    if "role_arn" in values:
        arn = str(values["role_arn"])
        kind = "Web identity" if "web_identity_token_file" in values else "Role"
        account = (arn.split(":") + [""] * 5)[4]
        return Profile(name, kind, region, account, f"Role {arn.rpartition('/')[2]}")
    if "credential_process" in values:
        words = shlex.split(str(values["credential_process"]))
        missing = not words or shutil.which(words[0]) is None
        problem = "helper program not found" if missing else ""
        return Profile(name, "credential_process", region, problem=problem)
    if "aws_access_key_id" in values:
        return Profile(name, "Access keys", region)
    return Profile(name, "No credentials", region, problem="it holds no credentials")


def _has_sign_in(values: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    """Whether the sign-in cached by the AWS CLI still holds; looked up the way botocore does."""
    session_name = values.get("sso_session")
    sso = config.get("sso_sessions", {}).get(session_name, values)
    try:
        token = utils.SSOTokenLoader(
            utils.JSONFileCache(str(Path.home() / ".aws" / "sso" / "cache"))
        )(str(sso.get("sso_start_url", "")), session_name)
        return datetime.now(UTC) < utils.parse_timestamp(token["expiresAt"])
    except (aws.SSOTokenLoadError, OSError, ValueError):
        return False
