"""Making a bucket, and what its name may be."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.calls import Calls
from cse_desktop.core.errors import CseError, InvalidInput
from cse_desktop.core.later import later
from cse_desktop.core.wire import check_is_s3

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_s3 import S3Client
else:
    boto3 = later("boto3")

HOME_REGION: Final = "us-east-1"
"""The one Region that S3 does not want to be named when a bucket is made there."""

_RESERVED_BEGINNINGS: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


@dataclass(frozen=True, slots=True)
class NewBucket:
    """A bucket as it is wanted.

    Attributes:
        is_private: all public access is blocked.
        keeps_versions: whether what is replaced or deleted stays.
    """

    name: str
    region: str
    is_private: bool = True
    keeps_versions: bool = True


class Buckets:
    """Makes buckets under one connection. Any thread.

    Args:
        client: a boto3 S3 client of the Region; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: S3Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def create(self, new: NewBucket) -> None:
        """Make a bucket, block public access, and keep versions, as far as that is wanted.

        Raises:
            InvalidInput: it cannot be called so.
            AlreadyExists: the name is taken, by whomever.
            CseError: S3 would not; when the bucket is there all the same, the title says so.
        """
        problem = name_problem(new.name)
        if problem:
            raise InvalidInput("A bucket can't be called so", problem)
        place: Any = {}
        if new.region != HOME_REGION:
            place = {"CreateBucketConfiguration": {"LocationConstraint": new.region}}
        self._make(
            "s3:CreateBucket", new, lambda: self._client.create_bucket(Bucket=new.name, **place)
        )
        try:
            if new.is_private:
                self._block(new)
            if new.keeps_versions:
                self._version(new)
        except CseError as error:
            raise type(error)(
                f"The bucket {new.name} was made, but not all was set: {error.title}",
                f"{error.hint} Look at its settings before you use it.".strip(),
                error.details,
            ) from error

    def _block(self, new: NewBucket) -> None:
        self._make(
            "s3:PutBucketPublicAccessBlock",
            new,
            lambda: self._client.put_public_access_block(
                Bucket=new.name,
                PublicAccessBlockConfiguration={
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                },
            ),
        )

    def _version(self, new: NewBucket) -> None:
        self._make(
            "s3:PutBucketVersioning",
            new,
            lambda: self._client.put_bucket_versioning(
                Bucket=new.name, VersioningConfiguration={"Status": "Enabled"}
            ),
        )

    def _make(self, action: str, new: NewBucket, call: Any) -> None:
        self._calls.make(lambda: check_is_s3(call()), action, f"s3://{new.name}")


def name_problem(name: str) -> str:
    """Why a bucket cannot be called so; "" when it can.

    Source: "General purpose bucket naming rules", Amazon S3 user guide.
    """
    allowed = re.fullmatch(r"[a-z0-9.-]*", name) is not None
    problems = (
        (not name, "Give the bucket a name."),
        (name != name.lower(), "Bucket names have no capital letters."),
        (not allowed, "Bucket names have letters of a to z, digits, hyphens and dots only."),
        (not 3 <= len(name) <= 63, "Bucket names have 3 to 63 characters."),
        (name[:1] in ".-" or name[-1:] in ".-", "Begin and end with a letter or a digit."),
        (".." in name, "Two dots cannot stand side by side."),
        (_is_address(name), "A name cannot look like an IP address."),
        (
            name.startswith(_RESERVED_BEGINNINGS) or name.endswith(_RESERVED_ENDS),
            "This beginning or end is reserved by Amazon.",
        ),
    )
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def regions() -> tuple[str, ...]:
    """The Regions of Amazon S3 that this program knows; no network."""
    return tuple(sorted(boto3.Session().get_available_regions("s3")))


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
