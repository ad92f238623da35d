"""Files dragged onto the folder table: what would happen, and the drop itself."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QTableView, QWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.drop_card import DropCard
from cse_desktop.gui.browser.drop_overlay import DropOverlay
from cse_desktop.gui.browser.folder_table import EntryRole
from cse_desktop.gui.look import text

MEASURED_AT_MOST: Final = 200
"""More files than these are counted, not measured: the pointer must not wait for a disk."""
SCROLL_EDGE: Final = 24


@dataclass(frozen=True, slots=True)
class Dragged:
    """What hangs at the pointer, and where it would land.

    Attributes:
        folder_key: key of the folder under the pointer, else of the open folder; ends with "/"
            unless it is the bucket itself.
        summary: "3 files · 1.24 GB".
    """

    paths: tuple[Path, ...]
    folder_key: str
    summary: str


DropCheck = Callable[[Dragged], DropCard]
"""What the card says; `is_refused` when the place or the key does not accept."""


class DropTarget(QObject):
    """Takes local files and folders dropped on a table, always as copies. GUI thread.

    Signals:
        dropped: paths, key of the target folder, and whether Shift asks for another key.
    """

    dropped = Signal(object, str, bool)

    def __init__(
        self,
        table: QTableView,
        overlay: DropOverlay,
        check: DropCheck,
        open_folder: Callable[[], str],
    ) -> None:
        super().__init__(table)
        self._table = table
        self._overlay = overlay
        self._check = check
        self._open_folder = open_folder
        self._dragged: Dragged | None = None
        self.watch(table.viewport())

    def watch(self, widget: QWidget) -> None:
        """Take drops on this widget too."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle drags; everything else passes."""
        if isinstance(event, QDragLeaveEvent):
            self._end()
        elif isinstance(event, QDragMoveEvent):  # QDragEnterEvent is one, too
            self._consider(watched, event)
        elif isinstance(event, QDropEvent):
            self._take(watched, event)
        else:
            return False
        return True

    def _consider(self, watched: QObject, event: QDragMoveEvent) -> None:
        if event.type() == QEvent.Type.DragEnter:
            self._end()
        card = self._card_at(watched, event)
        if card is None:
            event.ignore()
            return
        if card.is_refused:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            # Qt tells a widget that ignores the entering drag nothing more, not even that it has
            # left, and the veil would stay: so the entering is accepted, every move refused.
            event.setAccepted(event.type() == QEvent.Type.DragEnter)
            return
        # Always a copy: a file manager that offers a move would delete the user's file.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _take(self, watched: QObject, event: QDropEvent) -> None:
        card, dragged = self._card_at(watched, event), self._dragged
        self._end()
        if card is None or card.is_refused or dragged is None:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        wants_other_key = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.dropped.emit(dragged.paths, dragged.folder_key, wants_other_key)

    def _card_at(self, watched: QObject, event: QDropEvent) -> DropCard | None:
        paths = self._dragged.paths if self._dragged else local_paths(event.mimeData())
        if not paths:
            return None
        at = event.position().toPoint()
        if isinstance(watched, QWidget) and watched is not self._table.viewport():
            at = self._table.viewport().mapFrom(
                watched.window(), watched.mapTo(watched.window(), at)
            )
        folder, ring = self._folder_at(at)
        summary = self._dragged.summary if self._dragged else summary_of(paths)
        self._dragged = Dragged(paths, folder, summary)
        card = self._check(self._dragged)
        self._overlay.show_card(card)
        self._overlay.set_target(None if card.is_refused else ring)
        if event.type() == QEvent.Type.DragMove:
            self._scroll_near_edge(at)
        return card

    def _folder_at(self, at: QPoint) -> tuple[str, QRect | None]:
        table = self._table
        viewport = table.viewport()
        if table.isVisible() and viewport.rect().contains(at):
            index = table.indexAt(at)
            entry: Entry | None = index.data(EntryRole) if index.isValid() else None
            if entry is not None and entry.is_folder:
                row = QRect(
                    0,
                    table.rowViewportPosition(index.row()),
                    viewport.width(),
                    table.rowHeight(index.row()),
                )
                corner = self._overlay.mapFromGlobal(viewport.mapToGlobal(row.topLeft()))
                corner = self._overlay.mapToParent(corner)
                return entry.key, row.translated(corner - row.topLeft())
        return self._open_folder(), None

    def _scroll_near_edge(self, at: QPoint) -> None:
        bar, height = self._table.verticalScrollBar(), self._table.viewport().height()
        if 0 <= at.y() < SCROLL_EDGE:
            bar.setValue(bar.value() - bar.singleStep())
        elif height - SCROLL_EDGE < at.y() <= height:
            bar.setValue(bar.value() + bar.singleStep())

    def _end(self) -> None:
        self._dragged = None
        self._overlay.set_target(None)
        if self._overlay.card is not None:
            self._overlay.clear()


def local_paths(mime: QMimeData) -> tuple[Path, ...]:
    """The local files and folders that are dragged; none when anything is not on this computer."""
    urls = mime.urls()
    if not urls or not all(url.isLocalFile() for url in urls):
        return ()
    return tuple(Path(url.toLocalFile()) for url in urls)


def summary_of(paths: tuple[Path, ...]) -> str:
    """How much is dragged: "3 files · 1.24 GB", "1 folder and 2 files"."""
    folders, total = 0, 0
    for path in paths[:MEASURED_AT_MOST]:
        try:
            found = os.stat(path)
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode):
            folders += 1
        else:
            total += found.st_size
    files = len(paths) - folders
    parts = [text.count(folders, "folder")] if folders else []
    parts += [text.count(files, "file")] if files else []
    words = " and ".join(parts)
    is_measured = not folders and len(paths) <= MEASURED_AT_MOST
    return f"{words} · {text.size(total)}" if is_measured else words
