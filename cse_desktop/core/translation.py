"""Foreign errors become ours: of AWS, of its client library, of the network and of the disk.

Nothing of the foreign exception is kept but facts that are known to be harmless: a response may
echo a signature, and a traceback keeps whole frames alive.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.errors import CseError, NotPermitted, Refusal
from cse_desktop.core.later import later
from cse_desktop.core.sentences import (
    BUSY,
    DENIED,
    DENIED_ACTIONS,
    ERRNOS,
    GARBLED,
    LOCAL,
    OTHER_REGION,
    OUT_OF_SERVICE,
    SKEWED,
    STATUS_CODES,
    UNEXPECTED,
    WRONG_CODE,
    Sentence,
)
from cse_desktop.core.service_codes import CODES
from cse_desktop.core.spelling import visible

if TYPE_CHECKING:
    import email.utils as mail
    import http.client as http_client
    import ssl

    import botocore.exceptions as aws
    import urllib3.exceptions as network
    from botocore import parsers

    from cse_desktop.core import library_errors
else:
    mail = later("email.utils")
    http_client = later("http.client")
    ssl = later("ssl")
    parsers = later("botocore.parsers")
    aws = later("botocore.exceptions")
    network = later("urllib3.exceptions")
    library_errors = later("cse_desktop.core.library_errors")

_SERVICES: Final = {
    "s3": "Amazon S3",
    "kms": "AWS KMS",
    "sts": "AWS STS",
    "sso": "IAM Identity Center",
}
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d{1,2}")
_WORD: Final = re.compile(r"[\w.+/=:@-]{1,128}", re.ASCII)
_REFUSAL: Final = re.compile(
    r"User: (?P<who>arn:[\w+=,.@:/-]{1,500}) is not authorized to perform: "
    r"(?P<action>[a-z0-9-]{1,40}:[A-Za-z]{1,60})"
    r"(?: on resource: (?P<resource>\"?arn:[\w+=,.@:/*-]{1,900}))?",
    re.ASCII,
)
_BECAUSE: Final = re.compile(
    r"because no [\w -]{1,60} (?:policy allows|policies allow|boundary allows)"
    r"|no resource-based policies allow access"
    r"|with an explicit deny in an? [\w -]{1,60} (?:policy|boundary)",
    re.ASCII,
)
_OUR_WORDS: Final = ("this key ", "it ", "your role ")
_SKEW_S: Final = 240
"""AWS accepts five minutes (KMS) or fifteen (S3); a clock this far off is worth naming."""


@cache
def _network_errors() -> tuple[type[BaseException], ...]:
    return (
        network.HTTPError,
        http_client.HTTPException,
        ssl.SSLError,
        socket.gaierror,
        ConnectionError,
        TimeoutError,
    )


@cache
def _foreign_errors() -> tuple[type[BaseException], ...]:
    of_library = (aws.ClientError, aws.BotoCoreError, parsers.ResponseParserError)
    return (*of_library, *_network_errors(), OSError)


@contextmanager
def translating(operation: str, subject: str = "", key: str = "") -> Iterator[None]:
    """Turn foreign errors of a block into ours; ours and Cancelled pass through. Any thread.

    Args:
        operation: as an IAM action ("kms:Decrypt"), or a word for what is done locally ("open").
        subject: what it is done to ("s3://bucket/key", or a path).
        key: the KMS key, ARN or id or alias.
    """
    call = _Call(operation, subject, key)
    try:
        try:
            yield
        except _foreign_errors() as error:
            raise _translate(error, call) from None
    except CseError as ours:
        if isinstance(ours.__context__, _foreign_errors()) and ours.__suppress_context__:
            # `from None` only hides the foreign error; this lets go of it and of its frames.
            ours.__context__ = None
        raise


@dataclass(frozen=True, slots=True)
class _Call:
    """What was being done, and what the answer adds to it."""

    operation: str
    subject: str
    key: str
    who: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def service(self) -> str:
        return _SERVICES.get(self.operation.partition(":")[0], "AWS")

    def error(self, sentence: Sentence, path: str = "") -> CseError:
        words = {
            "service": self.service,
            "key": visible(self.key, 120) or "this key",
            "who": _name_of(self.who),
            "action": self.operation,
            "place": visible(self.subject, 200) or "it",
            "path": visible(path or self.subject, 200) or "it",
        }
        hint = sentence.hint.format(**words)
        if hint.startswith(_OUR_WORDS):  # a name from outside keeps its spelling
            hint = hint[0].upper() + hint[1:]
        return sentence.kind(sentence.title.format(**words), hint, self._details())

    def _details(self) -> str:
        lines = (
            ("Operation", self.operation),
            ("Object", visible(self.subject, 1200)),
            ("Key", visible(self.key, 300)),
            *self.facts,
            ("Time", datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
        )
        return "\n".join(f"{name}: {value}" for name, value in lines if value)


def _translate(error: BaseException, call: _Call) -> CseError:
    if isinstance(error, aws.ClientError):
        return _of_service(error, call)
    if isinstance(error, aws.BotoCoreError | parsers.ResponseParserError):
        facts = (("Cause", type(error).__name__), *library_errors.where_it_went(error))
        return replace(call, facts=facts).error(library_errors.library_sentence(error))
    if isinstance(error, _network_errors()):
        call = replace(call, facts=(("Cause", type(error).__name__),))
        return call.error(library_errors.network_sentence(error))
    assert isinstance(error, OSError)
    return _of_system(error, call)


def _of_service(error: aws.ClientError, call: _Call) -> CseError:
    response: Mapping[str, Any] = error.response
    answer = response.get("Error", {})
    meta = response.get("ResponseMetadata", {})
    headers = meta.get("HTTPHeaders", {})
    status = meta.get("HTTPStatusCode", 0)
    code = _harmless(answer.get("Code"))
    message = str(answer.get("Message", ""))
    refusal = _REFUSAL.search(message[:4096])
    because = _BECAUSE.search(message[:4096])
    call = replace(
        call,
        who=refusal["who"] if refusal else "",
        facts=(
            ("API call", _harmless(error.operation_name)),
            ("Code", f"{code} (HTTP {status})" if status else code),
            ("Caller", refusal["who"] if refusal else ""),
            ("Action", refusal["action"] if refusal else ""),
            ("Resource", (refusal["resource"] or "").lstrip('"') if refusal else ""),
            ("Reason", because[0] if because else ""),
            ("Request ID", _harmless(meta.get("RequestId"))),
        ),
    )
    sentence = _sentence(code, status, message, call)
    is_denied = sentence is DENIED
    if is_denied:
        if refusal:
            call = replace(call, operation=refusal["action"])
        sentence = DENIED_ACTIONS.get(call.operation, DENIED)
    region = _region(answer, headers)
    if is_a_web_page(headers) and code not in CODES:
        sentence = GARBLED
    if sentence is OTHER_REGION and region:
        sentence = _in_region(region)
    elif sentence in (SKEWED, CODES["SignatureDoesNotMatch"]):
        sentence = _skewed(headers, sentence)
    translated = call.error(sentence)
    if is_denied and isinstance(translated, NotPermitted):
        resource = (refusal["resource"] or "").lstrip('"') if refusal else ""
        translated.refusal = Refusal(
            call.operation,
            call.subject,
            call.key,
            resource,
            call.who,
            because[0] if because else "",
        )
    return translated


def _sentence(code: str, status: int, message: str, call: _Call) -> Sentence:
    """The row of the table for a code, for what HEAD gives instead of one, or for a status."""
    if message.startswith("MultiFactorAuthentication failed"):
        return WRONG_CODE
    name = code.removeprefix("KMS.")
    name = STATUS_CODES.get(name, name)
    if name == "NoSuchKey" and call.operation in ("s3:ListBucket", "s3:ListAllMyBuckets"):
        name = "NoSuchBucket"
    if name == "KMSInvalidStateException":
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", message).lower()
        for state in ("pending deletion", "pending import"):
            if state in spaced or state.replace(" ", " replica ") in spaced:
                name = f"{name} {state}"
    if name in CODES:
        return CODES[name]
    if status in (401, 403):
        return DENIED
    if status == 429:
        return BUSY
    return OUT_OF_SERVICE if status >= 500 else UNEXPECTED


def something_else_answered(operation: str) -> CseError:
    """The error for an answer that cannot be one of AWS."""
    return _Call(operation, "", "").error(GARBLED)


def is_a_web_page(headers: Mapping[str, str]) -> bool:
    """Whether a proxy or a captive portal answered: AWS sends XML or JSON, and a request id."""
    is_html = headers.get("content-type", "").lower().startswith("text/html")
    return is_html and not {"x-amz-request-id", "x-amzn-requestid"}.intersection(headers)


def _region(answer: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    region = str(headers.get("x-amz-bucket-region") or answer.get("Region") or "")
    return region if _REGION.fullmatch(region) else ""


def _in_region(region: str) -> Sentence:
    return replace(
        OTHER_REGION,
        title=f"This bucket is in {region}",
        hint=f"The connection uses another Region. Change its Region to {region}.",
    )


def _skewed(headers: Mapping[str, str], otherwise: Sentence) -> Sentence:
    """Say how wrong the clock is, if the Date of the answer shows that it is."""
    try:
        theirs = mail.parsedate_to_datetime(headers.get("date", ""))
        seconds = (datetime.now(UTC) - theirs).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return otherwise
    if abs(seconds) < _SKEW_S:
        return otherwise
    minutes = round(abs(seconds) / 60)
    size = f"{minutes:,} minutes" if minutes < 120 else f"{minutes / 60:,.0f} hours"
    if minutes >= 2880:
        size = f"{minutes / 1440:,.0f} days"
    relation = "ahead of" if seconds > 0 else "behind"
    return replace(
        SKEWED,
        hint=f"It is {size} {relation} the clock of {{service}}, which refuses such requests. "
        "Set date and time of this computer, then try again.",
    )


def _of_system(error: OSError, call: _Call) -> CseError:
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    number = error.errno or 0
    facts = (("Cause", f"{os.strerror(number)} (errno {number})" if number else ""),)
    return replace(call, facts=facts).error(ERRNOS.get(number, LOCAL), path)


def _harmless(word: object) -> str:
    """A code or an id from an answer, if it looks like one."""
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


def _name_of(arn: str) -> str:
    """The caller as a person would say it."""
    kind, _, rest = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role" and rest:
        return f"your role {rest.partition('/')[0]}"
    return f"your user {rest.rpartition('/')[2]}" if kind == "user" and rest else "your role"
