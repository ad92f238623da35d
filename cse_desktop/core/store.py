"""The S3 calls this program uses, typed; boto3 stays inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.arranger import Arranger
from cse_desktop.core.buckets import Buckets
from cse_desktop.core.calls import TellWaiting
from cse_desktop.core.labels import Labels
from cse_desktop.core.later import later
from cse_desktop.core.listing import page_of
from cse_desktop.core.objects import Bucket, Head, ObjectRef, Page
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import something_else_answered
from cse_desktop.core.uploads import UploadStore
from cse_desktop.core.versions import VersionStore
from cse_desktop.core.wire import broken_off, check_is_s3

if TYPE_CHECKING:
    import botocore.exceptions as aws
else:
    aws = later("botocore.exceptions")

_SAYS_NOTHING: Final = ("400", "403")
"""Of a HEAD: an expired session, a wrong clock and a missing permission look alike."""


class ObjectStore(UploadStore):
    """S3 under one connection: lists, heads and bodies; uploads are in the parent. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
        carrier: how the bytes get there and back; None for the client.
    """

    def during(self, cancel: CancelToken, tell: TellWaiting) -> ObjectStore:
        """The same for one transfer; see `Calls.during`."""
        return ObjectStore(self._client, self._calls.during(cancel, tell), self._carrier)

    def looked_at(self, cancel: CancelToken) -> ObjectStore:
        """The same for a list on the screen; see `Calls.looked_at`."""
        return ObjectStore(self._client, self._calls.looked_at(cancel), self._carrier)

    @property
    def arranger(self) -> Arranger:
        """The calls that copy and delete."""
        return Arranger(self._client, self._calls)

    @property
    def versions(self) -> VersionStore:
        """The calls about earlier versions."""
        return VersionStore(self._client, self._calls)

    @property
    def labels(self) -> Labels:
        """The calls about what is kept beside an object."""
        return Labels(self._client, self._calls)

    @property
    def makers(self) -> Buckets:
        """The calls that make buckets."""
        return Buckets(self._client, self._calls)

    @property
    def hasty(self) -> ObjectStore:
        """The same for looking and clearing up after a transfer; see `Calls.hasty`."""
        return ObjectStore(self._client, self._calls.hasty, self._carrier)

    def buckets(self) -> tuple[Bucket, ...]:
        """All buckets that may be listed, by name."""

        def list_all() -> list[Any]:
            paginator = self._client.get_paginator("list_buckets")
            pages = [*paginator.paginate(PaginationConfig={"PageSize": 1000})]
            for page in pages:
                check_is_s3(page)
            return pages

        found = [
            Bucket(item["Name"], item.get("CreationDate"), item.get("BucketRegion", ""))
            for page in self._calls.make(list_all, "s3:ListAllMyBuckets")
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

    def walk(self, folder: ObjectRef, token: str = "") -> Iterator[Page]:
        """All objects whose key begins with the folder's, page by page, in S3's order.

        Args:
            token: of a page, to go on after it.
        """
        while True:
            page = self._list(folder, "", token, 1000)
            yield page
            token = page.token
            if not token:
                return

    def head(self, ref: ObjectRef) -> Head:
        """Size, tags and user metadata of one object."""

        def ask() -> Any:
            answer = self._carrier.head(ref, self._calls.cancel)
            return check_is_s3(answer, "ETag", "LastModified", "ContentLength")

        answer = self._calls.make(ask, "s3:GetObject", str(ref), heeds_cancel=True)
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
        """Fill `out` with the stored bytes from offset `first`; gives how many.

        A connection that breaks is asked again from where it broke, under the same ETag.

        Raises:
            Unreachable: too many tries in a row gave no byte.
            Changed: the object is no longer the one with this `etag`.
            Tampered: S3 answered with other bytes than those asked for.
        """
        filled = 0

        def fetch() -> None:
            nonlocal filled
            filled += self._carrier.fetch(ref, etag, first + filled, out[filled:], cancel)
            if filled < len(out):
                raise broken_off(str(ref))

        self._calls.make(
            fetch,
            "s3:GetObject",
            str(ref),
            cancel=cancel,
            progress=lambda: filled,
            heeds_cancel=True,
        )
        return filled

    def _list(self, folder: ObjectRef, delimiter: str, token: str, limit: int) -> Page:
        optional: dict[str, Any] = {"ContinuationToken": token} if token else {}
        if delimiter:
            optional["Delimiter"] = delimiter

        def ask() -> Page:
            answer = self._client.list_objects_v2(
                Bucket=folder.bucket, Prefix=folder.key, MaxKeys=limit, **optional
            )
            page = page_of(check_is_s3(answer), folder.key if delimiter else "")
            if page is None or (token and page.token == token):
                # The same page for ever would be an endless listing.
                raise something_else_answered("s3:")
            return page

        return self._calls.make(ask, "s3:ListBucket", str(folder))


def _named(ref: ObjectRef) -> dict[str, Any]:
    version = {"VersionId": ref.version} if ref.version else {}
    return {"Bucket": ref.bucket, "Key": ref.key, **version}
