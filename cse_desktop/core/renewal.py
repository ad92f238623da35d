"""Credentials that are asked for again when the service no longer takes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import botocore.credentials

from cse_desktop.core.errors import CseError
from cse_desktop.core.translation import translating

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

Load = Callable[[], "botocore.credentials.Credentials | None"]
"""Asks the provider anew: reads the profile, runs its program, takes on its role."""


class RenewableCredentials(botocore.credentials.Credentials):
    """The credentials of a session, whichever are the newest. Any thread.

    Those with an end known beforehand are renewed by the client library. This is for the others:
    ended early, or put into a file by another program.

    Args:
        first: those to begin with.
        load: gives newer ones.
        interval_s: seconds between two questions at least.
    """

    def __init__(
        self, first: botocore.credentials.Credentials, load: Load, interval_s: float
    ) -> None:
        # The parent keeps its copies and nobody reads them: signing asks for frozen credentials.
        super().__init__("", "", None, first.method)
        self._newest = first
        self._load = load
        self._interval_s = interval_s
        self._not_before = 0.0
        self._lock = threading.Lock()
        self.generation = 0

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """What the next request is signed with."""
        return self._newest.get_frozen_credentials()

    def renew(self, generation: int) -> bool:
        """Whether there are newer credentials than those of `generation`; asks the provider."""
        with self._lock:
            if generation != self.generation:
                return True  # another thread was first
            if time.monotonic() < self._not_before:
                return False
            self._not_before = time.monotonic() + self._interval_s
            found = self._ask()
            if found is None:
                return False
            self._newest = found
            self.generation += 1
            return True

    def _ask(self) -> botocore.credentials.Credentials | None:
        try:
            with translating("sign in"):
                found = self._load()
                if found is None or found.get_frozen_credentials() == self.get_frozen_credentials():
                    return None
                return found
        except CseError:
            return None  # the refusal that led here says more
