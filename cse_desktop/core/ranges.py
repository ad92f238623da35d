"""Ranges down: a few in flight, handed on in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.crew import run_side_by_side
from cse_desktop.core.objects import Head
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.store import ObjectStore

RANGE_BYTES: Final = 8 * 1024 * 1024
RANGES_IN_FLIGHT: Final = 4

Consume = Callable[[int, memoryview], None]
"""Takes stored bytes and their offset; called in order, one call at a time."""


def fetch_into(
    store: ObjectStore, head: Head, first: int, out: memoryview, cancel: CancelToken
) -> None:
    """Fill `out` with the stored bytes of `head` from offset `first`."""
    store.get_into(head.ref, head.etag, first, out, cancel)


@dataclass(slots=True)
class _Turns:
    """Whose turn it is to take and to hand on; guarded by `changed`."""

    changed: threading.Condition
    next_to_fetch: int = 0
    next_to_hand_on: int = 0


def fetch_all(
    store: ObjectStore,
    head: Head,
    consume: Consume,
    cancel: CancelToken,
    workers: int = RANGES_IN_FLIGHT,
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
    turns = _Turns(threading.Condition(), first_one, first_one)

    def work(stop: CancelToken) -> None:
        buffer = memoryview(bytearray(min(RANGE_BYTES, head.size)))
        while True:
            with turns.changed:
                mine = turns.next_to_fetch
                turns.next_to_fetch += 1
            if mine >= count:
                return
            first = mine * RANGE_BYTES
            data = buffer[: min(RANGE_BYTES, head.size - first)]
            fetch_into(store, head, first, data, stop)
            with turns.changed:
                while turns.next_to_hand_on != mine and not stop.is_cancelled:
                    turns.changed.wait()
                stop.check()
                consume(first, data)
                turns.next_to_hand_on += 1
                turns.changed.notify_all()

    def work_or_wake_all(stop: CancelToken) -> None:
        try:
            work(stop)
        except BaseException:
            stop.cancel()
            with turns.changed:
                turns.changed.notify_all()
            raise

    run_side_by_side(work_or_wake_all, min(workers, count - first_one), cancel, "range")
