"""Small constructors of buttons and labels in the kinds that the style sheet knows."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import escape_mnemonic
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import CONTROL_HEIGHT, MINI_HEIGHT, SMALL_HEIGHT

Kind = Literal["primary", "secondary", "quiet", "danger", "link"]
Size = Literal["", "small", "mini", "caret"]

_SIDES = {"": CONTROL_HEIGHT, "small": SMALL_HEIGHT, "mini": MINI_HEIGHT, "caret": MINI_HEIGHT}
_ICON_TOKEN = {"primary": "on_accent", "danger": "on_accent", "link": "accent_text"}


def button(
    theme: Theme,
    text: str,
    *,
    kind: Kind = "secondary",
    glyph: str = "",
    sz: Size = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button with a word; a "&" in the text is shown, not taken as a mnemonic."""
    made = QPushButton(escape_mnemonic(text), parent)
    made.setProperty("kind", kind)
    if sz:
        made.setProperty("sz", sz)
    if glyph:
        made.setIcon(icon(theme, glyph, _ICON_TOKEN.get(kind, "text2")))
        made.setIconSize(QSize(theme.px(16) + 2, theme.px(16)))
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    # A button takes the Enter key in a dialog only where the dialog says so.
    made.setAutoDefault(False)
    return made


def icon_button(
    theme: Theme,
    glyph: str,
    name: str,
    *,
    shortcut: str = "",
    sz: Size = "",
    checkable: bool = False,
    parent: QWidget | None = None,
) -> IconButton:
    """A button of one icon.

    Args:
        name: what it does; the accessible name, and with the shortcut the tooltip.
        shortcut: as shown to the user, "Ctrl+I".
    """
    made = IconButton(theme, glyph, sz, parent)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setToolTip(f"{name} ({shortcut})" if shortcut else name)
    made.setAccessibleName(name)
    return made


class IconButton(QToolButton):
    """A square button of one icon, 32, 28 or 24 px."""

    def __init__(self, theme: Theme, glyph: str, sz: Size = "", parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._sz = sz
        self.setProperty("kind", "icon")
        self.setProperty("sz", sz)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_glyph(glyph)
        theme.changed.connect(self._measure)
        self._measure()

    def set_glyph(self, glyph: str, token: str = "text2") -> None:
        """Show another icon."""
        self.setIcon(icon(self._theme, glyph, token))

    def sizeHint(self) -> QSize:
        side = self._theme.px(_SIDES[self._sz])
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _measure(self) -> None:
        side = self._theme.px({"mini": 14, "caret": 12}.get(self._sz, 16))
        self.setIconSize(QSize(side, side))
        self.updateGeometry()


def label(
    text: str = "",
    role: str = "body",
    tone: str = "",
    *,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> QLabel:
    """A label of plain text: names from S3 or disk are never read as rich text."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    return made


def card(kind: str = "card", parent: QWidget | None = None) -> QFrame:
    """A frame: "card", "well", "surface", "window" or "footer"."""
    made = QFrame(parent)
    made.setProperty("frame", kind)
    return made


def line(parent: QWidget | None = None, *, vertical: bool = False) -> QFrame:
    """A hairline."""
    made = QFrame(parent)
    made.setProperty("frame", "line")
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return made


def restyle(widget: QWidget, **properties: str) -> None:
    """Set style properties of a widget that is already shown, and repaint it."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
