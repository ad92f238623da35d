"""`cse`: the same verbs from a terminal. Entry point: `main`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from cse_desktop.cli.arguments import parser

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(given)
    # The one import inside a function: boto3 takes most of a second, and `cse --help` or a
    # mistyped option should not wait for it.
    running = importlib.import_module("cse_desktop.cli.running")
    return int(running.run(options))
