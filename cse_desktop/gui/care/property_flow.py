"""Properties, links and archived files: dialogs, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.changing import Properties, properties
from cse_desktop.core.labels import Tier
from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.care.link_dialog import LinkDialog
from cse_desktop.gui.care.properties_dialog import PropertiesDialog
from cse_desktop.gui.care.thaw_dialog import ThawDialog
from cse_desktop.gui.look import text
from cse_desktop.gui.places import Place
from cse_desktop.jobs.amending import Change
from cse_desktop.jobs.requests import Download, Verify
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Phase, Snapshot

ARCHIVED: Final = "This file is archived"
"""The title with which S3's answer "InvalidObjectState" is told."""
GATHER_MS: Final = 500
"""The files of one download fail one after the other; they are asked about together."""


class PropertyFlow(QObject):
    """GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
    """

    told = Signal(str)
    failed = Signal(object)

    def __init__(self, backstage: Backstage, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window
        self._archived: dict[tuple[str, ObjectRef], None] = {}
        self._gathered = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gathered.timeout.connect(self._offer_to_thaw)

    def edit(self, place: Place, ref: ObjectRef) -> None:
        """Read the properties of an object, show them, and store what was changed."""
        self.told.emit("Reading the properties…")
        self._backstage.bridge.ask(
            lambda: properties(self._backstage.sessions.get(place.connection), ref),
            partial(self._show, place),
            self.failed.emit,
            self,
        )

    def make_link(self, place: Place, ref: ObjectRef) -> None:
        """Show a link to the stored bytes."""
        dialog = LinkDialog(
            self._backstage.theme,
            self._backstage.bridge,
            partial(self._backstage.sessions.get, place.connection),
            ref,
            self._window,
        )
        dialog.exec()
        dialog.deleteLater()

    def thaw(self, connection: str, refs: Sequence[ObjectRef]) -> None:
        """Ask how, and have S3 restore archived objects."""
        dialog = ThawDialog(self._backstage.theme, refs, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        days, tier = dialog.days, dialog.tier
        dialog.deleteLater()
        if not is_wanted:
            return

        def tell(count: int) -> None:
            self.told.emit(f"S3 restores {text.count(count, 'file')}. That takes a while.")

        question = partial(_thaw, self._backstage.sessions, connection, tuple(refs), days, tier)
        self._backstage.bridge.ask(question, tell, self.failed.emit, self)

    def take_end(self, snapshot: Snapshot) -> None:
        """Offer to restore what a download found archived."""
        request, failure = snapshot.request, snapshot.failure
        if (
            isinstance(request, Download | Verify)
            and snapshot.phase is Phase.FAILED
            and failure is not None
            and failure.title == ARCHIVED
        ):
            self._archived[request.connection, request.ref] = None
            self._gathered.start()

    @Slot()
    def _offer_to_thaw(self) -> None:
        found, self._archived = list(self._archived), {}
        for connection in dict.fromkeys(name for name, _ in found):
            self.thaw(connection, [ref for name, ref in found if name == connection])

    def _show(self, place: Place, found: Properties) -> None:
        self.told.emit("")
        dialog = PropertiesDialog(self._backstage.theme, found, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        new = dialog.new
        dialog.deleteLater()
        if is_wanted:
            head = found.head
            change = Change(place.connection, head.ref, head.size, head.etag, new)
            self._backstage.queue.submit([change])
            self.told.emit(f"Changing {text.curly(text.visible(head.ref.name))}")


def _thaw(
    sessions: Sessions, connection: str, refs: Sequence[ObjectRef], days: int, tier: Tier
) -> int:
    labels = sessions.get(connection).store.labels
    for ref in refs:
        labels.thaw(ref, days, tier)
    return len(refs)
