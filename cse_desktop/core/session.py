"""A connection (data that can be saved) and the session it opens."""

from __future__ import annotations

from dataclasses import dataclass, field

from cse_desktop.core.policy import ReadPolicy


@dataclass(frozen=True, slots=True)
class Connection:
    """Where to sign in and what may be done there. Holds no secret.

    Attributes:
        name: unique among the saved connections.
        profile: a profile of ~/.aws; "" for the default chain of AWS.
        region: "" for the profile's.
        s3_endpoint: "" for Amazon's; plain http only to loopback.
        kms_endpoint: the same.
        account: the AWS account id the profile must belong to; "" when not known yet.
        allowed_keys: ARNs (or ids, aliases) that may decrypt, tried in order; empty: keys of the
            account that is signed in.
        policy: which formats may be read.
        is_sandbox: runs on this computer and forgets at exit.
    """

    name: str
    profile: str = ""
    region: str = ""
    s3_endpoint: str = ""
    kms_endpoint: str = ""
    account: str = ""
    allowed_keys: tuple[str, ...] = ()
    policy: ReadPolicy = field(default_factory=ReadPolicy)
    is_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key held in memory for this process only."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who AWS says we are.

    Attributes:
        arn: of the user or the assumed role.
    """

    account: str
    arn: str
    region: str

    @property
    def name(self) -> str:
        """The role or user as a person would say it ("payroll-ops")."""
        parts = self.arn.rpartition(":")[2].split("/")
        return parts[1] if parts[0] == "assumed-role" and len(parts) > 1 else parts[-1]


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
