"""The look in force: light or dark, fonts, scale. Widgets get it in their constructor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from cse_desktop.gui.look import high_contrast
from cse_desktop.gui.look.glyphs import Glyphs
from cse_desktop.gui.look.style import Look, qss
from cse_desktop.gui.look.tokens import BASE_PX, DARK, LIGHT, ROLES

Mode = Literal["system", "light", "dark"]
Role = QPalette.ColorRole

BARE_FAMILIES: Final = ("DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "")
BARE_FIXED_FAMILIES: Final = ("DejaVu Sans Mono", "Bitstream Vera Sans Mono", "Monospace", "")


class Theme(QObject):
    """Colours, fonts and measures in force.

    Nothing is copied out of it: who paints asks at paint time, so that a live switch of the theme
    needs only a repaint. GUI thread.

    Signals:
        changed: colours, fonts or measures are others now; the style sheet is already applied.
    """

    changed = Signal()

    def __init__(self, mode: Mode = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.glyphs: Final = Glyphs()
        self._mode: Mode = mode
        self._app: QApplication | None = None
        self._is_prepared = False
        self._family, self._mono_family, self._base_px = _system_fonts()
        self._reduced_motion = False
        self._system_palette = QApplication.palette()
        self._has_high_contrast = high_contrast.is_wanted()
        self._dark = self._wants_dark()
        self._colors = _colors(self._tokens())
        hints = QApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._follow_contrast)

    @property
    def mode(self) -> Mode:
        """What the user chose; "system" follows the desktop."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether dark colours are in force."""
        return self._dark

    @property
    def scale(self) -> float:
        """How much larger the system font is than the one that measures are given for."""
        return self._base_px / BASE_PX

    @property
    def reduced_motion(self) -> bool:
        """Whether fades and turning icons are off."""
        return self._reduced_motion

    def set_reduced_motion(self, reduced: bool) -> None:
        """Turn fades and turning icons off or on."""
        self._reduced_motion = reduced
        self.changed.emit()

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark, or what the desktop has."""
        self._mode = mode
        self._update()

    def set_base_px(self, px: int) -> None:
        """Make another size the body font; all other sizes follow."""
        self._base_px = px
        self._update()

    def set_high_contrast(self, wanted: bool, system: QPalette) -> None:
        """Take the colours of the system's palette, or go back to our own."""
        self._has_high_contrast = wanted
        self._system_palette = system
        self._update()

    def px(self, measure: float) -> int:
        """A measure of the design in pixels of this screen's font size."""
        return round(measure * self.scale)

    def color(self, token: str) -> QColor:
        """The colour of a token; an unknown token raises KeyError."""
        return self._colors[token]

    def font(self, role: str = "body", *, tabular: bool = False) -> QFont:
        """A font by its role: display, h1, h2, h3, strong, body, small, badge, caption, mono.

        Args:
            tabular: figures of one width, for numbers in columns.
        """
        kind = ROLES[role]
        font = QFont(self._mono_family if kind.is_mono else self._family)
        font.setPixelSize(max(1, round(self._base_px * kind.ratio)))
        font.setWeight(QFont.Weight(kind.weight))
        # No ligatures: names and addresses are shown letter by letter, "://" as it is.
        font.setFeature(QFont.Tag("calt"), 0)
        if kind.is_mono:
            font.setStyleHint(QFont.StyleHint.Monospace)
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def apply(self, app: QApplication) -> None:
        """Dress the whole program in this theme, now and on every change."""
        if not self._is_prepared:
            self.prepare(app)
        self._app = app
        self._dress(app)

    def prepare(self, app: QApplication) -> None:
        """Style, fonts and colours alone, in which a large window is built before `apply`.

        Under a style sheet each widget is looked at anew whenever it gets another parent, which
        is most of what building a window costs.
        """
        self._is_prepared = True
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setPalette(self._palette())
        app.setFont(self.font("body"))

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        if self._mode == "system":
            self._update()

    def _follow_contrast(self, _preference: Qt.ContrastPreference) -> None:
        QApplication.setPalette(QPalette())  # gives the system's own palette back
        self.set_high_contrast(high_contrast.is_wanted(), QApplication.palette())

    def _update(self) -> None:
        self._dark = self._wants_dark()
        self._colors = _colors(self._tokens())
        if self._app is not None:
            self._dress(self._app)
        self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._has_high_contrast:
            return self._system_palette.color(Role.Base).lightnessF() < 0.5
        if self._mode != "system":
            return self._mode == "dark"
        # Platforms without an answer say Unknown; light is then the safer guess.
        return QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _tokens(self) -> Mapping[str, str]:
        if self._has_high_contrast:
            return high_contrast.tokens_of(self._system_palette)
        return DARK if self._dark else LIGHT

    def _dress(self, app: QApplication) -> None:
        app.setPalette(self._palette())
        app.setFont(self.font("body"))
        look = Look(
            self._tokens(),
            self._dark,
            self._base_px,
            self._mono_family,
            has_strong_borders=self._has_high_contrast,
        )
        app.setStyleSheet(qss(look))

    def _palette(self) -> QPalette:
        """Fusion paints carets, tooltips, placeholders and item views from the palette."""
        palette = QPalette()
        for role, token in _PALETTE.items():
            palette.setColor(role, self.color(token))
        for role in (Role.Text, Role.WindowText, Role.ButtonText, Role.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("disabled"))
        palette.setColor(
            QPalette.ColorGroup.Inactive, Role.Highlight, self.color("selected_inactive")
        )
        return palette


_PALETTE: Final = {
    Role.Window: "window",
    Role.WindowText: "text",
    Role.Base: "surface",
    Role.AlternateBase: "subtle",
    Role.Text: "text",
    Role.PlaceholderText: "text3",
    Role.Button: "surface",
    Role.ButtonText: "text",
    Role.BrightText: "on_accent",
    Role.Highlight: "selected",
    Role.HighlightedText: "text",
    Role.Accent: "accent",
    Role.Link: "accent_text",
    Role.LinkVisited: "accent_text",
    Role.ToolTipBase: "tooltip_bg",
    Role.ToolTipText: "tooltip_fg",
    Role.Light: "surface",
    Role.Midlight: "hover",
    Role.Mid: "border",
    Role.Dark: "border_strong",
    Role.Shadow: "text",
}


def _colors(tokens: Mapping[str, str]) -> dict[str, QColor]:
    return {name: QColor(value) for name, value in tokens.items()}


def _system_fonts() -> tuple[str, str, int]:
    """Family, fixed family and size of the desktop's fonts.

    A Linux session without font settings answers with fontconfig's last resort, DejaVu at 9 pt:
    wide, and not what anybody chose. Only then are Inter and JetBrains Mono taken, where
    installed, at the size that the design is drawn for. A font that the desktop names stays.
    """
    ui = QFontInfo(QApplication.font())
    fixed = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    family, mono_family, px = ui.family(), fixed.family(), ui.pixelSize()
    if family in BARE_FAMILIES:
        px = max(px, BASE_PX)
        family = "Inter" if QFontDatabase.hasFamily("Inter") else family
    if mono_family in BARE_FIXED_FAMILIES and QFontDatabase.hasFamily("JetBrains Mono"):
        mono_family = "JetBrains Mono"
    return family, mono_family, px
