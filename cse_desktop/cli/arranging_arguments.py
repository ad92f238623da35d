"""What may be asked of `cse cp`, `cse mv` and `cse rm`. Imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Final

from cse_desktop.cli.version_arguments import add_version_id

COPY_EPILOG: Final = """\
A place that ends with "/" (or a bucket alone) is a folder: what is copied or moved keeps its name
in it. Otherwise the place is the new name. With -r, "s3://BUCKET/PREFIX/" means a folder.
S3 makes the copy; the content does not come to this computer, no key is needed, and the copy opens
under the key that the original was encrypted under. An instruction file goes along where the
connection reads such files. A moved object is deleted only after its copy was found to be alike.
"""

RM_EPILOG: Final = """\
Asks before it deletes; without a terminal it deletes only with --yes. In a bucket with versioning,
earlier versions stay; without, deleted objects cannot be restored by anyone.
"""


def add_copy_options(command: argparse.ArgumentParser) -> None:
    """Sources, target and -r."""
    command.add_argument("sources", nargs="+", metavar="s3://BUCKET/KEY|PREFIX/")
    command.add_argument("place", metavar="s3://BUCKET/KEY|PREFIX/")
    command.add_argument("-r", "--recursive", action="store_true", help="folders as well")


def add_remove_options(command: argparse.ArgumentParser) -> None:
    """Places, -r and --yes."""
    command.add_argument("places", nargs="+", metavar="s3://BUCKET/KEY|PREFIX/")
    command.add_argument("-r", "--recursive", action="store_true", help="folders as well")
    add_version_id(command)
    command.add_argument("--yes", action="store_true", help="do not ask")
