"""Answers only to the user who started the sandbox: each request must be signed with its key.

moto takes any access key and any signature. Every user of the computer can reach a port of the
loopback interface, so here the signature (AWS Signature Version 4) is computed again. A wrong one
gets the answer that AWS gives.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from cse_desktop.core.session import Credentials
from cse_desktop.sandbox import answers
from cse_desktop.sandbox.ping import PING_PATH, ping

_AUTHORIZATION: Final = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<key>[^/,\s]+)/(?P<day>\d{8})/(?P<region>[^/,]+)"
    r"/(?P<service>[^/,]+)/aws4_request,\s*SignedHeaders=(?P<headers>[^,]+),"
    r"\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_LARGEST_UNHASHED_BODY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The codes of one refusal: S3's, KMS's and STS's, and what they all say."""

    s3: str
    kms: str
    sts: str
    message: str


_UNSIGNED: Final = _Refusal(
    "AccessDenied", "MissingAuthenticationTokenException", "MissingAuthenticationToken",
    "Request is missing Authentication Token",
)  # fmt: skip
_UNKNOWN_KEY: Final = _Refusal(
    "InvalidAccessKeyId", "UnrecognizedClientException", "InvalidClientTokenId",
    "The security token included in the request is invalid.",
)  # fmt: skip
_WRONG_SIGNATURE: Final = _Refusal(
    "SignatureDoesNotMatch", "InvalidSignatureException", "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided.",
)  # fmt: skip


class Guard:
    """A WSGI application in front of another: lets requests of `credentials` through."""

    def __init__(self, app: WSGIApplication, credentials: Credentials) -> None:
        self._app = app
        self._credentials = credentials

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ["RAW_URI"] == PING_PATH:
            return answers.text(start, 200, ping(self._credentials.access_key), "text/plain")
        refusal = self._refusal(environ)
        if refusal is not None:
            return _refuse(environ, start, refusal)
        return self._app(environ, start)

    def _refusal(self, environ: WSGIEnvironment) -> _Refusal | None:
        signed = _AUTHORIZATION.fullmatch(environ.get("HTTP_AUTHORIZATION", ""))
        if signed is None:
            return _UNSIGNED
        if not hmac.compare_digest(signed["key"].encode(), self._credentials.access_key.encode()):
            return _UNKNOWN_KEY
        expected = _signature(environ, signed, self._credentials.secret_key)
        if not hmac.compare_digest(signed["signature"], expected):
            return _WRONG_SIGNATURE
        return None


def _signature(environ: WSGIEnvironment, signed: re.Match[str], secret_key: str) -> str:
    """What the signature of this request ought to be.

    Source: AWS Signature Version 4, "Create a signed AWS API request".
    """
    path, _, query = environ["RAW_URI"].partition("?")
    names = signed["headers"].split(";")
    canonical = "\n".join(
        [
            environ["REQUEST_METHOD"],
            path or "/",
            _canonical_query(query),
            *(f"{name}:{_header(environ, name)}" for name in names),
            "",
            ";".join(names),
            environ.get("HTTP_X_AMZ_CONTENT_SHA256") or _body_hash(environ),
        ]
    )
    scope = f"{signed['day']}/{signed['region']}/{signed['service']}/aws4_request"
    # WSGI hands bytes over as latin-1 text.
    hashed = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    subject = f"AWS4-HMAC-SHA256\n{environ.get('HTTP_X_AMZ_DATE', '')}\n{scope}\n{hashed}"
    key = f"AWS4{secret_key}".encode()
    for step in (*scope.split("/"), subject):
        key = hmac.digest(key, step.encode("latin-1"), "sha256")
    return key.hex()


def _canonical_query(query: str) -> str:
    pairs = sorted(part.partition("=")[::2] for part in query.split("&") if part)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _header(environ: WSGIEnvironment, name: str) -> str:
    key = name.upper().replace("-", "_")
    if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        key = f"HTTP_{key}"
    return " ".join(str(environ.get(key, "")).split())


def _body_hash(environ: WSGIEnvironment) -> str:
    """SHA-256 of the body; only KMS and STS leave it to the server, and their bodies are small."""
    length = min(int(environ.get("CONTENT_LENGTH") or 0), _LARGEST_UNHASHED_BODY)
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return hashlib.sha256(body).hexdigest()


def _refuse(environ: WSGIEnvironment, start: StartResponse, refusal: _Refusal) -> Iterable[bytes]:
    if "HTTP_X_AMZ_TARGET" in environ:
        return answers.kms_error(start, refusal.kms, refusal.message)
    form = environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    if environ["REQUEST_METHOD"] == "POST" and form:
        return answers.sts_error(start, 403, refusal.sts, refusal.message)
    return answers.s3_error(start, 403, refusal.s3, refusal.message)
