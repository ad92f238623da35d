"""The S3 calls about what is kept beside an object: headers, metadata, tags, archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from cse_desktop.core.beside import Beside, beside_of
from cse_desktop.core.calls import Calls
from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.translation import translating
from cse_desktop.core.wire import check_is_s3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Tag = tuple[str, str]
MAX_LINK_S: Final = 7 * 24 * 3600
"""Of signature version 4 ("Sharing objects with presigned URLs", Amazon S3 user guide)."""

Tier = Literal["Standard", "Bulk", "Expedited"]
TIERS: Final[tuple[Tier, ...]] = ("Standard", "Bulk", "Expedited")


@dataclass(frozen=True, slots=True)
class Link:
    """A presigned address. Whoever has it, has the object.

    Attributes:
        ends: when it stops working, at the latest.
        is_temporary: signed with credentials that may end earlier, and the link with them.
    """

    url: str = field(repr=False)
    ends: datetime
    is_temporary: bool


class Labels:
    """Under one connection. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: S3Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def beside(self, head: Head) -> Beside:
        """All that is kept beside the object of `head`.

        Raises:
            Changed: it is another object by now.
        """
        answer: Any = self._calls.make(
            lambda: check_is_s3(
                self._client.head_object(**_named(head.ref), IfMatch=f'"{head.etag}"'), "ETag"
            ),
            "s3:GetObject",
            str(head.ref),
        )
        return beside_of(answer)

    def tags(self, ref: ObjectRef) -> tuple[Tag, ...]:
        """The tags, in S3's order."""
        answer = self._calls.make(
            lambda: check_is_s3(self._client.get_object_tagging(**_named(ref)), "TagSet"),
            "s3:GetObjectTagging",
            str(ref),
        )
        return tuple((tag["Key"], tag["Value"]) for tag in answer["TagSet"])

    def set_tags(self, ref: ObjectRef, tags: Sequence[Tag]) -> None:
        """Put these tags in the place of all others; the object itself stays as it is."""
        found: Any = [{"Key": name, "Value": value} for name, value in tags]

        def ask() -> Any:
            if not found:
                return self._client.delete_object_tagging(**_named(ref))
            return self._client.put_object_tagging(**_named(ref), Tagging={"TagSet": found})

        self._calls.make(lambda: check_is_s3(ask()), "s3:PutObjectTagging", str(ref))

    def link(self, ref: ObjectRef, seconds: int) -> Link:
        """An address under which everybody gets the stored bytes, so ciphertext; no network.

        Args:
            seconds: how long it works; at most `MAX_LINK_S`.
        """
        if not 0 < seconds <= MAX_LINK_S:
            raise InvalidInput("A link works for 7 days at most", "Choose a shorter time.")
        with translating("s3:GetObject", str(ref)):
            url: str = self._client.generate_presigned_url(
                "get_object", Params=_named(ref), ExpiresIn=seconds
            )
        ends = datetime.now(UTC) + timedelta(seconds=seconds)
        return Link(url, ends, "X-Amz-Security-Token=" in url)

    def thaw(self, ref: ObjectRef, days: int, tier: Tier) -> None:
        """Have S3 make a copy of an archived object that can be read for some days.

        S3 takes minutes to two days for it, and bills it by tier and size.
        """
        wanted: Any = {"Days": days, "GlacierJobParameters": {"Tier": tier}}
        self._calls.make(
            lambda: check_is_s3(self._client.restore_object(**_named(ref), RestoreRequest=wanted)),
            "s3:RestoreObject",
            str(ref),
        )


def _named(ref: ObjectRef) -> dict[str, Any]:
    version = {"VersionId": ref.version} if ref.version else {}
    return {"Bucket": ref.bucket, "Key": ref.key, **version}
