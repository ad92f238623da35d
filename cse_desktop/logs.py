"""Logging without secrets: libraries that print requests are capped, and a filter redacts."""

from __future__ import annotations

import copy
import faulthandler
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final, TextIO

LOG_NAME: Final = "cse-desktop.log"
CRASH_NAME: Final = "crash.log"
FILE_BYTES: Final = 1_000_000
OLD_FILES: Final = 4

_CAPPED: Final = ("boto3", "botocore", "urllib3", "s3transfer", "awscrt", "keyring")
"""Their debug records hold headers, signatures and credentials."""

_REDACTED: Final = "[redacted]"

# Controls rewrite a terminal's lines, directions hide what a name is: U+0009 and U+000A stay.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

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
        r"|token|secret|password|plaintext)[\"']?\s*[=:]\s*b?[\"']?)[^\s\"',}&]+"
    ),
    # A name and a password in an address, so of a proxy.
    re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://)[^/@\s\"']+(?=@)"),
    # What nothing names: secret access keys have 40 characters of base64, data keys 43 and a "=",
    # session tokens hundreds.
    re.compile(
        r"(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])"
        r"(?:[A-Za-z0-9+/]{40}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{100,}={0,2})(?![A-Za-z0-9+/=])"
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
        """Give the line of a record; further lines of it are indented, so that none looks new."""
        own = copy.copy(record)
        own.exc_text = None  # another handler may have kept its own words there
        return _legible(redact(super().format(own)))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Give the lines an error came through, without its message, which may hold anything."""
        kind, _error, trace = ei
        return "".join(traceback.format_tb(trace)) + str(getattr(kind, "__name__", kind))


def _legible(text: str) -> str:
    escaped = _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
    return escaped.replace("\n", "\n    ")


@contextmanager
def logging_to(stream: TextIO, level: int) -> Iterator[None]:
    """Send the records of this program, and the louder ones of libraries, to a stream."""
    with _handling(logging.StreamHandler(stream), level):
        yield


@contextmanager
def logging_to_folder(folder: Path, level: int, file_bytes: int = FILE_BYTES) -> Iterator[None]:
    """Keep the records in files that only their owner reads, and where a crash happened.

    At most `file_bytes` x (OLD_FILES + 1) are kept. A disk that takes no log stops nothing.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _LogFile(folder / LOG_NAME, maxBytes=file_bytes, backupCount=OLD_FILES)
        crashes = open(folder / CRASH_NAME, "a", opener=_for_owner)  # noqa: SIM115  closed below
    except OSError as error:
        logging.getLogger(__name__).warning("No log is kept in %s: %s", folder, error.strerror)
        yield
        return
    had_handler = faulthandler.is_enabled()
    # Lines of code and no values: what the interpreter writes when it dies holds no secret.
    faulthandler.enable(crashes)
    try:
        with _handling(handler, level):
            yield
    finally:
        faulthandler.disable()
        if had_handler and sys.stderr is not None:
            faulthandler.enable()
        crashes.close()
        handler.close()


class _LogFile(RotatingFileHandler):
    """Goes on without a line that can't be written: Python's complaint would not be redacted."""

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding="utf-8", opener=_for_owner)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        pass


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


@contextmanager
def _handling(handler: logging.Handler, level: int) -> Iterator[None]:
    """Let a handler hear what is at least of `level`; libraries never below INFO."""
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(level)
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
