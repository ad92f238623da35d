"""The table's rows for exceptions of botocore and of the network below it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import botocore.exceptions as aws
import urllib3.exceptions
from botocore.parsers import ResponseParserError
from urllib3.util.ssl_match_hostname import CertificateError

from cse_desktop.core.errors import (
    Busy,
    InvalidInput,
    NotTrusted,
    SignInNeeded,
    Unreachable,
)
from cse_desktop.core.sentences import GARBLED, UNEXPECTED, Sentence
from cse_desktop.core.spelling import visible

_OFFLINE: Final = Sentence(
    Unreachable,
    "Can't reach {service}",
    "Check your network or VPN. The connection was refused or could not be made.",
)
_NO_NAME: Final = Sentence(
    Unreachable,
    "Can't reach {service}",
    "Check your network or VPN. The server's name could not be looked up.",
)
_TOO_SLOW: Final = Sentence(
    Unreachable,
    "{service} does not answer",
    "Nothing came for too long. Check your network or VPN, then try again.",
)
_BROKE_OFF: Final = Sentence(
    Unreachable,
    "The connection to {service} broke off",
    "Check your network or VPN, then try again.",
)
_NOT_TRUSTED: Final = Sentence(
    NotTrusted,
    "The secure connection to {service} could not be made",
    "The server's certificate or its TLS is not accepted, so nothing was sent. A proxy of your "
    "network may stand in between: ask its administrator for its certificate.",
)
_PROXY: Final = Sentence(
    Unreachable,
    "Can't reach the proxy of your network",
    "Check the proxy settings of this computer, or ask the administrator of the network.",
)
_DAMAGED: Final = Sentence(
    Unreachable,
    "The data was damaged on the way",
    "The checksum does not match what arrived, so nothing was saved. Try again.",
)
_SESSION_OVER: Final = Sentence(
    SignInNeeded,
    "Sign in to continue",
    "Your session has ended or was never begun. Transfers are paused, not lost. Sign in with "
    "aws sso login or aws login, or switch connection.",
)
_NO_CREDENTIALS: Final = Sentence(
    SignInNeeded,
    "Sign in to continue",
    "No AWS credentials were found. Choose a connection, or set up a profile with aws configure.",
)
_BAD_CREDENTIALS: Final = Sentence(
    SignInNeeded,
    "The credentials of this connection can't be read",
    "Its profile is incomplete, or the program that supplies credentials failed. Check the "
    "profile in ~/.aws, or switch connection.",
)
_NO_PROFILE: Final = Sentence(
    SignInNeeded,
    "The AWS profile of this connection does not exist",
    "It is not in ~/.aws/config or ~/.aws/credentials. Choose another profile.",
)
_BAD_CONFIG: Final = Sentence(
    InvalidInput,
    "The AWS settings of this computer can't be read",
    "Correct ~/.aws/config and ~/.aws/credentials: a line in one of them is not valid.",
)
_NO_REGION: Final = Sentence(
    InvalidInput, "The connection has no Region", "Set the Region of the connection."
)
_BAD_REGION: Final = Sentence(
    InvalidInput,
    "The connection's Region or endpoint is not valid",
    "Check both in the connection, for example eu-central-1.",
)
_BAD_NAME: Final = Sentence(
    InvalidInput,
    "A name is not one that {service} accepts",
    "Check the names of bucket, file and key.",
)

# The first row whose class fits counts, so a class stands before its parents.
_ROWS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], Sentence], ...]] = (
    (aws.ProxyConnectionError, _PROXY),
    (aws.SSLError, _NOT_TRUSTED),
    ((aws.ConnectTimeoutError, aws.ReadTimeoutError), _TOO_SLOW),
    (aws.EndpointConnectionError, _OFFLINE),
    (aws.ConnectionError, _OFFLINE),
    ((aws.HTTPClientError, aws.IncompleteReadError), _BROKE_OFF),
    (ResponseParserError, GARBLED),
    ((aws.FlexibleChecksumError, aws.ChecksumError), _DAMAGED),
    (aws.NoCredentialsError, _NO_CREDENTIALS),
    (
        (aws.SSOError, aws.LoginError, aws.TokenRetrievalError, aws.NoAuthTokenError),
        _SESSION_OVER,
    ),
    (aws.RefreshWithMFAUnsupportedError, _SESSION_OVER),
    (aws.ProfileNotFound, _NO_PROFILE),
    ((aws.ConfigParseError, aws.ConfigNotFound), _BAD_CONFIG),
    (
        (
            aws.PartialCredentialsError,
            aws.CredentialRetrievalError,
            aws.MetadataRetrievalError,
            aws.UnknownCredentialError,
            aws.UnknownTokenProviderError,
            aws.InvalidConfigError,
            aws.MissingDependencyException,
        ),
        _BAD_CREDENTIALS,
    ),
    (aws.NoRegionError, _NO_REGION),
    (
        (
            aws.InvalidRegionError,
            aws.BaseEndpointResolverError,
            aws.EndpointProviderError,
            aws.InvalidEndpointConfigurationError,
            aws.UnknownRegionError,
        ),
        _BAD_REGION,
    ),
    (
        (
            aws.ParamValidationError,
            aws.ValidationError,
            aws.InvalidDNSNameError,
            aws.UnsupportedS3ArnError,
            aws.InvalidHostLabelError,
        ),
        _BAD_NAME,
    ),
    (
        aws.CapacityNotAvailableError,
        Sentence(Busy, "{service} is busy", "Try again in a few seconds."),
    ),
)
_NAME_ERRORS: Final = (socket.gaierror, urllib3.exceptions.NameResolutionError)
_NETWORK_ROWS: Final[tuple[tuple[tuple[type[BaseException], ...], Sentence], ...]] = (
    (_NAME_ERRORS, _NO_NAME),
    ((urllib3.exceptions.ProxyError,), _PROXY),
    ((ssl.SSLError, urllib3.exceptions.SSLError), _NOT_TRUSTED),
    ((ConnectionRefusedError, urllib3.exceptions.NewConnectionError), _OFFLINE),
    ((TimeoutError, urllib3.exceptions.TimeoutError), _TOO_SLOW),
)


def library_sentence(error: Exception) -> Sentence:
    """The row for an exception of botocore."""
    inner = _cause(error)
    if isinstance(error, aws.SSLError) and _broke_off(inner):
        return _BROKE_OFF
    if isinstance(error, aws.EndpointConnectionError) and isinstance(inner, _NAME_ERRORS):
        return _NO_NAME
    return next((sentence for kind, sentence in _ROWS if isinstance(error, kind)), UNEXPECTED)


def network_sentence(error: BaseException) -> Sentence:
    """The row for an exception of urllib3, http.client, ssl or a socket."""
    if _broke_off(error):
        return _BROKE_OFF
    for step in _chain(error):
        for kind, sentence in _NETWORK_ROWS:
            if isinstance(step, kind):
                return sentence
    return _BROKE_OFF


def where_it_went(error: Exception) -> Iterator[tuple[str, str]]:
    """Facts of an exception of botocore that are safe to show: host, profile, certificate fault."""
    known = getattr(error, "kwargs", {})
    for name, label in (("endpoint_url", "Host"), ("proxy_url", "Proxy")):
        # The whole address may hold a signature or the proxy's password.
        host = _host(known.get(name))
        if host:
            yield label, host
    if isinstance(error, aws.ProfileNotFound):
        yield "Profile", visible(str(known.get("profile", "")))
    for step in _chain(_cause(error)):
        if isinstance(step, ssl.SSLCertVerificationError):
            yield "Certificate", visible(step.verify_message, 200)
        elif isinstance(step, CertificateError):
            yield "Certificate", visible(str(step), 200)


def _broke_off(error: object) -> bool:
    """Whether TLS was ended by a cut connection, which says nothing about certificates."""
    cuts = ssl.SSLEOFError | ssl.SSLZeroReturnError
    return any(isinstance(step, cuts) for step in _chain(error))


def _cause(error: BaseException) -> object:
    return getattr(error, "kwargs", {}).get("error")


def _chain(error: object) -> Iterator[BaseException]:
    """An exception and those packed into it, as urllib3 does."""
    for _depth in range(5):
        if not isinstance(error, BaseException):
            return
        yield error
        packed = [getattr(error, "reason", None), *error.args]
        error = next((step for step in packed if isinstance(step, BaseException)), None)


def _host(url: object) -> str:
    try:
        return visible(urlsplit(str(url)).hostname or "") if url else ""
    except ValueError:
        return ""
