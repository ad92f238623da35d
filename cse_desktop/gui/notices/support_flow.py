"""What failed so far, and the support bundle in which somebody who helps can read it."""

from __future__ import annotations

import locale
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QUrl, Signal, Slot, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.snapshot import Failure, Snapshot
from cse_desktop.support import LOGS, PastFailure, write_bundle

log = logging.getLogger(__name__)

REMEMBERED: Final = 100

ChooseFile = Callable[[QWidget, str], str]

_CONTENTS: Final = (
    "Versions of the program, its parts and the system",
    "Your settings, which hold no credentials",
    "What failed since the program was started",
    "The log, without anything that looks like a credential",
)


class SupportFlow(QObject):
    """Remembers failures, and writes them down when asked. GUI thread.

    Args:
        choose_file: asks where to save; "" when nothing was chosen.

    Signals:
        told: a sentence for the status line.
        failed: a Failure.
    """

    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        preferences: Preferences,
        window: QWidget,
        choose_file: ChooseFile | None = None,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._bridge = bridge
        self._preferences = preferences
        self._window = window
        self._choose_file = choose_file or _choose_file
        self._past: deque[PastFailure] = deque(maxlen=REMEMBERED)

    @Slot(object)
    def note(self, failure: Failure) -> None:
        """Remember a failure that was shown."""
        self._remember(failure, "")

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Log the end of a transfer, and remember it if it failed."""
        verb = type(snapshot.request).__name__.lower()
        log.info("%s %s: %s", verb, snapshot.phase.value, snapshot.request.ref)
        if snapshot.failure is not None:
            self._remember(snapshot.failure, str(snapshot.request.ref))

    @Slot()
    def save(self) -> None:
        """Say what a bundle holds, ask where to save it, and write it."""
        if not self._agrees():
            return
        name = f"cse-desktop-support-{datetime.now():%Y-%m-%d-%H%M}.zip"
        chosen = self._choose_file(self._window, str(Path.home() / name))
        if not chosen:
            return
        target, home = Path(chosen), self._preferences.folder
        settings, past = self._preferences.settings, tuple(self._past)
        write = partial(write_bundle, target, home, settings, past, _facts(self._window))
        tell = partial(self._tell_saved, target)
        self._bridge.ask(write, tell, self.failed.emit, self)

    @Slot()
    def open_logs(self) -> None:
        """Show the folder of the log in the file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._preferences.folder / LOGS)))

    def _remember(self, failure: Failure, subject: str) -> None:
        log.info("%s: %s %s\n%s", failure.kind.value, failure.title, subject, failure.details)
        self._past.append(PastFailure(datetime.now().astimezone(), failure, subject))

    def _tell_saved(self, target: Path, _nothing: None) -> None:
        self.told.emit(f"Saved {target.name} in {target.parent}")

    def _agrees(self) -> bool:
        dialog = Dialog(
            self._theme,
            "Support bundle",
            "Save a support bundle",
            "One zip file for whoever helps you. Nothing is sent anywhere.",
            glyph="ph.package",
            width=560,
            parent=self._window,
        )
        for content in _CONTENTS:
            dialog.body.addWidget(label(f"•  {content}", wrap=True))
        dialog.body.addSpacing(8)
        dialog.body.addWidget(
            label(
                "It names your connections, buckets, files, keys and accounts.",
                tone="text2",
                wrap=True,
            )
        )
        dialog.add_button("Save…", Role.AcceptRole, kind="primary").setFocus()
        dialog.add_button("Cancel", Role.RejectRole)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted


def _choose_file(parent: QWidget, name: str) -> str:
    return QFileDialog.getSaveFileName(parent, "Save a support bundle", name, "Zip (*.zip)")[0]


def _facts(window: QWidget) -> tuple[tuple[str, str], ...]:
    screens = ", ".join(
        f"{screen.geometry().width()}x{screen.geometry().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    )
    return (
        ("Qt", qVersion()),
        ("Qt platform", QGuiApplication.platformName()),
        ("Screens", screens),
        ("Window", f"{window.width()}x{window.height()}"),
        ("Locale", locale.setlocale(locale.LC_CTYPE)),
    )
