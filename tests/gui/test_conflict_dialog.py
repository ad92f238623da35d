"""Deciding about names that are taken."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.transfers.conflict_dialog import ConflictDialog
from cse_desktop.jobs.plan import Clash, Side
from cse_desktop.jobs.requests import IfExists

NOW = datetime(2026, 7, 31, 9, 14).astimezone()


def clash(index, name="summary.xlsx"):
    return Clash(
        index,
        name,
        "s3://acme/2025/",
        Side(1_910_000, NOW),
        Side(1_840_000, NOW - timedelta(days=2)),
        f"{name.partition('.')[0]} (2).xlsx",
    )


@pytest.fixture
def theme(qapp):
    theme = Theme("light")
    theme.apply(qapp)
    return theme


@pytest.fixture
def make(qtbot, theme):
    def make(count=3, **kwargs):
        clashes = [clash(10 + at, f"file{at}.xlsx") for at in range(count)]
        dialog = ConflictDialog(theme, clashes, **({"is_upload": True} | kwargs))
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog)
        return dialog

    return make


def words(dialog):
    return [one.text() for one in dialog.findChildren(QLabel) if one.isVisible()]


def test_one_decision_serves_all(make):
    dialog = make(7)
    dialog.choose(IfExists.REPLACE)
    assert dialog.go_on.text() == "Replace 7 files"
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    assert dialog.result() == dialog.DialogCode.Accepted
    assert dialog.decisions == dict.fromkeys(range(10, 17), IfExists.REPLACE)


def test_clashes_are_decided_one_by_one(make):
    dialog = make(3)
    dialog.for_all.setChecked(False)
    dialog.choose(IfExists.REPLACE)
    assert dialog.go_on.text() == "Replace it"
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    assert dialog.isVisible()
    assert "“file1.xlsx” is already in this folder" in words(dialog)
    dialog.choose(IfExists.SKIP)
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    assert not dialog.for_all.isVisible()
    dialog.choose(IfExists.KEEP_BOTH)
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    assert dialog.decisions == {
        10: IfExists.REPLACE,
        11: IfExists.SKIP,
        12: IfExists.KEEP_BOTH,
    }


def test_the_rest_can_be_decided_after_the_first(make):
    dialog = make(4)
    dialog.for_all.setChecked(False)
    dialog.choose(IfExists.SKIP)
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    dialog.for_all.setChecked(True)
    dialog.choose(IfExists.KEEP_BOTH)
    assert dialog.go_on.text() == "Keep both of 3 files"
    QTest.mouseClick(dialog.go_on, Qt.LeftButton)
    assert list(dialog.decisions.values()) == [IfExists.SKIP, *[IfExists.KEEP_BOTH] * 3]


@pytest.mark.parametrize("way", ["button", "escape"])
def test_stopping_transfers_nothing(make, way):
    dialog = make(2)
    if way == "button":
        QTest.mouseClick(dialog.stop, Qt.LeftButton)
    else:
        QTest.keyClick(dialog, Qt.Key_Escape)
    assert dialog.result() == dialog.DialogCode.Rejected


def test_both_files_are_compared(make):
    shown = words(make(1, key_label="alias/finance-prod"))
    for fact in ("On this computer", "1.91 MB", "In S3", "≈ 1.84 MB", "alias/finance-prod"):
        assert fact in shown


def test_nothing_is_replaced_unless_it_is_chosen_or_kept_by_the_bucket(make):
    assert make(1).choices.checkedId() == 1
    assert make(1, is_versioned=True).choices.checkedId() == 0


def test_words_fit_a_download(make):
    dialog = make(1, is_upload=False)
    assert dialog.stop.text() == "Stop download"
    assert "Saves as “file0 (2).xlsx”." in words(dialog)
    assert not dialog.for_all.isVisible()


def test_hostile_name_is_shown_as_it_is(qtbot, theme):
    dialog = ConflictDialog(theme, [clash(1, "<b>a\u202e&x</b>")], is_upload=True)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "“<b>a\\u{202e}&x</b>” is already in this folder" in words(dialog)


def test_keyboard_alone_decides(qtbot, make):
    dialog = make(2)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.choices.checkedButton().setFocus()
    QTest.keyClick(dialog.choices.checkedButton(), Qt.Key_Down)
    QTest.keyClick(dialog, Qt.Key_Return)
    assert dialog.decisions == {10: IfExists.SKIP, 11: IfExists.SKIP}
