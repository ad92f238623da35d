"""The sidebar: connections and buckets, and at its foot what belongs to all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cse_desktop.core.session import Connection
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.bucket_model import BucketModel, Reach, RowKind, SidebarRow
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.browser.pinned_places import PinnedPlaces
from cse_desktop.gui.browser.sidebar_foot import SidebarFoot
from cse_desktop.gui.browser.sidebar_view import SidebarView
from cse_desktop.gui.look.theme import Theme

WIDTH: Final = 240


class BucketList(QWidget):
    """Connections with their buckets, keyboard and mouse. GUI thread.

    Up and Down move, Right opens a connection, Left closes it, Enter opens a bucket.

    Signals:
        place_chosen: connection and bucket.
        connection_opened: a connection was opened or tried again.
        connection_reached: its buckets were listed, or could not be.
        add_connection_asked, keys_asked, settings_asked: from the foot.
        add_bucket_asked, sign_in_asked: for a connection.
        menu_asked: connection, bucket ("" for the connection) and where, in screen coordinates.
    """

    place_chosen = Signal(str, str)
    connection_opened = Signal(str)
    connection_reached = Signal(str)
    add_connection_asked = Signal()
    keys_asked = Signal()
    settings_asked = Signal()
    add_bucket_asked = Signal(str)
    sign_in_asked = Signal(str)
    menu_asked = Signal(str, str, QPoint)

    def __init__(
        self, theme: Theme, bridge: Bridge, session_for: SessionFor, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = BucketModel(bridge, session_for, self)
        self.list = SidebarView(theme, self.model)
        self.pinned = PinnedPlaces(theme)
        self._foot = SidebarFoot(theme)
        self.setProperty("frame", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addWidget(self.pinned)
        column.addWidget(self._foot)
        self.list.row_chosen.connect(self._choose)
        self.list.opened.connect(self._set_open)
        self.list.menu_asked.connect(self._ask_menu)
        self.model.reached.connect(self.connection_reached)
        self._foot.add_connection_asked.connect(self.add_connection_asked)
        self._foot.keys_asked.connect(self.keys_asked)
        self._foot.settings_asked.connect(self.settings_asked)
        self.setFocusProxy(self.list)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def set_connections(self, connections: Sequence[Connection]) -> None:
        """Show these connections."""
        self.model.set_connections(connections)

    def set_default_keys(self, buckets: Collection[tuple[str, str]]) -> None:
        """Put a lock on these buckets: pairs of connection and bucket."""
        self.model.set_default_keys(buckets)

    def set_named_buckets(self, connection: str, buckets: Sequence[str]) -> None:
        """Show buckets that the user added by name."""
        self.model.set_named_buckets(connection, buckets)

    def open_connection(self, connection: str) -> None:
        """Show the buckets of a connection; the first time they are loaded."""
        self.model.set_open(connection, True)

    def obvious_bucket(self, connection: str) -> str:
        """The bucket that is surely meant when a connection is opened, or ""."""
        return self.model.obvious_bucket(connection)

    def refresh(self, connection: str) -> None:
        """List the buckets of a connection again."""
        self.model.load(connection)

    def select_place(self, connection: str, bucket: str) -> None:
        """Mark the open bucket; "" for none. It may still be hidden in a closed connection."""
        self.model.set_place(connection, bucket)

    def set_compact(self, compact: bool) -> None:
        """Make the foot a row of icons, for low windows."""
        self._foot.set_compact(compact)

    @Slot(object)
    def _choose(self, row: SidebarRow) -> None:
        branch = self.model.branch(row.connection)
        if row.kind is RowKind.BUCKET:
            self.place_chosen.emit(row.connection, row.text)
        elif row.kind is RowKind.ADD_BUCKET:
            self.add_bucket_asked.emit(row.connection)
        elif row.kind is RowKind.RETRY:
            if branch is not None and branch.reach is Reach.SIGN_IN:
                self.sign_in_asked.emit(row.connection)
            else:
                self.model.load(row.connection)
        elif row.kind is RowKind.CONNECTION and branch is not None:
            self._set_open(row.connection, not branch.is_open)

    @Slot(str, bool)
    def _set_open(self, connection: str, is_open: bool) -> None:
        self.model.set_open(connection, is_open)
        if is_open:
            self.connection_opened.emit(connection)

    @Slot(object, QPoint)
    def _ask_menu(self, row: SidebarRow, at: QPoint) -> None:
        bucket = row.text if row.kind is RowKind.BUCKET else ""
        self.menu_asked.emit(row.connection, bucket, at)
