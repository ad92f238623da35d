"""The page of the settings about transfers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFileDialog, QSpinBox, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label, line
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.settings.settings_pages import SettingsPage
from cse_desktop.gui.settings.settings_parts import SettingRow, set_checked
from cse_desktop.settings import Settings
from cse_desktop.settings.values import MAX_PARALLEL

ChooseFolder = Callable[[QWidget, str, str], str]

MEGABYTE: Final = 1_000_000
_USUAL_MB: Final = 50.0
_DEFAULTS: Final = Settings()


class RateLimit(QWidget):
    """A check box, and how many megabytes a second when it is on.

    Signals:
        chosen: bytes a second, 0 for no limit.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_on = QCheckBox()
        self.is_on.setAccessibleName(name)
        self.rate = QDoubleSpinBox()
        self.rate.setRange(0.1, 100_000.0)
        self.rate.setDecimals(1)
        self.rate.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.rate.setSuffix(" MB/s")
        self.rate.setValue(_USUAL_MB)
        self.rate.setFixedWidth(theme.px(120))
        self.rate.setAccessibleName(f"{name}: megabytes a second")
        self.rate.lineEdit().setTextMargins(7, 0, 0, 0)
        row = hbox(8, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.is_on)
        row.addWidget(self.rate)
        self.is_on.toggled.connect(self._choose)
        self.rate.valueChanged.connect(self._choose)

    def show_limit(self, limit: int) -> None:
        """Show a limit without telling anybody."""
        set_checked(self.is_on, limit > 0)
        self.rate.setEnabled(limit > 0)
        self.rate.setToolTip("" if limit else "Turn the limit on first")
        if limit:
            self.rate.blockSignals(True)
            self.rate.setValue(limit / MEGABYTE)
            self.rate.blockSignals(False)

    def _choose(self) -> None:
        self.chosen.emit(round(self.rate.value() * MEGABYTE) if self.is_on.isChecked() else 0)


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
        self.up = RateLimit(theme, "Limit upload speed")
        self.down = RateLimit(theme, "Limit download speed")
        self.up.chosen.connect(self._choose_up)
        self.down.chosen.connect(self._choose_down)
        self.notify, self.awake = QCheckBox(), QCheckBox()
        self.notify.setAccessibleName("Notify when transfers end")
        self.awake.setAccessibleName("Keep the computer awake")
        self.notify.toggled.connect(self._choose_notify)
        self.awake.toggled.connect(self._choose_awake)
        self.folder = ElidedLabel("small", "text2")
        self.choose = button(theme, "Choose folder…", glyph="ph.folder-open")
        self.choose.clicked.connect(self._ask_folder)
        self.ask_each_time = button(theme, "Ask each time", kind="quiet")
        self.ask_each_time.clicked.connect(self._forget_folder)
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addWidget(
            SettingRow(
                "Files at the same time",
                "More is faster on good links, and uses more memory",
                self.parallel,
            )
        )
        for row in (
            SettingRow("Limit upload speed", "All uploads together", self.up),
            SettingRow("Limit download speed", "All downloads together", self.down),
            self._folder_row(),
            SettingRow(
                "Notify when transfers end", "Only while you look at another window", self.notify
            ),
            SettingRow("Keep the computer awake", "Only while something runs", self.awake),
        ):
            self.column.addWidget(line())
            self.column.addWidget(row)
        self.column.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        super().show_settings(settings)
        self.parallel.blockSignals(True)
        self.parallel.setValue(settings.parallel_transfers)
        self.parallel.blockSignals(False)
        self.up.show_limit(settings.upload_limit)
        self.down.show_limit(settings.download_limit)
        set_checked(self.notify, settings.notifications)
        set_checked(self.awake, settings.keep_awake)
        folder = settings.download_folder
        self.folder.set_text(str(folder) if folder else "You are asked where to save")
        self.ask_each_time.setVisible(folder is not None)

    def reset(self) -> None:
        self._want(
            replace(
                self._settings,
                parallel_transfers=_DEFAULTS.parallel_transfers,
                download_folder=_DEFAULTS.download_folder,
                upload_limit=_DEFAULTS.upload_limit,
                download_limit=_DEFAULTS.download_limit,
                notifications=_DEFAULTS.notifications,
                keep_awake=_DEFAULTS.keep_awake,
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

    def _choose_up(self, limit: int) -> None:
        self._want(replace(self._settings, upload_limit=limit))
        self.up.show_limit(limit)

    def _choose_down(self, limit: int) -> None:
        self._want(replace(self._settings, download_limit=limit))
        self.down.show_limit(limit)

    def _choose_notify(self, is_wanted: bool) -> None:
        self._want(replace(self._settings, notifications=is_wanted))

    def _choose_awake(self, is_wanted: bool) -> None:
        self._want(replace(self._settings, keep_awake=is_wanted))

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
