"""Keeps the computer awake, on whichever system this is."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from typing import Final

from cse_desktop.desktop.session_bus import Inhibition

# winbase.h: what SetThreadExecutionState takes.
_ES_CONTINUOUS: Final = 0x80000000
_ES_SYSTEM_REQUIRED: Final = 0x00000001

REASON: Final = "Files are being transferred"


class Awake:
    """Says that the computer is busy, or no longer. Always from the same thread.

    A system that cannot be asked sleeps as it likes; nobody is told.
    """

    def __init__(self) -> None:
        self._inhibition = Inhibition()
        self._caffeine: subprocess.Popen[bytes] | None = None
        self._is_wanted = False

    def keep(self, is_busy: bool) -> None:
        """Follow what is going on; blocks for a moment where it changes."""
        if is_busy == self._is_wanted:
            return
        self._is_wanted = is_busy
        if sys.platform == "win32":
            state = _ES_CONTINUOUS | (_ES_SYSTEM_REQUIRED if is_busy else 0)
            ctypes.windll.kernel32.SetThreadExecutionState(state)
        elif sys.platform == "darwin":
            self._drink(is_busy)
        elif is_busy:
            self._inhibition.begin(REASON)
        else:
            self._inhibition.end()

    def _drink(self, is_busy: bool) -> None:
        """macOS: `caffeinate` holds the assertion, and ends with this process in any case."""
        if self._caffeine is not None:
            self._caffeine.terminate()
            self._caffeine.wait()
            self._caffeine = None
        if is_busy:
            command = ["/usr/bin/caffeinate", "-i", "-w", str(os.getpid())]
            try:
                self._caffeine = subprocess.Popen(command)
            except OSError:
                self._caffeine = None
