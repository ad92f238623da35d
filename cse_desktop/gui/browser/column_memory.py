"""The columns of the file list, remembered for each bucket."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from cse_desktop.gui.browser.object_columns import ColumnChoice, ObjectColumns
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences

MAX_BUCKETS = 200


class ColumnMemory(QObject):
    """Follows the user from bucket to bucket. GUI thread."""

    def __init__(self, columns: ObjectColumns, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns
        self._preferences = preferences
        self._bucket = ""
        columns.changed.connect(self._keep)

    def open(self, place: Place) -> None:
        """Lay the columns out as they were left in this bucket."""
        bucket = f"{place.connection}/{place.folder.bucket}"
        if bucket != self._bucket:
            self._bucket = bucket
            self._columns.restore(self._remembered())

    def _remembered(self) -> ColumnChoice:
        saved = self._preferences.state.columns
        order, shown, hidden, widths = (
            saved.get(f"{self._bucket}#{name}", ())
            for name in ("order", "shown", "hidden", "widths")
        )
        pairs = zip(widths[::2], widths[1::2], strict=False)
        return ColumnChoice(order, dict(pairs), frozenset(shown), frozenset(hidden))

    @Slot()
    def _keep(self) -> None:
        if not self._bucket:
            return
        choice, state = self._columns.choice, self._preferences.state
        widths = tuple(number for pair in choice.widths.items() for number in pair)
        kept = {
            f"{self._bucket}#order": choice.order,
            f"{self._bucket}#shown": tuple(sorted(choice.shown)),
            f"{self._bucket}#hidden": tuple(sorted(choice.hidden)),
            f"{self._bucket}#widths": widths,
        }
        others = {name: value for name, value in state.columns.items() if name not in kept}
        # The bucket that was changed last comes last; the oldest go first.
        columns = {**others, **{name: value for name, value in kept.items() if value}}
        self._preferences.notice(
            replace(state, columns=dict(list(columns.items())[-4 * MAX_BUCKETS :]))
        )
