"""A connection (data that can be saved) and the session it opens."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field

import boto3
import botocore.session

from cse_desktop.core.calls import Calls, SignIn, TellWaiting
from cse_desktop.core.clients import Clients, check_endpoint, make_clients
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import InvalidInput, NotAllowed, SignInNeeded
from cse_desktop.core.keys import KmsKeys
from cse_desktop.core.patience import Patience
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.record import Place, Records
from cse_desktop.core.renewal import RenewableCredentials
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.translation import translating
from cse_desktop.core.wire import check_is_aws


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
        patience: how long is tried.
        records: where transfers are written down.
    """

    def __init__(
        self, connection: Connection, clients: Clients, patience: Patience, sign_in: SignIn
    ) -> None:
        self.connection = connection
        self.patience = patience
        self.store = ObjectStore(clients.s3, Calls(patience, sign_in))
        self.keys = KmsKeys(
            clients.kms, Calls(patience, sign_in), self.account, connection.allowed_keys
        )
        self._sts = clients.sts
        self._sts_calls = Calls(patience, sign_in)
        self._identity: Identity | None = None
        self._lock = threading.Lock()
        self.records = Records()

    def recording(self, records: Records) -> Session:
        """The same, but transfers are written down, and gone on with after a crash."""
        bound = copy.copy(self)
        bound.records = records
        return bound

    def during(self, cancel: CancelToken, tell: TellWaiting) -> Session:
        """The same for one transfer: more patient, ended by `cancel`, and telling what it does."""
        bound = copy.copy(self)
        bound.store = self.store.during(cancel, tell)
        bound.keys = self.keys.during(cancel, tell)
        return bound

    @property
    def place(self) -> Place:
        """Whose storage this is, for what is written down about transfers."""
        connection = self.connection
        return Place(
            connection.profile,
            self.region,
            connection.account,
            connection.s3_endpoint,
            connection.kms_endpoint,
        )

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
                answer = self._sts_calls.make(
                    lambda: check_is_aws(self._sts.get_caller_identity(), "sts", "Account", "Arn"),
                    "sts:GetCallerIdentity",
                )
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


def open_session(
    connection: Connection,
    credentials: Credentials | None = None,
    patience: Patience = Patience(),  # noqa: B008  frozen
) -> Session:
    """Build the clients; no network.

    Args:
        credentials: instead of the profile's, for this process only.
        patience: how long is tried when a service or the network would not.

    Raises:
        InvalidInput: an endpoint that is not https, or no Region.
        SignInNeeded: the profile does not exist or has no credentials.
    """
    for endpoint in (connection.s3_endpoint, connection.kms_endpoint):
        check_endpoint(endpoint)
    with translating("sign in", key=connection.profile):
        provider = _boto_session(connection, credentials)
        if not provider.region_name:
            raise InvalidInput(
                "No Region is set for this connection",
                "Choose one in the connection, or set a region in the profile.",
            )
        first = provider.get_credentials()
        if first is None:
            raise SignInNeeded(
                "No AWS credentials were found",
                "Choose a profile of ~/.aws, or make one with “aws configure”.",
            )
        sign_in = RenewableCredentials(
            first,
            lambda: _boto_session(connection, credentials).get_credentials(),
            patience.renewal_s,
        )
        clients = make_clients(
            provider.region_name,
            None if credentials else connection.profile or None,
            (connection.s3_endpoint, connection.kms_endpoint),
            sign_in,
            patience,
        )
    return Session(connection, clients, patience, sign_in)


def _boto_session(connection: Connection, credentials: Credentials | None) -> boto3.Session:
    base = botocore.session.Session(profile=None if credentials else connection.profile or None)
    # Credentials may come from STS or IAM Identity Center: whoever answers there chooses the
    # account, so an address from the environment must not decide who that is.
    base.set_config_variable("ignore_configured_endpoint_urls", True)
    return boto3.Session(
        botocore_session=base,
        region_name=connection.region or None,
        aws_access_key_id=credentials.access_key if credentials else None,
        aws_secret_access_key=credentials.secret_key if credentials else None,
        aws_session_token=(credentials.token or None) if credentials else None,
    )
