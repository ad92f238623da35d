"""Files that are on the disk, dragged out of a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication


class FileDrag(QObject):
    """Files that are on the disk, dragged out of a view as files are. GUI thread.

    Args:
        files: those that would be dragged.
    """

    def __init__(self, viewport: QObject, files: Callable[[], Sequence[Path]]) -> None:
        super().__init__(viewport)
        self._files = files
        self._pressed: QPoint | None = None
        self._viewport = viewport
        viewport.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Begin a drag; everything else passes."""
        if not isinstance(event, QMouseEvent):
            return False
        kind, at = event.type(), event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress:
            self._pressed = at if event.button() == Qt.MouseButton.LeftButton else None
        elif kind == QEvent.Type.MouseButtonRelease:
            self._pressed = None
        elif kind == QEvent.Type.MouseMove and self._pressed is not None:
            distance = (at - self._pressed).manhattanLength()
            files = self._files() if distance >= QApplication.startDragDistance() else ()
            if files:
                self._pressed = None
                drag = QDrag(self._viewport)
                mime = QMimeData()
                mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
                drag.setMimeData(mime)
                drag.exec(Qt.DropAction.CopyAction)
                return True
        return False
