"""Signature version 4 of AWS, for the few requests that are sent without the client library.

Source: "AWS Signature Version 4 for API requests", IAM User Guide. The client library signs the
same requests in tests/core/test_signing.py, and must give the same signatures.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol
from urllib.parse import quote

UNSIGNED: Final = "UNSIGNED-PAYLOAD"
"""In place of the digest of a body; right only under TLS, and with a checksum beside it."""

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


class AccessKey(Protocol):
    """What requests are signed with."""

    @property
    def access_key(self) -> str | None:
        """Which key it is."""

    @property
    def secret_key(self) -> str | None:
        """What nobody else knows."""

    @property
    def token(self) -> str | None:
        """Of a session; none for keys without end."""


@dataclass(frozen=True, slots=True)
class _Day:
    """The signing key of one access key, day, Region and service."""

    scope: str
    access_key: str | None
    secret_key: str | None
    key: bytes

    def __repr__(self) -> str:
        return f"_Day({self.scope})"


class Signer:
    """Signs requests to one service in one Region. Any thread.

    Args:
        service: as it is called in a signature ("s3").
    """

    def __init__(self, region: str, service: str) -> None:
        self._place = f"{region}/{service}/aws4_request"
        self._steps = (region.encode(), service.encode(), b"aws4_request")
        self._day: _Day | None = None

    def sign(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        payload: str,
        access: AccessKey,
        now: float | None = None,
    ) -> dict[str, str]:
        """Give the headers of a request, with what signs it.

        Args:
            path: percent-encoded, as it is sent.
            query: as `query_of` makes it.
            headers: names in lower case, "host" among them; each is signed.
            payload: SHA-256 of the body in hex, or UNSIGNED.
            now: seconds since 1970; None for the clock.
        """
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
        signed = {**headers, "x-amz-content-sha256": payload, "x-amz-date": moment}
        if access.token:
            signed["x-amz-security-token"] = access.token
        names = sorted(signed)
        lines = "".join([f"{name}:{' '.join(signed[name].split())}\n" for name in names])
        listed = ";".join(names)
        request = f"{method}\n{path}\n{query}\n{lines}\n{listed}\n{payload}"
        day = self._key_of(access, moment[:8])
        text = f"{_ALGORITHM}\n{moment}\n{day.scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(day.key, text.encode(), "sha256").hex()
        signed["authorization"] = (
            f"{_ALGORITHM} Credential={access.access_key}/{day.scope}, "
            f"SignedHeaders={listed}, Signature={signature}"
        )
        return signed

    def _key_of(self, access: AccessKey, date: str) -> _Day:
        scope = f"{date}/{self._place}"
        day = self._day
        if (
            day is None
            or day.scope != scope
            or day.access_key != access.access_key
            or day.secret_key != access.secret_key
        ):
            key = f"AWS4{access.secret_key}".encode()
            for step in (date.encode(), *self._steps):
                key = hmac.digest(key, step, "sha256")
            # One assignment of a whole value: another thread sees the old one or this one.
            day = self._day = _Day(scope, access.access_key, access.secret_key, key)
        return day


def path_of(key: str) -> str:
    """A path as S3 wants it sent and signed: encoded once, slashes kept."""
    return quote(key, safe="/~")


def query_of(values: Mapping[str, str]) -> str:
    """A query in the order and spelling that are signed."""
    pairs = [(quote(name, safe="~"), quote(value, safe="~")) for name, value in values.items()]
    return "&".join([f"{name}={value}" for name, value in sorted(pairs)])
