"""The S3 calls this program uses, typed; boto3 stays inside."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

from cse_desktop.core.errors import AlreadyExists, Changed
from cse_desktop.core.objects import (
    Bucket,
    Entry,
    Head,
    NewObject,
    ObjectRef,
    OpenUpload,
    Page,
    PartTag,
    Stored,
)
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import translating
from cse_desktop.core.wire import Outgoing, check_echo, check_range, read_into

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def checksum_text(crc: int) -> str:
    """A CRC64NVME as S3 spells it: base64 of 8 bytes, big-endian."""
    return base64.b64encode(crc.to_bytes(8, "big")).decode("ascii")


class ObjectStore:
    """S3 under one connection. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
    """

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def buckets(self) -> tuple[Bucket, ...]:
        """All buckets that may be listed, by name."""
        with translating("s3:ListAllMyBuckets"):
            pages = self._client.get_paginator("list_buckets").paginate(
                PaginationConfig={"PageSize": 1000}
            )
            found = [
                Bucket(item["Name"], item.get("CreationDate"), item.get("BucketRegion", ""))
                for page in pages
                for item in page.get("Buckets", ())
            ]
        return tuple(sorted(found, key=lambda bucket: bucket.name))

    def page(self, folder: ObjectRef, token: str = "", limit: int = 1000) -> Page:
        """One page of a folder: sub-folders and objects directly in it, in S3's order.

        Args:
            folder: its key is "" or ends with "/".
            token: of the page before, "" for the first.
            limit: entries at most, 1,000 at most.
        """
        return self._list(folder, "/", token, limit)

    def walk(self, folder: ObjectRef) -> Iterator[Page]:
        """All objects whose key begins with the folder's, page by page, in S3's order."""
        token = ""
        while True:
            page = self._list(folder, "", token, 1000)
            yield page
            token = page.token
            if not token:
                return

    def head(self, ref: ObjectRef) -> Head:
        """Size, tags and user metadata of one object."""
        with translating("s3:GetObject", str(ref)):
            answer = self._client.head_object(**_named(ref))
        return Head(
            ref=ref,
            size=answer["ContentLength"],
            etag=answer["ETag"].strip('"'),
            modified=answer["LastModified"],
            metadata={name.lower(): value for name, value in answer["Metadata"].items()},
            storage_class=answer.get("StorageClass", "STANDARD"),
            content_type=answer.get("ContentType", ""),
            version=answer.get("VersionId", ""),
            server_side_encryption=answer.get("ServerSideEncryption", ""),
        )

    def get_into(
        self, ref: ObjectRef, etag: str, first: int, out: memoryview, cancel: CancelToken
    ) -> int:
        """Read stored bytes from offset `first` until `out` is full or the connection breaks.

        Returns:
            Bytes read; fewer than asked when the connection broke on the way.

        Raises:
            Changed: the object is no longer the one with this `etag`.
            Tampered: S3 answered with other bytes than those asked for.
        """
        last = first + len(out) - 1
        with translating("s3:GetObject", str(ref)):
            answer = self._client.get_object(
                **_named(ref), Range=f"bytes={first}-{last}", IfMatch=f'"{etag}"'
            )
        body = answer["Body"]
        try:
            check_range(answer, str(ref), first, last)
            return read_into(body, out, cancel)
        finally:
            body.close()

    def put(
        self, ref: ObjectRef, body: memoryview, crc: int, facts: NewObject, cancel: CancelToken
    ) -> Stored:
        """Store an object with one request; `crc` is the CRC64NVME of `body`.

        Raises:
            AlreadyExists: `facts.replace` is off and the name is taken.
        """
        checksum = checksum_text(crc)
        with _name_is_free("s3:PutObject", ref, facts):
            answer = self._client.put_object(
                Bucket=ref.bucket,
                Key=ref.key,
                Body=cast("IO[bytes]", Outgoing(body, cancel)),
                ContentLength=len(body),
                ChecksumCRC64NVME=checksum,
                Metadata=dict(facts.metadata),
                **_optional(facts),
                **_condition(facts),
            )
        check_echo(answer, checksum, str(ref))
        return Stored(answer["ETag"].strip('"'), answer.get("VersionId", ""))

    def make_folder(self, folder: ObjectRef) -> None:
        """Store an empty object with the name of a folder, as the AWS console does.

        Raises:
            AlreadyExists: there is one.
        """
        with _name_is_free("s3:PutObject", folder, NewObject({})):
            self._client.put_object(
                Bucket=folder.bucket, Key=folder.key, Body=b"", IfNoneMatch="*"
            )

    def begin(self, ref: ObjectRef, facts: NewObject) -> str:
        """Begin a multipart upload; gives its id. Whoever calls this finishes or aborts it."""
        with translating("s3:PutObject", str(ref)):
            answer = self._client.create_multipart_upload(
                Bucket=ref.bucket,
                Key=ref.key,
                Metadata=dict(facts.metadata),
                ChecksumAlgorithm="CRC64NVME",
                ChecksumType="FULL_OBJECT",
                **_optional(facts),
            )
        return answer["UploadId"]

    def part(
        self,
        ref: ObjectRef,
        upload_id: str,
        number: int,
        body: memoryview,
        crc: int,
        cancel: CancelToken,
    ) -> PartTag:
        """Send one part; `crc` is the CRC64NVME of `body`."""
        checksum = checksum_text(crc)
        with translating("s3:PutObject", str(ref)):
            answer = self._client.upload_part(
                Bucket=ref.bucket,
                Key=ref.key,
                UploadId=upload_id,
                PartNumber=number,
                Body=cast("IO[bytes]", Outgoing(body, cancel)),
                ContentLength=len(body),
                ChecksumCRC64NVME=checksum,
            )
        check_echo(answer, checksum, str(ref))
        return PartTag(number, answer["ETag"].strip('"'), checksum)

    def finish(
        self,
        ref: ObjectRef,
        upload_id: str,
        parts: Sequence[PartTag],
        crc: int,
        size: int,
        facts: NewObject,
    ) -> Stored:
        """Make one object of the parts; `crc` and `size` are those of the whole ciphertext.

        Raises:
            AlreadyExists: `facts.replace` is off and the name was taken meanwhile.
        """
        with _name_is_free("s3:PutObject", ref, facts):
            answer = self._client.complete_multipart_upload(
                Bucket=ref.bucket,
                Key=ref.key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [
                        {
                            "PartNumber": part.number,
                            "ETag": f'"{part.etag}"',
                            "ChecksumCRC64NVME": part.checksum,
                        }
                        for part in parts
                    ]
                },
                ChecksumCRC64NVME=checksum_text(crc),
                ChecksumType="FULL_OBJECT",
                MpuObjectSize=size,
                **_condition(facts),
            )
        return Stored(answer["ETag"].strip('"'), answer.get("VersionId", ""))

    def abort(self, ref: ObjectRef, upload_id: str) -> None:
        """Give a multipart upload up; its parts are deleted."""
        with translating("s3:AbortMultipartUpload", str(ref)):
            self._client.abort_multipart_upload(Bucket=ref.bucket, Key=ref.key, UploadId=upload_id)

    def open_uploads(self, folder: ObjectRef) -> tuple[OpenUpload, ...]:
        """Multipart uploads below `folder` that were neither finished nor aborted."""
        with translating("s3:ListBucketMultipartUploads", str(folder)):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=folder.bucket, Prefix=folder.key
            )
            return tuple(
                OpenUpload(
                    ObjectRef(folder.bucket, item["Key"]), item["UploadId"], item["Initiated"]
                )
                for page in pages
                for item in page.get("Uploads", ())
            )

    def _list(self, folder: ObjectRef, delimiter: str, token: str, limit: int) -> Page:
        optional: dict[str, Any] = {"ContinuationToken": token} if token else {}
        if delimiter:
            optional["Delimiter"] = delimiter
        with translating("s3:ListBucket", str(folder)):
            answer = self._client.list_objects_v2(
                Bucket=folder.bucket, Prefix=folder.key, MaxKeys=limit, **optional
            )
        folders = [Entry(item["Prefix"]) for item in answer.get("CommonPrefixes", ())]
        objects = [
            _entry(item)
            for item in answer.get("Contents", ())
            if not delimiter or item["Key"] != folder.key
        ]
        return Page((*folders, *objects), answer.get("NextContinuationToken", ""))


def _entry(item: Any) -> Entry:
    return Entry(
        key=item["Key"],
        size=item["Size"],
        etag=item["ETag"].strip('"'),
        modified=item["LastModified"],
        storage_class=item.get("StorageClass", "STANDARD"),
    )


def _named(ref: ObjectRef) -> dict[str, Any]:
    version = {"VersionId": ref.version} if ref.version else {}
    return {"Bucket": ref.bucket, "Key": ref.key, **version}


def _optional(facts: NewObject) -> dict[str, Any]:
    return {"ContentType": facts.content_type} if facts.content_type else {}


def _condition(facts: NewObject) -> dict[str, Any]:
    """Let the server decide whether the name is free: a look before would be a race."""
    return {} if facts.replace else {"IfNoneMatch": "*"}


@contextmanager
def _name_is_free(operation: str, ref: ObjectRef, facts: NewObject) -> Iterator[None]:
    """Say AlreadyExists where the condition of `_condition` failed."""
    try:
        with translating(operation, str(ref)):
            yield
    except Changed as error:
        if facts.replace:
            raise
        raise AlreadyExists(
            f"“{ref.name}” already exists", "Nothing was replaced.", error.details
        ) from None
