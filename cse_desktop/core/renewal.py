"""Credentials that are asked for again when the service no longer takes them."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import botocore.credentials

from cse_desktop.core.errors import CseError
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

Load = Callable[[], "botocore.credentials.Credentials | None"]
"""Asks the provider anew: reads the profile, runs its program, takes on its role."""

_LOOKS_AROUND_S: Final = 0.1
_LOOKS_FOR_SIGN_IN_S: Final = 2.0


def nobody_signs_in() -> bool:
    """Nobody is there who could sign in again."""
    return False


class RenewableCredentials(botocore.credentials.Credentials):
    """The credentials of a session, whichever are the newest. Any thread.

    Those with an end known beforehand are renewed by the client library. This is for the others:
    ended early, or put into a file by another program, or by a person who signs in again.

    Args:
        first: those to begin with.
        load: gives newer ones; may take long, and is called by one thread at a time.
        interval_s: seconds between two questions at least.
        wants_sign_in: tells a person that a transfer waits, and gives whether one is there.
    """

    def __init__(
        self,
        first: botocore.credentials.Credentials,
        load: Load,
        interval_s: float,
        wants_sign_in: Callable[[], bool] = nobody_signs_in,
    ) -> None:
        # The parent keeps its copies and nobody reads them: signing asks for frozen credentials.
        super().__init__("", "", None, first.method)
        self._newest = first
        self._used: ReadOnlyCredentials | None = None
        self._load = load
        self._interval_s = interval_s
        self._wants_sign_in = wants_sign_in
        self._not_before = 0.0
        self._turn = threading.Lock()
        self.generation = 0

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What the next request is signed with."""
        try:
            self._used = self._newest.get_frozen_credentials()
        except BaseException:
            self._used = None  # they have ended: whatever comes is newer
            raise
        return self._used

    def mark(self) -> str:
        """Changes when there are other credentials.

        Raises:
            SignInNeeded: there are none any more.
        """
        with translating("sign in"):
            frozen = self.get_frozen_credentials()
        text = f"{frozen.access_key} {frozen.token or ''}"
        return hashlib.sha256(text.encode()).hexdigest()

    def ends(self) -> datetime | None:
        """When the credentials end, where they say so; asks for them where there are none yet."""
        self.get_frozen_credentials()
        found = getattr(self._newest, "_expiry_time", None)
        return found if isinstance(found, datetime) else None

    def renew(
        self,
        generation: int,
        cancel: CancelToken | None = None,
        tell: Callable[[], None] | None = None,
    ) -> bool:
        """Whether there are newer credentials than those of `generation`; asks the provider.

        Args:
            cancel: of a transfer, which then waits until somebody has signed in, if somebody can;
                None for a request that a person looks at, which does not.
            tell: called once before that waiting.

        Raises:
            Cancelled: while it waited.
        """
        if self._is_renewed(generation, cancel):
            return True
        if cancel is None or not self._wants_sign_in():
            return False
        if tell is not None:
            tell()
        while True:
            cancel.wait(_LOOKS_FOR_SIGN_IN_S)
            self._not_before = 0.0
            if self._is_renewed(generation, cancel):
                return True

    def _is_renewed(self, generation: int, cancel: CancelToken | None) -> bool:
        """One look at a time; whoever waits for the one that looks can still be cancelled."""
        while not self._turn.acquire(timeout=_LOOKS_AROUND_S):
            if cancel is not None:
                cancel.check()
        try:
            if generation != self.generation:
                return True  # another thread was first
            if time.monotonic() < self._not_before:
                return False
            self._not_before = time.monotonic() + self._interval_s
            # A program that supplies credentials may hang, or somebody be asked for a code.
            found = leave_when_cancelled(self._ask, cancel or CancelToken())
            if found is None:
                return False
            self._newest = found
            self.generation += 1
            return True
        finally:
            self._turn.release()

    def _ask(self) -> botocore.credentials.Credentials | None:
        try:
            with translating("sign in"):
                found = self._load()
                # Compared with what was refused: the provider in use may have learnt meanwhile.
                if found is None or found.get_frozen_credentials() == self._used:
                    return None
                return found
        except CseError:
            return None  # the refusal that led here says more
