"""What may be asked of `cse properties`, `cse link` and `cse mb`. Imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Final

from cse_desktop.cli.version_arguments import add_version_id

PROPERTIES_EPILOG: Final = """\
Without options, shows them. Changes are made inside S3; entries of the encryption envelope can't be
changed and are kept word for word. --metadata and --tag take the place of all that are there.
"""

LINK_EPILOG: Final = """\
Whoever has the link gets the object as it is stored: of an encrypted file, ciphertext. It needs no
sign-in and cannot be taken back before its end.
"""


def add_properties_options(command: argparse.ArgumentParser) -> None:
    """The object, and what is to be changed."""
    command.add_argument("place", metavar="s3://BUCKET/KEY")
    command.add_argument("--content-type", metavar="TYPE")
    command.add_argument("--storage-class", metavar="CLASS", help="as S3 spells it: STANDARD_IA")
    for name, what in (("metadata", "user metadata"), ("tag", "tags")):
        command.add_argument(
            f"--{name}", action="append", default=[], metavar="NAME=VALUE", help=what
        )
    command.add_argument("--no-metadata", action="store_true", help="remove all user metadata")
    command.add_argument("--no-tags", action="store_true", help="remove all tags")


def add_link_options(command: argparse.ArgumentParser) -> None:
    """The object, and for how long."""
    command.add_argument("place", metavar="s3://BUCKET/KEY")
    command.add_argument(
        "--expires", default="1h", metavar="TIME", help="15m, 12h, 7d at most (default: 1h)"
    )
    add_version_id(command)


def add_bucket_options(command: argparse.ArgumentParser) -> None:
    """The bucket."""
    command.add_argument("place", metavar="s3://BUCKET")
    command.add_argument(
        "--no-versions", action="store_true", help="do not keep what is replaced or deleted"
    )
