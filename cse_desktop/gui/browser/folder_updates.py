"""Rows of objects that transfers have just written, without reading the folder again for each."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer, Slot

from cse_desktop.core.objects import Entry, Head, ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.snapshot import Failure

GATHER_MS: Final = 250
FEW: Final = 8
"""Up to here each object is asked for by itself; more cost less as one listing."""


class FolderUpdates(QObject):
    """Keeps the open folder in step with finished uploads. GUI thread."""

    def __init__(
        self,
        bridge: Bridge,
        session_for: SessionFor,
        model: ObjectModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_for = session_for
        self._model = model
        self._refs: dict[ObjectRef, None] = {}
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._update)

    def refresh_entry(self, connection: str, ref: ObjectRef) -> None:
        """An object was written: show it if it belongs to the open folder or one below."""
        loader = self._model.loader
        if loader.needle:
            return  # what a search found stays as it was found
        is_here = connection == loader.connection and ref.bucket == loader.folder.bucket
        if not is_here or not ref.key.startswith(loader.folder.key):
            return
        name, slash, _ = ref.key.removeprefix(loader.folder.key).partition("/")
        if slash:
            folder = Entry(loader.folder.key + name + slash)
            if self._model.row_of(folder.key) < 0 and loader.has_first_page:
                self._model.put(folder)
            return
        self._refs[ref] = None
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _update(self) -> None:
        refs, self._refs = list(self._refs), {}
        loader = self._model.loader
        if len(refs) > FEW and loader.is_complete:
            self._model.refresh()
            return
        for ref in refs:
            self._bridge.ask(
                partial(_head, self._session_for, loader.connection, ref),
                partial(self._show, loader.connection),
                self._ignore,
                self,
                Lane.INSPECT,
            )

    def _show(self, connection: str, head: Head) -> None:
        loader, ref = self._model.loader, head.ref
        parent = ref.key[: ref.key.rfind("/") + 1]
        if (connection, ref.bucket, parent) == (
            loader.connection,
            loader.folder.bucket,
            loader.folder.key,
        ):
            self._model.put(Entry(ref.key, head.size, head.etag, head.modified, head.storage_class))

    def _ignore(self, _failure: Failure) -> None:
        """Gone again, or out of reach: the next refresh tells."""


def _head(session_for: SessionFor, connection: str, ref: ObjectRef) -> Head:
    return session_for(connection).store.head(ref)
