"""Rows, sums, speed and words of the transfers list."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from cse_desktop.core.progress import Progress, Stage
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_look import Slots, amount, places, spoken, state_of
from cse_desktop.gui.transfers.transfer_model import MANY, REPAINT_MS, RowRole, TransferModel
from cse_desktop.gui.transfers.transfer_rate import STALLED_S, Rate
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase
from tests.gui.transfers import (
    TAMPERED,
    download,
    ended,
    failed,
    held,
    running,
    upload,
    verify,
    waiting,
)

SLOTS = Slots(1, 4)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def model(qtmodeltester, clock):
    model = TransferModel(lambda: 4, clock)
    qtmodeltester.check(model)
    return model


@pytest.fixture
def feed(qtbot, model):
    def take(*snapshots):
        for snapshot in snapshots:
            model.take(snapshot)
        newest = {one.id: one for one in snapshots}

        def is_taken():
            known = {one.id: one for one in model.snapshots(Tab.ALL)}
            return all(known.get(job) is one for job, one in newest.items())

        qtbot.waitUntil(is_taken)

    return take


def names(model):
    return [model.index(row).data() for row in range(model.rowCount())]


def test_speed_is_the_mean_of_the_last_five_seconds():
    rate = Rate()
    for second in range(11):
        rate.see(second, second * 100)
    for second in range(11, 21):
        rate.see(second, 1000 + (second - 10) * 300)
    assert rate.per_second(20.0) == pytest.approx(300)
    assert rate.seconds_left(20.0, 600) == pytest.approx(2)


def test_speed_is_not_said_before_there_is_something_to_go_by():
    rate = Rate()
    rate.see(0.0, 0)
    assert rate.per_second(3.0) is None
    rate.see(0.3, 900)
    assert rate.per_second(0.4) is None
    assert rate.per_second(1.0) == pytest.approx(900)


def test_speed_of_a_stalled_transfer_falls_to_nothing():
    rate = Rate()
    rate.see(0.0, 0)
    rate.see(1.0, 1000)
    assert rate.per_second(10.0) == pytest.approx(100)
    assert rate.per_second(1.0 + STALLED_S + 0.1) == 0.0
    assert rate.seconds_left(40.0, 500) is None


def test_slow_line_with_rare_acknowledgements_still_has_a_speed():
    rate = Rate()
    for part in range(6):
        rate.see(part * 16.0, part * 8_000_000)
    assert rate.per_second(80.0) == pytest.approx(500_000)


def test_work_that_begins_anew_has_a_new_speed():
    rate = Rate()
    rate.see(0.0, 0)
    rate.see(1.0, 5_000)
    rate.see(2.0, 0)
    rate.see(3.0, 100)
    assert rate.per_second(3.0) == pytest.approx(100)


def test_new_jobs_are_listed_in_the_order_of_the_queue(model, feed):
    feed(waiting(1), waiting(2), waiting(3))
    assert names(model) == ["file-1.txt", "file-2.txt", "file-3.txt"]


def test_finished_jobs_change_their_tab(model, feed):
    feed(waiting(1), waiting(2), waiting(3))
    feed(ended(1), failed(2))
    assert [model.count(tab) for tab in (Tab.ALL, Tab.ACTIVE, Tab.COMPLETED, Tab.FAILED)] == [
        3,
        1,
        1,
        1,
    ]
    model.show(Tab.FAILED)
    assert names(model) == ["file-2.txt"]


def test_all_lists_active_then_failed_then_completed_newest_first(model, feed):
    feed(*[waiting(job) for job in range(1, 6)])
    model.show(Tab.ALL)
    feed(ended(1))
    feed(failed(2))
    feed(ended(3))
    assert names(model) == [f"file-{job}.txt" for job in (4, 5, 2, 3, 1)]


@pytest.mark.parametrize("count", [5, MANY + 1])
def test_rows_that_end_together_leave_together(model, feed, qtmodeltester, count):
    feed(*[waiting(job) for job in range(count)])
    model.show(Tab.ALL)
    feed(*[ended(job) for job in range(count)])
    qtmodeltester.check(model)
    assert model.count(Tab.ACTIVE) == 0
    assert model.rowCount() == count
    model.remove(range(count))
    assert model.rowCount() == 0


def test_ten_thousand_jobs_become_a_few_insertions(qtbot, model, feed):
    inserted = []
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    feed(*[waiting(job) for job in range(10_000)])
    assert inserted == [(start, start + 999) for start in range(0, 10_000, 1_000)]


def test_row_is_repainted_at_most_four_times_a_second(qtbot, model, feed, clock):
    feed(running(1, 0))
    painted = []
    model.dataChanged.connect(lambda *_: painted.append(1))
    qtbot.waitUntil(lambda: len(painted) > 0)
    painted.clear()
    start = time.monotonic()
    for step in range(200):
        model.take(running(1, step))
        qtbot.wait(1)
    # However slow this machine is: not more often than the clock allows.
    allowed = (time.monotonic() - start) * 1000 / REPAINT_MS * 1.2 + 1
    assert len(painted) <= allowed


def test_speed_and_time_left_change_at_most_once_a_second(qtbot, model, feed, clock):
    feed(running(1, 0))
    row = model.index(0).data(RowRole)
    told, painted = [], []
    model.dataChanged.connect(lambda *_: painted.append(1))
    for tick in range(1, 13):
        clock.now, before = tick * 0.25, len(painted)
        model.take(running(1, tick * 25))
        qtbot.waitUntil(lambda seen=before: len(painted) > seen)
        told.append(row.speed)
    assert row.speed == pytest.approx(100)
    assert len(set(told)) <= 4


def test_totals_cover_what_was_done_since_the_list_was_at_rest(model, feed, clock):
    large, small = upload(size=600_000_000), upload(size=400_000_000)
    feed(running(1, 0, large), waiting(2, small))
    clock.now = 2.0
    feed(ended(1, request=large))
    assert model.totals.sentence == "1 active · 600.0 MB of 1.00 GB · 300.0 MB/s · 1 s left"
    feed(ended(2, request=small))
    assert model.totals.sentence == ""
    feed(waiting(3, upload(size=50)))
    assert (model.totals.done, model.totals.total) == (0, 50)


def test_totals_leave_out_what_failed_or_was_cancelled(model, feed):
    feed(running(1, 500), running(2, 300), waiting(3))
    feed(failed(1), ended(3, Phase.CANCELLED))
    assert (model.totals.active, model.totals.done, model.totals.total) == (1, 300, 1000)


def test_batch_is_summed_up_once_when_it_is_over(qtbot, model, feed):
    told = []
    model.batch_ended.connect(told.append)
    feed(waiting(1), waiting(2), waiting(3), waiting(9, batch=2))
    feed(ended(1), failed(2), ended(3))
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].sentence == "2 files encrypted and stored, 1 failed"
    assert [one.id for one in told[0].failed] == [2]


def test_summary_of_a_batch_without_success_says_how_many_there_were(qtbot, model, feed):
    told = []
    model.batch_ended.connect(told.append)
    feed(waiting(1), waiting(2))
    feed(ended(1, Phase.CANCELLED), failed(2))
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].sentence == "2 files: 1 failed, 1 cancelled"


def test_waiting_row_moves_up_among_those_that_wait(model, feed):
    feed(running(1, 10), waiting(2), waiting(3), waiting(4))
    assert model.move_up(4) == 1
    assert names(model) == ["file-1.txt", "file-2.txt", "file-4.txt", "file-3.txt"]
    assert model.move_up(4) == 0
    assert model.move_up(4) is None
    assert model.move_up(1) is None


def test_only_finished_rows_can_be_removed(model, feed):
    feed(running(1, 10), failed(2))
    assert model.remove([1, 2, 77]) == (2,)
    assert [one.id for one in model.snapshots(Tab.ALL)] == [1]


def test_row_is_spoken_as_one_sentence(model, feed, clock):
    feed(running(1, 0, upload(size=1000)))
    clock.now = 2.0
    feed(running(1, 620, upload(size=1000)))
    row = model.index(0).data(RowRole)
    row.measure(2.0)
    said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "payslips-2025-08.zip, uploading, 62 percent, 1 second left"


@pytest.mark.parametrize(
    ("snapshot", "first", "second", "actions"),
    [
        (waiting(1), "Waiting to start", "", (Action.MOVE_UP, Action.CANCEL)),
        (held(1), "Paused by you", "Starts when you continue", (Action.RELEASE, Action.CANCEL)),
        (
            replace(held(1), progress=Progress(10, 1_000, part=1, parts=2)),
            "Paused by you",
            "Resumes where it stopped",
            (Action.RELEASE, Action.CANCEL),
        ),
        (
            replace(held(1), failure=Failure(FailureKind.SIGN_IN, "Sign in to continue")),
            "Paused: sign in to continue",
            "Then it goes on by itself",
            (Action.RELEASE, Action.CANCEL),
        ),
        (
            replace(held(1), failure=Failure(FailureKind.DISK_FULL, "Full", "3.2 MB more. Or.")),
            "Paused: not enough space",
            "3.2 MB more",
            (Action.RELEASE, Action.CANCEL),
        ),
        (
            replace(
                running(1, 10),
                progress=Progress(1, 9, waiting="AWS KMS is busy, retry 2 of 8 in 3 s"),
            ),
            "Waiting: AWS KMS is busy",
            "Retry 2 of 8 in 3 s",
            (Action.HOLD, Action.CANCEL),
        ),
        (
            replace(
                running(1, 10, download()),
                progress=Progress(4, 9, Stage.DOWNLOADING, 4, 9, resumed=3_200_000_000),
                is_restored=True,
            ),
            "Downloading ciphertext",
            "Resumed after restart from 3.20 GB",
            (Action.HOLD, Action.CANCEL),
        ),
        (
            running(1, 10, part=224, parts=506),
            "Encrypting and uploading",
            "Part 224 of 506 · alias/finance-prod",
            (Action.HOLD, Action.CANCEL),
        ),
        (
            running(1, 10, download(), Stage.DOWNLOADING),
            "Downloading ciphertext",
            "Saved only if the tag is valid",
            (Action.HOLD, Action.CANCEL),
        ),
        (
            running(1, 10, download(), Stage.VERIFYING),
            "Verifying tag",
            "Saved only if the tag is valid",
            (Action.CANCEL,),
        ),
        (
            running(1, 10, verify(), Stage.VERIFYING),
            "Verifying tag",
            "Nothing is saved",
            (Action.CANCEL,),
        ),
        (
            failed(1),
            "Failed: this key is disabled",
            "alias/finance-prod · 17:46",
            (Action.RETRY, Action.DETAILS, Action.REMOVE),
        ),
        (
            failed(1, TAMPERED, download()),
            "Rejected: this file was altered or damaged",
            "Its authentication tag does not match, so nothing was saved",
            (Action.DETAILS, Action.REMOVE),
        ),
        (
            ended(1),
            "Encrypted and stored",
            "17:46 · CSE-KMS v3",
            (Action.OPEN_FOLDER, Action.REMOVE),
        ),
        (
            ended(1, request=download(), note="Saved as ledger (2).parquet"),
            "Decrypted and verified",
            "17:46 · Saved as ledger (2).parquet",
            (Action.OPEN_FOLDER, Action.REMOVE),
        ),
        (
            ended(1, Phase.CANCELLED),
            "Cancelled",
            "17:46 · Nothing was stored",
            (Action.RETRY, Action.REMOVE),
        ),
        (
            ended(1, Phase.SKIPPED, note="The name is taken"),
            "Skipped",
            "17:46 · The name is taken",
            (Action.REMOVE,),
        ),
    ],
)
def test_state_is_said_in_words_and_offers_what_fits(qapp, snapshot, first, second, actions):
    state = state_of(snapshot, SLOTS)
    assert (state.first, state.second, state.actions) == (first, second, actions)


def test_waiting_row_says_that_all_slots_are_in_use():
    state = state_of(waiting(1), Slots(4, 4))
    assert (state.first, state.second) == ("Waiting for a free slot", "4 of 4 slots in use")


def test_words_in_capitals_stay_capital_inside_the_state():
    busy = Failure(FailureKind.NETWORK, "KMS is busy", "Try again.")
    assert state_of(failed(1, busy), SLOTS).first == "Failed: KMS is busy"


def test_places_are_shown_short_and_cannot_hide_anything():
    assert places(upload()) == ("~/Payroll", "acme-payroll/2025/")
    assert places(download()) == ("acme-archive/2024/", "~/Downloads")
    hostile = verify("a\u202egpj.exe")
    assert "\u202e" not in spoken(waiting(1, hostile), None, SLOTS)


def test_amount_says_the_unit_once():
    request = upload(size=286_400_000)
    assert amount(running(1, 178_200_000, request)) == "178.2 of 286.4 MB"
    assert amount(ended(1, request=request)) == "286.4 MB"
