"""Settings and state of the running program, saved soon after they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cse_desktop.gui.bridge import Bridge
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.settings import Settings, State, save_settings, save_state

_SAVE_AFTER_MS: Final = 400


class Preferences(QObject):
    """The one place that holds Settings and State. GUI thread.

    Several changes in a row are written once, by a worker; `flush` writes at the end.

    Signals:
        changed: the settings are others now.
        not_saved: a Failure; the values stay in force until the program ends.
    """

    changed = Signal()
    not_saved = Signal(object)

    def __init__(
        self, folder: Path, settings: Settings, state: State, bridge: Bridge, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._bridge = bridge
        self._settings = self._saved_settings = settings
        self._state = self._saved_state = state
        self._is_saving = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save)

    @property
    def folder(self) -> Path:
        """Where settings, state and logs are."""
        return self._folder

    @property
    def settings(self) -> Settings:
        """What the user chose."""
        return self._settings

    @property
    def state(self) -> State:
        """What was noticed on the way."""
        return self._state

    def change(self, settings: Settings) -> None:
        """Put other settings in force."""
        if settings != self._settings:
            self._settings = settings
            self._timer.start()
            self.changed.emit()

    def notice(self, state: State) -> None:
        """Remember another state."""
        if state != self._state:
            self._state = state
            self._timer.start()

    def flush(self) -> None:
        """Write what is not written yet; blocks for a moment, for the end of the program.

        Raises:
            LocalDisk: it could not be written.
        """
        self._timer.stop()
        self._writing()()

    @Slot()
    def _save(self) -> None:
        if self._is_saving:
            self._timer.start()
            return
        self._is_saving = True
        self._bridge.ask(self._writing(), self._end_save, self._tell, self)

    def _writing(self) -> Callable[[], None]:
        """What writes the files that this program changed, and no other.

        Another window, or a person, may have edited the settings meanwhile: closing a window in
        which nothing was changed must not undo that.
        """
        settings = self._settings if self._settings != self._saved_settings else None
        state = self._state if self._state != self._saved_state else None
        self._saved_settings, self._saved_state = self._settings, self._state
        return partial(_write, self._folder, settings, state)

    def _end_save(self, _nothing: None) -> None:
        self._is_saving = False

    def _tell(self, failure: Failure) -> None:
        self._is_saving = False
        self.not_saved.emit(failure)


def _write(folder: Path, settings: Settings | None, state: State | None) -> None:
    if settings is not None:
        save_settings(folder, settings)
    if state is not None:
        save_state(folder, state)
