"""From "New bucket…" to a bucket that is open."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.buckets import NewBucket, regions
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.care.new_bucket_dialog import NewBucketDialog
from cse_desktop.jobs.sessions import Sessions


class BucketFlow(QObject):
    """GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
        made: connection and name of a new bucket.
    """

    told = Signal(str)
    failed = Signal(object)
    made = Signal(str, str)

    def __init__(self, backstage: Backstage, window: QWidget) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._window = window

    def ask(self, connection: str) -> None:
        """Ask for a bucket and make it."""
        self._backstage.bridge.ask(
            lambda: (self._backstage.sessions.get(connection).region, regions()),
            partial(self._show, connection),
            self.failed.emit,
            self,
        )

    def _show(self, connection: str, known: tuple[str, tuple[str, ...]]) -> None:
        dialog = NewBucketDialog(self._backstage.theme, *known, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        new = dialog.new
        dialog.deleteLater()
        if not is_wanted:
            return

        def tell(_nothing: None) -> None:
            self.told.emit(f"The bucket {new.name} is there")
            self.made.emit(connection, new.name)

        self.told.emit(f"Making the bucket {new.name}…")
        question = partial(_create, self._backstage.sessions, connection, new)
        self._backstage.bridge.ask(question, tell, self.failed.emit, self)


def _create(sessions: Sessions, name: str, new: NewBucket) -> None:
    session = sessions.get(name)
    if new.region != session.region:
        # S3 makes a bucket only for who asks in its Region.
        there = replace(session.connection, region=new.region)
        session = sessions.open(there, sessions.credentials(name))
    session.store.makers.create(new)
