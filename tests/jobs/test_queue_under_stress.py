"""Nothing is lost between threads: thousands of jobs, cancelled and limited at random."""

from __future__ import annotations

import random
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from cse_desktop.core.errors import NotFound, NotPermitted
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Progress, Report
from cse_desktop.jobs.board import SMALL_BYTES
from cse_desktop.jobs.outcome import Outcome
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Verify
from cse_desktop.jobs.snapshot import Phase, Snapshot

NEXT = {
    Phase.WAITING: {Phase.HELD, Phase.RUNNING},
    Phase.HELD: {Phase.WAITING},
    Phase.RUNNING: {Phase.RUNNING, Phase.HELD},
}
"""What may follow, beside an end."""


@dataclass(frozen=True)
class Trivial:
    """Stands for a transfer: 30,000 real ones would measure the server, not the queue's books."""

    number: int
    connection: str = ""
    size: int = 3

    def perform(self, session: object, report: Report, cancel: CancelToken) -> Outcome:
        report(Progress(1, 3))
        cancel.check()
        report(Progress(3, 3))
        if self.number % 11 == 0:
            raise NotFound("gone")
        if self.number % 13 == 0:
            raise ZeroDivisionError
        return Outcome(is_skipped=self.number % 5 == 0)


class Ledger:
    """Remembers what the listener heard, per job and in order."""

    def __init__(self) -> None:
        self.heard: dict[int, list[Snapshot]] = defaultdict(list)
        self.overlaps = 0
        self._busy: set[int] = set()

    def __call__(self, snapshot: Snapshot) -> None:
        self.overlaps += snapshot.id in self._busy
        self._busy.add(snapshot.id)
        self.heard[snapshot.id].append(snapshot)
        self._busy.discard(snapshot.id)


@pytest.fixture
def _hasty_threads() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("_hasty_threads")
@pytest.mark.timeout(300)
def test_every_job_reaches_exactly_one_final_state():
    ledger, dice = Ledger(), random.Random(7)
    queue = JobQueue(lambda _name: None, ledger, limit=4, small_for_one=3)

    def submit(start: int) -> None:
        for first in range(start, start + 7_500, 50):
            queue.submit(Trivial(number) for number in range(first, first + 50))

    def disturb() -> None:
        for job_id in range(1, 30_001):
            if job_id % 7 == 0:
                queue.cancel(job_id)
            if job_id % 100 == 0:
                queue.limit = dice.randint(1, 9)
                queue.hold(job_id + 50)
                queue.move(job_id + 20, dice.randint(0, 10))
                queue.release_all()

    threads = [threading.Thread(target=submit, args=(n * 7_500,)) for n in range(4)]
    threads.append(threading.Thread(target=disturb))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.release_all()

    assert queue.wait_idle(120)
    assert queue.close(10)
    assert ledger.overlaps == 0
    assert sorted(ledger.heard) == list(range(1, 30_001))
    for heard in ledger.heard.values():
        phases = [snapshot.phase for snapshot in heard]
        assert sum(phase.is_final for phase in phases) == 1
        assert phases[-1].is_final
        for one, other in pairwise(heard):
            assert other.phase.is_final or other.phase in NEXT[one.phase]
            if one.phase is other.phase is Phase.RUNNING:
                assert one.progress.done <= other.progress.done


@pytest.mark.logs_warnings
def test_a_listener_that_fails_loses_nothing(caplog):
    heard = []

    def listener(snapshot: Snapshot) -> None:
        heard.append(snapshot.phase)
        raise RuntimeError("a mistake of the screen")

    queue = JobQueue(lambda _name: None, listener)
    queue.submit([Trivial(1)])

    assert queue.wait_idle(10)
    assert queue.close(10)
    assert heard[-1] is Phase.DONE
    assert "listener failed" in caplog.text


def test_the_listener_may_use_the_queue():
    ends = []

    def listener(snapshot: Snapshot) -> None:
        if snapshot.phase is Phase.WAITING and snapshot.id % 2:
            queue.cancel(snapshot.id)
        if snapshot.phase is Phase.DONE and snapshot.id < 10:
            queue.retry(snapshot.id)
        if snapshot.phase.is_final:
            ends.append(snapshot.id)

    queue = JobQueue(lambda _name: None, listener, limit=1)
    queue.submit(Trivial(number) for number in range(1, 5))

    assert queue.wait_idle(10)
    assert queue.close(10)
    assert len(ends) == len(set(ends)) == len(queue.snapshots())


@dataclass(frozen=True)
class Denied(Trivial):
    """Fails as every other file of its batch would."""

    def perform(self, session: object, report: Report, cancel: CancelToken) -> Outcome:
        raise NotPermitted("Your sign-in may not use this key")


def test_three_like_failures_hold_the_rest_of_the_batch_with_one_message():
    ledger = Ledger()
    queue = JobQueue(lambda _name: None, ledger, limit=1)
    queue.submit(Denied(number) for number in range(1, 11))
    other = queue.submit([Trivial(1)])

    assert queue.wait_idle(10)

    phases = [(s.batch, s.phase) for s in queue.snapshots()]
    notes = {s.note for s in queue.snapshots() if s.phase is Phase.HELD}
    assert phases[:10] == [(1, Phase.FAILED)] * 3 + [(1, Phase.HELD)] * 7
    assert phases[10] == (other, Phase.DONE)
    assert notes == {"Held, because 3 files failed alike: Your sign-in may not use this key"}
    queue.release_all()
    assert queue.wait_idle(10)
    assert [s.phase for s in queue.snapshots()].count(Phase.FAILED) == 6
    assert queue.close(10)
    assert [s.phase for s in queue.snapshots()].count(Phase.CANCELLED) == 4


@dataclass(frozen=True)
class Meeting(Verify):
    """Ends when enough others run at the same time."""

    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(1))

    def perform(self, session: object, report: Report, cancel: CancelToken) -> Outcome:
        self.together.wait(30)
        return Outcome()


def test_small_transfers_run_many_at_a_time_in_the_place_of_one_large():
    ref, four, one = ObjectRef("b", "k"), threading.Barrier(4), threading.Barrier(1)
    queue = JobQueue(lambda _name: None, lambda _snapshot: None, limit=1, small_for_one=4)
    large = Meeting("", ref, SMALL_BYTES + 1, together=one)

    queue.submit([large, *(Meeting("", ref, 1, together=four) for _ in range(8)), large])

    assert queue.wait_idle(60)
    assert {snapshot.phase for snapshot in queue.snapshots()} == {Phase.DONE}
    assert queue.close(10)
