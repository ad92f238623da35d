"""Cards of the component gallery: buttons, inputs and choices."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStyle,
    QStyleOption,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.gallery.gallery_parts import row_of
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import IconButton, Kind, button, label
from cse_desktop.gui.parts.search_field import SearchField
from cse_desktop.gui.parts.segmented import Segmented
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.gui.parts.tab_strip import TabStrip

STATES: Final = ("Default", "Hover", "Pressed", "Focus", "Disabled")

_HELD: Final = {
    "Hover": QStyle.StateFlag.State_MouseOver,
    "Focus": QStyle.StateFlag.State_HasFocus,
}


class _HeldButton(QPushButton):
    """Keeps a state of its style, so that a picture can show every state at once."""

    held = QStyle.StateFlag.State_None

    def initStyleOption(self, option: QStyleOption) -> None:
        super().initStyleOption(option)  # type: ignore[arg-type]
        option.state |= self.held


class _FocusedIconButton(IconButton):
    def initStyleOption(self, option: QStyleOption) -> None:
        super().initStyleOption(option)  # type: ignore[arg-type]
        option.state |= QStyle.StateFlag.State_HasFocus


class _FocusedField(QLineEdit):
    def initStyleOption(self, option: QStyleOption) -> None:
        super().initStyleOption(option)  # type: ignore[arg-type]
        option.state |= QStyle.StateFlag.State_HasFocus


class _FocusedCheckBox(QCheckBox):
    def initStyleOption(self, option: QStyleOption) -> None:
        super().initStyleOption(option)  # type: ignore[arg-type]
        option.state |= QStyle.StateFlag.State_HasFocus


def buttons(theme: Theme) -> QLayout:
    """All kinds of buttons by all states."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(10)
    for column, state in enumerate(STATES):
        grid.addWidget(label(state, "small", "text2"), 0, column + 1)
    rows: tuple[tuple[Kind, str, str], ...] = (
        ("primary", "Upload", "ph.upload-simple"),
        ("secondary", "Verify", "ph.shield-check"),
        ("quiet", "New folder", "ph.folder-plus"),
        ("danger", "Delete", "ph.trash"),
        ("link", "Copy details", "ph.copy-simple"),
    )
    left = Qt.AlignmentFlag.AlignLeft
    for row, (kind, text, glyph) in enumerate(rows, start=1):
        grid.addWidget(label(kind.capitalize(), "small", "text2"), row, 0)
        for column, state in enumerate(STATES):
            made = button(theme, text, kind=kind, glyph=glyph)
            if state in _HELD:
                made = _hold(made, _HELD[state])
            grid.addWidget(_in_state(made, state), row, column + 1, left)
    grid.addWidget(label("Icon", "small", "text2"), 6, 0)
    for column, state in enumerate(STATES):
        icon_class = _FocusedIconButton if state == "Focus" else IconButton
        tool = icon_class(theme, "ph.arrow-clockwise")
        if state == "Pressed":
            tool = IconButton(theme, "mdi6.dock-right")
            tool.setCheckable(True)
            tool.setChecked(True)
        tool.setAccessibleName(f"Icon button, {state}")
        grid.addWidget(_in_state(tool, state), 6, column + 1, left)
    grid.setColumnStretch(6, 1)
    return grid


def inputs(theme: Theme) -> QLayout:
    """Fields, combo box and spin box."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(10)
    wrong = QLineEdit("http://kms.acme.example")
    wrong.setProperty("role", "mono")
    wrong.setProperty("error", "true")
    combo = QComboBox()
    combo.addItems(["Europe (Frankfurt)  eu-central-1", "US East (N. Virginia)  us-east-1"])
    spin = QSpinBox()
    spin.setRange(1, 1000)
    spin.setValue(50)
    spin.setSuffix(" MB/s")
    spin.lineEdit().setTextMargins(7, 0, 0, 0)
    spin.setMaximumWidth(theme.px(140))
    hovered = QLineEdit("Finance")
    hovered.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    off = QLineEdit("Finance")
    off.setEnabled(False)
    search = SearchField(theme, "Filter this folder")
    cells = (
        (QLineEdit("Finance"), "Default", "text2"),
        (hovered, "Hover", "text2"),
        (_FocusedField("Finance"), "Focus", "text2"),
        (wrong, "Use https. Plain http would send data keys unprotected.", "bad"),
        (off, "Disabled", "text2"),
        (search, "Search", "text2"),
        (combo, "Combo box", "text2"),
        (spin, "Spin box", "text2"),
    )
    for index, (field, words, tone) in enumerate(cells):
        field.setAccessibleName(words)
        cell = QVBoxLayout()
        cell.setSpacing(4)
        cell.addWidget(field)
        cell.addWidget(label(words, "small", tone))
        grid.addLayout(cell, index // 2, index % 2)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def choices(theme: Theme) -> QLayout:
    """Check boxes, radio buttons, segments and tabs."""
    boxes: list[QWidget] = []
    for text, state, is_enabled in (
        ("On", Qt.CheckState.Checked, True),
        ("Off", Qt.CheckState.Unchecked, True),
        ("Mixed", Qt.CheckState.PartiallyChecked, True),
        ("Focus", Qt.CheckState.Unchecked, True),
        ("Disabled", Qt.CheckState.Checked, False),
    ):
        box = _FocusedCheckBox(text) if text == "Focus" else QCheckBox(text)
        box.setTristate(text == "Mixed")
        box.setCheckState(state)
        box.setEnabled(is_enabled)
        boxes.append(box)
    for text, is_on, is_enabled in (
        ("On", True, True),
        ("Off", False, True),
        ("Disabled", False, False),
    ):
        radio = QRadioButton(text)
        radio.setAutoExclusive(False)
        radio.setChecked(is_on)
        radio.setEnabled(is_enabled)
        boxes.append(radio)
    tabs = TabStrip(theme, "Transfers")
    tabs.add("Active", 4)
    tabs.add("Completed", 128)
    tabs.add("Failed", 1, tone="bad")
    segments = Segmented(theme, "Show", ("All", "Problems", "Verified"))
    column = QVBoxLayout()
    column.setSpacing(12)
    column.addLayout(row_of(boxes, 16))
    column.addLayout(row_of((segments, tabs, Spinner(theme)), 24))
    return column


def _hold(source: QPushButton, state: QStyle.StateFlag) -> QPushButton:
    target = _HeldButton()
    target.held = state
    target.setText(source.text())
    target.setIcon(source.icon())
    target.setIconSize(source.iconSize())
    target.setProperty("kind", source.property("kind"))
    return target


def _in_state(made: QPushButton | QToolButton, state: str) -> QWidget:
    if state == "Hover":
        made.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    made.setDown(state == "Pressed")
    made.setEnabled(state != "Disabled")
    return made
