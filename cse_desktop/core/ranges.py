"""Ranges down: a few in flight, handed on in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

from cse_desktop.core.crew import run_side_by_side
from cse_desktop.core.objects import Head
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.store import ObjectStore

RANGE_BYTES: Final = 8 * 1024 * 1024

Consume = Callable[[int, memoryview], None]
"""Takes stored bytes and their offset; called in order, one call at a time."""


def fetch_into(
    store: ObjectStore, head: Head, first: int, out: memoryview, cancel: CancelToken
) -> None:
    """Fill `out` with the stored bytes of `head` from offset `first`."""
    store.get_into(head.ref, head.etag, first, out, cancel)


class _Turns:
    """Whose turn it is to take a range and to hand one on. Any thread."""

    def __init__(self, first: int) -> None:
        self._changed = threading.Condition()
        self._next_to_fetch = self._next_to_hand_on = first

    def take(self) -> int:
        """The number of a range that nobody has."""
        with self._changed:
            mine = self._next_to_fetch
            self._next_to_fetch += 1
            return mine

    def hand_on(self, mine: int, act: Callable[[], None], stop: CancelToken) -> None:
        """Act when all before `mine` have."""
        with self._changed:
            while self._next_to_hand_on != mine and not stop.is_cancelled:
                self._changed.wait()
            stop.check()
            act()
            self._next_to_hand_on += 1
            self._changed.notify_all()

    @contextmanager
    def waking(self, stop: CancelToken) -> Iterator[None]:
        """Whoever fails stops all that wait."""
        try:
            yield
        except BaseException:
            stop.cancel()
            with self._changed:
                self._changed.notify_all()
            raise


def fetch_all(
    store: ObjectStore,
    head: Head,
    consume: Consume,
    cancel: CancelToken,
    workers: int = 4,
    begun: int = 0,
) -> None:
    """Fetch the whole object in ranges and hand them to `consume` in order.

    Each worker owns one buffer of 8 MiB, so memory does not grow with the object.

    Args:
        begun: so many of the first bytes are left out; whole ranges.

    Raises:
        Cancelled, or the first error of any worker or of `consume`, after all have stopped.
    """
    count = -(-head.size // RANGE_BYTES)
    first_one = begun // RANGE_BYTES
    if first_one >= count:
        return
    turns = _Turns(first_one)

    def work(stop: CancelToken) -> None:
        buffer = memoryview(bytearray(min(RANGE_BYTES, head.size)))
        with turns.waking(stop):
            while (mine := turns.take()) < count:
                first = mine * RANGE_BYTES
                data = buffer[: min(RANGE_BYTES, head.size - first)]
                fetch_into(store, head, first, data, stop)
                turns.hand_on(mine, partial(consume, first, data), stop)

    run_side_by_side(work, min(workers, count - first_one), cancel, "range")
