"""Where the user is: crumbs at rest, an s3:// address while editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from cse_desktop.gui.browser.crumbs import Crumb, CrumbRow, crumbs_of
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import CONTROL_HEIGHT, RADIUS_CONTROL
from cse_desktop.gui.parts.buttons import icon_button
from cse_desktop.gui.parts.menu import Menu
from cse_desktop.gui.parts.tile import Glyph

FillMenu = Callable[[str, Menu], None]
"""Fills the menu of a caret with the folders of a place (an s3:// address)."""

PADDING: Final = 10


class PathBar(QWidget):
    """Crumbs that open folders, carets that list them, and a text field behind both.

    One stop of the Tab key. Left and Right move between crumbs, Enter opens one, Down opens its
    menu; the pencil, F2, a click on the empty part and `edit` start editing.

    Signals:
        place_requested: the user wants to go to an address ("s3://bucket/folder/").
        address_edited: the text changed while editing, for completion.
    """

    place_requested = Signal(str)
    address_edited = Signal(str)

    def __init__(
        self, theme: Theme, fill_menu: FillMenu | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fill_menu = fill_menu
        self._address = ""
        self._glyph = Glyph(theme, "ph.database", "text2", 16, self)
        self._row = CrumbRow(theme, has_menus=fill_menu is not None, parent=self)
        self._row.opened.connect(self.place_requested)
        self._row.menu_requested.connect(self._open_menu)
        self._pencil = icon_button(
            theme, "ph.pencil-simple", "Edit path", shortcut="Ctrl+L", sz="mini", parent=self
        )
        self._pencil.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pencil.clicked.connect(self.edit)
        self._field = self._make_field()
        self._field.installEventFilter(self)
        self._completions = QStandardItemModel(self)
        self._field.setCompleter(self._make_completer())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName("Path")
        theme.changed.connect(self._relayout)
        self.set_place("", "")

    @property
    def address(self) -> str:
        """Where the user is, "" before anything is open."""
        return self._address

    @property
    def is_editing(self) -> bool:
        """Whether the text field is shown."""
        return not self._field.isHidden()

    @property
    def crumbs(self) -> CrumbRow:
        """The crumbs at rest."""
        return self._row

    @property
    def field(self) -> QLineEdit:
        """The text field of editing."""
        return self._field

    def set_place(self, bucket: str, prefix: str) -> None:
        """Show where the user is; ends editing."""
        self._address = f"s3://{bucket}/{prefix}" if bucket else ""
        self._row.set_crumbs(crumbs_of(bucket, prefix))
        self.setAccessibleDescription(visible(self._address))
        self._stop_editing()

    def set_completions(self, addresses: Sequence[str]) -> None:
        """Offer addresses below the text field."""
        self._completions.clear()
        for address in addresses:
            self._completions.appendRow(QStandardItem(icon(self._theme, "ph.folder"), address))

    def edit(self) -> None:
        """Turn into a text field with the whole address selected."""
        self._field.setText(self._address or "s3://")
        for part in (self._glyph, self._row, self._pencil):
            part.hide()
        self._field.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(420), self._theme.px(CONTROL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(CONTROL_HEIGHT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                self._stop_editing()
                self.setFocus()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                # Taken here: the field would pass the key on to the bar, which would edit again.
                self._request()
                return True
        elif watched is self._field and event.type() == QEvent.Type.FocusOut:
            assert isinstance(event, QFocusEvent)
            # The list of completions takes the focus for a while; that is not leaving.
            if event.reason() != Qt.FocusReason.PopupFocusReason:
                self._stop_editing()
            self.update()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.edit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._row.take_focus()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_parts()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        is_focused = self.hasFocus() or self.is_editing
        width = 2 if is_focused else 1
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("focus" if is_focused else "border_strong"), width))
        painter.setBrush(theme.color("surface"))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.end()

    def _make_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setProperty("kind", "bare")
        field.setProperty("role", "mono")
        field.setAccessibleName("Path")
        # Addresses stay left to right in every language.
        field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        # The list of completions hands its Enter to the field past every event filter.
        field.returnPressed.connect(self._request)
        field.textEdited.connect(self.address_edited)
        field.hide()
        return field

    def _make_completer(self) -> QCompleter:
        completer = QCompleter(self._completions, self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        popup = QListView()
        popup.setProperty("kind", "completions")
        popup.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
        completer.setPopup(popup)
        # The delegate that a completer brings along knows no style sheet.
        popup.setItemDelegate(QStyledItemDelegate(popup))
        return completer

    def _request(self) -> None:
        address = self._field.text().strip()
        self._stop_editing()
        self.setFocus()
        if address:
            self.place_requested.emit(address)

    def _stop_editing(self) -> None:
        self._field.hide()
        self._glyph.setVisible(bool(self._address))
        self._row.show()
        self._pencil.show()
        self._place_parts()
        self.update()

    def _open_menu(self, crumb: Crumb, at: QPoint) -> None:
        menu = Menu(self._theme, parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._fill_menu is not None:
            self._fill_menu(crumb.address, menu)
        menu.popup(at)

    def _place_parts(self) -> None:
        px = self._theme.px
        icon, mini = px(16), self._pencil.sizeHint().width()
        height = self.height()
        self._glyph.setGeometry(px(PADDING), (height - icon) // 2, icon, icon)
        self._pencil.setGeometry(self.width() - mini - 4, (height - mini) // 2, mini, mini)
        left = px(PADDING) + icon + 4
        self._row.setGeometry(left, 0, max(0, self._pencil.x() - 4 - left), height)
        # A little higher than the bar: a completer puts its list two pixels above the lower edge.
        self._field.setGeometry(self.rect().adjusted(0, 0, 0, 6))
        self._field.setTextMargins(PADDING, 0, PADDING, 6)

    def _relayout(self) -> None:
        self.updateGeometry()
        self._place_parts()
        self.update()
