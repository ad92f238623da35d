"""The list of the sidebar: keys, clicks, spinner."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QListView, QWidget

from cse_desktop.gui.browser.bucket_delegate import BucketDelegate
from cse_desktop.gui.browser.bucket_model import BucketModel, RowKind, SidebarRow
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.spinner import STEP_MS

_Key = Qt.Key


class SidebarView(QListView):
    """The current row moves with the keys; the open bucket is marked by the model.

    Signals:
        row_chosen: the SidebarRow of a click or Enter.
        opened: a connection is to be opened (True) or closed.
        menu_asked: a SidebarRow and where, in screen coordinates.
    """

    row_chosen = Signal(object)
    opened = Signal(str, bool)
    menu_asked = Signal(object, QPoint)

    def __init__(self, theme: Theme, model: BucketModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sidebar = model
        self._delegate = BucketDelegate(theme, self)
        self._kept: SidebarRow | None = None
        self._timer = QTimer(self, interval=STEP_MS)
        self._timer.timeout.connect(self._turn)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Connections and buckets")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("frame", "sidebar")
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._click)
        model.modelAboutToBeReset.connect(self._keep_current)
        model.modelReset.connect(self._restore_current)
        model.dataChanged.connect(self._follow_reach)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self._sidebar.row(self.currentIndex().row())
        key = event.key()
        if row is not None and key in (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space):
            self.row_chosen.emit(row)
        elif row is not None and key in (_Key.Key_Right, _Key.Key_Left):
            if row.kind is RowKind.CONNECTION:
                self.opened.emit(row.connection, key == _Key.Key_Right)
            elif key == _Key.Key_Left:
                self.setCurrentIndex(self._sidebar.index(self._sidebar.find(row.connection)))
        elif row is not None and key == _Key.Key_Menu:
            rect = self.visualRect(self.currentIndex())
            self.menu_asked.emit(row, self.viewport().mapToGlobal(rect.center()))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
        row = self._sidebar.row(index.row())
        if row is not None and row.kind in (RowKind.CONNECTION, RowKind.BUCKET):
            self.menu_asked.emit(row, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self._sidebar.index(1))

    @Slot(QModelIndex)
    def _click(self, index: QModelIndex) -> None:
        row = self._sidebar.row(index.row())
        if row is not None and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.row_chosen.emit(row)

    @Slot()
    def _keep_current(self) -> None:
        self._kept = self._sidebar.row(self.currentIndex().row())

    @Slot()
    def _restore_current(self) -> None:
        kept = self._kept
        if kept is not None:
            bucket = kept.text if kept.kind is RowKind.BUCKET else ""
            row = self._sidebar.find(kept.connection, bucket)
            row = row if row >= 0 else self._sidebar.find(kept.connection)
            self.setCurrentIndex(self._sidebar.index(row))
        self._follow_reach()

    @Slot()
    def _follow_reach(self) -> None:
        """The spinner turns only while a connection is being tried."""
        is_turning = self._sidebar.is_connecting and not self._theme.reduced_motion
        if is_turning and not self._timer.isActive():
            self._timer.start()
        elif not is_turning:
            self._timer.stop()

    @Slot()
    def _turn(self) -> None:
        self._delegate.spinner_step += 1
        self.viewport().update()

    @Slot()
    def _follow_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color("window"))
        self.setPalette(palette)
        self.scheduleDelayedItemsLayout()
