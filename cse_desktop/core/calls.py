"""Calls to a service: made again while another try may help, in words when none does.

The client library makes each request once. What is tried again, when and how often is decided
here, so that all threads slow down together, a cancel is felt while they wait, and a person can
be told what is waited for.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from cse_desktop.core.errors import Busy, NotTrusted, SignInNeeded, Unreachable
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.pace import Pace
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import translating

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pause before another try.

    Attributes:
        reason: what happened, without full stop.
        retry: which retry comes next, from 1.
        retries: how many there are at most.
    """

    reason: str
    retry: int
    retries: int
    pause_s: float

    def __str__(self) -> str:
        seconds = max(1, math.ceil(self.pause_s))
        return f"{self.reason}, retry {self.retry} of {self.retries} in {seconds} s"


TellWaiting = Callable[[Waiting], None]
Translating = Callable[[], AbstractContextManager[None]]


class SignIn(Protocol):
    """The credentials that requests are signed with."""

    @property
    def generation(self) -> int:
        """Rises with each new set of credentials."""

    def renew(self, generation: int) -> bool:
        """Whether there are newer credentials than those of `generation`."""


class Calls:
    """Calls to one service. Any thread.

    Args:
        patience: how often and how long.
        sign_in: asked for newer credentials when the service no longer takes these.
        seed: of the jitter; None for a random one.
    """

    def __init__(self, patience: Patience, sign_in: SignIn, seed: int | None = None) -> None:
        self.patience = patience
        self.pace = Pace()
        self._sign_in = sign_in
        self._luck = random.Random(seed)
        self._cancel: CancelToken | None = None
        self._tell: TellWaiting = _nobody

    def during(self, cancel: CancelToken, tell: TellWaiting) -> Calls:
        """The same for one transfer: as patient as a transfer is, and it says what it waits for.

        Args:
            cancel: ends the waiting.
            tell: called in the thread that is about to wait.
        """
        bound = copy.copy(self)
        bound._cancel = cancel
        bound._tell = tell
        return bound

    @property
    def hasty(self) -> Calls:
        """The same for clearing up: a few tries at once, whatever was cancelled."""
        bound = copy.copy(self)
        bound._cancel = None
        bound._tell = _nobody
        return bound

    def make(
        self,
        call: Callable[[], T],
        operation: str,
        subject: str = "",
        key: str = "",
        *,
        cancel: CancelToken | None = None,
        progress: Callable[[], int] = int,
    ) -> T:
        """Call until it works, or until there is no hope left; gives what `call` gives.

        Args:
            call: sends one request, the same each time.
            operation: as an IAM action; this and the next two as for `translating`.
            cancel: instead of the one of the transfer.
            progress: a number that rises when a call that failed has brought something; then the
                counting begins anew.

        Raises:
            CseError: the last failure, translated.
            Cancelled: while it waited.
        """
        cancel = cancel or self._cancel
        failures, reached = 0, progress()
        sentence = partial(translating, operation, subject, key)
        while True:
            generation = self._sign_in.generation
            try:
                return self._once(call, cancel, sentence, failures + 1)
            except SignInNeeded:
                if not self._sign_in.renew(generation):
                    raise
            except NotTrusted:
                raise  # a certificate does not become another one by asking again
            except Unreachable as error:
                failures = 1 if progress() > reached else failures + 1
                reached = progress()
                tries = self._tries(error, cancel)
                if failures >= tries:
                    raise
                pause_s = self._pause_s(failures)
                self._tell(Waiting(error.title, failures, tries - 1, pause_s))
                (cancel or CancelToken()).wait(pause_s)

    def _once(
        self, call: Callable[[], T], cancel: CancelToken | None, sentence: Translating, nth: int
    ) -> T:
        if cancel is None:
            with sentence():
                return call()  # a person waits: this does not stand in line with thousands
        cancel.check()
        with self.pace.turn(cancel) as begun:
            try:
                with sentence():
                    answer = leave_when_cancelled(call, cancel)
            except Busy:
                pause_s = min(self._pause_s(nth), self.patience.shared_pause_s)
                self.pace.slow_down(begun, pause_s)
                raise
            self.pace.go_on()
            return answer

    def _pause_s(self, failures: int) -> float:
        return self.patience.pause_s(failures, self._luck.random())

    def _tries(self, error: Unreachable, cancel: CancelToken | None) -> int:
        if cancel is None:
            return self.patience.screen_tries
        return self.patience.busy_tries if isinstance(error, Busy) else self.patience.tries


def _nobody(_waiting: Waiting) -> None:
    """Tell nobody."""
