"""A field for an s3:// address of a folder, with the folders that exist offered below it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QStyledItemDelegate, QWidget

from cse_desktop.core.objects import ObjectRef, Page
from cse_desktop.core.session import Session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.questions import Asked
from cse_desktop.jobs.snapshot import Failure

COMPLETES_AFTER_MS: Final = 200
OFFERED: Final = 100


class PlaceField(QLineEdit):
    """Typing stays quick: folders are asked for when it pauses. GUI thread.

    Args:
        session: gives the session of the connection; called in a worker.
    """

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session: Callable[[], Session],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bridge = bridge
        self._session = session
        self._asked: Asked | None = None
        self._found = QStandardItemModel(self)
        self._pause = QTimer(self, singleShot=True, interval=COMPLETES_AFTER_MS)
        self._pause.timeout.connect(self._complete)
        self.setProperty("role", "mono")
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAccessibleName("Folder in S3")
        self.setPlaceholderText("s3://bucket/folder/")
        self.setCompleter(self._make_completer())
        self.textEdited.connect(self._wait)

    def offered(self) -> tuple[str, ...]:
        """The addresses below the field."""
        return tuple(self._found.item(row).text() for row in range(self._found.rowCount()))

    def _make_completer(self) -> QCompleter:
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        popup = QListView()
        popup.setProperty("kind", "completions")
        popup.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
        completer.setPopup(popup)
        # The delegate that a completer brings along knows no style sheet.
        popup.setItemDelegate(QStyledItemDelegate(popup))
        completer.activated.connect(self._wait)
        return completer

    @Slot()
    def _wait(self) -> None:
        self._pause.start()

    @Slot()
    def _complete(self) -> None:
        typed = self.text()
        bucket, slash, key = typed.removeprefix("s3://").partition("/")
        if not typed.startswith("s3://") or not bucket or not slash:
            return
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._bridge.ask(
            partial(_look, self._session, ObjectRef(bucket, key)),
            partial(self._offer, typed),
            self._keep_quiet,
            self,
        )

    def _offer(self, typed: str, page: Page) -> None:
        if typed != self.text():
            return
        bucket = typed.removeprefix("s3://").partition("/")[0]
        self._found.clear()
        for entry in page.entries:
            if entry.is_folder:
                item = QStandardItem(icon(self._theme, "ph.folder"), f"s3://{bucket}/{entry.key}")
                self._found.appendRow(item)
        if self._found.rowCount() and self.hasFocus():
            self.completer().setCompletionPrefix(typed)
            self.completer().complete()

    def _keep_quiet(self, _failure: Failure) -> None:
        """An offer is a convenience; the address itself will say what is wrong with it."""


def _look(session: Callable[[], Session], prefix: ObjectRef) -> Page:
    return session().store.page(prefix, limit=OFFERED)
