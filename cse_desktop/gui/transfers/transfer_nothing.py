"""What the transfers panel shows when a tab is empty; low enough for the panel at its lowest."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label
from cse_desktop.gui.parts.tile import Tile
from cse_desktop.gui.transfers.transfer_rows import Tab

_TALL: Final = 300

_WORDS: Final = {
    Tab.ALL: ("No transfers", ""),
    Tab.ACTIVE: ("Nothing is running", "What is done stands under Completed and Failed."),
    Tab.COMPLETED: ("Nothing completed yet", "Transfers that reached their end appear here."),
    Tab.FAILED: (
        "Nothing failed",
        "Transfers that could not be done appear here, with the reason.",
    ),
}
_FIRST: Final = ("No transfers", "Uploads, downloads and verifications appear here while they run.")


class TransferNothing(QWidget):
    """Title, a sentence, and the way to a first transfer.

    Signals:
        upload_requested: the button was pressed.
    """

    upload_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tile = Tile(theme, "ph.arrow-up", "info")
        self._title = label(role="h3")
        self._text = label(tone="text2", wrap=True)
        self._upload = button(theme, "Upload files…", glyph="ph.upload-simple", sz="small")
        self._upload.clicked.connect(self.upload_requested)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        column.setSpacing(theme.px(4))
        column.addStretch(1)
        column.addWidget(self._tile, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.px(8))
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(theme.px(4))
        column.addWidget(self._upload, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.set_tab(Tab.ACTIVE, is_first_time=True)

    def set_tab(self, tab: Tab, *, is_first_time: bool) -> None:
        """Say what is missing in a tab.

        Args:
            is_first_time: no tab has anything.
        """
        title, words = _FIRST if is_first_time else _WORDS[tab]
        self._title.setText(title)
        self._text.setText(words)
        self._upload.setVisible(is_first_time)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tile.setVisible(self.height() >= self._theme.px(_TALL))
