"""What a plan would do otherwise than expected is seen, and decided, before the first byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from cse_desktop.core import transfer
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.transfers.conflict_dialog import ConflictDialog
from cse_desktop.gui.transfers.plan_dialog import PlanDialog, is_worth_telling
from cse_desktop.gui.transfers.transfer_rows import Tab
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.plan import DownloadPlan, Skipped, UploadPlan
from cse_desktop.jobs.requests import IfExists
from cse_desktop.jobs.room import missing_bytes
from cse_desktop.jobs.snapshot import FailureKind, Phase
from tests.gui.test_main_window import drop, open_folder, wait_for_the_end, window
from tests.gui.transfers import download, upload

__all__ = ["window"]

through_the_window = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
RENAMED = (("a/Make", "Make"), ("a/make", "make (2)"))
LINK = Skipped("/home/ada/in/link", "it is a link")


@pytest.fixture
def make(qtbot: Any, qapp: QApplication) -> Callable[..., PlanDialog]:
    theme = Theme("light")
    theme.apply(qapp)

    def made(plan: UploadPlan | DownloadPlan) -> PlanDialog:
        dialog = PlanDialog(theme, plan)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return made


def words(dialog: QDialog) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


def test_other_names_are_listed_beside_those_in_s3(make: Callable[..., PlanDialog]) -> None:
    dialog = make(DownloadPlan((download(), download("b")), renamed=RENAMED))

    assert dialog.title.text() == "2 files get other names"
    assert [dialog.renamed.text(1, column) for column in (0, 1)] == ["a/make", "make (2)"]
    assert dialog.go_on.text() == "Download 2 files"
    assert not dialog.left_out.isVisible()


def test_what_is_left_out_is_listed_with_its_reason(make: Callable[..., PlanDialog]) -> None:
    dialog = make(UploadPlan((upload(),), skipped=(LINK,)))

    assert dialog.title.text() == "1 item is left out"
    assert dialog.left_out.text(0, 0) == "/home/ada/in/link"
    assert dialog.left_out.text(0, 1) == "It is a link"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_a_disk_without_enough_room_says_how_much_is_missing(
    make: Callable[..., PlanDialog],
) -> None:
    plan = DownloadPlan((download(),), total_bytes=5_000_000_000, missing_bytes=3_200_000_000)
    dialog = make(plan)

    assert "Not enough space on this disk" in words(dialog)
    assert "3.20 GB more is needed for all 5.00 GB" in words(dialog)


def test_hostile_names_are_shown_as_they_are(make: Callable[..., PlanDialog]) -> None:
    nasty = "a\u202egpj.exe\n<b>x</b>"
    skipped = Skipped(nasty, "its name is not valid text", FailureKind.REFUSED)
    dialog = make(DownloadPlan((download(),), skipped=(skipped,), renamed=((nasty, nasty),)))

    for table, cells in ((dialog.renamed, 2), (dialog.left_out, 1)):
        for column in range(cells):
            assert table.text(0, column) == "a\\u{202e}gpj.exe\\u{a}<b>x</b>"


def test_when_nothing_is_left_there_is_nothing_to_go_on_with(
    make: Callable[..., PlanDialog],
) -> None:
    dialog = make(UploadPlan(skipped=(LINK,)))

    QTest.keyClick(dialog, Qt.Key.Key_Return)

    assert dialog.result() == QDialog.DialogCode.Rejected


def test_plans_without_surprises_ask_nothing() -> None:
    assert not is_worth_telling(UploadPlan((upload(),)))
    assert not is_worth_telling(DownloadPlan((download(),)))


def test_room_is_counted_for_all_files_and_the_ciphertext_of_the_largest(tmp_path: Path) -> None:
    exbibyte = 2**60
    missing = missing_bytes(tmp_path / "not" / "there yet", [exbibyte, 5])

    assert exbibyte < missing <= 2 * exbibyte + 5
    assert missing_bytes(tmp_path, [1]) == 0
    assert missing_bytes(tmp_path, []) == 0


# --- through the window, with real files and servers


def answer(kind: type[QDialog], act: Callable[[Any], None]) -> list[QDialog]:
    """Act on the next dialog of that kind, which blocks its caller; gives those that came."""
    seen: list[QDialog] = []
    timer = QTimer(QApplication.instance())
    timer.setInterval(20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            timer.stop()
            seen.append(dialog)
            act(dialog)

    timer.timeout.connect(look)
    timer.start()
    return seen


def store(session: Session, bucket: str, kms_key: str, folder: Path, *keys: str) -> None:
    for key in keys:
        source = folder / "source"
        source.write_text(key)
        transfer.upload(session, source, ObjectRef(bucket, key), kms_key, {})


@through_the_window
@pytest.mark.parametrize("goes_on", [True, False])
def test_names_that_are_one_here_are_shown_before_they_are_saved(
    window: MainWindow,
    qtbot: Any,
    bucket: str,
    kms_key: str,
    session: Session,
    tmp_path: Path,
    goes_on: bool,
) -> None:
    store(session, bucket, kms_key, tmp_path, "p/Make", "p/make", "p/make/x", "p/../out")
    target = tmp_path / "target"
    target.mkdir()
    open_folder(window, qtbot, bucket, "p/")
    told: list[tuple[list[str], list[str], list[str]]] = []

    def decide(dialog: PlanDialog) -> None:
        rows = range(dialog.renamed.row_count())
        names = [dialog.renamed.text(row, 1) for row in rows]
        told.append((names, [dialog.left_out.text(0, 0)], [p.name for p in target.iterdir()]))
        dialog.accept() if goes_on else dialog.reject()

    seen = answer(PlanDialog, decide)
    here = window.inside.navigator.here
    assert here is not None
    entries = [*session.store.page(ObjectRef(bucket, "p/")).entries]
    window.inside.flows.download(entries, here, target)
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)

    # "make" is a folder; both files of that name, as a file system without case has it, step back.
    assert told == [(["Make (2)", "make (3)"], ["p/../out"], [])]
    if goes_on:
        wait_for_the_end(window, qtbot, 3)
        saved = {path.relative_to(target).as_posix() for path in target.rglob("*")}
        assert saved == {"Make (2)", "make (3)", "make", "make/x"}
        assert (target / "make (3)").read_text() == "p/make"
    else:
        assert list(target.iterdir()) == []
        assert window.inside.transfers.count(Tab.ALL) == 0
    assert not (tmp_path / "out").exists()


@through_the_window
def test_links_and_pipes_of_a_dropped_folder_are_shown(
    window: MainWindow,
    qtbot: Any,
    bucket: str,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "file").write_text("x")
    (folder / "link").symlink_to("file")
    (folder / "dangling").symlink_to("nothing")
    (folder / "loop").symlink_to("loop")
    (folder / "round").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    open_folder(window, qtbot, bucket)
    qtbot.waitUntil(lambda: window.inside.upload_key.state.tone == "ready")
    told: list[list[str]] = []

    def decide(dialog: PlanDialog) -> None:
        rows = range(dialog.left_out.row_count())
        told.append([Path(dialog.left_out.text(row, 0)).name for row in rows])
        dialog.accept()

    seen = answer(PlanDialog, decide)
    drop(window, [folder])
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)

    assert wait_for_the_end(window, qtbot, 1) == [Phase.DONE]
    assert told == [["dangling", "link", "loop", "pipe", "round"]]


@through_the_window
@pytest.mark.parametrize("decision", [IfExists.SKIP, IfExists.REPLACE, IfExists.KEEP_BOTH, None])
def test_files_that_are_there_are_only_replaced_when_that_was_chosen(
    window: MainWindow,
    qtbot: Any,
    bucket: str,
    kms_key: str,
    session: Session,
    tmp_path: Path,
    decision: IfExists | None,
) -> None:
    store(session, bucket, kms_key, tmp_path, "a", "b", "c")
    target = tmp_path / "target"
    target.mkdir()
    for name in ("a", "b"):
        (target / name).write_text("precious")
    open_folder(window, qtbot, bucket)

    def decide(dialog: ConflictDialog) -> None:
        assert window.inside.transfers.count(Tab.ALL) == 0
        if decision is None:
            dialog.reject()
            return
        dialog.choose(decision)
        dialog.go_on.click()

    seen = answer(ConflictDialog, decide)
    here = window.inside.navigator.here
    assert here is not None
    entries = [*session.store.page(ObjectRef(bucket, "")).entries]
    window.inside.flows.download(entries, here, target)
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)
    if decision is not None:
        wait_for_the_end(window, qtbot, 3)

    kept = {path.name: path.read_text() for path in target.iterdir()}
    old = {"a": "precious", "b": "precious"}
    assert (
        kept
        == {
            None: old,
            IfExists.SKIP: old | {"c": "c"},
            IfExists.REPLACE: {"a": "a", "b": "b", "c": "c"},
            IfExists.KEEP_BOTH: old | {"a (2)": "a", "b (2)": "b", "c": "c"},
        }[decision]
    )
