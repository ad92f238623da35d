"""Trying again: how often, how fast, how many at a time, and how it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from cse_desktop.core.calls import Calls, Waiting
from cse_desktop.core.errors import Busy, NotTrusted, SignInNeeded, Unreachable
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.pace import MAX_AT_A_TIME, Pace
from cse_desktop.core.patience import Patience
from cse_desktop.core.progress import Cancelled, CancelToken

HURRIED = Patience(tries=4, busy_tries=6, screen_tries=2, first_pause_s=0.001, longest_pause_s=0.01)


class SignIn:
    """Credentials that can be renewed so many times."""

    def __init__(self, renewals: int = 0) -> None:
        self.generation = 0
        self._left = renewals

    def renew(
        self, generation: int, _cancel: CancelToken | None, _tell: Callable[[], None]
    ) -> bool:
        assert generation == self.generation
        if not self._left:
            return False
        self._left -= 1
        self.generation += 1
        return True


def failing(error: Exception, times: int, tried: list[int]) -> Callable[[], str]:
    """A call that fails so many times."""

    def call() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise error
        return "done"

    return call


def in_transfer(said: list[Waiting] | None = None) -> Calls:
    return Calls(HURRIED, SignIn()).during(CancelToken(), (said if said is not None else []).append)


@pytest.mark.parametrize(
    ("error", "tries"), [(Unreachable("cut"), 4), (Busy("busy"), 6), (NotTrusted("who?"), 1)]
)
def test_each_kind_of_failure_has_its_number_of_tries(error: Exception, tries: int) -> None:
    tried: list[int] = []
    with pytest.raises(type(error)):
        in_transfer().make(failing(error, 99, tried), "s3:GetObject")
    assert len(tried) == tries

    if tries > 1:
        tried.clear()
        assert in_transfer().make(failing(error, tries - 1, tried), "s3:GetObject") == "done"


def test_where_a_person_waits_there_are_fewer_tries() -> None:
    tried: list[int] = []
    with pytest.raises(Busy):
        Calls(HURRIED, SignIn()).make(failing(Busy("busy"), 99, tried), "s3:ListBucket")
    assert len(tried) == HURRIED.screen_tries


def test_a_failure_that_brought_something_does_not_count() -> None:
    tried: list[int] = []
    call = failing(Unreachable("cut"), 20, tried)

    assert in_transfer().make(call, "s3:GetObject", progress=lambda: len(tried)) == "done"


def test_each_pause_is_told() -> None:
    said: list[Waiting] = []
    in_transfer(said).make(failing(Busy("Amazon S3 is busy"), 2, []), "s3:GetObject")

    assert [str(waiting) for waiting in said] == [
        "Amazon S3 is busy, retry 1 of 5 in 1 s",
        "Amazon S3 is busy, retry 2 of 5 in 1 s",
    ]


def test_pauses_double_and_are_never_alike_nor_longer_than_the_longest() -> None:
    patience = Patience(first_pause_s=1, longest_pause_s=10)

    assert [patience.pause_s(n, 1) for n in (1, 2, 3, 4, 5, 60)] == [1, 2, 4, 8, 10, 10]
    assert [patience.pause_s(n, 0) for n in (1, 2, 3)] == [0.5, 1, 2]


def test_the_defaults_give_up_after_a_minute_or_five() -> None:
    patience = Patience()
    cut = sum(patience.pause_s(n, 1) for n in range(1, patience.tries))
    busy = sum(patience.pause_s(n, 1) for n in range(1, patience.busy_tries))

    assert 60 <= cut <= 65
    assert 240 <= busy <= 305


def test_credentials_are_renewed_before_a_sign_in_is_asked_for() -> None:
    error = SignInNeeded("expired")
    tried: list[int] = []
    assert Calls(HURRIED, SignIn(1)).make(failing(error, 1, tried), "kms:Decrypt") == "done"

    with pytest.raises(SignInNeeded):
        Calls(HURRIED, SignIn(1)).make(failing(error, 2, []), "kms:Decrypt")


def test_a_cancel_ends_a_pause() -> None:
    cancel = CancelToken()
    calls = Calls(Patience(first_pause_s=3600, longest_pause_s=3600), SignIn())

    with pytest.raises(Cancelled):
        calls.during(cancel, lambda _: cancel.cancel()).make(
            failing(Unreachable("cut"), 99, []), "s3:GetObject"
        )


def test_a_cancel_leaves_a_call_that_hangs_alone() -> None:
    cancel, hangs, ends = CancelToken(), threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        ends.wait(30)

    threading.Thread(target=lambda: (hangs.wait(30), cancel.cancel())).start()
    with pytest.raises(Cancelled):
        leave_when_cancelled(hang, cancel)
    assert not ends.is_set()
    ends.set()


def test_a_call_that_ends_within_the_grace_keeps_its_result() -> None:
    cancel = CancelToken()

    def work() -> str:
        cancel.cancel()
        return "done"

    assert leave_when_cancelled(work, cancel) == "done"


def test_a_call_that_is_cancelled_inside_says_so() -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        leave_when_cancelled(stop, CancelToken())


# --- pace


class Crowd:
    """Threads in turns at once, each until it is sent away."""

    def __init__(self, pace: Pace, count: int) -> None:
        self._pace = pace
        self._inside = threading.Semaphore(0)
        self._leave = threading.Event()
        self.now = self.most = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._take) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def _take(self) -> None:
        with self._pace.turn(CancelToken()):
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            self._inside.release()
            self._leave.wait(30)
            with self._lock:
                self.now -= 1

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self._inside.acquire(timeout=30)

    def go(self) -> None:
        self._leave.set()
        for thread in self._threads:
            thread.join()


def test_a_busy_service_halves_how_many_ask_at_a_time() -> None:
    pace = Pace()
    with pace.turn(CancelToken()) as begun:
        crowd = Crowd(pace, 7)
        crowd.wait_for(7)
        pace.slow_down(begun, 0)
        assert pace.width == 4
        crowd.go()

    later = Crowd(pace, 8)
    later.wait_for(4)
    later.go()
    assert later.most == 4


def test_requests_that_are_refused_together_halve_it_once() -> None:
    pace = Pace()
    with pace.turn(CancelToken()) as first, pace.turn(CancelToken()) as second:
        crowd = Crowd(pace, 6)
        crowd.wait_for(6)
        pace.slow_down(first, 0)
        pace.slow_down(second, 0)
        crowd.go()

    assert pace.width == 4


def test_it_never_falls_below_one_and_success_raises_it_again() -> None:
    pace = Pace()
    for _ in range(10):
        with pace.turn(CancelToken()) as begun:
            pace.slow_down(begun, 0)
    assert pace.width == 1

    for _ in range(10_000):
        pace.go_on()
    assert pace.width == MAX_AT_A_TIME


def test_nobody_asks_before_the_pause_of_another_is_over() -> None:
    pace = Pace()
    with pace.turn(CancelToken()) as begun:
        pace.slow_down(begun, 0.2)
        over = time.monotonic() + 0.19
    with pace.turn(CancelToken()) as later:
        assert later >= over


def test_who_waits_for_a_turn_can_be_cancelled() -> None:
    pace, cancel = Pace(), CancelToken()
    with pace.turn(CancelToken()) as begun:
        pace.slow_down(begun, 3600)
    cancel.cancel()

    with pytest.raises(Cancelled), pace.turn(cancel):
        pass
