"""Python's cyclic garbage, collected in the GUI thread and nowhere else."""

from __future__ import annotations

import gc
import threading
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS: Final = 1000


class Collector(QObject):
    """Takes over from Python's collector, which runs in whatever thread allocates just then.

    A widget or model in a reference cycle would be destroyed by a transfer's thread, and Qt does
    not survive that. What is not part of a cycle is freed at once as ever. GUI thread.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._loading: threading.Thread | None = None

    def start(self) -> None:
        """Take over; what is there already is never looked at again."""
        gc.disable()
        gc.freeze()
        self._timer.start()

    def spare_what_loads(self, thread: threading.Thread) -> None:
        """Leave the libraries that `thread` loads out of all collections, once it has ended.

        They are a quarter of a million objects that never go: to look at them takes longer than
        a frame.
        """
        self._loading = thread

    def stop(self) -> None:
        """Give back to Python, once no widget is left to protect."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due, by Python's own thresholds."""
        if self._loading is not None:
            if not self._loading.is_alive():
                self._loading = None
                gc.freeze()
            return
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [
            generation
            for generation, (count, threshold) in enumerate(zip(counts, thresholds, strict=True))
            if threshold and count > threshold
        ]
        if due:
            gc.collect(due[-1])
