"""A connection (data that can be saved) and the session it opens."""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from cse_desktop import __version__
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import InvalidInput, NotAllowed, SignInNeeded
from cse_desktop.core.keys import KmsKeys
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sts import STSClient

_CONFIG: Final = Config(  # type: ignore[call-arg]  # the stubs lack one of these
    # A poisoned AWS_ENDPOINT_URL_KMS would send plaintext data keys to any address (measured).
    ignore_configured_endpoint_urls=True,
    connect_timeout=10,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 6},
    max_pool_connections=64,
    tcp_keepalive=True,
    # The checksum of the ciphertext is ours, computed while it was sealed; on the way down the
    # tag of AES-GCM says more than any checksum.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    user_agent_extra=f"cse-desktop/{__version__}",
)


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
        write_format: V3, or V2 for readers that know no other.
        bind_names: whether the context of each object names its bucket and key; then it must on
            reading, too.
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
    write_format: Format = Format.V3
    bind_names: bool = False


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


class Session:
    """Everything one connection can do. Any thread.

    Attributes:
        connection: as it was asked for.
        store: S3.
        keys: KMS.
    """

    def __init__(
        self, connection: Connection, store: ObjectStore, sts: STSClient, kms: KMSClient
    ) -> None:
        self.connection = connection
        self.store = store
        self.keys = KmsKeys(kms, self.account, connection.allowed_keys)
        self._sts = sts
        self._identity: Identity | None = None
        self._lock = threading.Lock()

    @property
    def region(self) -> str:
        """The Region of the connection or of its profile."""
        return self._sts.meta.region_name

    def identity(self) -> Identity:
        """Who AWS says we are; one STS call, remembered.

        Raises:
            NotAllowed: the profile now belongs to another account than the connection was made for.
        """
        with self._lock:
            if self._identity is None:
                with translating("sts:GetCallerIdentity"):
                    answer = self._sts.get_caller_identity()
                self._identity = Identity(answer["Account"], answer["Arn"], self.region)
        expected = self.connection.account
        if expected and expected != self._identity.account:
            raise NotAllowed(
                "This profile signs in to another account than before",
                f"The connection was made for account {expected}, the profile now belongs to "
                f"{self._identity.account}. Check the profile, or make a new connection.",
                f"Signed in as: {self._identity.arn}",
            )
        return self._identity

    def account(self) -> str:
        """The account id that is signed in."""
        return self.identity().account


def open_session(connection: Connection, credentials: Credentials | None = None) -> Session:
    """Build the clients; no network.

    Args:
        credentials: instead of the profile's, for this process only.

    Raises:
        InvalidInput: an endpoint that is not https, or no Region.
        SignInNeeded: the profile does not exist or has no credentials.
    """
    for endpoint in (connection.s3_endpoint, connection.kms_endpoint):
        check_endpoint(endpoint)
    with translating("sign in", key=connection.profile):
        found = boto3.Session(
            profile_name=None if credentials else connection.profile or None,
            region_name=connection.region or None,
            aws_access_key_id=credentials.access_key if credentials else None,
            aws_secret_access_key=credentials.secret_key if credentials else None,
            aws_session_token=(credentials.token or None) if credentials else None,
        )
        if not found.region_name:
            raise InvalidInput(
                "No Region is set for this connection",
                "Choose one in the connection, or set a region in the profile.",
            )
        if found.get_credentials() is None:
            raise SignInNeeded(
                "No AWS credentials were found",
                "Choose a profile of ~/.aws, or make one with “aws configure”.",
            )
        # Clients are made one after the other: boto3 does not promise that a session may be
        # used by several threads, a client may.
        s3 = found.client("s3", endpoint_url=connection.s3_endpoint or None, config=_CONFIG)
        kms = found.client("kms", endpoint_url=connection.kms_endpoint or None, config=_CONFIG)
        # A local endpoint for KMS means a simulator, which then speaks for STS as well.
        local = connection.kms_endpoint if _is_loopback(connection.kms_endpoint) else None
        sts = found.client("sts", endpoint_url=local, config=_CONFIG)
    return Session(connection, ObjectStore(s3), sts, kms)


def check_endpoint(endpoint: str) -> None:
    """Raise InvalidInput unless `endpoint` is "", https, or http to this computer."""
    if not endpoint:
        return
    try:
        parts = urlsplit(endpoint)
        is_address = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        is_address = False
    if not is_address:
        raise InvalidInput(
            f"“{endpoint}” is not an address", "Write it like https://s3.example.com:9000."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(endpoint)):
        raise InvalidInput(
            "Use https. Plain http would send data keys unprotected",
            "Plain http is possible only to this computer itself.",
            f"Endpoint: {endpoint}",
        )


def _is_loopback(endpoint: str) -> bool:
    host = (urlsplit(endpoint).hostname or "") if endpoint else ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
