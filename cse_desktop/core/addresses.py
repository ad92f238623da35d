"""Where the requests of one service go: the client library is asked, once for each bucket.

It knows partitions, access points, endpoints of other makers, redirects it has met, proxies and
the settings of a profile. What it says is taken from a request that it has made ready and signed,
and that is then not sent.
"""

from __future__ import annotations

import os
import ssl
import threading
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from cse_desktop.core.later import later
from cse_desktop.core.lines import Origin
from cse_desktop.core.signing import Signer

if TYPE_CHECKING:
    from botocore import httpsession, utils
    from botocore.awsrequest import AWSPreparedRequest
else:
    httpsession = later("botocore.httpsession")
    utils = later("botocore.utils")

_MARK: Final = "where-cse-desktop-would-send-this"
_PORTS: Final = {"https": 443, "http": 80}
_OWN_WAYS: Final = ("--x-s3", "--x-s3/", ".mrap")
"""Directory buckets draw session keys and multi-Region access points sign with elliptic curves."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes, and how it is signed there.

    Attributes:
        url: for a person: scheme and authority.
        host: as the header of that name.
        path: what stands before the key; ends with "/".
        agent: how the client library calls itself and us.
    """

    origin: Origin
    url: str
    host: str
    path: str
    agent: str
    signer: Signer

    @property
    def is_secure(self) -> bool:
        """Whether TLS protects what is sent."""
        return self.origin.trust is not None


class AddressBook:
    """Addresses of one service. Any thread.

    Args:
        client: of boto3, for S3 or KMS.
        ca_file: of certificates to trust; "" for the usual ones.
    """

    def __init__(self, client: Any, ca_file: str) -> None:
        self._client = client
        self._ca_file = ca_file
        self._known: dict[str, Address | None] = {}
        self._trust: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._service = client.meta.service_model.service_name
        client.meta.events.register(f"before-send.{self._service}", _stop_here)

    def find(self, bucket: str = "") -> Address | None:
        """Where requests to the service go, or those to a bucket of S3.

        None where they are of a kind that only the client library can send.

        Raises:
            BotoCoreError: the library does not know either.
        """
        with self._lock:
            if bucket not in self._known:
                is_own_way = bucket.endswith(_OWN_WAYS) or self._has_own_proxy()
                self._known[bucket] = None if is_own_way else self._ask(bucket)
            return self._known[bucket]

    def forget(self, bucket: str) -> None:
        """Ask again for a bucket that has turned out to be elsewhere."""
        with self._lock:
            self._known.pop(bucket, None)

    def distrust(self, bucket: str) -> None:
        """Leave a bucket to the client library from now on."""
        with self._lock:
            self._known[bucket] = None

    def _has_own_proxy(self) -> bool:
        config = self._client.meta.config
        return bool(config.proxies_config or config.client_cert)

    def _ask(self, bucket: str) -> Address | None:
        try:
            if self._service == "s3":
                self._client.head_object(Bucket=bucket, Key=_MARK)
            else:
                self._client.describe_key(KeyId=_MARK)
        except _Ready as ready:
            return self._read(ready.request)
        raise AssertionError("a request that is never sent was answered")

    def _read(self, request: AWSPreparedRequest) -> Address | None:
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        kind, _, rest = headers.get("authorization", "").partition(" Credential=")
        scope = rest.partition(",")[0].split("/")
        if kind != "AWS4-HMAC-SHA256" or scope[-2:] != [self._service, "aws4_request"]:
            return None
        parts = urlsplit(request.url)
        url = f"{parts.scheme}://{parts.netloc}"
        origin = self._origin(url)
        if origin is None or parts.query:
            return None
        path = parts.path.removesuffix(_MARK)
        agent = headers.get("user-agent", "")
        return Address(origin, url, headers["host"], path, agent, Signer(scope[-3], self._service))

    def _origin(self, url: str) -> Origin | None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        proxies = self._client.meta.config.proxies
        found = (utils.get_environ_proxies(url) if proxies is None else proxies).get(
            parts.scheme, ""
        )
        if parts.scheme == "http":
            return None if found else Origin(host, port, None)
        if not found:
            return Origin(host, port, self._trusted())
        proxy = urlsplit(found if "://" in found else f"http://{found.removeprefix('//')}")
        if proxy.scheme != "http" or not proxy.hostname:
            return None
        tunnel = (proxy.hostname, proxy.port or _PORTS["http"])
        return Origin(
            host, port, self._trusted(), tunnel, _proxy_headers(proxy.username, proxy.password)
        )

    def _trusted(self) -> ssl.SSLContext:
        if self._trust is None:
            bundle = (
                self._ca_file
                or os.environ.get("REQUESTS_CA_BUNDLE")
                or httpsession.get_cert_path(True)
            )
            context = httpsession.create_urllib3_context()
            context.check_hostname = True
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cafile=bundle)
            self._trust = context
        return self._trust


class _Ready(Exception):
    """A request that the client library would send now."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__()
        self.request = request


def _stop_here(request: AWSPreparedRequest, **_: object) -> None:
    body = request.body if isinstance(request.body, bytes) else b""
    if request.url.endswith(_MARK) or _MARK.encode() in body[:200]:
        raise _Ready(request)


def _proxy_headers(user: str | None, password: str | None) -> tuple[tuple[str, str], ...]:
    if not user or not password:
        return ()
    secret = b64encode(f"{unquote(user)}:{unquote(password)}".encode("latin-1")).decode("ascii")
    return (("Proxy-Authorization", f"Basic {secret}"),)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
