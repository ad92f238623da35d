"""What can go wrong on the wire, each a function that takes an exchange."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.faults.http_messages import Answer, answer
from tests.faults.proxy import Exchange, Fault

_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message>'
    "<RequestId>R0</RequestId></Error>"
)
PAGE = b"<!DOCTYPE html><html><head><title>Hotel</title></head><body>Welcome</body></html>"


# --- the connection


def reset(exchange: Exchange) -> None:
    """Cut before anything was answered; the server never saw it."""
    exchange.body()
    exchange.reset()


def reset_mid_upload(after: int) -> Fault:
    """Take so many bytes of the body, then cut."""

    def fault(exchange: Exchange) -> None:
        exchange.body(after)
        exchange.reset()

    return fault


def cut_mid_download(after: int, *, politely: bool = False) -> Fault:
    """Give so many bytes of the body, then cut."""

    def fault(exchange: Exchange) -> None:
        whole = exchange.forward()
        exchange.send_raw(bytes(whole.head) + whole.body[:after])
        exchange.wait(0.02)  # a reset may overtake what was sent before it
        (exchange.fin if politely else exchange.reset)()

    return fault


def stall(after: int = 0, seconds: float = 60.0) -> Fault:
    """Give so many bytes of the answer, then fall silent."""

    def fault(exchange: Exchange) -> None:
        whole = exchange.forward()
        if after:
            exchange.send_raw(bytes(whole.head) + whole.body[:after])
        exchange.wait(seconds)
        exchange.fin()

    return fault


def stall_upload(after: int, seconds: float = 60.0) -> Fault:
    """Take so many bytes of the body, then no more."""

    def fault(exchange: Exchange) -> None:
        exchange.body(after)
        exchange.wait(seconds)
        exchange.fin()

    return fault


def slow(pieces: int, pause_s: float) -> Fault:
    """Give the answer in pieces with pauses."""

    def fault(exchange: Exchange) -> None:
        whole = exchange.forward()
        exchange.send_raw(bytes(whole.head))
        step = max(1, -(-len(whole.body) // pieces))
        for start in range(0, len(whole.body), step):
            exchange.send_raw(whole.body[start : start + step])
            exchange.wait(pause_s)

    return fault


def lost_answer(exchange: Exchange) -> None:
    """The server does it, and nobody hears of it."""
    exchange.forward()
    exchange.reset()


def doubled(exchange: Exchange) -> None:
    """The request reaches the server twice."""
    exchange.forward()
    exchange.send(exchange.forward())


# --- what is answered


def error(status: int, code: str, message: str = "", *, ahead_s: float = 0.0) -> Fault:
    """An error of S3, with its body; `ahead_s` puts the Date of the answer forward."""

    def fault(exchange: Exchange) -> None:
        exchange.body()
        exchange.send(s3_error(status, code, message, ahead_s))

    return fault


def s3_error(status: int, code: str, message: str = "", ahead_s: float = 0.0) -> Answer:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead_s), usegmt=True)
    body = _XML.format(code=code, message=message or f"This is {code}").encode()
    return answer(status, body, Content_Type="application/xml", x_amz_request_id="R0", Date=date)


def kms_error(status: int, code: str, message: str = "") -> Fault:
    """An error of KMS, with its body."""

    def fault(exchange: Exchange) -> None:
        exchange.body()
        body = json.dumps({"__type": code, "message": message or f"This is {code}"}).encode()
        exchange.send(
            answer(status, body, Content_Type="application/x-amz-json-1.1", x_amzn_RequestId="K0")
        )

    return fault


def sts_error(status: int, code: str) -> Fault:
    """An error of STS, with its body."""
    body = f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>".encode()
    return answered(answer(status, body, Content_Type="text/xml", x_amzn_RequestId="T0"))


def answered(made_up: Answer) -> Fault:
    """Anything."""

    def fault(exchange: Exchange) -> None:
        exchange.body()
        exchange.send(made_up)

    return fault


def garbage(exchange: Exchange) -> None:
    """Not HTTP at all."""
    exchange.body()
    exchange.send_raw(b"\x16\x03\x01 220 mail.example.com ESMTP\r\n\x00\x00")
    exchange.fin()


def web_page(status: int = 200, **headers: str) -> Fault:
    """The sign-in page of a network."""
    return answered(answer(status, PAGE, Content_Type="text/html; charset=utf-8", **headers))


def complete_with_error_inside(*, is_done: bool) -> Fault:
    """CompleteMultipartUpload: 200, and then an error in the body."""

    def fault(exchange: Exchange) -> None:
        exchange.body()
        if is_done:
            exchange.forward()
        exchange.send(s3_error(200, "InternalError"))

    return fault


def changed(change: Callable[[Answer], Answer]) -> Fault:
    """The server's answer, altered."""

    def fault(exchange: Exchange) -> None:
        exchange.send(change(exchange.forward()))

    return fault


def forgotten_range(whole: bytes) -> Fault:
    """The whole object instead of a range of it: 200."""
    return changed(
        lambda found: Answer(
            found.head.without("Content-Range", "Content-Length").with_header(
                "Content-Length", str(len(whole))
            ),
            whole,
        ).with_status(200, "OK")
    )


def whole_as_partial(exchange: Exchange) -> None:
    """The right range of bytes, but 200."""
    exchange.send(exchange.forward().with_status(200, "OK"))


def other_range(whole: bytes, shift: int, *, is_told: bool) -> Fault:
    """Bytes of the object from elsewhere; `is_told` makes the Content-Range say so."""

    def fault(exchange: Exchange) -> None:
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", exchange.request.head.get("range"))
        assert match is not None
        first, last = int(match[1]) + shift, int(match[2]) + shift
        found = exchange.forward()
        if is_told:
            found = found.with_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        exchange.send(found.with_body(whole[first : last + 1]))

    return fault


# --- bits


def flip(data: bytes, position: int) -> bytes:
    changed_data = bytearray(data)
    changed_data[position % len(data)] ^= 0x10
    return bytes(changed_data)


def flipped_up(position: int) -> Fault:
    """A bit of the body falls over on its way to the server."""

    def fault(exchange: Exchange) -> None:
        exchange.send(exchange.forward(flip(exchange.body(), position)))

    return fault


def flipped_down(position: int) -> Fault:
    """A bit of the answer falls over on its way back."""
    return changed(lambda whole: Answer(whole.head, flip(whole.body, position)))


def reordered(block: int) -> Fault:
    """The first two blocks of the answer change places."""
    return changed(
        lambda whole: Answer(
            whole.head,
            whole.body[block : 2 * block] + whole.body[:block] + whole.body[2 * block :],
        )
    )


def shortened(by: int) -> Fault:
    """Fewer bytes, and the answer owns up to it."""
    return changed(lambda whole: whole.with_body(whole.body[:-by]))


def lengthened(by: int) -> Fault:
    """More bytes, and the answer owns up to it."""
    return changed(lambda whole: whole.with_body(whole.body + bytes(by)))
