"""The session that a connection opens: its store, its keys, and who it is signed in as."""

from __future__ import annotations

import copy
import threading
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from cse_desktop.core.bandwidth import Bandwidth
from cse_desktop.core.calls import Calls, TellWaiting
from cse_desktop.core.connection import Connection, Credentials, Identity, Source
from cse_desktop.core.errors import InvalidInput, NotAllowed, SignInNeeded
from cse_desktop.core.keys import KmsKeys
from cse_desktop.core.later import later
from cse_desktop.core.means import Means
from cse_desktop.core.patience import Patience
from cse_desktop.core.portals import portal_of
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.record import Place, Records
from cse_desktop.core.store import ObjectStore
from cse_desktop.core.translation import translating
from cse_desktop.core.ways import Ways, past_library, through_library
from cse_desktop.core.wire import check_is_aws

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient

    from cse_desktop.core import clients as making
    from cse_desktop.core import renewal
    from cse_desktop.core import sign_in as signing
else:
    making = later("cse_desktop.core.clients")
    renewal = later("cse_desktop.core.renewal")
    signing = later("cse_desktop.core.sign_in")

__all__ = ["Connection", "Credentials", "Identity", "Session", "open_session"]

_LOOKS_AROUND_S: Final = 0.1


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
        self,
        connection: Connection,
        clients: making.Clients,
        patience: Patience,
        sign_in: renewal.RenewableCredentials,
        ways: Ways,
    ) -> None:
        self.connection = connection
        self.patience = patience
        self.store = ObjectStore(clients.s3, Calls(patience, sign_in), ways.carrier)
        self.keys = KmsKeys(
            clients.kms,
            Calls(patience, sign_in),
            ways.data_keys,
            self.account,
            connection.allowed_keys,
        )
        self._who = _Who(connection, clients.sts)
        self._sts_calls = Calls(patience, sign_in)
        self._cancel: CancelToken | None = None
        self._sign_in = sign_in
        self.records = Records()

    def recording(self, records: Records) -> Session:
        """The same, but transfers are written down, and gone on with after a crash."""
        bound = copy.copy(self)
        bound.records = records
        return bound

    def during(self, cancel: CancelToken, tell: TellWaiting) -> Session:
        """The same for one transfer: more patient, ended by `cancel`, and telling what it does."""
        bound = copy.copy(self)
        bound._cancel = cancel
        bound._sts_calls = self._sts_calls.during(cancel, tell)
        bound.store = self.store.during(cancel, tell)
        bound.keys = self.keys.during(cancel, tell, bound.account)
        return bound

    def looked_at(self, cancel: CancelToken) -> Session:
        """The same for what a person waits for on the screen, until they look away."""
        bound = copy.copy(self)
        bound._cancel = cancel
        bound._sts_calls = self._sts_calls.looked_at(cancel)
        bound.store = self.store.looked_at(cancel)
        bound.keys = self.keys.looked_at(cancel, bound.account)
        return bound

    @property
    def place(self) -> Place:
        """Whose storage this is, for what is written down about transfers."""
        connection = self.connection
        return Place(
            connection.signs_in_with,
            self.region,
            connection.account,
            connection.s3_endpoint,
            connection.kms_endpoint,
        )

    @property
    def region(self) -> str:
        """The Region of the connection or of its profile."""
        return self._who.region

    def identity(self) -> Identity:
        """Who AWS says we are; one STS call, remembered.

        Raises:
            NotAllowed: the profile now belongs to another account than the connection was made for.
        """
        return self._who.ask(self._sts_calls, self._cancel)

    def sign_in_mark(self) -> str:
        """Changes when there are other credentials; the provider is asked for them.

        Raises:
            SignInNeeded: there are none.
        """
        self._sign_in.renew(self._sign_in.generation, None, lambda: None)
        return self._sign_in.mark()

    def credentials_end(self) -> datetime | None:
        """When the credentials end, where that is known; looks for them, so a code may be asked.

        Raises:
            CseError: there are none.
        """
        return self._sts_calls.make(self._sign_in.ends, "sign in")

    def account(self) -> str:
        """The account id that is signed in."""
        return self.identity().account


class _Who:
    """The memory that a session and its copies share. Any thread."""

    def __init__(self, connection: Connection, sts: STSClient) -> None:
        self._connection = connection
        self._sts = sts
        self._found: Identity | None = None
        self._turn = threading.Lock()

    @property
    def region(self) -> str:
        return self._sts.meta.region_name

    def ask(self, calls: Calls, cancel: CancelToken | None) -> Identity:
        """One thread asks; those that wait for its answer can be cancelled all the same."""
        while self._found is None and not self._turn.acquire(timeout=_LOOKS_AROUND_S):
            if cancel is not None:
                cancel.check()
        if self._found is None:
            try:
                answer = calls.make(
                    lambda: check_is_aws(self._sts.get_caller_identity(), "sts", "Account", "Arn"),
                    "sts:GetCallerIdentity",
                )
                self._found = Identity(answer["Account"], answer["Arn"], self.region)
            finally:
                self._turn.release()
        return self._checked(self._found)

    def _checked(self, found: Identity) -> Identity:
        expected = self._connection.account
        if expected and expected != found.account:
            raise NotAllowed(
                "This profile signs in to another account than before",
                f"The connection was made for account {expected}, the profile now belongs to "
                f"{found.account}. Check the profile, or make a new connection.",
                f"Signed in as: {found.arn}",
            )
        return found


def open_session(
    connection: Connection,
    credentials: Credentials | None = None,
    patience: Patience = Patience(),  # noqa: B008  frozen
    means: Means | None = None,
    bandwidth: Bandwidth | None = None,
    *,
    is_direct: bool = True,
) -> Session:
    """Build the clients; no network.

    Args:
        credentials: instead of the connection's, for this process only.
        patience: how long is tried when a service or the network would not.
        means: who is asked for codes, and what of them is remembered; None asks nobody.
        bandwidth: shared with other sessions; None for all the network takes.
        is_direct: whether transfers go past the client library where they can.

    Raises:
        InvalidInput: an endpoint that is not https, or no Region.
        SignInNeeded: the profile does not exist or has no credentials.
    """
    means = means or Means()
    for endpoint in (connection.s3_endpoint, connection.kms_endpoint):
        making.check_endpoint(endpoint)
    making.check_network(connection.network)
    with translating("sign in", key=connection.profile):
        region, sign_in = _sign_in(connection, credentials, means, patience)
        is_profile = connection.source is Source.PROFILE and not credentials
        clients = making.make_clients(
            region,
            (connection.profile or None) if is_profile else None,
            (connection.s3_endpoint, connection.kms_endpoint),
            connection.network,
            sign_in,
            patience,
        )
    bandwidth = bandwidth or Bandwidth()
    if is_direct:
        ways = past_library(clients, sign_in, patience, bandwidth)
    else:
        ways = through_library(clients, bandwidth)
    return Session(connection, clients, patience, sign_in, ways)


def _sign_in(
    connection: Connection, credentials: Credentials | None, means: Means, patience: Patience
) -> tuple[str, renewal.RenewableCredentials]:
    """The Region, and credentials that are asked for anew when they end."""
    provider = signing.provider_session(connection, credentials, means)
    if not provider.region_name:
        raise InvalidInput(
            "No Region is set for this connection",
            "Choose one in the connection, or set a region in the profile.",
        )
    first = provider.get_credentials()
    if first is None:
        raise _no_credentials(connection)
    sign_in = renewal.RenewableCredentials(
        first,
        lambda: signing.provider_session(connection, credentials, means).get_credentials(),
        patience.renewal_s,
        partial(_wants_sign_in, connection, credentials, means),
    )
    return provider.region_name, sign_in


def _wants_sign_in(connection: Connection, credentials: Credentials | None, means: Means) -> bool:
    """Tell somebody that this connection has to be signed in to, where that can be done here."""
    if credentials is not None or portal_of(connection) is None:
        return False
    return means.person.wants_sign_in(connection.name)


def _no_credentials(connection: Connection) -> SignInNeeded:
    if connection.source is Source.KEYS:
        return SignInNeeded(
            "The access keys of this connection are not here",
            "Enter them again in the connection: they were kept for an earlier session only, or "
            "were removed from the system keyring.",
            f"Access key: {connection.access_key}",
        )
    return SignInNeeded(
        "No AWS credentials were found",
        "Choose a profile of ~/.aws, or make one with “aws configure”.",
    )
