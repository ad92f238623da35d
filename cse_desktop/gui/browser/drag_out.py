"""Rows dragged out of the list: downloaded to where a file manager takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QTableView

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.direct_save import DirectSave, PromisedFile, is_possible
from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import FOLDER, file_icon, paint_icon
from cse_desktop.gui.look.theme import Theme

NOT_HERE: Final = "Files can't be dragged out of the list on this system: use Download instead"
LONGEST_NAME: Final = 28


class DragOut(QObject):
    """Watches a table for drags that begin on a row. GUI thread.

    Args:
        selected: the entries that would be dragged.

    Signals:
        dropped: the entries, and the folder on this computer that they are dropped on.
        refused: a sentence why nothing can be dragged here.
    """

    dropped = Signal(object, object)
    refused = Signal(str)

    def __init__(
        self,
        theme: Theme,
        table: QTableView,
        selected: Callable[[], tuple[Entry, ...]],
    ) -> None:
        super().__init__(table)
        self._theme = theme
        self._table = table
        self._selected = selected
        self._pressed: QPoint | None = None
        table.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin a drag; everything else passes."""
        if not isinstance(event, QMouseEvent):
            return False
        kind, at = event.type(), event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress:
            is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            is_row = self._table.indexAt(at).isValid()
            is_left = event.button() == Qt.MouseButton.LeftButton
            self._pressed = at if is_left and is_plain and is_row else None
        elif kind == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif kind == QEvent.Type.MouseMove and self._pressed is not None:
            distance = (at - self._pressed).manhattanLength()
            if distance >= QApplication.startDragDistance():
                self._pressed = None
                self._begin()
            return True  # or the table would select all rows that the pointer passes
        return False

    def _begin(self) -> None:
        entries = self._selected()
        if not entries:
            return
        if not is_possible():
            self.refused.emit(NOT_HERE)
            return
        protocol = DirectSave()
        drag = QDrag(self._table)
        drag.setMimeData(PromisedFile(protocol, partial(self._saving, entries)))
        drag.setPixmap(label_of(self._theme, entries))
        drag.setHotSpot(QPoint(-12, -12))
        # The window that owns the drag is known only once it has begun.
        QTimer.singleShot(0, self, partial(protocol.offer, entries[0].name))
        drag.exec(Qt.DropAction.CopyAction)

    def _saving(self, entries: tuple[Entry, ...], path: Path) -> None:
        """Called while the file manager waits for its answer: all else comes after it."""
        QTimer.singleShot(0, self, partial(self.dropped.emit, entries, path.parent))


def label_of(theme: Theme, entries: Sequence[Entry]) -> QPixmap:
    """What hangs at the pointer: an icon, and a name or a count."""
    words = text.count(len(entries), "item")
    glyph = "ph.copy-simple"
    if len(entries) == 1:
        name = text.visible(entries[0].name)
        words = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        glyph = FOLDER if entries[0].is_folder else file_icon(name)
    ratio = QApplication.primaryScreen().devicePixelRatio()
    width, height = theme.px(48 + 8 * len(words)), theme.px(32)
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("border_button"))
    painter.setBrush(theme.color("surface"))
    painter.drawRoundedRect(QRect(0, 0, width - 1, height - 1), 6, 6)
    paint_icon(painter, theme, glyph, "text2", QRect(theme.px(8), 0, theme.px(16), height))
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font("strong"))
    room = QRect(theme.px(32), 0, width - theme.px(36), height)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return pixmap
