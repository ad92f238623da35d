"""The S3 calls that look at multipart uploads which are neither finished nor aborted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cse_desktop.core.calls import Calls
from cse_desktop.core.objects import ObjectRef, OpenUpload, StoredPart
from cse_desktop.core.wire import check_is_s3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class OpenUploads:
    """What S3 holds of uploads that are not objects yet. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: S3Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def open_uploads(self, folder: ObjectRef) -> tuple[OpenUpload, ...]:
        """Multipart uploads below `folder` that were neither finished nor aborted."""
        return tuple(
            OpenUpload(ObjectRef(folder.bucket, item["Key"]), item["UploadId"], item["Initiated"])
            for page in self.upload_pages(folder)
            for item in page.get("Uploads", ())
        )

    def parts(self, ref: ObjectRef, upload_id: str) -> tuple[StoredPart, ...]:
        """The parts of an open upload, by number.

        Raises:
            UploadGone: it was finished or aborted.
        """

        def list_all() -> list[Any]:
            pages = [
                *self._client.get_paginator("list_parts").paginate(
                    Bucket=ref.bucket, Key=ref.key, UploadId=upload_id
                )
            ]
            for page in pages:
                check_is_s3(page)
            return pages

        return tuple(
            StoredPart(
                item["PartNumber"],
                item["Size"],
                item["ETag"].strip('"'),
                item.get("ChecksumCRC64NVME", ""),
            )
            for page in self._calls.make(list_all, "s3:ListMultipartUploadParts", str(ref))
            for item in page.get("Parts", ())
        )

    def upload_pages(self, folder: ObjectRef) -> list[Any]:
        """S3's answers that `open_uploads` are in, at least one."""

        def list_all() -> list[Any]:
            pages = [
                *self._client.get_paginator("list_multipart_uploads").paginate(
                    Bucket=folder.bucket, Prefix=folder.key
                )
            ]
            for page in pages:
                check_is_s3(page)
            return pages

        return self._calls.hasty.make(list_all, "s3:ListBucketMultipartUploads", str(folder))
