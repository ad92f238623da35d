"""Errors become text: which kind of failure each class of error is."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Final

from cse_desktop.core import errors
from cse_desktop.jobs.snapshot import Failure, FailureKind

KINDS: Final[Mapping[type[errors.CseError], FailureKind]] = {
    errors.InvalidInput: FailureKind.INVALID,
    errors.Refused: FailureKind.REFUSED,
    errors.KeyUnusable: FailureKind.KEY,
    errors.NotPermitted: FailureKind.NOT_PERMITTED,
    errors.SignInNeeded: FailureKind.SIGN_IN,
    errors.NotFound: FailureKind.NOT_FOUND,
    errors.AlreadyExists: FailureKind.EXISTS,
    errors.Changed: FailureKind.CHANGED,
    errors.Unreachable: FailureKind.NETWORK,
    errors.LocalDisk: FailureKind.DISK,
    errors.DiskFull: FailureKind.DISK_FULL,
    errors.ServiceError: FailureKind.SERVICE,
}
"""A class that is not named here is what its nearest named ancestor is."""

DEFECT_TITLE: Final = "Something went wrong in CSE Desktop"
DEFECT_HINT: Final = "This is a mistake in the program, not in what you did. Please report it."


def failure_of(error: BaseException) -> Failure:
    """Give the text of an error; nothing of the error itself is kept. Any thread.

    An error nobody expected becomes a DEFECT. Its details are its class and the lines it came
    through: neither local variables nor its message, because either may hold a key.
    """
    if isinstance(error, errors.CseError):
        refusal = error.refusal if isinstance(error, errors.NotPermitted) else None
        return Failure(_kind_of(type(error)), error.title, error.hint, error.details, refusal)
    lines = "".join(traceback.format_tb(error.__traceback__))
    details = f"{type(error).__module__}.{type(error).__qualname__}\n{lines}".rstrip()
    return Failure(FailureKind.DEFECT, DEFECT_TITLE, DEFECT_HINT, details)


def _kind_of(error_class: type[errors.CseError]) -> FailureKind:
    known = (KINDS[cls] for cls in error_class.__mro__ if cls in KINDS)
    return next(known, FailureKind.SERVICE)
