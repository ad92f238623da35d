"""Signed requests that are sent without the client library, which takes ten times as long.

What goes wrong is raised as the client library would raise it, read by its own parsers, so the
same table of errors and the same rules for trying again hold.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from cse_desktop.core.addresses import Address
from cse_desktop.core.bandwidth import Bandwidth
from cse_desktop.core.http_heads import Reply
from cse_desktop.core.later import later
from cse_desktop.core.line import Line
from cse_desktop.core.lines import Lines, Origin
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.signing import UNSIGNED, query_of

if TYPE_CHECKING:
    import botocore.exceptions as aws
    import urllib3.exceptions as net
    import urllib3.util.ssl_match_hostname as hostnames
    from botocore import awsrequest, parsers
    from botocore.credentials import ReadOnlyCredentials
    from botocore.model import Shape
else:
    aws = later("botocore.exceptions")
    awsrequest = later("botocore.awsrequest")
    hostnames = later("urllib3.util.ssl_match_hostname")
    net = later("urllib3.exceptions")
    parsers = later("botocore.parsers")

_NOTHING: Final = memoryview(b"")
_MOVED: Final = (301, 302, 307, 308)
_MOVED_CODES: Final = (
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "PermanentRedirect",
    "TemporaryRedirect",
)


class Frozen(Protocol):
    """Where credentials come from."""

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What the next request is signed with."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One request.

    Attributes:
        operation: as the client library calls it.
        path: behind the address's, percent-encoded.
        body: left alone by its owner until the answer.
    """

    operation: str
    method: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: memoryview = _NOTHING


class Elsewhere(Exception):
    """The service says that this is not where the request belongs."""


class Direct:
    """Requests of one session to one service. Any thread.

    Args:
        dialect: how errors are written, as the client library calls it ("rest-xml", "json").
        credentials: asked before each request.
    """

    def __init__(
        self,
        dialect: str,
        credentials: Frozen,
        patience: Patience,
        bandwidth: Bandwidth | None = None,
    ) -> None:
        self._parser = parsers.create_parser(dialect)
        self._credentials = credentials
        self._patience = patience
        self._bandwidth = bandwidth or Bandwidth()
        self._lines: dict[Origin, Lines] = {}
        self._lock = threading.Lock()

    @contextmanager
    def answered(
        self, address: Address, asking: Asking, cancel: CancelToken
    ) -> Iterator[tuple[Line, Reply]]:
        """Send a request; in the block its answer may be read, if it is one of success.

        Raises:
            ClientError: the service would not.
            Elsewhere: another address is meant.
            BotoCoreError: of the network.
            Cancelled: while nothing came.
        """
        head = self._signed(address, asking)
        lines = self._lines_to(address.origin)
        with _named_by_the_library(address):
            line = lines.take(cancel)
            try:
                reply = line.ask(head, asking.body, cancel, self._bandwidth.up)
                if not 200 <= reply.status < 300:
                    text = line.text(reply, cancel)
                    line.finish(reply)
                    raise self._refusal(asking.operation, reply, text)
                yield line, reply
            finally:
                lines.give(line)

    def fill(self, line: Line, out: memoryview, cancel: CancelToken) -> int:
        """Read from the body of an answer; see `Line.fill`."""
        return line.fill(out, cancel, self._bandwidth.down)

    def text(self, address: Address, asking: Asking, cancel: CancelToken) -> tuple[Reply, bytes]:
        """Send a request and read the whole answer."""
        with self.answered(address, asking, cancel) as (line, reply):
            text = line.text(reply, cancel)
            line.finish(reply)
            return reply, text

    def refusal_in(self, operation: str, reply: Reply, text: bytes) -> Exception:
        """The error that stands in an answer of success."""
        return self._refusal(operation, Reply(500, reply.headers, None, False, True), text)

    def _signed(self, address: Address, asking: Asking) -> bytes:
        query = query_of(asking.query) if asking.query else ""
        path = address.path + asking.path
        payload = UNSIGNED
        if not (address.is_secure and asking.body and "x-amz-checksum-crc64nvme" in asking.headers):
            payload = sha256(asking.body).hexdigest()
        headers = address.signer.sign(
            asking.method,
            path,
            query,
            {"host": address.host, **asking.headers},
            payload,
            self._credentials.get_frozen_credentials(),
        )
        fields = [f"{name}: {value}" for name, value in headers.items()]
        if asking.body or asking.method in ("PUT", "POST"):
            fields.append(f"content-length: {len(asking.body)}")
        target = f"{path}?{query}" if query else path
        lines = [f"{asking.method} {target} HTTP/1.1", f"user-agent: {address.agent}", *fields]
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError("a header of two lines")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _lines_to(self, origin: Origin) -> Lines:
        lines = self._lines.get(origin)
        if lines is None:
            with self._lock:
                patience = self._patience
                lines = self._lines.setdefault(
                    origin, Lines(origin, patience.connect_timeout_s, patience.read_timeout_s)
                )
        return lines

    def _refusal(self, operation: str, reply: Reply, text: bytes) -> Exception:
        answer = {
            "status_code": reply.status,
            "headers": awsrequest.HeadersDict(reply.headers),
            "body": text,
        }
        if reply.status in _MOVED:
            return Elsewhere()
        # Without a shape it reads what all errors have: code, message and their like.
        parsed: Any = self._parser.parse(answer, cast("Shape", None))
        if parsed.get("Error", {}).get("Code") in _MOVED_CODES:
            return Elsewhere()
        return aws.ClientError(parsed, operation)


@contextmanager
def _named_by_the_library(address: Address) -> Iterator[None]:
    """Raise errors of the network as botocore's own HTTP session does."""
    url = address.url
    try:
        yield
    except (ssl.SSLError, hostnames.CertificateError) as error:
        raise aws.SSLError(endpoint_url=url, error=net.SSLError(error)) from None
    except (net.NewConnectionError, socket.gaierror, net.NameResolutionError) as error:
        raise aws.EndpointConnectionError(endpoint_url=url, error=error) from None
    except net.ProxyError as error:
        raise aws.ProxyConnectionError(proxy_url="", error=error) from None
    except net.ConnectTimeoutError as error:
        raise aws.ConnectTimeoutError(endpoint_url=url, error=error) from None
    except TimeoutError as error:
        raise aws.ReadTimeoutError(endpoint_url=url, error=error) from None
    except (net.HTTPError, OSError) as error:
        raise aws.ConnectionClosedError(endpoint_url=url, error=error, request=None) from None
