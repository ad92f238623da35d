"""Heads of answers in HTTP/1, read strictly: who can put words into one must not move its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cse_desktop.core.later import later

if TYPE_CHECKING:
    import urllib3.exceptions as net
else:
    net = later("urllib3.exceptions")

TEXT_BYTES: Final = 8 * 1024 * 1024
"""The longest body of those that are read as a whole."""

_NO_BODY: Final = (204, 304)


@dataclass(slots=True)
class Reply:
    """The head of an answer.

    Attributes:
        headers: names in lower case.
        length: bytes of the body; None where only its end tells.
    """

    status: int
    headers: Mapping[str, str]
    length: int | None
    is_chunked: bool
    is_last: bool


def parse_head(data: bytes, is_bodiless: bool) -> Reply:
    """Read status and headers. Source: RFC 9112, sections 2 to 6.

    Args:
        data: without the empty line at its end.
        is_bodiless: it answers a HEAD.

    Raises:
        ProtocolError: it is not an answer of HTTP/1, or leaves open where its body ends.
    """
    first, *lines = data.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    code = rest[:3]
    if version not in ("HTTP/1.1", "HTTP/1.0") or not (code.isascii() and code.isdigit()):
        raise net.ProtocolError("this is no answer of HTTP")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise net.ProtocolError("a header without a name")
        name, value = name.lower(), value.strip()
        if name in headers:
            if name in ("content-length", "transfer-encoding") and headers[name] != value:
                raise net.ProtocolError("two lengths")
            value = headers[name] if name == "content-length" else f"{headers[name]}, {value}"
        headers[name] = value
    status = int(code)
    coding = headers.get("transfer-encoding", "")
    if coding.lower() not in ("", "chunked") or (coding and "content-length" in headers):
        raise net.ProtocolError("a length that is not clear")
    length = _length(headers.get("content-length"))
    if is_bodiless or status in _NO_BODY or status < 200:
        length, coding = 0, ""
    wish = headers.get("connection", "").lower()
    is_last = "close" in wish or (version == "HTTP/1.0" and "keep-alive" not in wish)
    is_endless = length is None and not coding
    return Reply(status, headers, length, bool(coding), is_last or is_endless)


def _length(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise net.ProtocolError("a length that is no number")
    return int(text)


def chunk_size(text: bytes) -> int:
    """The length at the begin of a chunk.

    Raises:
        ProtocolError: it is none, or more than is read as a whole.
    """
    try:
        size = int(text, 16)
    except ValueError:
        raise net.ProtocolError("a chunk without a length") from None
    if not 0 <= size <= TEXT_BYTES or text.strip()[:1] in (b"+", b"-"):
        raise net.ProtocolError("a chunk that is too long")
    return size
