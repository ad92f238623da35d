"""Answers that the sandbox gives itself, spelled as the AWS service would spell them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from wsgiref.types import StartResponse
from xml.sax.saxutils import escape

_S3_ERROR: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{id}</RequestId></Error>"
)
_STS_ERROR: Final = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
    "<Code>{code}</Code><Message>{message}</Message></Error><RequestId>{id}</RequestId>"
    "</ErrorResponse>"
)


def text(start: StartResponse, status: int, body: bytes, kind: str) -> Iterable[bytes]:
    """Any answer that is at hand as a whole."""
    request_id = str(uuid.uuid4())
    start(
        f"{status} {HTTPStatus(status).phrase}",
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("x-amzn-RequestId", request_id),
            ("x-amz-request-id", request_id),
        ],
    )
    return [body]


def kms_error(start: StartResponse, code: str, message: str) -> Iterable[bytes]:
    """An error of KMS; all of them are 400."""
    body = json.dumps({"__type": code, "message": message}).encode()
    return text(start, 400, body, "application/x-amz-json-1.1")


def s3_error(start: StartResponse, status: int, code: str, message: str) -> Iterable[bytes]:
    """An error of S3."""
    body = _S3_ERROR.format(code=code, message=escape(message), id=uuid.uuid4())
    return text(start, status, body.encode(), "application/xml")


def sts_error(start: StartResponse, status: int, code: str, message: str) -> Iterable[bytes]:
    """An error of STS."""
    body = _STS_ERROR.format(code=code, message=escape(message), id=uuid.uuid4())
    return text(start, status, body.encode(), "text/xml")
