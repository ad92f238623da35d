"""Bodies on their way to and from S3."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.bandwidth import Allowance
from cse_desktop.core.errors import Changed, ServiceError, Tampered, Unreachable
from cse_desktop.core.later import later
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import is_a_web_page, something_else_answered

if TYPE_CHECKING:
    import email.utils as mail

    import urllib3.exceptions as failures
    from botocore.response import StreamingBody
    from typing_extensions import Buffer
    from urllib3 import HTTPResponse
else:
    mail = later("email.utils")
    failures = later("urllib3.exceptions")

PIECE_BYTES: Final = 256 * 1024
"""How much is moved at a time: small enough that a cancel is felt at once."""

_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})", re.ASCII)
_MD5: Final = re.compile(r"[0-9a-f]{32}")


class Outgoing(io.RawIOBase):
    """The body of one request: bytes in a buffer that its owner leaves alone until the answer.

    botocore reads a body up to three times (checksum, signature, sending) and rewinds it for a
    retry; always the same bytes. Each read is a place to stop.
    """

    def __init__(
        self, data: memoryview, cancel: CancelToken, allowance: Allowance | None = None
    ) -> None:
        super().__init__()
        self._allowance = allowance or Allowance()
        self._is_sending = False
        self._data = data
        self._position = 0
        self._cancel = cancel

    def begin_sending(self) -> None:
        """What is read from here on goes over the wire."""
        self._is_sending = True

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def __len__(self) -> int:
        return len(self._data)

    def tell(self) -> int:
        """Bytes read since the start."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to `offset`."""
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._data)}
        self._position = max(0, origin[whence] + offset)
        return self._position

    def readinto(self, out: Buffer) -> int:
        """Fill `out` as far as there are bytes left.

        The signer of awscrt reads this way, and turns an exception into a crash report; so a
        cancel waits until the sending begins, a few milliseconds.
        """
        view = memoryview(out).cast("B")
        piece = self._data[self._position : self._position + len(view)]
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes.

        Raises:
            Cancelled: through the HTTP library, which gives the connection up.
        """
        self._cancel.check()
        left = len(self._data) - self._position
        wanted = left if size is None or size < 0 else min(size, left)
        if self._is_sending:
            wanted = self._allowance.piece(wanted)
            self._allowance.take(wanted, self._cancel)
        piece = bytes(self._data[self._position : self._position + wanted])
        self._position += len(piece)
        return piece


def read_into(
    body: StreamingBody, out: memoryview, cancel: CancelToken, allowance: Allowance
) -> int:
    """Read until `out` is full or the connection breaks; gives the bytes read.

    Raises:
        Cancelled: between two pieces.
    """
    # The body's own read() throws away what came before the connection broke. This gives each
    # piece as it comes, and who asks again goes on after it.
    stream: HTTPResponse = body._raw_stream  # type: ignore[attr-defined]  # not in stubs
    filled = 0
    while filled < len(out):
        cancel.check()
        try:
            piece = stream.read1(allowance.piece(min(PIECE_BYTES, len(out) - filled)))
        except (failures.HTTPError, OSError):
            break
        if not piece:
            break
        out[filled : filled + len(piece)] = piece
        filled += len(piece)
        # The network is held back by not reading on.
        allowance.take(len(piece), cancel)
    return filled


def check_is_s3(answer: Any, *needed: str) -> Any:
    """Give `answer` back, if it can be one of S3; see `check_is_aws`."""
    return check_is_aws(answer, "s3", *needed)


def check_is_aws(answer: Any, service: str, *needed: str) -> Any:
    """Give `answer` back, if it can be one of the service.

    Args:
        service: as IAM calls it.
        needed: what the service always sends.

    Raises:
        Unreachable: a web page, or something of what is needed is missing; a sign-in page of a
            network must not look like an object without envelope, or like an empty folder.
    """
    headers = answer["ResponseMetadata"].get("HTTPHeaders", {})
    if is_a_web_page(headers) or any(name not in answer for name in needed):
        raise something_else_answered(f"{service}:")
    return answer


def broken_off(subject: str) -> Unreachable:
    """The error for a body that ended too early."""
    return Unreachable(
        "The connection to Amazon S3 broke off",
        "Nothing was saved. Check your network or VPN, then try again.",
        f"Object: {subject}",
    )


def date_of(answer: Any) -> datetime:
    """When the service says it answered; now, if it does not say."""
    headers = answer["ResponseMetadata"].get("HTTPHeaders", {})
    try:
        return mail.parsedate_to_datetime(headers["date"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.now(UTC)


def check_range(answer: Any, subject: str, first: int, last: int, etag: str) -> None:
    """Raise unless `answer` is 206 with exactly the bytes `first` to `last` of `etag`.

    An endpoint that ignores the range, or sends another one, would put the right bytes in the
    wrong place; stock clients write a wrong file then.

    Raises:
        Tampered: other bytes.
        Changed: another object.
    """
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    told = answer.get("ContentRange", "")
    match = _CONTENT_RANGE.fullmatch(told)
    if status != 206 or match is None or (int(match[1]), int(match[2])) != (first, last):
        raise Tampered(
            "S3 answered with other bytes than those asked for",
            "Nothing was saved. Something between this computer and S3 changes the answers: ask "
            "the administrator of your network.",
            f"Object: {subject}\nAsked: bytes {first}-{last}\nAnswered: {status} {told}",
        )
    if answer.get("ETag", "").strip('"') != etag:
        raise Changed(
            "The file in S3 was changed in the meantime",
            "Somebody replaced it while it was being downloaded. Nothing was saved. Try again.",
            f"Object: {subject}",
        )


def check_part(answer: Any, checksum: str, body: memoryview, subject: str) -> Any:
    """Give `answer` back, if the server stored the bytes that were sent.

    Most servers name the checksum of what they stored. Of the others the ETag is the MD5, unless
    they encrypt with a key of KMS.

    Raises:
        Unreachable: other bytes; sending them again may help.
    """
    echoed = answer.get("ChecksumCRC64NVME")
    etag = answer["ETag"].strip('"')
    is_md5 = _MD5.fullmatch(etag) and answer.get("ServerSideEncryption", "AES256") == "AES256"
    if echoed is None and is_md5 and "SSECustomerAlgorithm" not in answer:
        is_right = etag == hashlib.md5(body, usedforsecurity=False).hexdigest()
    else:
        is_right = echoed in (None, checksum)
    if not is_right:
        raise Unreachable(
            "The file was damaged on its way to S3",
            "Try again. If this happens more than once, look at the network or proxy.",
            f"Object: {subject}\nChecksum sent: {checksum}\nAnswered: {echoed or etag}",
        )
    return answer


def check_whole(answer: Any, checksum: str, subject: str) -> None:
    """Raise ServiceError when S3 made another object of the parts than the one that was sent."""
    told = answer.get("ChecksumCRC64NVME", checksum)
    if told != checksum:
        raise stored_otherwise(subject, f"Checksum sent: {checksum}\nChecksum stored: {told}")


def stored_otherwise(subject: str, facts: str) -> ServiceError:
    """The error for an object that is not what was sent."""
    return ServiceError(
        "S3 did not store what was sent",
        "The file in S3 can't be opened. Upload it again, and tell the administrator of the "
        "storage.",
        f"Object: {subject}\n{facts}",
    )
