"""The four calls of S3 that a small file needs, and that carry the bytes of a large one.

Two do the same: one through the client library, one past it. The answers of both look like those
of the library, and so do their errors.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast
from urllib.parse import urlencode

from cse_desktop.core.bandwidth import Bandwidth
from cse_desktop.core.later import later
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.objects import NewObject, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.wire import Outgoing, check_is_s3, check_range, read_into

if TYPE_CHECKING:
    import botocore.exceptions as aws
    from mypy_boto3_s3 import S3Client
else:
    aws = later("botocore.exceptions")

SAYS_NOTHING: Final = ("400", "403")
"""Of a HEAD: an expired session, a wrong clock and a missing permission look alike."""


class Carrier(Protocol):
    """How bytes get to S3 and back. Any thread.

    Each call asks once, and ends soon after a cancel.

    Raises:
        ClientError, BotoCoreError: as the client library does.
    """

    def put(
        self, ref: ObjectRef, body: memoryview, checksum: str, facts: NewObject, cancel: CancelToken
    ) -> Any:
        """PutObject; gives the answer."""

    def part(
        self,
        ref: ObjectRef,
        upload_id: str,
        number: int,
        body: memoryview,
        checksum: str,
        cancel: CancelToken,
    ) -> Any:
        """UploadPart; gives the answer."""

    def fetch(
        self, ref: ObjectRef, etag: str, first: int, out: memoryview, cancel: CancelToken
    ) -> int:
        """GetObject from offset `first`; gives how many bytes of `out` were filled.

        Raises:
            Tampered, Changed: see `check_range`.
        """

    def head(self, ref: ObjectRef, cancel: CancelToken) -> Any:
        """HeadObject; gives the answer."""


class LibraryCarrier:
    """Through boto3's client: any endpoint and any kind of bucket that it knows."""

    def __init__(self, client: S3Client, bandwidth: Bandwidth | None = None) -> None:
        self._client = client
        self._bandwidth = bandwidth or Bandwidth()

    def put(
        self, ref: ObjectRef, body: memoryview, checksum: str, facts: NewObject, cancel: CancelToken
    ) -> Any:
        """PutObject."""
        return leave_when_cancelled(
            lambda: self._client.put_object(
                Bucket=ref.bucket,
                Key=ref.key,
                Body=self._outgoing(body, cancel),
                ContentLength=len(body),
                ChecksumCRC64NVME=checksum,
                Metadata=dict(facts.metadata),
                **optional(facts),
                **condition(facts),
            ),
            cancel,
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
        return leave_when_cancelled(
            lambda: self._client.upload_part(
                Bucket=ref.bucket,
                Key=ref.key,
                UploadId=upload_id,
                PartNumber=number,
                Body=self._outgoing(body, cancel),
                ContentLength=len(body),
                ChecksumCRC64NVME=checksum,
            ),
            cancel,
        )

    def fetch(
        self, ref: ObjectRef, etag: str, first: int, out: memoryview, cancel: CancelToken
    ) -> int:
        """GetObject of a range."""
        last = first + len(out) - 1

        def ask() -> int:
            answer = self._client.get_object(
                **named(ref), Range=f"bytes={first}-{last}", IfMatch=f'"{etag}"'
            )
            body = answer["Body"]
            try:
                check_range(check_is_s3(answer), str(ref), first, last, etag)
                return read_into(body, out, cancel, self._bandwidth.down)
            finally:
                body.close()

        return leave_when_cancelled(ask, cancel)

    def head(self, ref: ObjectRef, cancel: CancelToken) -> Any:
        """HeadObject, or what S3 has against it: only an answer with a body can say it."""

        def ask() -> Any:
            try:
                return self._client.head_object(**named(ref))
            except aws.ClientError as error:
                if error.response["Error"]["Code"] in SAYS_NOTHING:
                    self._client.get_object(**named(ref), Range="bytes=0-0")["Body"].close()
                raise

        return leave_when_cancelled(ask, cancel)

    def _outgoing(self, body: memoryview, cancel: CancelToken) -> IO[bytes]:
        return cast("IO[bytes]", Outgoing(body, cancel, self._bandwidth.up))


def optional(facts: NewObject) -> dict[str, Any]:
    """What goes along where it is known."""
    given = facts.beside.headers() if facts.beside is not None else {}
    if facts.content_type:
        given["ContentType"] = facts.content_type
    if facts.tags:
        given["Tagging"] = urlencode(facts.tags)
    return given


def condition(facts: NewObject) -> dict[str, Any]:
    """Let the server decide whether the name is free: a look before would be a race."""
    if facts.etag:
        return {"IfMatch": f'"{facts.etag}"'}
    return {} if facts.replace else {"IfNoneMatch": "*"}


def named(ref: ObjectRef) -> dict[str, Any]:
    """Which object, in the words of boto3."""
    version = {"VersionId": ref.version} if ref.version else {}
    return {"Bucket": ref.bucket, "Key": ref.key, **version}
