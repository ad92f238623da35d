"""The clients of AWS's library, made the one way that is right here."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver

from cse_desktop import __version__
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.listing import read_listings_here
from cse_desktop.core.patience import Patience

if TYPE_CHECKING:
    from botocore.credentials import Credentials as BotoCredentials
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of one session, from boto3; each makes a request once."""

    s3: S3Client
    kms: KMSClient
    sts: STSClient


def make_clients(
    region: str,
    profile: str | None,
    endpoints: tuple[str, str],
    credentials: BotoCredentials,
    patience: Patience,
) -> Clients:
    """Make the clients, one after the other: boto3 promises threads nothing about a session.

    Args:
        profile: for its settings, not for its credentials.
        endpoints: of S3 and of KMS; "" for Amazon's.
    """
    base = botocore.session.Session()
    base.register_component("credential_provider", CredentialResolver([_Given(credentials)]))
    found = boto3.Session(profile_name=profile, region_name=region, botocore_session=base)
    s3, kms = endpoints
    # A local endpoint for KMS means a simulator, which then speaks for STS as well.
    local = kms if is_loopback(kms) else ""
    s3_client = found.client("s3", endpoint_url=s3 or None, config=_config(s3, patience))
    read_listings_here(s3_client.meta.events)
    return Clients(
        s3_client,
        found.client("kms", endpoint_url=kms or None, config=_config(kms, patience)),
        found.client("sts", endpoint_url=local or None, config=_config(local, patience)),
    )


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
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(endpoint)):
        raise InvalidInput(
            "Use https. Plain http would send data keys unprotected",
            "Plain http is possible only to this computer itself.",
            f"Endpoint: {endpoint}",
        )


def is_loopback(endpoint: str) -> bool:
    """Whether an endpoint is on this computer itself."""
    host = (urlsplit(endpoint).hostname or "") if endpoint else ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Given(CredentialProvider):
    """Hands out credentials that are there already."""

    METHOD = "cse-desktop"

    def __init__(self, credentials: BotoCredentials) -> None:
        super().__init__()
        self._credentials = credentials

    def load(self) -> BotoCredentials:
        return self._credentials


def _config(endpoint: str, patience: Patience) -> Config:
    return Config(  # type: ignore[call-arg]  # the stubs lack one of these
        # A poisoned AWS_ENDPOINT_URL_KMS would send plaintext data keys to any address (measured).
        ignore_configured_endpoint_urls=True,
        connect_timeout=patience.connect_timeout_s,
        read_timeout=patience.read_timeout_s,
        # Calls decides what is tried again, for all threads together.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=64,
        tcp_keepalive=True,
        # What goes to this computer itself must not take the way over a proxy.
        proxies={} if is_loopback(endpoint) else None,
        # The checksum of the ciphertext is ours, computed while it was sealed; on the way down the
        # tag of AES-GCM says more than any checksum.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra=f"cse-desktop/{__version__}",
    )
