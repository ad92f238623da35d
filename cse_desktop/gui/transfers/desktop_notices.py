"""Tells the desktop around the window: transfers ended, and the computer is busy meanwhile."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from cse_desktop.desktop.awake import Awake
from cse_desktop.desktop.session_bus import notify
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.preferences import Preferences
from cse_desktop.gui.transfers.transfer_model import TransferModel
from cse_desktop.gui.transfers.transfer_totals import BatchSummary

SHOWN_MS = 15_000
Notify = Callable[[str, str], object]


class DesktopNotices(QObject):
    """Follows the transfers. GUI thread; whatever could block is done in a thread of its own.

    A notification only repeats what the window says, and only while it is not looked at.

    Args:
        show: shows a title and a text; blocks; None for the system's own way.
    """

    def __init__(
        self,
        model: TransferModel,
        preferences: Preferences,
        window: QWidget,
        show: Notify | None = None,
    ) -> None:
        super().__init__(window)
        self._model = model
        self._preferences = preferences
        self._window = window
        self._awake = Awake()
        self._tray: QSystemTrayIcon | None = None
        self._show = show or (notify if sys.platform == "linux" else None)
        self._work: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._worker: threading.Thread | None = None
        self._is_busy = False
        model.batch_ended.connect(self.tell_of_batch)
        model.totals_changed.connect(self.follow)
        preferences.changed.connect(self.follow)

    @Slot(object)
    def tell_of_batch(self, summary: BatchSummary) -> None:
        """Show how an action of the user ended."""
        is_seen = QApplication.activeWindow() is not None and not self._window.isMinimized()
        if is_seen or not self._preferences.settings.notifications:
            return
        failed = summary.failed
        title = "Transfers finished"
        if failed:
            is_all = len(failed) == len(summary.snapshots)
            title = "Transfers failed" if is_all else "Transfers finished, some failed"
        reason = failed[0].failure.title if failed and failed[0].failure else ""
        body = visible(". ".join(filter(None, (summary.sentence, reason))))
        if self._show is not None:
            self._do(partial(self._show, title, body))
        else:
            self._show_in_tray(title, body)

    @Slot()
    def follow(self) -> None:
        """Keep the computer awake as long as something runs."""
        totals = self._model.totals
        is_running = totals.active > totals.held
        is_busy = is_running and self._preferences.settings.keep_awake
        if is_busy != self._is_busy:
            self._is_busy = is_busy
            if sys.platform == "linux":
                self._do(partial(self._awake.keep, is_busy))
            else:
                self._awake.keep(is_busy)

    def close(self) -> None:
        """Let the computer sleep, and end the thread."""
        if self._worker is not None:
            self._work.put(partial(self._awake.keep, False))
            self._work.put(None)
            self._worker.join(2.0)
            self._worker = None
        else:
            self._awake.keep(False)

    def _do(self, act: Callable[[], object]) -> None:
        if self._worker is None:
            self._worker = threading.Thread(target=self._run, name="desktop", daemon=True)
            self._worker.start()
        self._work.put(act)

    def _run(self) -> None:
        while (act := self._work.get()) is not None:
            act()

    def _show_in_tray(self, title: str, body: str) -> None:
        """Windows and macOS show messages of a tray icon alone; it goes when it was read."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._tray.messageClicked.connect(self._window.activateWindow)
        self._tray.show()
        self._tray.showMessage(title, body, QSystemTrayIcon.MessageIcon.Information, SHOWN_MS)
        QTimer.singleShot(SHOWN_MS, self._tray, self._tray.hide)
