"""What a start of the program was asked for: a place to open, files to upload, the sandbox."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Slot

from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.instance import Errand
from cse_desktop.gui.look.text import count, visible
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.places import Place, folder_of
from cse_desktop.gui.window.main_window import MainWindow

CHOOSES_KEY: Final = 2


class Errands(QObject):
    """Runs errands, its own and those of later starts. GUI thread.

    Nothing is sent without a question: whoever starts a program may not know which folder is open.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: tuple[str, ...] = ()
        window.inside.connect_flow.connected.connect(self._go_on)

    @Slot(object)
    def run(self, errand: Errand) -> None:
        """Come to the front, and do what is asked."""
        self._come_to_front(errand.token)
        if errand.is_sandbox:
            self._window.inside.connect_flow.use_sandbox()
        self.open(errand.places)

    def open(self, places: tuple[str, ...]) -> None:
        """Open an address and offer to upload files, as soon as there is a connection."""
        if not places:
            return
        if not self._window.backstage.sessions.connections():
            self._waiting = places
            self._tell("Choose a connection first")
            return
        addresses = [each for each in places if folder_of(each) is not None]
        files = [Path(each) for each in places if folder_of(each) is None]
        if addresses:
            self._open_address(addresses[0])
        if files:
            self._offer(files)

    @Slot()
    def _go_on(self) -> None:
        places, self._waiting = self._waiting, ()
        self.open(places)

    def _open_address(self, address: str) -> None:
        bucket, _slash, key = address.strip().partition("://")[2].partition("/")
        folder, slash, _name = key.rpartition("/")
        connection = self._connection_of(bucket)
        place = Place(connection, ObjectRef(bucket, folder + slash))
        known = self._window.backstage.sessions.connection(connection)
        if known is not None:
            self._window.show_connection(known)
        self._window.inside.navigator.open(place, key)

    def _connection_of(self, bucket: str) -> str:
        """The connection that knows the bucket; else the open one, else the first."""
        settings = self._window.backstage.preferences.settings
        here = self._window.inside.navigator.here
        known = [each.name for each in self._window.backstage.sessions.connections()]
        theirs = [name for name, of in settings.default_keys if of == bucket]
        theirs += [name for name, buckets in settings.named_buckets.items() if bucket in buckets]
        return next(
            (name for name in (*theirs, here.connection if here else "") if name in known), known[0]
        )

    def _offer(self, files: list[Path]) -> None:
        inside = self._window.inside
        here = inside.navigator.here
        if here is None:
            self._tell("Open a bucket first, then upload the files there")
            return
        choice = inside.upload_key.choice
        under = f"with {inside.upload_key.state.alias} " if choice else ""
        target = visible(f"s3://{here.folder.bucket}/{here.folder.key}")
        what = f"“{visible(files[0].name)}”" if len(files) == 1 else count(len(files), "item")
        dialog = Dialog(
            self._window.backstage.theme,
            "Upload",
            f"Upload {what}?",
            f"Encrypted {under}on this computer, then stored in {target}",
            glyph="ph.upload-simple",
            parent=self._window,
        )
        dialog.add_button("Upload", Role.AcceptRole, kind="primary").setFocus()
        if choice is not None:
            chooses = dialog.add_button("Choose another key…", Role.ActionRole)
            chooses.clicked.connect(lambda: dialog.done(CHOOSES_KEY))
        dialog.add_button("Cancel", Role.RejectRole)
        answer = dialog.exec()
        dialog.deleteLater()
        if answer:
            inside.commands.upload(
                files, here.folder.key, choose_key=choice is None or answer == CHOOSES_KEY
            )

    def _come_to_front(self, token: str) -> None:
        window = self._window
        if token:
            # Wayland lets a window come to the front only for whom the user has just started.
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def _tell(self, sentence: str) -> None:
        self._window.inside.parts.status.tell(sentence)
