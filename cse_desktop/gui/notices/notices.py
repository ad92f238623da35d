"""The dialogs that the main window shows: failures, clashes, leaving, keys, about."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from cse_desktop import __version__
from cse_desktop.gui.actions import MENUS
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.error_dialog import ErrorDialog
from cse_desktop.gui.notices.messages import Message, of_failure, of_job
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.transfers.conflict_dialog import ConflictDialog
from cse_desktop.gui.transfers.plan_dialog import PlanDialog
from cse_desktop.gui.transfers.transfer_flows import Decisions, Plan, left_out_failure
from cse_desktop.jobs.late import Late
from cse_desktop.jobs.plan import ArrangePlan, Skipped, UploadPlan
from cse_desktop.jobs.requests import Move
from cse_desktop.jobs.snapshot import Failure, Snapshot

_ELSEWHERE: Final = (
    ("In the list: open", "Enter"),
    ("In the list: folder above", "Backspace"),
    ("In transfers: pause or continue", "Ctrl+P"),
    ("In transfers: retry", "R"),
    ("In transfers: cancel or remove", "Delete"),
)

_CONTINUES: Final = "It pauses now and continues next time."
_CONTINUE: Final = "They pause now and continue next time."
_SANDBOX_ENDS: Final = "The sandbox ends now, and all that is in it."
_STARTS_AGAIN: Final = (
    "They stop now. Nothing half-done is left in S3 or on this computer, and what was not finished "
    "has to be started again."
)


class Notices(QObject):
    """Modal where a choice blocks work. GUI thread.

    Signals:
        shown: a Failure that belongs to no transfer.
    """

    shown = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window

    @Slot(object)
    def show_failure(self, failure: Failure) -> None:
        """Say what went wrong and what can be done."""
        self.shown.emit(failure)
        self._show(of_failure(failure))

    def show_job(self, snapshot: Snapshot) -> bool:
        """Say why a transfer failed; gives whether the user wants it tried again."""
        return self._show(of_job(snapshot), can_retry=True)

    @Slot(object)
    def show_left_out(self, skipped: tuple[Skipped, ...]) -> None:
        """Say what a plan leaves out."""
        message = of_failure(left_out_failure(skipped), "Some items were left out")
        self._show(message)

    def ask_about_plan(self, plan: Plan) -> bool:
        """Whether what is left of a plan is to be done, with other names than one might expect."""
        dialog = PlanDialog(self._theme, plan, self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted

    def ask_about_late(self, late: Late) -> Decisions | None:
        """What is to happen with names that were taken meanwhile; None to let the jobs wait."""
        return self.ask_about_clashes(late.plan, is_late=True)

    def ask_about_clashes(
        self, plan: Plan | ArrangePlan, *, is_late: bool = False
    ) -> Decisions | None:
        """What is to happen with names that are taken; None when nothing is to be done."""
        is_upload, arranging = isinstance(plan, UploadPlan), ""
        if isinstance(plan, ArrangePlan):
            arranging = "move" if isinstance(plan.requests[0], Move) else "copy"
        label_of_key = plan.requests[0].key_label if isinstance(plan, UploadPlan) else ""
        dialog = ConflictDialog(
            self._theme,
            plan.clashes,
            is_upload=is_upload,
            arranging=arranging,
            is_late=is_late,
            key_label=label_of_key,
            parent=self._window,
        )
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        decisions = dict(dialog.decisions) if accepted else None
        dialog.deleteLater()
        return decisions

    def may_quit(self, running: int, *, in_sandbox: int, goes_on: bool) -> bool:
        """Ask before transfers are stopped.

        Args:
            running: transfers that are not over and not held.
            in_sandbox: those of them that end with the sandbox.
            goes_on: whether the next start goes on with the others.
        """
        count = "1 transfer is" if running == 1 else f"{running:,} transfers are"
        lasting = running - in_sandbox
        words = [_SANDBOX_ENDS] if in_sandbox else []
        if lasting:
            goes = _CONTINUE if lasting > 1 else _CONTINUES
            words.insert(0, goes if goes_on else _STARTS_AGAIN)
        dialog = Dialog(
            self._theme,
            "Quit",
            f"{count} running",
            " ".join(words),
            glyph="ph.warning",
            tone="warn",
            width=520,
            parent=self._window,
        )
        dialog.add_button("Quit", Role.AcceptRole)
        dialog.add_button("Keep running", Role.RejectRole, kind="primary").setFocus()
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted

    @Slot()
    def show_shortcuts(self) -> None:
        """All keys, from the same table as the menus."""
        dialog = Dialog(
            self._theme, "Keyboard shortcuts", "Keyboard shortcuts", width=720, parent=self._window
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        rows = [
            (
                spec.text.replace("&", "").rstrip("…"),
                ", ".join(map(_native, spec.keys or (spec.list_key,))),
            )
            for _title, specs in MENUS
            for spec in specs
            if spec is not None and (spec.keys or spec.list_key)
        ] + list(_ELSEWHERE)
        half = -(-len(rows) // 2)
        for number, (words, keys) in enumerate(rows):
            line, side = number % half, 3 * (number // half)
            grid.addWidget(label(words), line, side)
            grid.addWidget(label(keys, role="mono", tone="text2"), line, side + 1)
        grid.setColumnMinimumWidth(2, 24)
        dialog.body.addLayout(grid)
        dialog.add_button("Close", Role.RejectRole, kind="primary").setFocus()
        dialog.exec()
        dialog.deleteLater()

    @Slot()
    def show_about(self) -> None:
        """Name and version."""
        dialog = Dialog(
            self._theme,
            "About CSE Desktop",
            f"CSE Desktop {__version__}",
            "Encrypted file transfer to Amazon S3. Files are encrypted on this computer under "
            "your KMS key; S3 and the network see only ciphertext. Apache License 2.0.",
            glyph="mdi6.lock",
            width=520,
            parent=self._window,
        )
        dialog.add_button("Close", Role.RejectRole, kind="primary").setFocus()
        dialog.exec()
        dialog.deleteLater()

    @Slot(object)
    def open_folder(self, path: object) -> None:
        """Show a folder of this computer in its file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _show(self, message: Message, *, can_retry: bool = False) -> bool:
        dialog = ErrorDialog(self._theme, message, can_retry=can_retry, parent=self._window)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
