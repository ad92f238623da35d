"""How much is in a folder: counted on demand, and stopped when nobody looks any more."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QGridLayout, QProgressBar, QWidget

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_cells import storage_class
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.jobs.snapshot import Failure

LOOKS_EVERY_MS: Final = 200
ROWS: Final = ("Files", "Stored size", "Newest", "Storage classes")


@dataclass(frozen=True, slots=True)
class Totals:
    """What was found so far.

    Attributes:
        size: bytes as stored.
        classes: how many files by storage class.
    """

    files: int = 0
    size: int = 0
    newest: datetime | None = None
    classes: Counter[str] = field(default_factory=Counter, hash=False)


class Count:
    """Written by a worker, read by the window; each state is complete in itself. Any thread."""

    def __init__(self) -> None:
        self.now = Totals()


class TotalsDialog(Dialog):
    """An ordinary window. GUI thread."""

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session_for: SessionFor,
        connection: str,
        folder: ObjectRef,
        parent: QWidget | None = None,
    ) -> None:
        name = text.curly(text.visible(folder.name or folder.bucket))
        title = f"Totals of {name}"
        super().__init__(
            theme, title, title, "Everything in and below this folder, as it is stored.",
            width=440, parent=parent,
        )  # fmt: skip
        self.setModal(False)
        self._count, self._cancel = Count(), CancelToken()
        self.values = {words: label("", "strong", wrap=True) for words in ROWS}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (words, value) in enumerate(self.values.items()):
            grid.addWidget(label(words, tone="text2"), row, 0)
            grid.addWidget(value, row, 1)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Counting")
        self.body.addLayout(grid)
        self.body.addWidget(self._bar)
        self.stop = self.add_button("Stop", Role.ActionRole)
        self.stop.clicked.connect(self._stop)
        self.add_button("Close", Role.RejectRole)
        self._look = QTimer(self, interval=LOOKS_EVERY_MS)
        self._look.timeout.connect(self._show)
        self._look.start()
        self._show()
        cancel, count = self._cancel, self._count
        self._asked = bridge.ask(
            lambda: _add_up(session_for, connection, folder, count, cancel),
            self._finish,
            self._fail,
            self,
        )

    def done(self, result: int) -> None:
        """Stop counting, and go."""
        self._stop()
        super().done(result)
        self.deleteLater()

    @Slot()
    def _show(self) -> None:
        now = self._count.now
        self.values["Files"].setText(text.number(now.files))
        self.values["Stored size"].setText(f"{text.size(now.size)} ({text.exact_size(now.size)})")
        self.values["Newest"].setText(text.date(now.newest) if now.newest else "None")
        classes = (
            f"{storage_class(name)}: {text.number(count)}"
            for name, count in now.classes.most_common()
        )
        self.values["Storage classes"].setText(", ".join(classes) or "None")

    @Slot()
    def _stop(self) -> None:
        self._cancel.cancel()
        self._asked.cancel()
        self._end("Stopped: this is not all")

    def _finish(self, _nothing: None) -> None:
        self._end("")

    def _fail(self, failure: Failure) -> None:
        self._end(f"{failure.title}. {failure.hint}")

    def _end(self, words: str) -> None:
        if not self._look.isActive():
            return
        self._look.stop()
        self._show()
        self._bar.hide()
        self.stop.setEnabled(False)
        self.note.setText(words)


def _add_up(
    session_for: SessionFor, connection: str, folder: ObjectRef, count: Count, cancel: CancelToken
) -> None:
    """Page by page. Worker thread."""
    session = session_for(connection).looked_at(cancel)
    for page in session.store.walk(folder):
        cancel.check()
        files = [each for each in page.entries if not each.is_marker]
        before = count.now
        moments = [each.modified for each in files if each.modified is not None]
        count.now = Totals(
            before.files + len(files),
            before.size + sum(each.size for each in page.entries),
            max([*moments, *([before.newest] if before.newest else [])], default=None),
            before.classes + Counter(each.storage_class for each in files),
        )
