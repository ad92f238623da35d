"""The calls that carry bytes, past the client library."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cse_desktop.core.addresses import Address, AddressBook
from cse_desktop.core.carrier import SAYS_NOTHING, Carrier
from cse_desktop.core.direct import Asking, Direct, Elsewhere
from cse_desktop.core.http_heads import Reply
from cse_desktop.core.later import later
from cse_desktop.core.objects import NewObject, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.signing import path_of
from cse_desktop.core.wire import check_is_s3, check_range

if TYPE_CHECKING:
    import botocore.exceptions as aws
else:
    aws = later("botocore.exceptions")

T = TypeVar("T")

_META: Final = "x-amz-meta-"
_FIRST_BYTE: Final = {"range": "bytes=0-0"}


class DirectCarrier:
    """Past the client library, and through it where only that can.

    Args:
        addresses: of S3.
        direct: speaks "rest-xml".
        library: for buckets of other kinds, and for those that turn out to be elsewhere.
    """

    def __init__(self, addresses: AddressBook, direct: Direct, library: Carrier) -> None:
        self._addresses = addresses
        self._direct = direct
        self._library = library

    def put(
        self, ref: ObjectRef, body: memoryview, checksum: str, facts: NewObject, cancel: CancelToken
    ) -> Any:
        """PutObject."""
        if facts.etag or facts.beside is not None or facts.tags:
            # An edited file goes back, one by one, with headers of any kind: nothing to hurry.
            return self._library.put(ref, body, checksum, facts, cancel)
        headers = {f"{_META}{name}": value for name, value in facts.metadata.items()}
        headers["x-amz-checksum-crc64nvme"] = checksum
        if facts.content_type:
            headers["content-type"] = facts.content_type
        if not facts.replace:
            headers["if-none-match"] = "*"
        asking = Asking("PutObject", "PUT", path_of(ref.key), headers=headers, body=body)
        return self._past_library(
            ref,
            lambda address: self._store(address, asking, cancel),
            lambda: self._library.put(ref, body, checksum, facts, cancel),
        )

    def part(
        self,
        ref: ObjectRef,
        upload_id: str,
        number: int,
        body: memoryview,
        checksum: str,
        cancel: CancelToken,
    ) -> Any:
        """UploadPart."""
        query = {"partNumber": str(number), "uploadId": upload_id}
        headers = {"x-amz-checksum-crc64nvme": checksum}
        asking = Asking("UploadPart", "PUT", path_of(ref.key), query, headers, body)
        return self._past_library(
            ref,
            lambda address: self._store(address, asking, cancel),
            lambda: self._library.part(ref, upload_id, number, body, checksum, cancel),
        )

    def fetch(
        self, ref: ObjectRef, etag: str, first: int, out: memoryview, cancel: CancelToken
    ) -> int:
        """GetObject of a range."""
        last = first + len(out) - 1
        headers = {"range": f"bytes={first}-{last}", "if-match": f'"{etag}"'}
        asking = Asking("GetObject", "GET", path_of(ref.key), _version(ref), headers)

        def ask(address: Address) -> int:
            with self._direct.answered(address, asking, cancel) as (line, reply):
                check_range(check_is_s3(_answer(reply)), str(ref), first, last, etag)
                if reply.is_chunked:  # no S3 does that, and its bytes would need sorting out
                    raise Elsewhere
                # An answer that is shorter than what was asked ends there: no more will come.
                filled = self._direct.fill(line, out[: reply.length], cancel)
                if filled == len(out) == reply.length:
                    line.finish(reply)
                return filled

        return self._past_library(
            ref, ask, lambda: self._library.fetch(ref, etag, first, out, cancel)
        )

    def head(self, ref: ObjectRef, cancel: CancelToken) -> Any:
        """HeadObject."""
        asking = Asking("HeadObject", "HEAD", path_of(ref.key), _version(ref))
        return self._past_library(
            ref,
            lambda address: self._head(address, asking, cancel),
            lambda: self._library.head(ref, cancel),
        )

    def _past_library(
        self, ref: ObjectRef, direct: Callable[[Address], T], library: Callable[[], T]
    ) -> T:
        """Ask directly; through the library for what is of another kind, or elsewhere."""
        try:
            address = self._addresses.find(ref.bucket)
            if address is not None:
                return direct(address)
        except Elsewhere:
            self._addresses.distrust(ref.bucket)
        return library()

    def _head(self, address: Address, asking: Asking, cancel: CancelToken) -> Any:
        try:
            reply, _ = self._direct.text(address, asking, cancel)
        except aws.ClientError as error:
            if error.response["Error"]["Code"] in SAYS_NOTHING:
                why = replace(asking, operation="GetObject", method="GET", headers=_FIRST_BYTE)
                self._direct.text(address, why, cancel)
            raise
        return _head_of(reply)

    def _store(self, address: Address, asking: Asking, cancel: CancelToken) -> Any:
        reply, text = self._direct.text(address, asking, cancel)
        if b"<Error>" in text:
            raise self._direct.refusal_in(asking.operation, reply, text)
        return _answer(reply)


def _version(ref: ObjectRef) -> dict[str, str]:
    return {"versionId": ref.version} if ref.version else {}


_FIELDS: Final = {
    "etag": "ETag",
    "x-amz-version-id": "VersionId",
    "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
    "x-amz-server-side-encryption": "ServerSideEncryption",
    "x-amz-server-side-encryption-customer-algorithm": "SSECustomerAlgorithm",
    "content-range": "ContentRange",
    "content-type": "ContentType",
    "x-amz-storage-class": "StorageClass",
}


def _answer(reply: Reply) -> dict[str, Any]:
    """An answer as the client library would give it, as far as it is read here."""
    answer: dict[str, Any] = {
        "ResponseMetadata": {"HTTPStatusCode": reply.status, "HTTPHeaders": reply.headers}
    }
    for header, name in _FIELDS.items():
        value = reply.headers.get(header)
        if value is not None:
            answer[name] = value
    return answer


def _head_of(reply: Reply) -> dict[str, Any]:
    answer = _answer(reply)
    headers = reply.headers
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit():
        answer["ContentLength"] = int(length)
    with suppress(ValueError):  # without it this is no answer of S3, says who reads it
        answer["LastModified"] = parsedate_to_datetime(headers.get("last-modified", ""))
    answer["Metadata"] = {
        name.removeprefix(_META): value for name, value in headers.items() if name.startswith(_META)
    }
    return answer
