"""Binding an object to its name: bucket and key as pairs of its encryption context.

Storage that hands out one object under the name of another is then found out before any key is
used. It costs what binding means: a bound object cannot be renamed or copied and still be read.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from cse_desktop.core.errors import InvalidInput
from cse_desktop.core.objects import ObjectRef

BUCKET_PAIR: Final = "aws-s3-bucket"
KEY_PAIR: Final = "aws-s3-key"


def names_of(ref: ObjectRef) -> dict[str, str]:
    """The pairs that bind an object to its name.

    A key outside ASCII is percent-encoded, because the official client refuses such contexts; so
    is a key with a percent sign, or two keys could be spelled alike.
    """
    is_plain = ref.key.isascii() and "%" not in ref.key
    return {BUCKET_PAIR: ref.bucket, KEY_PAIR: ref.key if is_plain else quote(ref.key, safe="/")}


def check_pairs_are_free(context: dict[str, str]) -> None:
    """Raise InvalidInput when the user's own context already uses the names of these pairs."""
    for name in (BUCKET_PAIR, KEY_PAIR):
        if name in context:
            raise InvalidInput(
                f"The name {name} is used to bind files to their names",
                "Choose another name in the encryption context, or turn binding off.",
            )
