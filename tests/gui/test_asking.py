"""A name that was taken meanwhile: one waiting row, and a dialog when the user wants to decide."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.transfers.conflict_dialog import ConflictDialog
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_look import Slots, state_of
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.gui.transfers.transfer_totals import Sum
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.requests import Download, IfExists, Upload
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot
from tests.gui.test_main_window import drop, open_folder, wait_for_the_end, window
from tests.gui.test_plan_dialog import answer
from tests.gui.transfers import held

__all__ = ["window"]

TAKEN = Failure(FailureKind.EXISTS, "“x” already exists", "Nothing was replaced.")
ASKING = replace(held(1), failure=TAKEN)


def test_a_row_that_asks_says_so_and_offers_the_choice() -> None:
    state = state_of(ASKING, Slots())

    assert (state.first, state.tone) == ("“x” already exists", "warn")
    assert state.second == "Choose to replace it, to keep both or to skip it"
    assert state.actions == (Action.DECIDE, Action.CANCEL)


def test_what_asks_counts_neither_as_running_nor_as_paused() -> None:
    sums = Sum()
    sums.replace(None, ASKING, 0)

    assert (sums.totals(0).active, sums.totals(0).held) == (0, 0)


def asking(window: MainWindow, qtbot: Any, count: int) -> tuple[Snapshot, ...]:
    transfers = window.inside.transfers
    qtbot.waitUntil(
        lambda: sum(one.asks for one in transfers.snapshots(Tab.ALL)) == count, timeout=30_000
    )
    return tuple(one for one in transfers.snapshots(Tab.ALL) if one.asks)


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize("decision", [IfExists.KEEP_BOTH, None])
def test_rows_that_ask_are_decided_by_the_keyboard_together(
    window: MainWindow,
    qtbot: Any,
    bucket: str,
    kms_key: str,
    session: Session,
    s3: Any,
    tmp_path: Path,
    decision: IfExists | None,
) -> None:
    source = tmp_path / "file"
    source.write_text("mine")
    for name in ("a", "b"):
        s3.put_object(Bucket=bucket, Key=name, Body=b"theirs")
    open_folder(window, qtbot, bucket)
    window.backstage.queue.submit(
        Upload("test", source, ObjectRef(bucket, name), 4, kms_key, if_exists=IfExists.ASK)
        for name in ("a", "b")
    )
    asking(window, qtbot, 2)
    seen: list[str] = []

    def decide(dialog: ConflictDialog) -> None:
        seen.append(dialog.stop.text())
        if decision is None:
            QTest.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
        else:
            dialog.choose(decision)
            QTest.keyClick(dialog, Qt.Key.Key_Return)

    answer(ConflictDialog, decide)
    view = window.inside.parts.transfers.view
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)

    assert seen == ["Not now"]
    if decision is None:
        assert len(asking(window, qtbot, 2)) == 2
        window.backstage.queue.cancel_all()
        wait_for_the_end(window, qtbot, 2)
        assert transfer_keys(session, bucket) == ["a", "b"]
    else:
        assert wait_for_the_end(window, qtbot, 2) == [Phase.DONE, Phase.DONE]
        assert transfer_keys(session, bucket) == ["a", "a (2)", "b", "b (2)"]
        assert bytes(transfer.read(session, ObjectRef(bucket, "a (2)"), limit=9)) == b"mine"


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_what_the_window_begins_asks_about_late_names(
    window: MainWindow,
    qtbot: Any,
    bucket: str,
    kms_key: str,
    session: Session,
    tmp_path: Path,
) -> None:
    source, target = tmp_path / "file", tmp_path / "target"
    source.write_text("x")
    target.mkdir()
    open_folder(window, qtbot, bucket)
    qtbot.waitUntil(lambda: window.inside.upload_key.state.tone == "ready")
    drop(window, [source])
    wait_for_the_end(window, qtbot, 1)
    here = window.inside.navigator.here
    assert here is not None
    window.inside.flows.download([*session.store.page(here.folder).entries], here, target)
    wait_for_the_end(window, qtbot, 2)

    begun = [one.request for one in window.inside.transfers.snapshots(Tab.ALL)]
    assert {type(request) for request in begun} == {Upload, Download}
    for request in begun:
        assert isinstance(request, Upload | Download)
        assert request.if_exists is IfExists.ASK


def transfer_keys(session: Session, bucket: str) -> list[str]:
    return [entry.key for entry in session.store.page(ObjectRef(bucket, "")).entries]
