"""A connection: data that can be saved, and nothing secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from cse_desktop.core.clients import Network
from cse_desktop.core.envelope import Format
from cse_desktop.core.policy import ReadPolicy


class Source(Enum):
    """Where the credentials of a connection come from."""

    PROFILE = "profile"  # of ~/.aws; without a name the default chain of AWS
    SSO = "sso"  # IAM Identity Center
    KEYS = "keys"  # access keys of the system keyring, or of this session only
    ROLE = "role"  # taken on with the credentials of a profile
    ENVIRONMENT = "environment"  # variables, container or instance; no file is read
    WEB_IDENTITY = "web-identity"  # a role taken on with a token that lies in a file
    PROCESS = "process"  # a program that prints them


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """A role that IAM Identity Center gives.

    Attributes:
        start_url: of the access portal.
        region: of IAM Identity Center, not of the buckets.
        session: name of the [sso-session] in ~/.aws/config whose sign-in is shared; "" shares it
            with profiles that name the start URL themselves.
        account, role: what is asked for.
    """

    start_url: str = ""
    region: str = ""
    session: str = ""
    account: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """A role taken on through STS.

    Attributes:
        arn: of the role.
        session_name: as CloudTrail will show it; "" for one of the client library's.
        external_id: where the role's owner demands one, else "".
        mfa_serial: of the device whose code is asked for, else "".
        token_file: for a web identity: the file that holds the token.
    """

    arn: str = ""
    session_name: str = ""
    external_id: str = ""
    mfa_serial: str = ""
    token_file: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where to sign in and what may be done there. Holds no secret.

    Attributes:
        name: unique among the saved connections.
        profile: a profile of ~/.aws; "" for the default chain of AWS. Of a ROLE the profile whose
            credentials take it on; "" for those of the environment.
        region: "" for the profile's.
        s3_endpoint: "" for Amazon's; plain http only to loopback.
        kms_endpoint: the same.
        account: the AWS account id the profile must belong to; "" when not known yet.
        allowed_keys: ARNs (or ids, aliases) that may decrypt, tried in order; empty: keys of the
            account that is signed in.
        policy: which formats may be read.
        write_format: V3, or V2 for readers that know no other.
        bind_names: whether the context of each object names its bucket and key; then it must on
            reading, too.
        is_sandbox: runs on this computer and forgets at exit.
        source: which of the following tells where credentials come from.
        access_key: id of the access key of KEYS; its secret is in the system keyring.
        sso: for SSO.
        role: for ROLE and WEB_IDENTITY.
        process: the command line of PROCESS.
        network: how the services are reached.
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
    write_format: Format = Format.V3
    bind_names: bool = False
    source: Source = Source.PROFILE
    access_key: str = ""
    sso: SingleSignOn = field(default_factory=SingleSignOn)
    role: AssumedRole = field(default_factory=AssumedRole)
    process: str = ""
    network: Network = field(default_factory=Network)

    @property
    def signs_in_with(self) -> str:
        """The profile, or what else tells one sign-in from another."""
        if self.source is Source.PROFILE:
            return self.profile
        parts = (self.access_key, self.sso.start_url, self.sso.role, self.role.arn, self.process)
        return " ".join((self.source.value, self.profile, *parts)).strip()


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
