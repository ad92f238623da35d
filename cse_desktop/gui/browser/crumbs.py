"""The crumbs of a path, collapsing in the middle where they do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cse_desktop.gui.look.text import elide_middle, escape_mnemonic, tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import IconButton, icon_button
from cse_desktop.gui.parts.menu import Menu

PADDING: Final = 4
CARET: Final = 20
MORE: Final = "…"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A folder on the way, and its address."""

    name: str
    address: str


def crumbs_of(bucket: str, prefix: str) -> tuple[Crumb, ...]:
    """The bucket and each folder of a prefix."""
    if not bucket:
        return ()
    address = f"s3://{bucket}/"
    crumbs = [Crumb(bucket, address)]
    for name in prefix.split("/")[:-1] if prefix.endswith("/") else prefix.split("/"):
        if not name and not prefix:
            break
        address += f"{name}/"
        # S3 allows folders without a name ("a//b"); they need something to click on.
        crumbs.append(Crumb(name or "(no name)", address))
    return tuple(crumbs)


class CrumbRow(QWidget):
    """Crumbs as buttons, with carets between them.

    First and last crumb stay; the others go into the menu of "…" when it gets narrow.

    Signals:
        opened: the address of a crumb that was pressed.
        menu_requested: the Crumb whose folders are to be listed, and where (global QPoint).
    """

    opened = Signal(str)
    menu_requested = Signal(object, object)

    def __init__(self, theme: Theme, *, has_menus: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_menus = has_menus
        self._crumbs: tuple[Crumb, ...] = ()
        self._buttons: list[QPushButton] = []
        self._carets: list[IconButton] = []
        self._hidden: tuple[Crumb, ...] = ()
        self._more = self._button(MORE, "Folders between")
        self._more.clicked.connect(self._show_hidden)
        theme.changed.connect(self._arrange)

    @property
    def shown(self) -> tuple[str, ...]:
        """The words on the visible buttons, in their order."""
        parts = sorted(
            (part for part in (*self._buttons, self._more) if not part.isHidden()),
            key=QPushButton.x,
        )
        return tuple(part.text() for part in parts)

    @property
    def hidden(self) -> tuple[Crumb, ...]:
        """The crumbs that are in the menu of "…"."""
        return self._hidden

    def button(self, index: int) -> QPushButton:
        """The button of a crumb."""
        return self._buttons[index]

    def caret(self, index: int) -> IconButton:
        """The caret that follows a crumb."""
        return self._carets[index]

    def set_crumbs(self, crumbs: Sequence[Crumb]) -> None:
        """Show another path."""
        if tuple(crumbs) == self._crumbs:
            return
        self._crumbs = tuple(crumbs)
        for old in (*self._buttons, *self._carets):
            old.hide()
            old.deleteLater()
        last = len(crumbs) - 1
        self._buttons = [self._crumb_button(crumb, at == last) for at, crumb in enumerate(crumbs)]
        self._carets = [self._caret(crumb) for crumb in self._crumbs[:-1]]
        for index, part in enumerate(self._buttons):
            part.setProperty("index", index)
        for index, caret in enumerate(self._carets):
            caret.setProperty("index", index)
        self._arrange()

    def take_focus(self) -> None:
        """Give the last crumb the keyboard."""
        if self._buttons:
            self._buttons[-1].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(watched, event.key()) or super().eventFilter(watched, event)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _press(self, watched: QObject, key: int) -> bool:
        stops = [part for part in (*self._buttons, self._more) if not part.isHidden()]
        stops.sort(key=QPushButton.x)
        if not isinstance(watched, QPushButton) or watched not in stops:
            return False
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step:
            target = min(max(stops.index(watched) + step, 0), len(stops) - 1)
            stops[target].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            watched.click()
            return True
        if key == Qt.Key.Key_Down and watched is not self._more and self._has_menus:
            self._request_menu(watched.property("index"), watched)
            return True
        return False

    def _button(self, text: str, name: str) -> QPushButton:
        made = QPushButton(escape_mnemonic(text), self)
        made.setProperty("kind", "crumb")
        made.setAccessibleName(name)
        made.setAutoDefault(False)
        # The bar is one stop of the Tab key; arrow keys move inside it.
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setCursor(Qt.CursorShape.ArrowCursor)
        made.installEventFilter(self)
        return made

    def _crumb_button(self, crumb: Crumb, is_last: bool) -> QPushButton:
        made = self._button(visible(crumb.name), f"Open {visible(crumb.name)}")
        made.setProperty("sz", "last" if is_last else "")
        made.setToolTip(tip(visible(crumb.address)))
        made.clicked.connect(self._open)
        return made

    def _caret(self, crumb: Crumb) -> IconButton:
        name = f"Folders in {visible(crumb.name)}"
        made = icon_button(self._theme, "ph.caret-right", name, sz="caret", parent=self)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setCursor(Qt.CursorShape.ArrowCursor)
        made.setEnabled(True)
        made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not self._has_menus)
        made.clicked.connect(self._open_caret)
        return made

    def _open(self) -> None:
        self.opened.emit(self._crumbs[self.sender().property("index")].address)

    def _open_caret(self) -> None:
        caret = self.sender()
        assert isinstance(caret, QWidget)
        self._request_menu(caret.property("index"), caret)

    def _request_menu(self, index: int, below: QWidget) -> None:
        at = below.mapToGlobal(QPoint(0, below.height() + 2))
        self.menu_requested.emit(self._crumbs[index], at)

    def _show_hidden(self) -> None:
        menu = Menu(self._theme, parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for crumb in self._hidden:
            action = menu.add(visible(crumb.name), glyph="ph.folder")
            action.setData(crumb.address)
            action.triggered.connect(self._open_hidden)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))

    def _open_hidden(self) -> None:
        action = self.sender()
        self.opened.emit(action.data())  # type: ignore[attr-defined]

    def _arrange(self) -> None:
        """Give each part its place; hide from the second crumb on until the rest fits."""
        caret = self._theme.px(CARET)
        widths = [self._width(at) for at in range(len(self._crumbs))]
        more = self._text_width(MORE, "body")
        first_shown = 1
        while first_shown < len(widths) - 1 and (
            widths[0]
            + sum(caret + width for width in widths[first_shown:])
            + (caret + more if first_shown > 1 else 0)
            > self.width()
        ):
            first_shown += 1
        self._hidden = self._crumbs[1:first_shown]
        self._place(widths, first_shown, caret, more)

    def _place(self, widths: list[int], first_shown: int, caret: int, more: int) -> None:
        left = 0
        for at, part in enumerate(self._buttons):
            is_shown = at == 0 or at >= first_shown
            part.setVisible(is_shown)
            if at == 1 and self._hidden:
                left = self._put(self._more, left, more)
            if is_shown:
                left = self._put(part, left, self._fit(at, widths[at], left))
            if at < len(self._carets):
                # The last of the hidden crumbs keeps its caret, after the "…".
                has_caret = is_shown or at == first_shown - 1
                self._carets[at].setVisible(has_caret)
                left = self._put(self._carets[at], left, caret) if has_caret else left
        self._more.setVisible(bool(self._hidden))

    def _fit(self, at: int, width: int, left: int) -> int:
        """The width of a crumb; a single one that is still too long elides in its middle."""
        is_last = at == len(self._crumbs) - 1
        room = self.width() - left if is_last else self.width() // 2
        granted = max(self._theme.px(32), min(width, room))
        metrics = QFontMetrics(self._theme.font("h3" if is_last else "body"))
        text = visible(self._crumbs[at].name)
        shown = text if granted >= width else elide_middle(metrics, text, granted - 2 * PADDING)
        self._buttons[at].setText(escape_mnemonic(shown))
        return granted

    def _put(self, part: QWidget, left: int, width: int) -> int:
        height = min(self._theme.px(24), self.height())
        part.setGeometry(left, (self.height() - height) // 2, width, height)
        return left + width

    def _width(self, at: int) -> int:
        is_last = at == len(self._crumbs) - 1
        return self._text_width(visible(self._crumbs[at].name), "h3" if is_last else "body")

    def _text_width(self, text: str, role: str) -> int:
        metrics = QFontMetrics(self._theme.font(role))
        return metrics.horizontalAdvance(text) + 2 * PADDING + 2
