"""The clients of AWS's library, made the one way that is right here."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from cse_desktop import __version__
from cse_desktop.core.bandwidth import begin_sending
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.later import later
from cse_desktop.core.listing import read_listings_here
from cse_desktop.core.patience import Patience

if TYPE_CHECKING:
    import boto3
    import botocore.credentials as providers
    import botocore.session as botocore_session
    from botocore import config
    from botocore.credentials import Credentials as BotoCredentials
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient
else:
    boto3 = later("boto3")
    config = later("botocore.config")
    providers = later("botocore.credentials")
    botocore_session = later("botocore.session")


@dataclass(frozen=True, slots=True)
class Network:
    """How the services of a connection are reached.

    Attributes:
        proxy: "" for the system's, DIRECT for none, else the address of one.
        ca_file: a file of certificates that are trusted instead of the usual ones; "" for these.
        fips: endpoints validated under FIPS 140, where a service has no endpoint of its own.
        dual_stack: endpoints that answer over IPv6 as well, of S3 and KMS.
        path_style: the bucket in the path of an address, not in its host name.
        sts_endpoint: of STS, "" for Amazon's; plain http only to loopback.
        sso_endpoint: of IAM Identity Center, the same.
    """

    proxy: str = ""
    ca_file: str = ""
    fips: bool = False
    dual_stack: bool = False
    path_style: bool = False
    sts_endpoint: str = ""
    sso_endpoint: str = ""


DIRECT: Final = "direct"


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of one session, from boto3; each makes a request once.

    Attributes:
        ca_file: of certificates to trust, from connection, profile or environment; "" for the
            usual ones.
    """

    s3: S3Client
    kms: KMSClient
    sts: STSClient
    ca_file: str = ""


def make_clients(
    region: str,
    profile: str | None,
    endpoints: tuple[str, str],
    network: Network,
    credentials: BotoCredentials,
    patience: Patience,
) -> Clients:
    """Make the clients, one after the other: boto3 promises threads nothing about a session.

    Args:
        profile: for its settings, not for its credentials.
        endpoints: of S3 and of KMS; "" for Amazon's.
        network: how they are reached.
    """
    base = botocore_session.Session()
    base.register_component("credential_provider", _resolver(credentials))
    found = boto3.Session(profile_name=profile, region_name=region, botocore_session=base)
    s3, kms = endpoints
    sts = sts_address(network, kms)
    verify = network.ca_file or None
    made: list[Any] = []
    try:
        for service, url in (("s3", s3), ("kms", kms), ("sts", sts)):
            config, make = _config(service, url, network, patience), cast("Any", found.client)
            made.append(make(service, endpoint_url=url or None, verify=verify, config=config))
    except BaseException:
        for client in made:
            client.close()
        raise
    read_listings_here(made[0].meta.events)
    made[0].meta.events.register_first("choose-signer.s3", _sign_links_anew)
    made[0].meta.events.register("before-send.s3", begin_sending)
    s3_client, kms_client, sts_client = made
    trusted = verify or base.get_config_variable("ca_bundle") or ""
    return Clients(s3_client, kms_client, sts_client, trusted)


def _sign_links_anew(signature_version: str, **_others: object) -> str | None:
    """Signature version 4 for presigned links; the client library would take version 2."""
    is_special = signature_version.startswith(("v4a", "v4-s3express"))
    if signature_version.endswith("-query") and not is_special:
        return "s3v4-query"
    return None


def sts_address(network: Network, kms_endpoint: str) -> str:
    """Where STS is; "" for Amazon's. A KMS on this computer is a simulator, and speaks for it."""
    return network.sts_endpoint or (kms_endpoint if is_loopback(kms_endpoint) else "")


def proxies(network: Network, endpoint: str) -> dict[str, str] | None:
    """The proxies for an endpoint, as the client library wants them; None for the system's."""
    if is_loopback(endpoint) or network.proxy == DIRECT:
        return {}  # what goes to this computer itself must not take the way over a proxy
    return {"http": network.proxy, "https": network.proxy} if network.proxy else None


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


def check_network(network: Network) -> None:
    """Raise InvalidInput unless proxy, certificates and endpoints can be used."""
    check_endpoint(network.sts_endpoint)
    check_endpoint(network.sso_endpoint)
    if network.proxy and network.proxy != DIRECT:
        try:
            parts = urlsplit(network.proxy)
            is_proxy = parts.scheme in ("http", "https") and bool(parts.hostname)
            has_password = parts.password is not None
            is_proxy = is_proxy and parts.port != 0
        except ValueError:
            is_proxy = has_password = False
        if not is_proxy:
            raise InvalidInput(
                "The address of the proxy can't be used",
                "Write it like http://proxy.example.com:8080.",
            )
        if has_password:
            raise InvalidInput(
                "The address of the proxy holds a password",
                "It would be saved in a readable file. Set the proxy in the system instead, with "
                "the variable HTTPS_PROXY for example.",
            )
    if network.ca_file and not os.path.isfile(network.ca_file):
        raise InvalidInput(
            "The file of trusted certificates is not there",
            "Choose another, or use the usual certificates.",
            f"File: {network.ca_file}",
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


def _resolver(credentials: BotoCredentials) -> providers.CredentialResolver:
    """Hands out credentials that are there already."""
    given = providers.CredentialProvider()
    given.load = lambda: credentials  # type: ignore[method-assign]
    return providers.CredentialResolver([given])


def _config(service: str, endpoint: str, network: Network, patience: Patience) -> config.Config:
    has_variants = not endpoint  # an address of one's own is used as it is
    return config.Config(  # type: ignore[call-arg]  # the stubs lack one of these
        # A poisoned AWS_ENDPOINT_URL_KMS would send plaintext data keys to any address (measured).
        ignore_configured_endpoint_urls=True,
        connect_timeout=patience.connect_timeout_s,
        read_timeout=patience.read_timeout_s,
        # Calls decides what is tried again, for all threads together.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=64,
        tcp_keepalive=True,
        proxies=proxies(network, endpoint),
        use_fips_endpoint=True if network.fips and has_variants else None,
        use_dualstack_endpoint=(
            True if network.dual_stack and has_variants and service != "sts" else None
        ),
        s3={"addressing_style": "path"} if network.path_style else None,
        # The checksum of the ciphertext is ours, computed while it was sealed; on the way down the
        # tag of AES-GCM says more than any checksum.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        user_agent_extra=f"cse-desktop/{__version__}",
    )
