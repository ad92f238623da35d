"""The list of keys, or why there is nothing in it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from cse_desktop.gui.keys.key_list import KeyList
from cse_desktop.gui.keys.key_model import Filter, KeyModel, Scope
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.empty_state import Action, EmptyLook, EmptyState
from cse_desktop.gui.parts.layouts import hbox
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.jobs.snapshot import Failure

PASTE: Final = Action("Paste a key ARN…", "ph.clipboard-text")
SHOW_ALL: Final = Action("Show all keys")
TRY_AGAIN: Final = Action("Try again", "ph.arrow-clockwise")
CLEAR: Final = Action("Clear search")

_NO_FAVOURITES: Final = EmptyLook(
    "ph.star", "No favourites yet", "Mark a key with its star, and it is found here."
)
_NO_RECENT: Final = EmptyLook(
    "ph.clock", "No recent keys", "Keys that you encrypt with are found here."
)
_MAY_NOT_LIST: Final = EmptyLook(
    "ph.prohibit",
    "You can't list keys here",
    "Your role lacks kms:ListKeys. You may still use a key if you know its ARN.",
    "neutral",
    (PASTE, TRY_AGAIN),
)


class KeyPane(QStackedWidget):
    """Shows the list, that it is being read, or an empty state.

    Signals:
        acted: the Action that the user chose in an empty state.
    """

    acted = Signal(object)

    def __init__(
        self, theme: Theme, model: KeyModel, region: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._region = region
        self._look = _NO_RECENT
        self.list = KeyList(theme, model)
        self.empty = EmptyState(theme, self._look)
        self.empty.acted.connect(self._act)
        self.loading = _loading_page(theme)
        empty_page = card("surface")
        centre = QHBoxLayout(empty_page)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.addWidget(self.empty)
        self._empty_page = empty_page
        for page in (self.list, empty_page, self.loading):
            self.addWidget(page)

    def show_loading(self) -> None:
        """Say that keys are being read, unless there are some to look at."""
        if not self._model.count(Scope.ALL):
            self.setCurrentWidget(self.loading)

    def show_failure(self, failure: Failure) -> None:
        """Say why the keys could not be read."""
        hint = failure.hint or "Check your network or VPN."
        self._show(EmptyLook("ph.wifi-slash", failure.title, hint, "bad", (TRY_AGAIN, PASTE)))

    def show_result(self, wanted: Filter, *, is_refused: bool) -> None:
        """Show the list, or why nothing of it is wanted.

        Args:
            is_refused: the user may not list keys.
        """
        if self._model.rowCount():
            self.setCurrentWidget(self.list)
        else:
            self._show(self._empty_look(wanted, is_refused))

    def _empty_look(self, wanted: Filter, is_refused: bool) -> EmptyLook:
        total = self._model.count(Scope.ALL)
        if wanted.needle.strip() and self._model.count(wanted.scope):
            return EmptyLook(
                "ph.magnifying-glass",
                f"No key matches {text.curly(text.visible(wanted.needle.strip()))}",
                "Aliases, descriptions and key IDs were searched.",
                actions=(CLEAR,),
            )
        if wanted.scope is Scope.FAVOURITES and total:
            return _NO_FAVOURITES
        if wanted.scope is Scope.RECENT and total:
            return _NO_RECENT
        if is_refused:
            return _MAY_NOT_LIST
        return self._none_usable(total)

    def _none_usable(self, total: int) -> EmptyLook:
        if total:
            which = f"None of the {text.count(total, 'key')} in {self._region or 'this Region'}"
        else:
            which = f"No key in {self._region or 'this Region'}"
        return EmptyLook(
            "ph.key",
            "No usable KMS key",
            f"{which} lets your role create data keys. Uploads are off until you have one.",
            "warn",
            (PASTE, SHOW_ALL) if total else (PASTE, TRY_AGAIN),
        )

    def _show(self, look: EmptyLook) -> None:
        self._look = look
        self.empty.set_look(look)
        self.setCurrentWidget(self._empty_page)

    def _act(self, index: int) -> None:
        self.acted.emit(self._look.actions[index])


def _loading_page(theme: Theme) -> QWidget:
    page = card("surface")
    row = hbox(10, page)
    row.addStretch(1)
    row.addWidget(Spinner(theme), 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(label("Reading keys…", tone="text2"))
    row.addStretch(1)
    return page
