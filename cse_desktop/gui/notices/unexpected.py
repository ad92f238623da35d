"""Exceptions that nobody caught: one dialog, a line in the log, and the program goes on."""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.error_dialog import ErrorDialog
from cse_desktop.gui.notices.messages import of_failure
from cse_desktop.jobs.failures import failure_of
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.logs import redact

log = logging.getLogger(__name__)
qt_log = logging.getLogger("qt")

MAX_SHOWN = 5
"""Dialogs of one run; what fails again and again is only logged from there on."""

_NOISE = (
    "This plugin does not support propagateSizeHints()",
    "This plugin does not support raise()",
)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Unexpected(QObject):
    """The hooks of last resort, of Python and of Qt.

    Exceptions may come from any thread; the dialog opens in the GUI thread. While one is open, and
    for what was shown before, nothing opens: it is logged.

    Args:
        window: gives the window that a dialog belongs to, or None.
    """

    _noted = Signal()

    def __init__(
        self, theme: Theme, window: Callable[[], QWidget | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._window = theme, window
        self._waiting: deque[Failure] = deque(maxlen=MAX_SHOWN)
        self._seen: set[str] = set()
        self._dialog: ErrorDialog | None = None
        self._busy = threading.local()
        self._noted.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(on_qt_message)

    def uninstall(self) -> None:
        """Give the hooks back to Python and Qt."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        qInstallMessageHandler(None)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._dialog

    def note(self, error: BaseException) -> None:
        """Log an exception and show it, unless it was shown before. Any thread."""
        if getattr(self._busy, "is_noting", False):
            return  # the hook itself failed: there is nobody left to tell
        self._busy.is_noting = True
        try:
            failure = failure_of(error)
            log.error("%s\n%s", failure.title, redact(failure.details))
            is_new = failure.details not in self._seen
            if is_new and len(self._seen) < MAX_SHOWN:
                self._seen.add(failure.details)
                self._waiting.append(failure)
                self._noted.emit()
        finally:
            self._busy.is_noting = False

    @Slot()
    def _show(self) -> None:
        if self._dialog is not None or not self._waiting:
            return
        message = of_failure(self._waiting.popleft(), "Unexpected error")
        self._dialog = ErrorDialog(self._theme, message, parent=self._window())
        # Queued: a dialog must not be destroyed inside its own signal.
        self._dialog.finished.connect(self._go_on, Qt.ConnectionType.QueuedConnection)
        self._dialog.open()

    @Slot()
    def _go_on(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None
        self._show()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.note(error)

    def _on_thread_exception(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
            self.note(told.exc_value)

    def _on_unraisable(self, told: sys.UnraisableHookArgs) -> None:
        if told.exc_value is not None:
            self.note(told.exc_value)


def on_qt_message(kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    """Bring what Qt says into the log, but for what is known to be noise. Any thread."""
    if not words.startswith(_NOISE):
        qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", words)
