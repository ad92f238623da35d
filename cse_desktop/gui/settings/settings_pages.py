"""The pages of the settings; each shows Settings and says which others are wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFileDialog,
    QSpinBox,
    QWidget,
)

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label, line
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.segmented import Segmented
from cse_desktop.gui.settings.settings_parts import SettingRow, ThemePicture
from cse_desktop.settings import Settings
from cse_desktop.settings.values import DENSITIES, MAX_PARALLEL, THEMES

ChooseFolder = Callable[[QWidget, str, str], str]

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
        self.column.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.pictures.button(THEMES.index(settings.theme)).setChecked(True)
        self.density.set_current(DENSITIES.index(settings.density))

    def reset(self) -> None:
        self._want(replace(self._settings, theme=_DEFAULTS.theme, density=_DEFAULTS.density))
        self.show_settings(self._settings)

    def _choose_theme(self, picture: QAbstractButton) -> None:
        self._want(replace(self._settings, theme=THEMES[self.pictures.id(picture)]))

    def _choose_density(self, at: int) -> None:
        self._want(replace(self._settings, density=DENSITIES[at]))


class TransfersPage(SettingsPage):
    """How many at once, and where downloads go."""

    def __init__(
        self, theme: Theme, choose_folder: ChooseFolder, parent: QWidget | None = None
    ) -> None:
        super().__init__("Transfers", parent)
        self._choose_folder = choose_folder
        self.parallel = QSpinBox()
        self.parallel.setRange(1, MAX_PARALLEL)
        self.parallel.setFixedWidth(theme.px(120))
        self.parallel.setAccessibleName("Files at the same time")
        # A spin box ignores padding on its left.
        self.parallel.lineEdit().setTextMargins(7, 0, 0, 0)
        self.parallel.valueChanged.connect(self._choose_parallel)
        self.folder = ElidedLabel("small", "text2")
        self.choose = button(theme, "Choose folder…", glyph="ph.folder-open")
        self.choose.clicked.connect(self._ask_folder)
        self.ask_each_time = button(theme, "Ask each time", kind="quiet")
        self.ask_each_time.clicked.connect(self._forget_folder)
        self.column.addWidget(
            SettingRow(
                "Files at the same time",
                "More is faster on good links, and uses more memory",
                self.parallel,
            )
        )
        self.column.addWidget(line())
        self.column.addWidget(self._folder_row())
        self.column.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.parallel.blockSignals(True)
        self.parallel.setValue(settings.parallel_transfers)
        self.parallel.blockSignals(False)
        folder = settings.download_folder
        self.folder.set_text(str(folder) if folder else "You are asked where to save")
        self.ask_each_time.setVisible(folder is not None)

    def reset(self) -> None:
        self._want(
            replace(
                self._settings,
                parallel_transfers=_DEFAULTS.parallel_transfers,
                download_folder=_DEFAULTS.download_folder,
            )
        )
        self.show_settings(self._settings)

    def _folder_row(self) -> QWidget:
        lines = vbox(1)
        lines.addWidget(label("Download folder", "strong"))
        lines.addWidget(self.folder)
        made = QWidget()
        row = hbox(8, made)
        row.setContentsMargins(0, 8, 0, 8)
        row.addLayout(lines, 1)
        row.addWidget(self.ask_each_time)
        row.addWidget(self.choose)
        return made

    def _choose_parallel(self, value: int) -> None:
        self._want(replace(self._settings, parallel_transfers=value))

    def _ask_folder(self) -> None:
        current = self._settings.download_folder or Path.home()
        chosen = self._choose_folder(self, "Choose a download folder", str(current))
        if chosen:
            self._set_folder(Path(chosen))

    def _forget_folder(self) -> None:
        self._set_folder(None)

    def _set_folder(self, folder: Path | None) -> None:
        self._want(replace(self._settings, download_folder=folder))
        self.show_settings(self._settings)


def choose_folder(parent: QWidget, title: str, folder: str) -> str:
    """Ask with the system's dialog; "" when nothing was chosen."""
    return QFileDialog.getExistingDirectory(parent, title, folder)
