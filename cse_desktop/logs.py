"""Logging without secrets: libraries that print requests are capped, and a filter redacts."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO

_CAPPED: Final = ("boto3", "botocore", "urllib3", "s3transfer", "awscrt", "keyring")
"""Their debug records hold headers, signatures and credentials."""

_REDACTED: Final = "[redacted]"

_PATTERNS: Final = (
    # Access key ids of people, roles and others ("IAM identifiers", unique ID prefixes).
    re.compile(r"\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{12,128}\b"),
    # Presigned addresses and headers, as parameters or as "Name: value".
    re.compile(
        r"(?i)(?<=x-amz-)((?:signature|credential|security-token)\W{1,4})[^\s&\"',}]+",
    ),
    re.compile(
        r"(?i)(authorization\W{1,4})(?:AWS4-HMAC-SHA256|AWS4-ECDSA|Bearer|Basic|AWS)\b[^\r\n]*"
    ),
    re.compile(r"(?i)((?:signature|credential)=)[^\s&,]+"),
    re.compile(
        r"(?i)((?:aws_?)?(?:secret_?(?:access_?)?key|session_?token|access_?token|refresh_?token"
        r"|password|plaintext)[\"']?\s*[=:]\s*b?[\"']?)[^\s\"',}&]+"
    ),
)


def redact(text: str) -> str:
    """Give the text with anything that looks like a credential left out."""
    for pattern in _PATTERNS:
        text = pattern.sub(lambda m: (m[1] if m.re.groups else "") + _REDACTED, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, and then redacts all of it: message, arguments and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line of a record."""
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Give the lines an error came through, without its message, which may hold anything."""
        kind, _error, trace = ei
        return "".join(traceback.format_tb(trace)) + str(getattr(kind, "__name__", kind))


@contextmanager
def logging_to(stream: TextIO, level: int) -> Iterator[None]:
    """Send the records of this program, and the louder ones of libraries, to a stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    levels = {"": max(level, logging.INFO), "cse_desktop": level}
    levels |= dict.fromkeys(_CAPPED, max(level, logging.INFO))
    before = {name: logging.getLogger(name).level for name in levels}
    for name, wanted in levels.items():
        logging.getLogger(name).setLevel(wanted)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        for name, former in before.items():
            logging.getLogger(name).setLevel(former)
