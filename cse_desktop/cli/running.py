"""Runs one command: from parsed options to an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from cse_desktop import logs
from cse_desktop.cli import exit_codes
from cse_desktop.cli.arranging import copy, move, remove
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.leftovers import list_leftovers
from cse_desktop.cli.listing import list_connections, list_keys, list_place, show_envelope
from cse_desktop.cli.output import Output, failure_values
from cse_desktop.cli.verbs import get, put, verify
from cse_desktop.core.progress import Cancelled
from cse_desktop.jobs.failures import failure_of

Command = Callable[[argparse.Namespace, Output, Interruption], int]

_COMMANDS: Final[Mapping[str, Command]] = {
    "put": put,
    "get": get,
    "verify": verify,
    "cp": copy,
    "mv": move,
    "rm": remove,
    "ls": list_place,
    "inspect": show_envelope,
    "leftovers": list_leftovers,
    "keys": list_keys,
    "connections": list_connections,
}


def run(options: argparse.Namespace) -> int:
    """Run a command; gives the exit code. Main thread."""
    # File names that are not UTF-8 must not end the program when they are printed.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    output = Output(is_json=options.json, is_quiet=options.quiet, is_debug=options.debug)
    interruption = Interruption()
    level = logging.DEBUG if options.debug else logging.ERROR
    with logs.logging_to(sys.stderr, level), interruption.watching():
        try:
            code = _COMMANDS[options.command](options, output, interruption)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python would complain about the same pipe once more while it shuts down.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return exit_codes.BROKEN_PIPE
        except (KeyboardInterrupt, Cancelled):
            output.clear_status()
            return exit_codes.INTERRUPTED
        except Exception as error:  # the last line of defence: no traceback for a person
            return _failed(error, output)
    return code


def _failed(error: Exception, output: Output) -> int:
    failure = failure_of(error)
    code = exit_codes.exit_code([failure.kind])
    output.event("error", **failure_values(failure), exit_code=code)
    output.failure(failure)
    return code
