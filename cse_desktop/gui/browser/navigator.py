"""Which place is open: history, addresses, and the path bar's menus and completions."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cse_desktop.core.objects import ObjectRef, Page
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.path_bar import PathBar
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.places import History, Place, folder_of
from cse_desktop.gui.questions import Asked
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure

COMPLETES_AFTER_MS = 200
MENU_ROWS = 200


class Navigator(QObject):
    """Every way to another folder ends here. GUI thread.

    Signals:
        moved: the open Place is another one, and the object key to select there or "".
        refused: a sentence why an address cannot be opened.
    """

    moved = Signal(object, str)
    refused = Signal(str)

    def __init__(self, bridge: Bridge, sessions: Sessions, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._path: PathBar | None = None
        self._asked: Asked | None = None
        self._typed = ""
        self._settled = QTimer(self, singleShot=True, interval=COMPLETES_AFTER_MS)
        self._settled.timeout.connect(self._complete)
        self.history = History()

    @property
    def here(self) -> Place | None:
        """The open place."""
        return self.history.here

    def attach(self, path: PathBar) -> None:
        """Take addresses from a path bar and complete what is typed there."""
        self._path = path
        path.place_requested.connect(self.open_address)
        path.address_edited.connect(self._wait_for_typing)

    def use(self, history: History) -> None:
        """Go on in another history, where it ended."""
        self.history = history
        if history.here is not None:
            self.moved.emit(history.here, "")

    def open(self, place: Place, select: str = "") -> None:
        """Go to a folder; select the object of that key there."""
        self.history.visit(place)
        self.moved.emit(place, select)

    @Slot()
    def back(self) -> None:
        """One step back."""
        place = self.history.back()
        if place is not None:
            self.moved.emit(place, "")

    @Slot()
    def forward(self) -> None:
        """One step forward."""
        place = self.history.forward()
        if place is not None:
            self.moved.emit(place, "")

    @Slot()
    def up(self) -> None:
        """To the folder above, with the folder just left selected."""
        here = self.here
        above = here.parent if here else None
        if here is not None and above is not None:
            self.open(above, here.folder.key)

    @Slot(str)
    def open_address(self, address: str) -> None:
        """Go to an s3:// address under the connection that is open."""
        folder = folder_of(address)
        if folder is None:
            self.refused.emit("Write an address like s3://bucket/folder/")
        elif self.here is None:
            self.refused.emit("Choose a connection first")
        else:
            self.open(Place(self.here.connection, folder))

    def fill_menu(self, address: str, menu: Menu) -> None:
        """Fill a caret's menu with the folders directly below an address."""
        folder, here = folder_of(address), self.here
        if folder is None or here is None:
            return
        waiting = menu.add("Loading…", enabled=False)

        def show(page: Page) -> None:
            menu.removeAction(waiting)
            folders = [entry for entry in page.entries if entry.is_folder][:MENU_ROWS]
            for entry in folders:
                place = Place(here.connection, ObjectRef(folder.bucket, entry.key))
                menu.add(
                    visible(entry.name),
                    partial(self.open, place),
                    glyph="ph.folder",
                )
            if not folders:
                menu.add("No folders here", enabled=False)

        def fail(failure: Failure) -> None:
            menu.removeAction(waiting)
            menu.add(failure.title, enabled=False)

        self._bridge.ask(
            lambda: self._sessions.get(here.connection).store.page(folder), show, fail, menu
        )

    @Slot(str)
    def _wait_for_typing(self, text: str) -> None:
        self._typed = text
        self._settled.start()

    @Slot()
    def _complete(self) -> None:
        """Offer folders that begin with what is typed after the last slash."""
        here, typed = self.here, self._typed
        scheme, mark, rest = typed.partition("://")
        if here is None or not mark or scheme != "s3" or "/" not in rest:
            return
        bucket, _slash, key = rest.partition("/")
        if self._asked is not None:
            self._asked.cancel()

        def offer(page: Page) -> None:
            if self._path is not None and self._path.is_editing and typed == self._typed:
                found = [entry.key for entry in page.entries if entry.is_folder]
                self._path.set_completions([f"s3://{bucket}/{each}" for each in found])

        def keep_quiet(_failure: Failure) -> None:
            # A completion is a convenience; the address itself will say what is wrong with it.
            return

        prefix = ObjectRef(bucket, key)
        self._asked = self._bridge.ask(
            lambda: self._sessions.get(here.connection).store.page(prefix, limit=100),
            offer,
            keep_quiet,
            self,
        )
