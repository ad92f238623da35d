"""The chip that names the key for uploads, always in sight beside Upload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.gui.look.icons import paint_icon
from cse_desktop.gui.look.text import elide_middle, tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.look.tokens import CONTROL_HEIGHT, RADIUS_CONTROL
from cse_desktop.gui.parts.state_dot import Dot, days_until, key_look, paint_dot

Tone = Literal["ready", "warn", "bad", "sandbox", "offline"]

PREFIX: Final = "Encrypt with"
ALIAS_WIDTH: Final = 200
PADDING: Final = 11
ICON: Final = 16
ICON_GAP: Final = 7
GAP: Final = 8
DOT_ROOM: Final = 14
CARET: Final = 12


@dataclass(frozen=True, slots=True)
class ChipState:
    """What the chip says about the key.

    Attributes:
        alias: alias or short id; "Choose a key…" while there is none.
        word: the state where the key is not simply ready ("Disabled"), or "".
        dot: None while there is no key.
        reason: a sentence for the tooltip: what is so and what to do.
    """

    alias: str
    tone: Tone = "ready"
    word: str = ""
    dot: Dot | None = Dot.CIRCLE
    reason: str = ""

    @property
    def has_key(self) -> bool:
        """Whether a key is chosen, usable or not."""
        return self.dot is not None

    @property
    def refuses_uploads(self) -> bool:
        """Whether Upload is off."""
        return self.tone == "bad"

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        if not self.has_key:
            return f"{PREFIX}: no key chosen"
        return f"{PREFIX} {self.alias}, {(self.word or 'enabled').lower()}"


NO_KEY: Final = ChipState(
    "Choose a key…",
    "warn",
    dot=None,
    reason="Choose a key first. Files are never uploaded without encryption.",
)


def chip_state(
    key: KmsKey,
    permissions: Permissions | None = None,
    *,
    label: str = "",
    is_sandbox: bool = False,
    is_offline: bool = False,
    now: datetime | None = None,
) -> ChipState:
    """What the chip says about a key.

    Args:
        permissions: what KMS said, None where nobody asked.
        label: what to call it; its own label by default.
        is_offline: the state is the last known one; uploads are queued.
    """
    moment = now or datetime.now(UTC)
    look = key_look(key, moment)
    state = ChipState(visible(label or key.label), "ready", "", look.dot)
    if is_offline:
        return replace(
            state, tone="offline", word="Not checked", dot=Dot.DOTTED, reason="AWS is not reached."
        )
    if look.tone == "bad" or key.state in ("Creating", "Updating"):
        reason = f"{look.word}{' ' + look.note if look.note else ''}. Choose another key."
        return replace(state, tone="bad", word=look.word, reason=reason)
    if not key.can_wrap:
        reason = "Only symmetric encryption keys can protect files. Choose another key."
        return replace(state, tone="bad", word="Not usable", dot=Dot.RING, reason=reason)
    if permissions is not None and permissions.encrypt is Permission.DENIED:
        reason = "Your role may not create data keys with it. Choose another key."
        return replace(state, tone="bad", word="No permission", dot=Dot.RING, reason=reason)
    if look.dot is Dot.TRIANGLE and key.expires is not None:
        word = f"{days_until(key.expires, moment)} left"
        return replace(state, tone="warn", word=word, reason="Its imported key material expires.")
    return replace(state, tone="sandbox") if is_sandbox else state


@dataclass(frozen=True, slots=True)
class _Colors:
    """Tokens of one tone: fill, outline, icon, words and alias."""

    fill: str
    border: str
    icon: str
    prefix: str
    alias: str
    word: str
    caret: str = "text2"


_COLORS: Final = {
    "ready": _Colors("surface", "border_strong", "ok", "text2", "text", "text2"),
    "warn": _Colors("warn_bg", "warn_border", "warn", "text2", "text", "warn"),
    "bad": _Colors("bad_bg", "bad_border", "bad", "text2", "text", "bad"),
    "sandbox": _Colors("sandbox_bg", "sandbox_border", "sandbox", "text2", "text", "sandbox"),
    "offline": _Colors("window", "border", "disabled", "disabled", "disabled", "text2", "disabled"),
}


@dataclass(frozen=True, slots=True)
class _Places:
    """Left edges of the parts, and the width of the whole."""

    icon: int
    prefix: int
    dot: int
    alias: int
    word: int
    caret: int
    width: int


class KeyChip(QAbstractButton):
    """Padlock, "Encrypt with", state, alias, and a word when the key is not ready.

    Its owner supplies the menu; without one the chip is a plain button.
    """

    def __init__(
        self, theme: Theme, state: ChipState = NO_KEY, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._menu: QMenu | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open_menu)
        theme.changed.connect(self._relayout)
        self.set_key(state)

    @property
    def state(self) -> ChipState:
        """What it says now."""
        return self._state

    def set_key(self, state: ChipState) -> None:
        """Say something else."""
        self._state = state
        self.setAccessibleName(state.spoken)
        lines = [f"{PREFIX} {state.alias}" if state.has_key else state.alias]
        self.setToolTip(tip("\n".join([*lines, state.reason] if state.reason else lines)))
        self._relayout()

    def menu(self) -> QMenu | None:
        """The menu that opens on a click."""
        return self._menu

    def set_menu(self, menu: QMenu) -> None:
        """Give it a menu; the chip looks pressed while the menu is open."""
        self._menu = menu
        menu.aboutToShow.connect(self._show_pressed)
        menu.aboutToHide.connect(self._show_released)

    def sizeHint(self) -> QSize:
        return QSize(self._places().width, self._theme.px(CONTROL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = _COLORS[self._state.tone]
        self._paint_box(painter, colors)
        self._paint_content(painter, colors)
        painter.end()

    def _paint_box(self, painter: QPainter, colors: _Colors) -> None:
        theme = self._theme
        fill = theme.color(colors.fill)
        if self.isDown():
            fill = theme.color("pressed") if self._state.tone == "ready" else fill.darker(106)
        elif self.underMouse():
            fill = theme.color("hover") if self._state.tone == "ready" else fill.darker(103)
        width = 2 if self.hasFocus() else 1
        border = theme.color("focus" if self.hasFocus() else colors.border)
        inset = width / 2
        painter.setPen(QPen(border, width))
        painter.setBrush(fill)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)

    def _paint_content(self, painter: QPainter, colors: _Colors) -> None:
        theme, state = self._theme, self._state
        at = self._places()
        height, middle = self.height(), self.height() / 2
        glyph = "ph.warning-fill" if state.tone == "bad" else "mdi6.lock"
        side, caret = theme.px(ICON), theme.px(CARET)
        paint_icon(painter, theme, glyph, colors.icon, QRect(at.icon, 0, side, height), ICON)
        for x, text, role, token in (
            (at.prefix, PREFIX, "body", colors.prefix),
            (at.alias, self._alias(), "h3", colors.alias),
            (at.word, state.word, "body", colors.word),
        ):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(token))
            room = QRect(x, 0, self.width() - x, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        if state.dot is not None:
            paint_dot(painter, QPointF(at.dot + theme.px(4), middle), state.dot, theme)
        box = QRect(at.caret, 0, caret, height)
        paint_icon(painter, theme, "ph.caret-down", colors.caret, box, CARET)

    def _alias(self) -> str:
        metrics = QFontMetrics(self._theme.font("h3"))
        return elide_middle(metrics, self._state.alias, self._theme.px(ALIAS_WIDTH))

    def _places(self) -> _Places:
        px, state = self._theme.px, self._state
        body = QFontMetrics(self._theme.font("body"))
        bold = QFontMetrics(self._theme.font("h3"))
        icon = px(PADDING)
        prefix = icon + px(ICON) + px(ICON_GAP)
        dot = prefix + body.horizontalAdvance(PREFIX) + px(GAP)
        alias = dot + (px(DOT_ROOM) if state.dot is not None else 0)
        word = alias + bold.horizontalAdvance(self._alias()) + px(GAP)
        caret = word + (body.horizontalAdvance(state.word) + px(GAP) if state.word else 0)
        width = caret + px(CARET) + px(PADDING - 1)
        return _Places(icon, prefix, dot, alias, word, caret, width)

    def _open_menu(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _show_pressed(self) -> None:
        self.setDown(True)

    def _show_released(self) -> None:
        self.setDown(False)

    def _relayout(self) -> None:
        self.updateGeometry()
        self.update()
