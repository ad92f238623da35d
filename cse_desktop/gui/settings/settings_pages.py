"""The pages of the settings; each shows Settings and says which others are wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QWidget,
)

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.segmented import Segmented
from cse_desktop.gui.settings.settings_parts import SettingRow, ThemePicture, set_checked
from cse_desktop.settings import Settings
from cse_desktop.settings.values import DENSITIES, THEMES

_THEME_WORDS: Final = ("Same as system", "Light", "Dark")
_DEFAULTS: Final = Settings()


class SettingsPage(QWidget):
    """A page with a heading.

    Signals:
        changed: the Settings that are wanted now.
    """

    changed = Signal(object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._settings = _DEFAULTS
        self.column = vbox(8, self)
        self.column.setContentsMargins(28, 20, 28, 20)
        self.column.addWidget(label(title, "h1"))

    def show_settings(self, settings: Settings) -> None:
        """Show these without telling anybody."""
        self._settings = settings

    def reset(self) -> None:
        """Ask for what the program came with, on this page."""

    def _want(self, settings: Settings) -> None:
        self._settings = settings
        self.changed.emit(settings)


class AppearancePage(SettingsPage):
    """Theme and density."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Appearance", parent)
        self._theme = theme
        self.pictures = QButtonGroup(self)
        row = hbox(18)
        for at, (mode, words) in enumerate(zip(THEMES, _THEME_WORDS, strict=True)):
            picture = ThemePicture(theme, mode, words)
            self.pictures.addButton(picture, at)
            row.addWidget(picture)
        row.addStretch(1)
        self.pictures.buttonClicked.connect(self._choose_theme)
        self.density = Segmented(theme, "Density", [word.capitalize() for word in DENSITIES])
        self.density.chosen.connect(self._choose_density)
        self.column.addSpacing(4)
        self.column.addWidget(label("Theme", "strong"))
        self.column.addLayout(row)
        self.column.addWidget(line())
        self.column.addWidget(
            SettingRow("Density", "Row height 36 px or 28 px in lists", self.density)
        )
        self.motion = QCheckBox()
        self.motion.setAccessibleName("Reduce motion")
        self.motion.toggled.connect(self._choose_motion)
        self.column.addWidget(line())
        self.column.addWidget(
            SettingRow("Reduce motion", "No fades, and nothing turns", self.motion)
        )
        self.column.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        set_checked(self.motion, settings.reduce_motion)
        self.pictures.button(THEMES.index(settings.theme)).setChecked(True)
        self.density.set_current(DENSITIES.index(settings.density))

    def reset(self) -> None:
        self._want(
            replace(
                self._settings,
                theme=_DEFAULTS.theme,
                density=_DEFAULTS.density,
                reduce_motion=_DEFAULTS.reduce_motion,
            )
        )
        self.show_settings(self._settings)

    def _choose_theme(self, picture: QAbstractButton) -> None:
        self._want(replace(self._settings, theme=THEMES[self.pictures.id(picture)]))

    def _choose_density(self, at: int) -> None:
        self._want(replace(self._settings, density=DENSITIES[at]))

    def _choose_motion(self, is_reduced: bool) -> None:
        self._want(replace(self._settings, reduce_motion=is_reduced))
