"""Buckets and folders as a person types them."""

from __future__ import annotations

import re
from typing import Final

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")

NOT_A_NAME: Final = (
    "Bucket names have 3 to 63 lowercase letters, digits, dots and hyphens, "
    "and begin and end with a letter or digit."
)


def place_in(typed: str) -> str:
    """The bucket, or "bucket/folder/", that a name, an s3:// address or an ARN names."""
    text = typed.strip().removeprefix("s3://")
    text = re.sub(r"^arn:aws[\w-]*:s3:::", "", text)
    bucket, slash, folder = text.partition("/")
    if not slash or not folder.strip("/"):
        return bucket
    return f"{bucket}/{folder.rstrip('*')}" + ("" if folder.rstrip("*").endswith("/") else "/")


def bad_place(place: str) -> str:
    """Why this names no bucket or folder; "" where it does."""
    bucket, _slash, folder = place.partition("/")
    if _BUCKET.fullmatch(bucket) is None or ".." in bucket:
        return NOT_A_NAME
    if len(folder.encode(errors="replace")) > 1024:
        return "The name of the folder is longer than S3 takes."
    return ""
