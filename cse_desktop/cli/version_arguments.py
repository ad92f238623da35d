"""What may be asked about versions. Imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Final

VERSIONS_EPILOG: Final = """\
Other commands take one version with --version-id: get, verify, inspect, restore and rm.
"""

RESTORE_EPILOG: Final = """\
Without --version-id, a deleted object comes back as it was: its delete marker is removed. With it,
that version becomes the newest: S3 copies it over, and the others stay. It stays encrypted as it
is, no key is needed.
"""


def add_versions_options(command: argparse.ArgumentParser) -> None:
    """The object, or the folder of deleted ones."""
    command.add_argument("place", metavar="s3://BUCKET/KEY|PREFIX/")
    command.add_argument(
        "--deleted",
        action="store_true",
        help="list what was deleted directly in a folder and is still kept",
    )


def add_restore_options(command: argparse.ArgumentParser) -> None:
    """Objects, and which version."""
    command.add_argument("places", nargs="+", metavar="s3://BUCKET/KEY")
    add_version_id(command)


def add_version_id(command: argparse.ArgumentParser) -> None:
    """Which version of the object is meant."""
    command.add_argument("--version-id", metavar="ID", help="of an earlier version of the object")
