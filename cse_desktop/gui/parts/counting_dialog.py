"""Says that files are being counted, when that takes long enough to be noticed."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.dialog import Dialog, Role

APPEARS_AFTER_MS = 400
LOOKS_EVERY_MS = 200


class Tally:
    """A number that a worker writes and the window reads. Any thread."""

    def __init__(self) -> None:
        self.files = 0

    def count(self, files: int) -> None:
        """So many were found up to now."""
        self.files = files


class CountingDialog(Dialog):
    """Shows itself after a moment; rejecting it throws the switch. GUI thread."""

    def __init__(
        self, theme: Theme, tally: Tally, cancel: CancelToken, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, "Counting files", "Counting files…", "Nothing is deleted before you confirm it.",
            width=420, parent=parent,
        )  # fmt: skip
        self._tally, self._cancel = tally, cancel
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Counting files")
        self.body.addWidget(self._bar)
        self.add_button("Cancel", Role.RejectRole).setAutoDefault(True)
        self._appear = QTimer(self, singleShot=True, interval=APPEARS_AFTER_MS)
        self._appear.timeout.connect(self.open)
        self._appear.start()
        self._look = QTimer(self, interval=LOOKS_EVERY_MS)
        self._look.timeout.connect(self._show_count)
        self._look.start()

    @Slot()
    def reject(self) -> None:
        """Stop counting."""
        self._cancel.cancel()
        self.finish()

    def finish(self) -> None:
        """Go away: the count is known, failed, or not wanted any more."""
        self._appear.stop()
        self._look.stop()
        self.hide()
        self.deleteLater()

    @Slot()
    def _show_count(self) -> None:
        self.title.setText(f"Counting files: {text.number(self._tally.files)} so far")
