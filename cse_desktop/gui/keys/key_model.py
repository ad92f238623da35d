"""The keys of the picker as a table: which are shown, in what order, and what was found out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.gui.keys import key_words
from cse_desktop.gui.keys.context_pairs import Pair
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.parts.state_dot import key_look

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """Columns of the picker's list."""

    ALIAS = 0
    KEY_ID = 1
    STATE = 2
    MATERIAL = 3
    YOU_CAN = 4


HEADINGS: Final = ("Alias", "Key ID", "State", "Key material", "You can")

KeyRole: Final = Qt.ItemDataRole.UserRole
CheckedRole: Final = Qt.ItemDataRole.UserRole + 1
FavouriteRole: Final = Qt.ItemDataRole.UserRole + 2
UsableRole: Final = Qt.ItemDataRole.UserRole + 3

NOT_CHECKED: Final = "Not checked yet"


class Scope(Enum):
    """The tabs above the list."""

    ALL = "All"
    FAVOURITES = "Favourites"
    RECENT = "Recent"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which keys are shown.

    Attributes:
        needle: words that alias, description or ARN must contain.
        is_usable_only: hide keys that are known not to be able to encrypt for this user.
    """

    scope: Scope = Scope.ALL
    needle: str = ""
    is_usable_only: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of permissions found, and when.

    Attributes:
        at: of the monotonic clock, in seconds.
        context: the pairs that the check was made with.
    """

    permissions: Permissions
    at: float
    context: tuple[Pair, ...] = ()

    @property
    def age_s(self) -> float:
        """How old the result is."""
        return time.monotonic() - self.at


class KeyModel(QAbstractTableModel):
    """One row a key.

    Signals:
        counted: the number of keys behind a tab may have changed.
        favourites_changed: the ARNs of all favourites, as a tuple.
    """

    counted = Signal()
    favourites_changed = Signal(object)

    def __init__(
        self, favourites: Sequence[str], recent: Sequence[str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._favourites = dict.fromkeys(favourites)
        self._recent = tuple(dict.fromkeys(recent))
        self._keys: dict[str, KmsKey] = {}
        self._rows: list[str] = []
        self._checked: dict[str, Checked] = {}
        self._filter = Filter()

    def set_keys(self, keys: Iterable[KmsKey]) -> None:
        """Show these keys; results of earlier checks stay."""
        ordered = sorted(keys, key=self._rank)
        self.beginResetModel()
        self._keys = {key.arn: key for key in ordered}
        self._rows = self._matching()
        self.endResetModel()
        self.counted.emit()

    def put_first(self, key: KmsKey) -> None:
        """Add a key that was found by its name, above all others."""
        others = {arn: other for arn, other in self._keys.items() if arn != key.arn}
        self.beginResetModel()
        self._keys = {key.arn: key, **others}
        self._rows = self._matching()
        self.endResetModel()
        self.counted.emit()

    def set_filter(self, wanted: Filter) -> None:
        """Show what `wanted` lets through."""
        if wanted != self._filter:
            self.beginResetModel()
            self._filter = wanted
            self._rows = self._matching()
            self.endResetModel()

    def set_permissions(
        self, arn: str, permissions: Permissions, context: tuple[Pair, ...] = ()
    ) -> None:
        """Note what a check found, now."""
        self._checked[arn] = Checked(permissions, time.monotonic(), context)
        row = self.row_of(arn)
        if row < 0:
            return
        if self._is_shown(self._keys[arn]):
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()

    def toggle_favourite(self, row: int) -> None:
        """Make the key of `row` a favourite, or no longer one; rows stay where they are."""
        arn = self._rows[row]
        if arn in self._favourites:
            del self._favourites[arn]
        else:
            self._favourites[arn] = None
        self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
        self.counted.emit()
        self.favourites_changed.emit(tuple(self._favourites))

    def key(self, row: int) -> KmsKey | None:
        """The key of a row, or None outside of the list."""
        return self._keys[self._rows[row]] if 0 <= row < len(self._rows) else None

    def checked(self, arn: str) -> Checked | None:
        """The last result of a check."""
        return self._checked.get(arn)

    def row_of(self, arn: str) -> int:
        """The row of a key, or -1 when it is not shown."""
        return self._rows.index(arn) if arn in self._rows else -1

    def row_named(self, name: str) -> int:
        """The row of the key with this ARN, id or alias, or -1 when it is not shown."""
        for row, arn in enumerate(self._rows):
            key = self._keys[arn]
            if name in (key.arn, key.key_id, *key.aliases):
                return row
        return -1

    def count(self, scope: Scope) -> int:
        """How many keys a tab holds, whatever the search."""
        return sum(self._is_in(arn, scope) for arn in self._keys)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Always five."""
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The headings."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Values for the delegate; words for whoever does not see what it paints."""
        key = self.key(index.row()) if index.isValid() else None
        if key is None:
            return None
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._words(key, column)[0]
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(word for word in self._words(key, column) if word)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(self._tooltip(key, column))
            case _:
                return self._value(key, role)

    def _value(self, key: KmsKey, role: int) -> object:
        checked = self._checked.get(key.arn)
        if role == KeyRole:
            return key
        if role == CheckedRole:
            return checked
        if role == FavouriteRole:
            return key.arn in self._favourites
        if role == UsableRole:
            return key_words.obstacle(key, checked.permissions if checked else None) is None
        return None

    def _words(self, key: KmsKey, column: Column) -> tuple[str, ...]:
        match column:
            case Column.ALIAS:
                favourite = "favourite" if key.arn in self._favourites else ""
                return (key.label, key.description, favourite)
            case Column.KEY_ID:
                return (key_words.short_id(key),)
            case Column.STATE:
                look = key_look(key)
                return (look.word, look.note)
            case Column.MATERIAL:
                return (key_words.origin(key), key_words.kind(key))
            case Column.YOU_CAN:
                return self._permission_words(key)

    def _permission_words(self, key: KmsKey) -> tuple[str, ...]:
        checked = self._checked.get(key.arn)
        if checked is None:
            return ("Encrypt and decrypt not checked",)
        words = {
            Permission.ALLOWED: "allowed",
            Permission.DENIED: "denied",
            Permission.UNKNOWN: "not known",
        }
        permissions = checked.permissions
        return (
            f"Encrypt {words[permissions.encrypt]}",
            f"Decrypt {words[permissions.decrypt]}",
        )

    def _tooltip(self, key: KmsKey, column: Column) -> str:
        checked = self._checked.get(key.arn)
        if column is Column.ALIAS:
            return "\n".join((*key.aliases, key.description)).strip()
        if column is Column.KEY_ID:
            return key.arn
        if column is not Column.YOU_CAN:
            return ""
        obstacle = key_words.obstacle(key, checked.permissions if checked else None)
        if obstacle is not None:
            return f"{obstacle.title}. {obstacle.text}"
        return checked.permissions.note if checked else NOT_CHECKED

    def _rank(self, key: KmsKey) -> tuple[bool, bool, bool, bool, str]:
        """Favourites, keys that work, those in a bad state, those of a wrong kind."""
        return (
            key.arn not in self._favourites,
            key.manager == "AWS" or key.spec not in ("", "SYMMETRIC_DEFAULT"),
            not key.can_wrap,
            not key.aliases,
            key.label.casefold(),
        )

    def _matching(self) -> list[str]:
        rows = [arn for arn, key in self._keys.items() if self._is_shown(key)]
        if self._filter.scope is Scope.RECENT:
            rows.sort(key=self._recent.index)
        return rows

    def _is_in(self, arn: str, scope: Scope) -> bool:
        if scope is Scope.FAVOURITES:
            return arn in self._favourites
        return scope is Scope.ALL or arn in self._recent

    def _is_shown(self, key: KmsKey) -> bool:
        wanted, checked = self._filter, self._checked.get(key.arn)
        if not self._is_in(key.arn, wanted.scope) or not key_words.matches(key, wanted.needle):
            return False
        permissions = checked.permissions if checked else None
        return not wanted.is_usable_only or key_words.obstacle(key, permissions) is None
