"""The S3 calls that copy and delete objects without their content passing through here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from cse_desktop.core.beside import Beside, beside_of
from cse_desktop.core.calls import Calls
from cse_desktop.core.errors import CseError
from cse_desktop.core.later import later
from cse_desktop.core.leaving import leave_when_cancelled, will_clear_up
from cse_desktop.core.objects import Head, ObjectRef, PartTag, Stored
from cse_desktop.core.progress import Cancelled, Deadline
from cse_desktop.core.translation import translating
from cse_desktop.core.uploads import UploadStore
from cse_desktop.core.wire import check_is_s3

if TYPE_CHECKING:
    import botocore.exceptions as aws
    from mypy_boto3_s3 import S3Client
else:
    aws = later("botocore.exceptions")

MAX_KEYS_AT_A_TIME: Final = 1000
"""What DeleteObjects takes ("DeleteObjects", Amazon S3 API reference)."""

_TAKE_BACK_S: Final = 5.0

_NOT_IN_XML: Final = re.compile("[\x00-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot carry, or carries changed: such a key would name another object."""


@dataclass(frozen=True, slots=True)
class NotDeleted:
    """An object that S3 did not delete, and why."""

    key: str
    error: CseError


class Arranger:
    """Copies and deletes under one connection. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: S3Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def is_versioned(self, bucket: str) -> bool:
        """Whether the bucket keeps what is deleted or replaced; False while that is suspended."""
        answer = self._calls.make(
            lambda: check_is_s3(self._client.get_bucket_versioning(Bucket=bucket)),
            "s3:GetBucketVersioning",
            f"s3://{bucket}",
        )
        return bool(answer.get("Status") == "Enabled")

    def delete(self, bucket: str, keys: Sequence[str]) -> tuple[NotDeleted, ...]:
        """Delete up to 1,000 objects; gives those that are still there.

        An object that does not exist counts as deleted.
        """
        failed = []
        plain = [key for key in keys if not _NOT_IN_XML.search(key)]
        for key in keys:
            if _NOT_IN_XML.search(key):
                try:
                    self.delete_one(ObjectRef(bucket, key))
                except CseError as error:
                    failed.append(NotDeleted(key, error))
        return (*failed, *self._delete_together(bucket, plain))

    def delete_one(self, ref: ObjectRef, etag: str = "") -> None:
        """Delete one object.

        Raises:
            Changed: it is no longer the one with this `etag`.
        """
        condition: dict[str, Any] = {"IfMatch": f'"{etag}"'} if etag else {}
        self._calls.make(
            lambda: check_is_s3(
                self._client.delete_object(Bucket=ref.bucket, Key=ref.key, **condition)
            ),
            "s3:DeleteObject",
            str(ref),
        )

    def take_back(self, ref: ObjectRef) -> None:
        """Delete an object that a copy has just made; also after a cancel, and then soon."""

        def delete() -> None:
            will_clear_up()
            self._calls.hasty.make(
                lambda: check_is_s3(self._client.delete_object(Bucket=ref.bucket, Key=ref.key)),
                "s3:DeleteObject",
                str(ref),
            )

        with suppress(Cancelled):
            leave_when_cancelled(delete, Deadline(_TAKE_BACK_S))

    def copy(
        self,
        head: Head,
        to: ObjectRef,
        *,
        replace: bool,
        beside: Beside | None = None,
        etag: str = "",
    ) -> Stored:
        """Copy an object of up to 5 GiB with its tags and what is stored beside it.

        Args:
            beside: instead of what the original has.
            etag: of the only object that may be replaced; "" for any.

        Raises:
            Changed: the source is no longer the one of `head`, or the name is taken and `replace`
                is off, or it is taken by another one: S3 answers all alike.
        """
        kept: dict[str, Any] = {"MetadataDirective": "COPY", **_same_class(head)}
        if beside is not None:
            kept = {"MetadataDirective": "REPLACE", **beside.request()}

        def ask() -> Any:
            answer = self._client.copy_object(
                Bucket=to.bucket,
                Key=to.key,
                CopySource=_source(head.ref),
                CopySourceIfMatch=f'"{head.etag}"',
                TaggingDirective="COPY",
                **kept,
                **_condition(replace=replace, etag=etag),
            )
            return check_is_s3(answer, "CopyObjectResult")

        answer = self._calls.make(ask, "s3:PutObject", str(to))
        etag = answer["CopyObjectResult"]["ETag"].strip('"')
        return Stored(etag, answer.get("VersionId", ""))

    def begin_copy(self, head: Head, to: ObjectRef, beside: Beside | None = None) -> str:
        """Begin a copy in parts, with the tags and what is stored beside the source; gives its id.

        Whoever calls this finishes or aborts it; see `UploadStore.begin_by`.

        Args:
            beside: instead of what the original has.
        """
        source, place, make = _named(head.ref), str(head.ref), self._calls.make
        if beside is None:
            facts: Any = make(
                lambda: self._client.head_object(**source, IfMatch=f'"{head.etag}"'),
                "s3:GetObject",
                place,
            )
            # How S3 encrypts the copy at rest is for its bucket to say.
            beside = changed(beside_of(facts), encryption="", kms_key="")
        tags = make(
            lambda: self._client.get_object_tagging(**source), "s3:GetObjectTagging", place
        )["TagSet"]
        kept = beside.request()
        if tags:
            kept["Tagging"] = urlencode({tag["Key"]: tag["Value"] for tag in tags})
        return UploadStore(self._client, self._calls).begin_by(
            to,
            lambda: self._client.create_multipart_upload(Bucket=to.bucket, Key=to.key, **kept),
        )

    def copy_part(
        self, head: Head, to: ObjectRef, upload_id: str, number: int, first: int, last: int
    ) -> PartTag:
        """Copy the bytes from `first` to `last`, both included, as one part."""

        def ask() -> Any:
            answer = self._client.upload_part_copy(
                Bucket=to.bucket,
                Key=to.key,
                UploadId=upload_id,
                PartNumber=number,
                CopySource=_source(head.ref),
                CopySourceIfMatch=f'"{head.etag}"',
                CopySourceRange=f"bytes={first}-{last}",
            )
            return check_is_s3(answer, "CopyPartResult")

        answer = self._calls.make(ask, "s3:PutObject", str(to))
        return PartTag(number, answer["CopyPartResult"]["ETag"].strip('"'), "")

    def finish_copy(
        self,
        head: Head,
        to: ObjectRef,
        upload_id: str,
        parts: Sequence[PartTag],
        *,
        replace: bool,
        etag: str = "",
    ) -> Stored:
        """Make one object of the parts.

        Raises:
            Changed: the name was taken meanwhile and `replace` is off.
        """
        named: Any = [{"PartNumber": part.number, "ETag": f'"{part.etag}"'} for part in parts]

        def ask() -> Any:
            answer = self._client.complete_multipart_upload(
                Bucket=to.bucket,
                Key=to.key,
                UploadId=upload_id,
                MultipartUpload={"Parts": named},
                MpuObjectSize=head.size,
                **_condition(replace=replace, etag=etag),
            )
            return check_is_s3(answer, "ETag")

        answer = self._calls.make(ask, "s3:PutObject", str(to))
        return Stored(answer["ETag"].strip('"'), answer.get("VersionId", ""))

    def _delete_together(self, bucket: str, keys: Sequence[str]) -> list[NotDeleted]:
        if not keys:
            return []
        answer = self._calls.make(
            lambda: check_is_s3(
                self._client.delete_objects(
                    Bucket=bucket,
                    Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True},
                )
            ),
            "s3:DeleteObject",
            f"s3://{bucket}/{keys[0] if len(keys) == 1 else ''}",
        )
        return [
            NotDeleted(item.get("Key", ""), _meaning(item, bucket, answer["ResponseMetadata"]))
            for item in answer.get("Errors", ())
        ]


def _meaning(item: Any, bucket: str, meta: Any) -> CseError:
    """One error of many in an answer that is itself a success, in the words of a single one."""
    told: Any = {"Code": item.get("Code", ""), "Message": item.get("Message", "")}
    try:
        with translating("s3:DeleteObject", f"s3://{bucket}/{item.get('Key', '')}"):
            raise aws.ClientError({"Error": told, "ResponseMetadata": meta}, "DeleteObjects")
    except CseError as error:
        return error


def _source(ref: ObjectRef) -> Any:
    return _named(ref)


def _named(ref: ObjectRef) -> dict[str, Any]:
    version = {"VersionId": ref.version} if ref.version else {}
    return {"Bucket": ref.bucket, "Key": ref.key, **version}


def _same_class(head: Head) -> dict[str, Any]:
    """A copy is STANDARD unless it is told otherwise."""
    return {} if head.storage_class == "STANDARD" else {"StorageClass": head.storage_class}


def _condition(*, replace: bool, etag: str) -> dict[str, Any]:
    if etag:
        return {"IfMatch": f'"{etag}"'}
    return {} if replace else {"IfNoneMatch": "*"}
