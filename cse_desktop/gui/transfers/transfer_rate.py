"""Speed and remaining time, from absolute states seen one after the other."""

from __future__ import annotations

from collections import deque
from typing import Final

WINDOW_S: Final = 5.0
"""Over how many seconds the speed is the mean."""

STALLED_S: Final = 30.0
"""After how many seconds without news the speed is 0."""

_MIN_SPAN_S: Final = 0.8  # a shorter look gives a number that nobody should read
_STEP_S: Final = 0.2  # states closer than this replace one another, so that the window stays short
_KEPT: Final = 4  # on a slow line the parts of an upload are acknowledged many seconds apart


class Rate:
    """Speed of something that only grows."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now_s: float, done: int) -> None:
        """Note how many bytes were done at a time of a clock that never goes back.

        A number that is lower than before means that the work began anew, and so does the speed.
        """
        seen = self._seen
        if seen and done < seen[-1][1]:
            seen.clear()
        if seen and done == seen[-1][1]:
            return
        if len(seen) > 1 and now_s - seen[-2][0] < _STEP_S:
            seen.pop()
        seen.append((now_s, done))
        # One state from before the window stays: the window is measured from it.
        while len(seen) > _KEPT and seen[1][0] <= now_s - WINDOW_S:
            seen.popleft()

    def per_second(self, now_s: float) -> float | None:
        """Bytes per second, or None as long as there is too little to go by."""
        if len(self._seen) < 2:
            return None
        (start_s, start), (last_s, last) = self._seen[0], self._seen[-1]
        if now_s - last_s > STALLED_S:
            return 0.0
        span = now_s - start_s
        return (last - start) / span if span >= _MIN_SPAN_S else None

    def seconds_left(self, now_s: float, missing: int) -> float | None:
        """Seconds until `missing` bytes are done at this speed; None when that cannot be said."""
        speed = self.per_second(now_s)
        return missing / speed if speed else None
