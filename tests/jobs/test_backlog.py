"""The queue is after a restart what it was before."""

from __future__ import annotations

import typing
from collections.abc import Callable
from pathlib import Path

from cse_desktop.core.changing import NewProperties
from cse_desktop.core.deleting import Doomed
from cse_desktop.core.errors import NotFound
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.backlog import IS_IT_STILL_WANTED
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.journal import Journal, open_journal
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import (
    Copy,
    Delete,
    Download,
    IfExists,
    Move,
    Request,
    Upload,
    Verify,
)
from cse_desktop.jobs.snapshot import Phase, Snapshot

A = ObjectRef("bucket", "a/ä", "version")
B = ObjectRef("bucket", "b")
REQUESTS: tuple[Request, ...] = (
    Upload("c", Path("/a/\udcff"), A, 5, "key", "label", (("n", "v"),), IfExists.REPLACE),
    Download("c", A, Path("/b/c"), 21, IfExists.KEEP_BOTH, Path("/b")),
    Download("c", A, Path("/b/d"), 21),
    Verify("c", A, 21),
    Copy("c", A, B, 21, IfExists.SKIP),
    Move("c", A, B, 21),
    Delete("c", A, ("a/",), (Doomed("a/ä", 21), Doomed("a/b")), 21),
    Restore("c", A, 21),
    Change("c", A, 21, "etag", NewProperties("text/plain", "STANDARD", (), None)),
)


def gone(name: str) -> Session:
    raise NotFound(name)


def nobody(_snapshot: Snapshot) -> None:
    """Hear nothing."""


class Run:
    """A queue with nobody to do its jobs, unless somebody lowers the gate."""

    def __init__(self, folder: Path, session_for: Callable[[str], Session] = gone) -> None:
        found = open_journal(folder).journal
        assert found is not None
        self.journal: Journal = found
        self.queue = JobQueue(session_for, nobody, 1, found.backlog)

    def close(self) -> None:
        assert self.queue.close(10)
        self.journal.close()


def restored(folder: Path, connections: tuple[str, ...] = ("c",)) -> tuple[Snapshot, ...]:
    """What the next run has in its queue, before anything of it is done."""
    run = Run(folder)
    saved = run.journal.backlog.saved(connections)
    run.journal.close()
    return tuple(
        Snapshot(n, 1, each.request, each.phase, None, each.failure, each.note)  # type: ignore[arg-type]
        for n, each in enumerate(saved)
    )


def held_all(folder: Path) -> Run:
    """A run with all requests, none of which has begun."""
    run = Run(folder)
    run.queue.submit([Verify("slow", A, 1)])  # the one that is busy failing while the rest is held
    run.queue.wait_idle(10)
    for request in REQUESTS:
        with run.queue._changing() as changed:
            job = run.queue._board.add(request, 9)
            run.journal.backlog.add([(job.snapshot, job.rank)])
            changed.extend(run.queue._board.hold([job]))
            run.journal.backlog.follow([job.snapshot])
    return run


def test_every_kind_of_request_is_the_same_after_a_restart(tmp_path: Path) -> None:
    run = held_all(tmp_path)
    run.close()
    found = restored(tmp_path)
    assert tuple(each.request for each in found) == REQUESTS
    assert {each.phase for each in found} == {Phase.HELD}


def test_no_kind_of_request_is_forgotten() -> None:
    lost = set(typing.get_args(Request)) - {type(each) for each in REQUESTS}
    assert lost == {FetchCopy, SaveBack}  # they end with the program that watches the copy


def test_the_order_survives(tmp_path: Path) -> None:
    run = held_all(tmp_path)
    run.queue.move(8, 0)
    run.queue.move(2, 3)
    run.close()
    order = [REQUESTS.index(each.request) for each in restored(tmp_path)]
    assert order == [6, 1, 2, 0, 3, 4, 5, 7, 8]


def test_failed_jobs_come_back_with_their_reason_until_they_are_removed(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.queue.submit(REQUESTS[:2])
    assert run.queue.wait_idle(10)
    before = run.queue.snapshots()
    assert [each.phase for each in before] == [Phase.FAILED, Phase.FAILED]
    run.queue.forget([2])
    run.close()

    run = Run(tmp_path)
    assert run.queue.restore(["c"]) == 0
    [job] = run.queue.snapshots()
    assert job.phase is Phase.FAILED
    assert job.failure == before[0].failure
    run.queue.retry(job.id)
    run.queue.forget([job.id])
    assert run.queue.wait_idle(10)
    assert len(run.queue.snapshots()) == 1
    run.close()
    assert len(restored(tmp_path)) == 1


def test_what_waited_waits_again_but_changes_inside_s3_are_asked_about_first(
    tmp_path: Path,
) -> None:
    run = held_all(tmp_path)
    run.journal.backlog.follow(
        [
            Snapshot(each.id, 1, each.request, Phase.WAITING, each.progress)
            for each in run.queue.snapshots()
            if each.phase is Phase.HELD
        ]
    )
    run.close()
    found = restored(tmp_path)
    assert [each.phase for each in found] == [Phase.WAITING] * 4 + [Phase.HELD] * 5
    assert {each.note for each in found[4:]} == {IS_IT_STILL_WANTED}


def test_cancelled_jobs_and_those_of_removed_connections_do_not_come_back(tmp_path: Path) -> None:
    run = held_all(tmp_path)
    for job_id in (2, 3, 4, 5, 6, 7, 9, 10):
        run.queue.cancel(job_id)
    run.close()
    assert [each.request for each in restored(tmp_path)] == [REQUESTS[6]]
    assert restored(tmp_path, ("another",)) == ()
    assert restored(tmp_path) == ()


def test_a_body_that_is_no_request_is_forgotten(tmp_path: Path) -> None:
    run = held_all(tmp_path)
    run.journal.backlog.close()
    file = run.journal.file
    names = [row.name for row in file.find("job")]
    wrong = ({"of": 3}, {"verb": "X"}, {"verb": []}, {"of": {}}, {"failure": {"kind": 1}})
    for name, news in zip(names[1:], wrong, strict=False):
        file.amend("job", {name: news})
    run.close()
    assert len(restored(tmp_path)) == len(REQUESTS) - 5
