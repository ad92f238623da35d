"""What failures say, what is copied, and what happens to exceptions that nobody caught."""

import gc
import json
import logging
import sys
import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from cse_desktop.core.errors import Refusal
from cse_desktop.core.sentences import DENIED_ACTIONS
from cse_desktop.gui.look.icons import pixmap
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.error_dialog import ErrorDialog
from cse_desktop.gui.notices.messages import copied, of_failure, of_job
from cse_desktop.gui.notices.unexpected import MAX_SHOWN, Unexpected, on_qt_message
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase
from tests.gui.transfers import TAMPERED, download, ended, failed, upload, verify

DENIED = Failure(
    FailureKind.NOT_PERMITTED,
    "You don't have permission to decrypt this file",
    "The file is encrypted under alias/hr-prod. That key does not allow your role payroll-ops to "
    "decrypt. Ask an administrator of alias/hr-prod to allow kms:Decrypt for payroll-ops. "
    "Or switch to a connection that is allowed to use the key, then try again.",
    "Operation: kms:Decrypt\nCode: AccessDeniedException (HTTP 400)\nRequest ID: 6f1c7b52",
)


@pytest.fixture
def theme(qapp):
    theme = Theme("light")
    theme.apply(qapp)
    return theme


@pytest.fixture
def unexpected(qtbot, theme):
    unexpected = Unexpected(theme, lambda: None)
    yield unexpected
    while (dialog := unexpected.dialog) is not None:
        close(qtbot, unexpected, dialog)


def close(qtbot, unexpected, dialog):
    dialog.reject()
    qtbot.waitUntil(lambda: unexpected.dialog is not dialog)


def test_reason_and_remedy_are_told_apart():
    message = of_failure(DENIED)
    assert message.why == (
        "The file is encrypted under alias/hr-prod. "
        "That key does not allow your role payroll-ops to decrypt."
    )
    assert message.steps == (
        "Ask an administrator of alias/hr-prod to allow kms:Decrypt for payroll-ops.",
        "Or switch to a connection that is allowed to use the key, then try again.",
    )


@pytest.mark.parametrize("kind", FailureKind)
def test_every_failure_names_a_next_step_and_has_an_icon(theme, kind):
    message = of_failure(Failure(kind, "Something happened", "It is just so."))
    assert message.steps
    assert not pixmap(theme, message.glyph, message.tone).isNull()


def test_every_refused_action_of_aws_names_a_next_step():
    for sentence in DENIED_ACTIONS.values():
        failure = Failure(FailureKind.NOT_PERMITTED, sentence.title, sentence.hint)
        assert of_failure(failure).steps


def test_job_says_what_was_not_done():
    told = [of_job(failed(1, DENIED, request)) for request in (upload(), download(), verify())]
    assert [one.window_title for one in told] == [
        "Upload failed",
        "Download failed",
        "Verification failed",
    ]
    assert [one.subtitle for one in told] == [
        "“payslips-2025-08.zip” was not uploaded. Nothing was stored.",
        "“ledger.parquet” was not downloaded. Nothing was written to disk.",
        "“audit.zip” could not be verified.",
    ]


def test_refused_file_offers_no_second_try():
    message = of_job(failed(1, TAMPERED, download()))
    assert message.window_title == "Download refused"
    assert not message.may_retry
    assert of_job(failed(1, DENIED)).may_retry


def test_details_are_facts_in_two_columns():
    lines = of_job(failed(1, DENIED, download())).details.splitlines()
    assert lines[:4] == [
        "operation   kms:Decrypt",
        "code        AccessDeniedException (HTTP 400)",
        "request id  6f1c7b52",
        "object      s3://acme-archive/2024/ledger.parquet",
    ]
    assert lines[4].startswith("time        2026-07-31T")
    assert lines[4].endswith("Z")


def test_details_contain_no_secret():
    signed = (
        "Endpoint: https://user:hunter2@s3.example/b?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026"
        "&X-Amz-Signature=0123abcd&X-Amz-Security-Token=FwoGZXIv\nToken: abc\npassword=xyz"
    )
    message = of_failure(Failure(FailureKind.SERVICE, "No", "", signed))
    for secret in ("hunter2", "AKIAIOSFODNN7EXAMPLE", "0123abcd", "FwoGZXIv", "abc", "xyz"):
        assert secret not in copied(message)


def test_a_refusal_of_aws_shows_what_would_allow_it_and_copies_it(qtbot, theme):
    key = "arn:aws:kms:eu-central-1:111122223333:key/1b5b3c5e"
    role = "arn:aws:sts::111122223333:assumed-role/payroll-ops/anna"
    refusal = Refusal("kms:Decrypt", "s3://b/k", key, key, role, "no identity-based policy allows")
    dialog = ErrorDialog(theme, of_failure(replace(DENIED, refusal=refusal)))
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.policy
    assert box.statement.isVisible()
    assert key in box.what.text()

    kinds = [box.ways.part(at).text() for at in range(3)]
    texts = []
    for at in range(3):
        qtbot.mouseClick(box.ways.part(at), Qt.MouseButton.LeftButton)
        qtbot.mouseClick(box.copy, Qt.MouseButton.LeftButton)
        texts.append(QGuiApplication.clipboard().text())
    assert kinds == ["IAM policy", "Key policy", "Grant"]
    assert json.loads(texts[0])["Statement"][0]["Action"] == "kms:Decrypt"
    assert json.loads(texts[1])["Principal"]["AWS"].endswith("role/payroll-ops")
    assert texts[2].startswith("aws kms create-grant")

    qtbot.mouseClick(box.copy_all, Qt.MouseButton.LeftButton)
    assert all(text in QGuiApplication.clipboard().text() for text in (key, role, *texts))
    assert "create-grant" in copied(of_failure(replace(DENIED, refusal=refusal)))


def test_hostile_names_are_shown_as_escapes():
    message = of_job(failed(1, DENIED, download("a\u202egpj\n.exe")))
    assert "\u202e" not in message.subtitle + message.details
    assert "\n" not in message.subtitle


def test_failure_without_reason_still_says_something():
    message = of_job(ended(1, Phase.FAILED))
    assert message.title == "No reason was given"


def test_dialog_opens_its_details_and_copies_them(qtbot, theme):
    message = of_job(failed(1, DENIED, download()))
    dialog = ErrorDialog(theme, message)
    qtbot.addWidget(dialog)
    dialog.show()
    height = dialog.height()
    assert not dialog.facts.isVisible()
    QTest.mouseClick(dialog.disclosure, Qt.LeftButton)
    assert dialog.facts.isVisible()
    assert dialog.height() > height
    copy = next(one for one in dialog.findChildren(QPushButton) if "Copy" in one.text())
    QTest.mouseClick(copy, Qt.LeftButton)
    assert "request id  6f1c7b52" in QGuiApplication.clipboard().text()
    assert "payroll-ops" not in message.details


def test_try_again_is_offered_only_where_it_helps(qtbot, theme):
    def words(failure):
        dialog = ErrorDialog(theme, of_job(failed(1, failure)), can_retry=True)
        qtbot.addWidget(dialog)
        return {one.text() for one in dialog.findChildren(QPushButton)}

    assert "Try again" in words(DENIED)
    assert "Try again" not in words(TAMPERED)


def test_try_again_closes_the_dialog_and_says_so(qtbot, theme):
    dialog = ErrorDialog(theme, of_job(failed(1, DENIED)), can_retry=True)
    qtbot.addWidget(dialog)
    dialog.show()
    again = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Try again")
    with qtbot.waitSignal(dialog.retry_chosen):
        QTest.mouseClick(again, Qt.LeftButton)
    assert not dialog.isVisible()


def test_escape_closes_the_dialog(qtbot, theme):
    dialog = ErrorDialog(theme, of_failure(DENIED))
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.logs_warnings
def test_unexpected_exception_of_a_thread_opens_one_dialog(qtbot, unexpected, caplog):
    secret = "-".join(["hunter", "2"])

    def work():
        try:
            raise RuntimeError(secret)
        except RuntimeError as error:
            unexpected.note(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: unexpected.dialog is not None)
    assert "RuntimeError" in unexpected.dialog.facts.toPlainText()
    assert secret not in unexpected.dialog.facts.toPlainText() + caplog.text


@pytest.mark.logs_warnings
def test_same_exception_is_shown_once(qtbot, unexpected):
    for _ in range(50):
        try:
            raise RuntimeError
        except RuntimeError as error:
            unexpected.note(error)
    qtbot.waitUntil(lambda: unexpected.dialog is not None)
    close(qtbot, unexpected, unexpected.dialog)
    qtbot.wait(50)
    assert unexpected.dialog is None


@pytest.mark.logs_warnings
def test_flood_of_different_exceptions_opens_few_dialogs(qtbot, unexpected):
    for number in range(50):
        unexpected.note(type(f"Error{number}", (Exception,), {})())
    shown = []
    qtbot.waitUntil(lambda: unexpected.dialog is not None)
    while unexpected.dialog is not None:
        shown.append(unexpected.dialog)
        close(qtbot, unexpected, shown[-1])
    assert len(shown) == MAX_SHOWN


def test_hooks_are_taken_and_given_back(unexpected):
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    unexpected.install()
    assert sys.excepthook == unexpected._on_exception
    unexpected.uninstall()
    assert sys.excepthook is sys.__excepthook__
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


@pytest.mark.logs_warnings
def test_hooks_hear_of_slots_threads_and_destructors(qtbot, unexpected, monkeypatch):
    class Broken:
        def __del__(self):
            raise ValueError

    def raise_key_error():
        raise KeyError

    told = []
    monkeypatch.setattr(unexpected, "note", lambda error: told.append(type(error)))
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    unexpected.install()
    try:
        thread = threading.Thread(target=raise_key_error)
        thread.start()
        thread.join()
        Broken()
        gc.collect()
        sys.excepthook(OSError, OSError(), None)
    finally:
        unexpected.uninstall()
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
    assert told == [KeyError, ValueError, OSError]


def test_noise_of_qt_is_dropped_and_the_rest_is_logged(caplog):
    context = QMessageLogContext()
    with caplog.at_level(logging.INFO, "qt"):
        on_qt_message(
            QtMsgType.QtWarningMsg, context, "This plugin does not support propagateSizeHints()"
        )
        on_qt_message(QtMsgType.QtInfoMsg, context, "something else")
    assert [record.getMessage() for record in caplog.records] == ["something else"]
