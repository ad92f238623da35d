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

from cse_desktop.core.errors import Busy, Declined, NotTrusted, SignInNeeded, Unreachable
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


TellWaiting = Callable[[object], None]
"""Gets a Waiting or a sentence; what counts is its text."""
Translating = Callable[[], AbstractContextManager[None]]


class SignIn(Protocol):
    """The credentials that requests are signed with."""

    @property
    def generation(self) -> int:
        """Rises with each new set of credentials."""

    def renew(self, generation: int, cancel: CancelToken | None, tell: Callable[[], None]) -> bool:
        """Whether there are newer credentials than those of `generation`; may wait for them."""

    def mark(self) -> str:
        """Changes when there are other credentials."""


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
        self._is_looked_at = False

    def looked_at(self, cancel: CancelToken) -> Calls:
        """The same for a person who waits for a list, and may look away: then it ends."""
        bound = copy.copy(self)
        bound._cancel = cancel
        bound._tell = _nobody
        bound._is_looked_at = True
        return bound

    def during(self, cancel: CancelToken, tell: TellWaiting) -> Calls:
        """The same for one transfer: as patient as a transfer is, and it says what it waits for.

        Args:
            cancel: ends the waiting.
            tell: called in the thread that is about to wait.
        """
        bound = copy.copy(self)
        bound._cancel = cancel
        bound._tell = tell
        bound._is_looked_at = False
        return bound

    @property
    def hasty(self) -> Calls:
        """The same for clearing up: a few tries at once, whatever was cancelled."""
        bound = copy.copy(self)
        bound._cancel = None
        bound._tell = _nobody
        return bound

    @property
    def cancel(self) -> CancelToken:
        """Of the transfer or the look; one that is never thrown where there is none."""
        return self._cancel or CancelToken()

    def make(
        self,
        call: Callable[[], T],
        operation: str,
        subject: str = "",
        key: str = "",
        *,
        cancel: CancelToken | None = None,
        progress: Callable[[], int] = int,
        heeds_cancel: bool = False,
    ) -> T:
        """Call until it works, or until there is no hope left; gives what `call` gives.

        Args:
            call: sends one request, the same each time.
            operation: as an IAM action; this and the next two as for `translating`.
            cancel: instead of the one of the transfer.
            progress: a number that rises when a call that failed has brought something; then the
                counting begins anew.
            heeds_cancel: `call` ends by itself soon after a cancel, and raises it.

        Raises:
            CseError: the last failure, translated.
            Cancelled: while it waited.
        """
        cancel = cancel or self._cancel
        failures, reached = 0, progress()
        sentence = partial(translating, operation, subject, key)
        ask = call if heeds_cancel else partial(_leave, call, cancel)
        while True:
            generation = self._sign_in.generation
            try:
                return self._once(ask, cancel, sentence, failures + 1)
            except Declined:
                raise  # who would not sign in is not asked again at once
            except SignInNeeded:
                waits = partial(self._tell, "Paused until you sign in")
                if not self._sign_in.renew(generation, self._whose_transfer(cancel), waits):
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
        if cancel is not None:
            cancel.check()
        if cancel is None or self._is_looked_at:
            with sentence():
                return call()  # a person waits: this does not stand in line with thousands
        with self.pace.turn(cancel) as begun:
            try:
                with sentence():
                    answer = call()
            except Busy:
                pause_s = min(self._pause_s(nth), self.patience.shared_pause_s)
                self.pace.slow_down(begun, pause_s)
                raise
            self.pace.go_on()
            return answer

    def _whose_transfer(self, cancel: CancelToken | None) -> CancelToken | None:
        return None if self._is_looked_at else cancel

    def _pause_s(self, failures: int) -> float:
        return self.patience.pause_s(failures, self._luck.random())

    def _tries(self, error: Unreachable, cancel: CancelToken | None) -> int:
        if cancel is None:
            return self.patience.screen_tries
        if self._is_looked_at:
            return self.patience.screen_tries
        return self.patience.busy_tries if isinstance(error, Busy) else self.patience.tries


def _leave(call: Callable[[], T], cancel: CancelToken | None) -> T:
    return call() if cancel is None else leave_when_cancelled(call, cancel)


def _nobody(_waiting: object) -> None:
    """Tell nobody."""
