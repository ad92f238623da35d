"""Runs one command: from parsed options to an exit code."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from cse_desktop import logs
from cse_desktop.cli import exit_codes
from cse_desktop.cli.arranging import copy, move, remove
from cse_desktop.cli.caring import link, make_bucket, show_or_change
from cse_desktop.cli.interruption import Interruption
from cse_desktop.cli.leftovers import list_leftovers
from cse_desktop.cli.listing import list_connections, list_keys, list_place, show_envelope
from cse_desktop.cli.output import Output, failure_values
from cse_desktop.cli.verbs import get, put, verify
from cse_desktop.cli.versions import list_versions, restore
from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.progress import Cancelled
from cse_desktop.hardening import forbid_core_dumps
from cse_desktop.jobs.failures import failure_of

Command = Callable[[argparse.Namespace, Output, Interruption], int]

_COMMANDS: Final[Mapping[str, Command]] = {
    "put": put,
    "get": get,
    "verify": verify,
    "cp": copy,
    "mv": move,
    "rm": remove,
    "restore": restore,
    "properties": show_or_change,
    "link": link,
    "mb": make_bucket,
    "versions": list_versions,
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
    forbid_core_dumps()
    output = Output(is_json=options.json, is_quiet=options.quiet, is_debug=options.debug)
    interruption = Interruption()
    level = logging.DEBUG if options.debug else logging.ERROR
    with logs.logging_to(sys.stderr, level), interruption.watching():
        try:
            code = _COMMANDS[options.command](options, output, interruption)
            sys.stdout.flush()
        except BrokenPipeError:
            _print_no_more()
            return exit_codes.BROKEN_PIPE
        except (KeyboardInterrupt, Cancelled):
            output.clear_status()
            return exit_codes.INTERRUPTED
        except Exception as error:  # the last line of defence: no traceback for a person
            return _failed(error, output)
    return code


def _failed(error: Exception, output: Output) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        # The verbs put their own into words, so this one is of standard output.
        error = LocalDisk("The output could not be written", "There is no space left for it.")
    failure = failure_of(error)
    code = exit_codes.exit_code([failure.kind])
    try:
        output.event("error", **failure_values(failure), exit_code=code)
        sys.stdout.flush()
    except OSError:  # it may be the disk behind standard output that is full
        _print_no_more()
    with suppress(OSError):
        output.failure(failure)
    return code


def _print_no_more() -> None:
    """Python would complain about the same output once more while it shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
