"""What the rows of an upload say; nothing of them is believed before it was looked at."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Sequence
from typing import Any, Final

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.record import Intent, Left, Place
from cse_desktop.jobs.journal_rows import Body

FRESH_S: Final = 7 * 24 * 3600.0
"""What is older is not resumed but taken back."""

_IDENTITY: Final = ("device", "inode", "size", "mtime_ns", "ctime_ns")
_WRONG: Final = (AttributeError, KeyError, TypeError, ValueError, RecursionError)


def left_of(body: Body, parts: Sequence[Body]) -> Left:
    """Read an upload.

    Raises:
        ValueError: it is none.
    """
    try:
        metadata = {_is(str, name): _is(str, value) for name, value in body["metadata"].items()}
        begun = float(body["begun"])
        left = Left(
            order=_is(str, body["order"]),
            ref=ObjectRef(_is(str, body["bucket"]), _is(str, body["key"])),
            begun=begun,
            metadata=metadata,
            key_arn=_is(str, body["key_arn"]),
            mac=bytes_of(body["mac"]),
            upload_id=_is(str, body["upload_id"]),
            upload_mac=bytes_of(body["upload_mac"]),
            intents=tuple(_intent(part) for part in parts),
            is_fresh=0 <= time.time() - begun < FRESH_S and not _is(bool, body["abandoned"]),
        )
        order_of(left)
    except _WRONG as error:
        raise ValueError("no upload") from error
    return left


def order_of(left: Left) -> tuple[Place, str, tuple[int, ...]]:
    """Storage, path and identity of the file of an upload."""
    order = json.loads(left.order)
    place = {_is(str, name): _is(str, value) for name, value in order["place"].items()}
    identity = tuple(_is(int, order["identity"][name]) for name in _IDENTITY)
    return Place(**place), _is(str, order["source"]), identity


def text_of(value: bytes) -> str:
    """Bytes as they are written down."""
    return base64.b64encode(value).decode("ascii")


def bytes_of(text: Any) -> bytes:
    """Bytes as they were written down."""
    return base64.b64decode(_is(str, text), validate=True)


def _intent(body: Body) -> Intent:
    return Intent(
        _is(int, body["number"]),
        _is(int, body["length"]),
        bytes_of(body["digest"]),
        bytes_of(body["mac"]),
        _is(str, body["etag"]),
    )


def _is(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(kind)
    return value
