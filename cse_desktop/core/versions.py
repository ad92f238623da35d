"""The versions that a bucket keeps: listed, and deleted one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cse_desktop.core.calls import Calls
from cse_desktop.core.errors import NotFound
from cse_desktop.core.objects import ObjectRef, Version, VersionPage
from cse_desktop.core.wire import check_is_s3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class VersionStore:
    """Versions and delete markers under one connection. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: S3Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def page(
        self, ref: ObjectRef, token: tuple[str, str] = ("", ""), limit: int = 1000
    ) -> VersionPage:
        """Versions of one object, newest first; at most `limit`."""
        found = self._list(ref, token, limit, "")
        own = tuple(each for each in found.versions if each.ref.key == ref.key)
        # Longer names that begin alike come later in the list: then all of this one were seen.
        is_over = len(own) < len(found.versions)
        return VersionPage(own, ("", "") if is_over else found.token)

    def of(self, ref: ObjectRef) -> Iterator[Version]:
        """All versions of one object, newest first."""
        token = ("", "")
        while True:
            page = self.page(ref, token)
            yield from page.versions
            token = page.token
            if not any(token):
                return

    def deleted(self, folder: ObjectRef, token: tuple[str, str] = ("", "")) -> VersionPage:
        """The delete markers of objects directly in a folder that are deleted now."""
        found = self._list(folder, token, 1000, "/")
        # Not every server leaves out what is in folders below.
        here = (
            each
            for each in found.versions
            if each.is_marker
            and each.is_latest
            and "/" not in each.ref.key.removeprefix(folder.key).rstrip("/")
        )
        return VersionPage(tuple(here), found.token)

    def newest(self, ref: ObjectRef) -> Version:
        """What the name means now: a version, or a delete marker.

        Raises:
            NotFound: no version is left.
        """
        # Two: a server may give a version and a marker of one second in any order.
        newest = next((each for each in self.page(ref, limit=2).versions if each.is_latest), None)
        if newest is None:
            raise NotFound(
                f"“{ref.name}” has no versions",
                "Somebody has deleted all of them. Refresh the list.",
                str(ref),
            )
        return newest

    def delete(self, ref: ObjectRef) -> None:
        """Delete one version, or a delete marker, for good."""
        self._calls.make(
            lambda: check_is_s3(
                self._client.delete_object(Bucket=ref.bucket, Key=ref.key, VersionId=ref.version)
            ),
            "s3:DeleteObjectVersion",
            str(ref),
        )

    def _list(
        self, prefix: ObjectRef, token: tuple[str, str], limit: int, delimiter: str
    ) -> VersionPage:
        given: dict[str, Any] = {"KeyMarker": token[0], "VersionIdMarker": token[1]}
        optional = {name: value for name, value in given.items() if value}
        if delimiter:
            optional["Delimiter"] = delimiter

        def ask() -> Any:
            answer = self._client.list_object_versions(
                Bucket=prefix.bucket, Prefix=prefix.key, MaxKeys=limit, **optional
            )
            return check_is_s3(answer)

        answer = self._calls.make(ask, "s3:ListBucketVersions", str(prefix))
        found = [_version(prefix.bucket, item) for item in answer.get("Versions", ())]
        found += [_marker(prefix.bucket, item) for item in answer.get("DeleteMarkers", ())]
        found.sort(key=_age)
        following = ("", "")
        if answer.get("IsTruncated"):
            following = (answer.get("NextKeyMarker", ""), answer.get("NextVersionIdMarker", ""))
        return VersionPage(tuple(found), following)


def _age(version: Version) -> tuple[str, bool, float, bool]:
    """Newest first under each key; S3 tells markers apart from versions, and time in seconds.

    Of one second, a marker counts as the newer one: there was something to be deleted.
    """
    moment = version.modified.timestamp()
    return version.ref.key, not version.is_latest, -moment, not version.is_marker


def _version(bucket: str, item: Any) -> Version:
    return Version(
        ObjectRef(bucket, item["Key"], item.get("VersionId", "null")),
        item["LastModified"],
        item.get("Size", 0),
        item.get("ETag", "").strip('"'),
        item.get("StorageClass", "STANDARD"),
        is_latest=item.get("IsLatest", False),
    )


def _marker(bucket: str, item: Any) -> Version:
    return Version(
        ObjectRef(bucket, item["Key"], item.get("VersionId", "null")),
        item["LastModified"],
        is_latest=item.get("IsLatest", False),
        is_marker=True,
    )
