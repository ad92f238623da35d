"""The rows of the sidebar: connections, and under each its buckets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cse_desktop.core.objects import Bucket
from cse_desktop.core.session import Connection
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.look.text import tip, visible
from cse_desktop.gui.questions import Lane
from cse_desktop.jobs.snapshot import Failure, FailureKind

RowRole: Final = Qt.ItemDataRole.UserRole
"""The SidebarRow."""
BranchRole: Final = Qt.ItemDataRole.UserRole + 1
"""The Branch of the row's connection; None for a heading."""
OpenRole: Final = Qt.ItemDataRole.UserRole + 2
"""Whether the row is the bucket that the window shows."""

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX: Final = QModelIndex()


class RowKind(Enum):
    """What a row of the sidebar is."""

    HEADING = "heading"
    CONNECTION = "connection"
    BUCKET = "bucket"
    NOTE = "note"
    RETRY = "retry"
    ADD_BUCKET = "add bucket by name"


@dataclass(frozen=True, slots=True)
class SidebarRow:
    """One row.

    Attributes:
        text: what it says; of a bucket its name.
        has_key: a default key is set for the bucket.
    """

    kind: RowKind
    text: str
    connection: str = ""
    has_key: bool = False


class Reach(Enum):
    """How a connection stands."""

    NOT_TRIED = "not connected yet"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    NOT_REACHABLE = "not reachable"
    SIGN_IN = "sign in needed"
    REFUSED = "cannot connect"


@dataclass(frozen=True, slots=True)
class Branch:
    """A connection and what is known of it.

    Attributes:
        named: buckets that the user added by name.
        failure: why buckets could not be listed.
    """

    connection: Connection
    reach: Reach = Reach.NOT_TRIED
    is_open: bool = False
    buckets: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    failure: Failure | None = field(default=None)


_REACH: Final = {
    FailureKind.NETWORK: Reach.NOT_REACHABLE,
    FailureKind.SIGN_IN: Reach.SIGN_IN,
    # Signed in, only not allowed to list: buckets can be added by name.
    FailureKind.NOT_PERMITTED: Reach.CONNECTED,
}


class BucketModel(QAbstractListModel):
    """A flat list in the order shown; opening a connection inserts rows. GUI thread.

    Signals:
        reached: name of a connection whose Reach is another.
    """

    reached = Signal(str)

    def __init__(
        self, bridge: Bridge, session_for: SessionFor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_for = session_for
        self._branches: dict[str, Branch] = {}
        self._rows: list[SidebarRow] = []
        self._with_key: frozenset[tuple[str, str]] = frozenset()
        self._numbers: dict[str, int] = {}
        self._place = ("", "")

    def set_connections(self, connections: Sequence[Connection]) -> None:
        """Show these connections; what is known of those that stay is kept."""
        known = self._branches
        self._branches = {}
        for connection in connections:
            old = known.get(connection.name)
            is_same = old is not None and old.connection == connection
            self._branches[connection.name] = old if old and is_same else Branch(connection)
        self._rebuild()

    def set_default_keys(self, buckets: Collection[tuple[str, str]]) -> None:
        """Mark these buckets (connection, bucket) as having a default key."""
        self._with_key = frozenset(buckets)
        self._rebuild()

    def set_named_buckets(self, connection: str, buckets: Sequence[str]) -> None:
        """Show these buckets as well, listed or not."""
        if connection in self._branches:
            self._change(connection, named=tuple(buckets))

    def set_place(self, connection: str, bucket: str) -> None:
        """Mark the bucket that the window shows; "" for none."""
        self._place = (connection, bucket)
        self._rebuild()

    def branch(self, connection: str) -> Branch | None:
        """What is known of a connection."""
        return self._branches.get(connection)

    @property
    def is_connecting(self) -> bool:
        """Whether any connection is being tried."""
        return any(branch.reach is Reach.CONNECTING for branch in self._branches.values())

    def obvious_bucket(self, connection: str) -> str:
        """The bucket with a default key, or the only one; "" where the user has to say."""
        branch = self._branches.get(connection)
        buckets = (*branch.buckets, *branch.named) if branch else ()
        with_key = [name for name in buckets if (connection, name) in self._with_key]
        if with_key:
            return with_key[0]
        return buckets[0] if len(buckets) == 1 else ""

    def row(self, number: int) -> SidebarRow | None:
        """The row with this number."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def find(self, connection: str, bucket: str = "") -> int:
        """The row of a bucket, or of a connection when `bucket` is ""; -1 when it is not shown."""
        kind = RowKind.BUCKET if bucket else RowKind.CONNECTION
        text = bucket or connection
        for number, row in enumerate(self._rows):
            if (row.kind, row.connection, row.text) == (kind, connection, text):
                return number
        return -1

    def set_open(self, connection: str, is_open: bool) -> None:
        """Show or hide the buckets of a connection; the first time they are loaded."""
        branch = self._branches.get(connection)
        if branch is None:
            return
        self._change(connection, is_open=is_open)
        if is_open and branch.reach is Reach.NOT_TRIED:
            self.load(connection)

    def load(self, connection: str) -> None:
        """List the buckets of a connection, again if they are known."""
        if connection not in self._branches:
            return
        number = self._numbers[connection] = self._numbers.get(connection, 0) + 1
        self._change(connection, reach=Reach.CONNECTING, failure=None)
        self._bridge.ask(
            partial(_buckets, self._session_for, connection),
            partial(self._take, connection, number),
            partial(self._fail, connection, number),
            self,
            Lane.SIGN_IN,
        )

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """Headings, connections and what is shown under them."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings and notes are only read."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None or row.kind in (RowKind.HEADING, RowKind.NOTE):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the values behind them under RowRole and BranchRole."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        branch = self._branches.get(row.connection)
        is_open = row.kind is RowKind.BUCKET and (row.connection, row.text) == self._place
        values = {RowRole: row, BranchRole: branch, OpenRole: is_open}
        return values[role] if role in values else _text(row, branch, is_open, role)

    def _take(self, connection: str, number: int, buckets: Sequence[Bucket]) -> None:
        if self._numbers.get(connection) == number and connection in self._branches:
            names = tuple(bucket.name for bucket in buckets)
            self._change(connection, reach=Reach.CONNECTED, buckets=names)

    def _fail(self, connection: str, number: int, failure: Failure) -> None:
        if self._numbers.get(connection) == number and connection in self._branches:
            reach = _REACH.get(failure.kind, Reach.REFUSED)
            self._change(connection, reach=reach, failure=failure)

    def _change(self, connection: str, **changes: Any) -> None:
        before = self._branches[connection]
        self._branches[connection] = replace(before, **changes)
        self._rebuild()
        if self._branches[connection].reach is not before.reach:
            self.reached.emit(connection)

    def _rebuild(self) -> None:
        """Few rows: told as one change, so that the view keeps its selection by itself."""
        rows = [SidebarRow(RowKind.HEADING, "CONNECTIONS")]
        for branch in self._branches.values():
            rows.append(_connection_row(branch))
            if branch.is_open:
                rows.extend(self._under(branch))
        if rows == self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _under(self, branch: Branch) -> list[SidebarRow]:
        name = branch.connection.name
        buckets = sorted({*branch.buckets, *branch.named})
        rows = [
            SidebarRow(RowKind.BUCKET, bucket, name, (name, _of(bucket)) in self._with_key)
            for bucket in buckets
        ]
        failure = branch.failure
        if branch.reach is Reach.CONNECTING and not rows:
            rows.append(SidebarRow(RowKind.NOTE, "Connecting…", name))
        if failure is not None and branch.reach is Reach.CONNECTED:
            rows.append(SidebarRow(RowKind.NOTE, "Can't list buckets", name))
        elif failure is not None:
            words = "Sign in…" if branch.reach is Reach.SIGN_IN else "Try again"
            rows.append(SidebarRow(RowKind.RETRY, words, name))
        is_short = branch.reach is Reach.CONNECTED and (failure is not None or not branch.buckets)
        if is_short:
            rows.append(SidebarRow(RowKind.ADD_BUCKET, "Add bucket by name…", name))
        return rows


def _of(place: str) -> str:
    """The bucket of an entry, which may be a folder in it."""
    return place.partition("/")[0]


def _connection_row(branch: Branch) -> SidebarRow:
    return SidebarRow(RowKind.CONNECTION, branch.connection.name, branch.connection.name)


def _text(row: SidebarRow, branch: Branch | None, is_open: bool, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return visible(row.text)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return _spoken(row, branch) + (", open" if is_open else "")
    if role == Qt.ItemDataRole.ToolTipRole:
        return tip(_hint(row, branch))
    return None


def _hint(row: SidebarRow, branch: Branch | None) -> str:
    if branch is not None and branch.failure is not None and row.kind is not RowKind.BUCKET:
        return f"{branch.failure.title}\n{branch.failure.hint}".strip()
    return ""


def _spoken(row: SidebarRow, branch: Branch | None) -> str:
    name = visible(row.text)
    if row.kind is RowKind.CONNECTION and branch is not None:
        sandbox = ", sandbox" if branch.connection.is_sandbox else ""
        shown = "expanded" if branch.is_open else "collapsed"
        return f"{name}, connection{sandbox}, {branch.reach.value}, {shown}"
    if row.kind is RowKind.BUCKET:
        return f"{name}, bucket" + (", default key set" if row.has_key else "")
    return name


def _buckets(session_for: SessionFor, connection: str) -> tuple[Bucket, ...]:
    return session_for(connection).store.buckets()
