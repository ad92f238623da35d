"""How many bytes a second all transfers together may move, each way."""

from __future__ import annotations

import threading
import time
from typing import Any, Final

from cse_desktop.core.progress import CancelToken

BURST_S: Final = 0.1
"""What was not used in the last moment may be used now, so that a small pause costs nothing."""
_PIECES_A_SECOND: Final = 50
_SMALLEST_PIECE: Final = 1024


class Allowance:
    """A bucket of tokens, one for each byte. Any thread.

    Every piece is paid for when it is about to move, so many connections share the rate piece by
    piece, and none of them is silent for long: a server gives up a connection that is.
    """

    def __init__(self, limit: int = 0) -> None:
        self._lock = threading.Lock()
        self._limit = limit
        self._free_at = 0.0

    @property
    def limit(self) -> int:
        """Bytes a second; 0 for as many as the network takes."""
        return self._limit

    @limit.setter
    def limit(self, limit: int) -> None:
        with self._lock:
            self._limit = max(0, limit)
            self._free_at = 0.0

    def piece(self, wanted: int) -> int:
        """How many of `wanted` bytes may be moved at a time."""
        limit = self._limit
        return min(wanted, max(_SMALLEST_PIECE, limit // _PIECES_A_SECOND)) if limit else wanted

    def take(self, count: int, cancel: CancelToken) -> None:
        """Wait until `count` bytes may be moved.

        Raises:
            Cancelled: while it waited.
        """
        if not self._limit:
            return
        with self._lock:
            if not self._limit:
                return
            now = time.monotonic()
            mine = max(self._free_at, now - BURST_S)
            self._free_at = mine + count / self._limit
        if mine > now:
            cancel.wait(mine - now)


class Bandwidth:
    """What all transfers together may take of the network; no limits at first. Any thread."""

    __slots__ = ("down", "up")

    def __init__(self) -> None:
        self.up: Final = Allowance()
        self.down: Final = Allowance()


def begin_sending(request: Any, **_facts: Any) -> None:
    """Tell the body of a request that what is read from here on goes over the wire.

    The client library reads a body before that, too, to sign it: that costs no bandwidth.
    """
    begin = getattr(request.body, "begin_sending", None)
    if begin is not None:
        begin()
