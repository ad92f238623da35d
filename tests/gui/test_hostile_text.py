"""Text from S3, KMS and AWS is plain text wherever it is shown, and nothing in it hides."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtGui import QAction, QHelpEvent, QStandardItemModel, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolTip,
    QWidget,
)

from cse_desktop.core import transfer
from cse_desktop.core.connection import Connection, Credentials
from cse_desktop.core.errors import NotPermitted, Refusal
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_table import FolderTable
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.error_dialog import ErrorDialog
from cse_desktop.gui.notices.messages import of_failure
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.window.main_window import MainWindow
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import Verify
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import KeyChoice, Settings, State

on_moto = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

BAIT = "<img src=x><b>bold"
HOSTILE = f"{BAIT} \u202egnp.exe\u2066\u200b"
FOLDER = f"{HOSTILE}/"
KEY = f"{FOLDER}a b {HOSTILE}"


@pytest.fixture
def window(
    qapp: QApplication, connection: Connection, credentials: Credentials, bucket: str, home: Path,
    kms_key: str,
) -> Iterator[MainWindow]:  # fmt: skip
    theme = Theme("light")
    theme.apply(qapp)
    bridge = Bridge()
    sessions = Sessions()
    sessions.add(connection, credentials)
    queue = JobQueue(sessions.get, bridge.report)
    choice = KeyChoice(kms_key, f"alias/{HOSTILE}", ((HOSTILE, HOSTILE),))
    settings = Settings().with_default_key("test", bucket, choice)
    preferences = Preferences(home / "cse-desktop", settings, State(), bridge, bridge)
    made = MainWindow(
        Backstage(theme, bridge, sessions, queue, preferences, lambda: connection, "")
    )
    made.start()
    made.show()
    yield made
    made.leave()
    assert queue.close(20)
    assert bridge.close(20)
    made.deleteLater()
    qapp.setStyleSheet("")


@pytest.fixture
def stored(session: Session, bucket: str, kms_key: str, tmp_path: Path, s3: Any) -> str:
    """An object whose name, context and type are bait."""
    (tmp_path / "file").write_text("text")
    context = {HOSTILE: HOSTILE}
    transfer.upload(session, tmp_path / "file", ObjectRef(bucket, KEY), kms_key, context)
    s3.put_object(
        Bucket=bucket, Key=f"{FOLDER}plain {BAIT}", Body=b"", ContentType=BAIT,
        Metadata={"note": BAIT},
    )  # fmt: skip
    return KEY


@on_moto
def test_no_widget_takes_a_name_for_markup_or_lets_it_hide(
    window: MainWindow, qtbot: Any, bucket: str, stored: str
) -> None:
    inside = window.inside
    inside.navigator.open(Place("test", ObjectRef(bucket, FOLDER)))
    files = inside.parts.files

    qtbot.waitUntil(lambda: files.model.row_of(KEY) >= 0, timeout=30_000)
    request = Verify("test", ObjectRef(bucket, f"{KEY}, which is gone"), 1)
    window.backstage.queue.submit([request])
    qtbot.waitUntil(
        lambda: any(one.failure for one in window.backstage.queue.snapshots()), timeout=30_000
    )
    inspector = inside.parts.inspector
    for key in (KEY, f"{FOLDER}plain {BAIT}"):
        files.view.setCurrentIndex(files.view.model().index(files.model.row_of(key), 0))
        qtbot.waitUntil(lambda: bool(inspector.sheet.json), timeout=30_000)
        check_everything()


@on_moto
def test_the_tooltip_of_a_name_that_is_cut_short_shows_it_as_it_is(
    window: MainWindow, qtbot: Any, bucket: str, s3: Any
) -> None:
    name = f"{BAIT} " + "and a long name " * 12
    s3.put_object(Bucket=bucket, Key=name, Body=b"")
    window.inside.navigator.open(Place("test", ObjectRef(bucket, "")))
    files = window.inside.parts.files
    qtbot.waitUntil(lambda: files.model.row_of(name) >= 0, timeout=30_000)

    index = files.view.model().index(files.model.row_of(name), 0)
    at = files.view.visualRect(index).center()
    asked = QHelpEvent(QEvent.Type.ToolTip, at, files.view.viewport().mapToGlobal(at))
    QApplication.sendEvent(files.view.viewport(), asked)
    qtbot.waitUntil(lambda: "long name" in QToolTip.text(), timeout=30_000)

    document = QTextDocument()
    document.setHtml(QToolTip.text())
    assert document.toPlainText().strip() == name.strip()
    QToolTip.hideText()


@on_moto
def test_no_error_dialog_takes_foreign_words_for_markup(window: MainWindow, qtbot: Any) -> None:
    error = NotPermitted(
        HOSTILE, f"It is {HOSTILE}. Ask {HOSTILE}.", f"Object: {HOSTILE}\n{HOSTILE}"
    )
    error.refusal = Refusal("kms:Decrypt", f"s3://b/{HOSTILE}", HOSTILE, caller=f"arn:{HOSTILE}")
    dialog = ErrorDialog(window.backstage.theme, of_failure(failure_of(error)), parent=window)
    dialog.open()
    dialog.show_details(True)
    check_everything()
    dialog.reject()
    dialog.deleteLater()


@pytest.mark.parametrize("text", ["<b>", "a &lt; b", "<img src=x>", "x <i>y</i>"])
def test_tooltips_show_names_as_they_are(text: str) -> None:
    document = QTextDocument()
    document.setHtml(tip(text))

    assert document.toPlainText() == text
    assert tip("plain & simple < words") == "plain & simple < words"


def check_everything() -> None:
    """Look at every widget of the program, and at every cell of every list."""
    widgets = QApplication.allWidgets()
    assert len(widgets) > 100
    wrong = [f"{one.__class__.__name__}: {why}" for one in widgets for why in faults(one)]
    assert not wrong, "\n".join(wrong)


def faults(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel):
        if widget.textFormat() != Qt.TextFormat.PlainText and not is_of_qt(widget):
            yield f"may take its text for markup: {widget.text()!r}"
        yield from hidden(widget.text().replace("\n", ""), "text")
    if isinstance(widget, QAbstractButton):
        yield from hidden(widget.text(), "text")
    if isinstance(widget, QLineEdit) and not widget.hasFocus():
        yield from hidden(widget.text(), "text")
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        yield from hidden(widget.toPlainText().replace("\n", ""), "text")
        if isinstance(widget, QTextEdit) and "<img" in widget.toHtml():
            yield "shows markup"
    yield from hidden(widget.windowTitle(), "title")
    yield from hidden(widget.accessibleName().replace("\n", ""), "accessible name")
    yield from hidden(widget.accessibleDescription().replace("\n", ""), "description")
    yield from tooltip_faults(widget.toolTip())
    for action in widget.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly):
        yield from hidden(action.text().replace("\t", ""), "action")
        yield from tooltip_faults(action.toolTip())
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from cell_faults(widget.model(), QModelIndex())


def is_of_qt(label: QLabel) -> bool:
    """Qt's own labels show what Qt writes; the one for tooltips is judged by its text."""
    return label.objectName() in ("qtooltip_label", "qt_dockwidget_title")


def cell_faults(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    roles = (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.AccessibleTextRole,
        Qt.ItemDataRole.AccessibleDescriptionRole,
    )
    is_list = isinstance(model, QAbstractListModel)  # there, the number of columns is private
    for row in range(min(model.rowCount(parent), 50)):
        for column in range(1 if is_list else model.columnCount(parent)):
            index = model.index(row, column, parent)
            for role in roles:
                yield from hidden(str(index.data(role) or "").replace("\n", ""), f"cell, {role}")
            if not isinstance(model, FolderTable):  # its delegate decides what is shown
                yield from tooltip_faults(str(index.data(Qt.ItemDataRole.ToolTipRole) or ""))
            if column == 0 and isinstance(model, QStandardItemModel):
                yield from cell_faults(model, index)


def tooltip_faults(text: str) -> Iterator[str]:
    if QtGui.Qt.mightBeRichText(text) and ("<img" in text or "<b>" in text):
        yield f"tooltip shows markup: {text!r}"
    yield from hidden(text.replace("\n", ""), "tooltip")


def hidden(text: str, where: str) -> Iterator[str]:
    """Characters that hide, reorder or break; no name is cut at one, so any would be seen."""
    found = {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    if found:
        yield f"{where} holds {sorted(map(ascii, found))}: {text!r}"
