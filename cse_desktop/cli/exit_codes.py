"""What the exit code of `cse` says; `cse --help` and the README show the same table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from cse_desktop.jobs.snapshot import FailureKind

OK: Final = 0
USAGE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
"""128 + SIGPIPE: whoever read the output has gone; as a program that the signal ends."""

CODES: Final[Mapping[FailureKind, int]] = {
    FailureKind.INVALID: USAGE,
    FailureKind.REFUSED: 3,
    FailureKind.KEY: 4,
    FailureKind.NOT_PERMITTED: 4,
    FailureKind.SIGN_IN: 4,
    FailureKind.NOT_FOUND: 5,
    FailureKind.NETWORK: 6,
    FailureKind.DISK: 7,
    FailureKind.DISK_FULL: 7,
    FailureKind.EXISTS: 8,
    FailureKind.CHANGED: 8,
    FailureKind.SERVICE: 9,
    FailureKind.DEFECT: 9,
}

SERIOUSNESS: Final = (3, 9, 7, 4, 6, 8, 5, 2)
"""Most serious first: what was tampered with, then what nobody foresaw, then what can be mended."""


def exit_code(kinds: Iterable[FailureKind]) -> int:
    """Give the code of the most serious failure; 0 for none."""
    codes = {CODES[kind] for kind in kinds}
    return next((code for code in SERIOUSNESS if code in codes), OK)
