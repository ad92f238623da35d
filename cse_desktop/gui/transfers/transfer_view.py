"""The transfers list: mouse, keyboard and context menu over one delegate."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyleOptionViewItem, QWidget

from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import escape_mnemonic
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_delegate import TransferDelegate
from cse_desktop.gui.transfers.transfer_look import state_of
from cse_desktop.gui.transfers.transfer_model import RowRole, TransferModel
from cse_desktop.gui.transfers.transfer_rows import TransferRow

SHORTCUTS = {
    Action.HOLD: "Ctrl+P",
    Action.RELEASE: "Ctrl+P",
    Action.RETRY: "R",
    Action.DECIDE: "Enter",
    Action.DETAILS: "Enter",
    Action.OPEN_FOLDER: "Enter",
    Action.MOVE_UP: "Alt+Up",
    Action.CANCEL: "Del",
    Action.REMOVE: "Del",
}
_ON_ENTER = (Action.DECIDE, Action.DETAILS, Action.OPEN_FOLDER)

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class TransferView(QListView):
    """Rows with actions.

    Signals:
        chosen: an Action, and the ids of the jobs it is meant for.
    """

    chosen = Signal(object, object)

    def __init__(self, theme: Theme, model: TransferModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model
        self._delegate = TransferDelegate(theme, lambda: model.slots, self)
        self._delegate.chosen.connect(self._choose_one)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName("Transfers")
        theme.changed.connect(self._relayout)

    def selected(self) -> list[TransferRow]:
        """The selected rows, from top to bottom; the current one where none is."""
        indexes = sorted(self.selectedIndexes(), key=QModelIndex.row)
        if not indexes and self.currentIndex().isValid():
            indexes = [self.currentIndex()]
        return [index.data(RowRole) for index in indexes]

    def offered(self, rows: list[TransferRow]) -> dict[Action, list[int]]:
        """What can be done with rows: each action with the jobs it fits."""
        found: dict[Action, list[int]] = {action: [] for action in Action}
        for row in rows:
            state = state_of(row.snapshot, self._model.slots)
            for action in (*state.actions, *state.menu):
                found[action].append(row.snapshot.id)
        one_only = (Action.DETAILS, Action.OPEN_FOLDER, Action.MOVE_UP)
        return {
            action: ids
            for action, ids in found.items()
            if ids and not (action in one_only and len(rows) > 1)
        }

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeyCombination(
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())
        )
        wanted = _KEYS.get(keys.toCombined())
        if wanted is None:
            super().keyPressEvent(event)
            return
        offered = self.offered(self.selected())
        found = [action for action in wanted if action in offered]
        # Delete means both of its actions; of the others the first that fits.
        for action in found if Action.REMOVE in wanted else found[:1]:
            self.chosen.emit(action, offered[action])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all rows in one go.

        Called from Python, Qt keeps the interpreter from the first cell to the last; left to
        itself it gives it back after each, and stands in line behind every transfer's thread.
        """
        super().paintEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._action_at(index, event.position().toPoint()) is None:
            offered = self.offered([index.data(RowRole)])
            for action in _ON_ENTER:
                if action in offered:
                    self.chosen.emit(action, offered[action])
                    return

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        action = self._action_at(index, at) if index.isValid() else None
        self._hover(None if action is None else (index.data(RowRole).snapshot.id, action))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(event.pos())
        else:
            index = self.currentIndex()
        menu = self.menu_for(self.selected()) if index.isValid() else None
        if menu is None:
            return
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        corner = self.visualRect(index).bottomLeft() + QPoint(self._theme.px(56), 0)
        menu.popup(event.globalPos() if by_mouse else self.viewport().mapToGlobal(corner))

    def menu_for(self, rows: list[TransferRow]) -> QMenu | None:
        """All that can be done with rows, as a menu that deletes itself; None for nothing."""
        offered = self.offered(rows)
        if not offered:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action, ids in offered.items():
            if action in (Action.CANCEL, Action.REMOVE) and not menu.isEmpty():
                menu.addSeparator()
            label = f"{action.label} ({len(ids)})" if len(rows) > 1 else action.label
            added = menu.addAction(
                icon(self._theme, action.glyph), f"{escape_mnemonic(label)}\t{SHORTCUTS[action]}"
            )
            added.setData((action, ids))
        menu.triggered.connect(self._choose_from_menu)
        return menu

    @Slot(object)
    def _choose_from_menu(self, chosen: object) -> None:
        self.chosen.emit(*chosen.data())  # type: ignore[attr-defined]  # a QAction

    @Slot(object, int)
    def _choose_one(self, action: Action, job_id: int) -> None:
        self.chosen.emit(action, [job_id])

    @Slot()
    def _relayout(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def _hover(self, hovered: tuple[int, Action] | None) -> None:
        if self._delegate.hover(hovered):
            self.viewport().update()

    def _action_at(self, index: QModelIndex, at: QPoint) -> Action | None:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return self._delegate.action_at(option, index.data(RowRole), at)


_KEYS = {
    QKeyCombination(modifier, key).toCombined(): actions
    for modifier, key, actions in (
        (_NONE, Qt.Key.Key_Delete, (Action.CANCEL, Action.REMOVE)),
        (_CTRL, Qt.Key.Key_Backspace, (Action.CANCEL, Action.REMOVE)),
        (_NONE, Qt.Key.Key_Return, _ON_ENTER),
        (_NONE, Qt.Key.Key_Enter, _ON_ENTER),
        (_CTRL, Qt.Key.Key_P, (Action.HOLD, Action.RELEASE)),
        (_NONE, Qt.Key.Key_R, (Action.RETRY,)),
        (_ALT, Qt.Key.Key_Up, (Action.MOVE_UP,)),
    )
}
