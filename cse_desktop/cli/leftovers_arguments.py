"""What `cse leftovers` takes. Imports nothing heavy."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from typing import Final

_AGE: Final = re.compile(r"(\d{1,4})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def add_leftovers_options(command: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("place", metavar="s3://BUCKET/[PREFIX]")
    command.add_argument("--abort", action="store_true", help="abort them; S3 deletes their parts")
    command.add_argument(
        "--older-than",
        type=age,
        default=timedelta(),
        metavar="AGE",
        help="only what was begun so long ago: 30m, 12h, 7d",
    )


def age(given: str) -> timedelta:
    """Give the time that "7d" names."""
    match = _AGE.fullmatch(given)
    if match is None:
        raise argparse.ArgumentTypeError(f"“{given}” is not an age; write it like 30m, 12h or 7d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
