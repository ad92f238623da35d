"""The template of the style sheet; `style` fills in its colours and measures."""

from __future__ import annotations

from typing import Final

SHEET: Final = """
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QLabel { background: transparent; }
QLabel[role="display"] { font-size: $font_display; font-weight: 600; }
QLabel[role="h1"] { font-size: $font_h1; font-weight: 600; }
QLabel[role="h2"] { font-size: $font_h2; font-weight: 600; }
QLabel[role="h3"] { font-weight: 600; }
QLabel[role="strong"] { font-weight: 500; }
QLabel[role="small"] { font-size: $font_small; }
QLabel[role="badge"] { font-size: $font_small; font-weight: 500; }
QLabel[role="caption"] { font-size: $font_caption; font-weight: 500; }
QLabel[role="mono"] { font-family: "$mono_family"; font-size: $font_mono; }
QLabel[role="mono_small"] { font-family: "$mono_family"; font-size: $font_mono_small; }
QLabel[tone="text2"] { color: $text2; }
QLabel[tone="text3"] { color: $text3; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="sandbox"] { color: $sandbox; }
QLabel:disabled { color: $disabled; }

QFrame[frame="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[frame="well"] { background: $subtle; border: 1px solid $border; border-radius: 6px; }
QFrame[frame="surface"] { background: $surface; border: none; }
QFrame[frame="window"] { background: $window; border: none; }
QFrame[frame="footer"] { background: $window; border: none; border-top: 1px solid $border; }
QFrame[frame="bar"] { background: $window; border: none; border-bottom: 1px solid $border; }
QFrame[frame="actions"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[frame="line"] { background: $border; border: none; }
QFrame[frame="trough"] {
  background: $trough; border: 1px solid $border_button; border-radius: 6px;
}
$banners

QPushButton {
  background: $surface; color: $text; border: 1px solid $border_button; border-radius: 6px;
  padding: 0 12px; min-height: $h32_1;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:open { background: $pressed; }
QPushButton:disabled { background: $window; color: $disabled; border-color: $border; }
QPushButton[kind="primary"], QPushButton[kind="danger"] {
  color: $on_accent; font-weight: 600; border: none; padding: 0 13px; min-height: $h32_0;
}
QPushButton[kind="primary"] { background: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed, QPushButton[kind="primary"]:open {
  background: $accent_pressed;
}
QPushButton[kind="danger"] { background: $bad_solid; }
QPushButton[kind="danger"]:hover { background: $bad_hover; }
QPushButton[kind="danger"]:pressed { background: $bad_pressed; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled {
  background: $sunken; color: $disabled;
}
QPushButton[kind="quiet"], QPushButton[kind="link"] {
  background: transparent; border: none; padding: 0 9px; min-height: $h32_0;
}
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:pressed, QPushButton[kind="quiet"]:open { background: $pressed; }
QPushButton[kind="quiet"]:disabled { color: $disabled; }
QPushButton[kind="link"] {
  color: $accent_text; font-weight: 500; padding: 0 4px; min-height: $h24_0; text-align: left;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:disabled { color: $disabled; }
QPushButton[sz="small"] { min-height: $h28_1; padding: 0 10px; }
QPushButton[kind="primary"][sz="small"], QPushButton[kind="danger"][sz="small"],
QPushButton[kind="quiet"][sz="small"] { min-height: $h28_0; padding: 0 10px; }
QPushButton[half="left"] {
  border-top-right-radius: 0; border-bottom-right-radius: 0; padding: 0 12px;
}
QPushButton[half="right"] {
  border-top-left-radius: 0; border-bottom-left-radius: 0; padding: 0 8px;
}
QPushButton[kind="part"] {
  background: transparent; color: $text2; border: none; border-radius: 4px;
  padding: 0 12px; min-height: $h26_0;
}
QPushButton[kind="part"]:hover { background: $hover; }
QPushButton[kind="part"]:checked {
  background: $raised; color: $text; font-weight: 500; border: 1px solid $border_strong;
  padding: 0 11px; min-height: $h26_1;
}
QPushButton[kind="part"]:disabled { color: $disabled; }
QPushButton[kind="crumb"] {
  background: transparent; color: $text2; border: none; border-radius: 4px;
  padding: 0 4px; min-height: $h24_0; text-align: left;
}
QPushButton[kind="crumb"][sz="last"] { color: $text; font-weight: 600; }
QPushButton[kind="crumb"]:hover, QPushButton[kind="crumb"]:open { background: $hover; }
QPushButton[kind="crumb"]:pressed { background: $pressed; }
QPushButton[kind="heading"] {
  background: transparent; border: none; border-radius: 4px; font-weight: 600;
  padding: 0 4px; min-height: $h24_0; text-align: left;
}
QPushButton[kind="heading"]:hover { background: $hover; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton {
  background: transparent; border: none; border-radius: 6px; padding: 0; margin: 0;
}
QToolButton[sz="mini"] { border-radius: 4px; }
QToolButton:hover { background: $pressed; }
QToolButton:pressed, QToolButton:open { background: $sunken; }
QToolButton:checked { background: $selected; }
QToolButton:disabled { background: transparent; color: $disabled; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit {
  background: $surface; color: $text; border: 1px solid $border_strong; border-radius: 6px;
  padding: 0 9px; selection-background-color: $selected; selection-color: $text;
  placeholder-text-color: $text3;
}
QLineEdit { min-height: $h32_1; }
QLineEdit[role="mono"] { font-family: "$mono_family"; font-size: $font_mono; }
QLineEdit[sz="small"] { min-height: $h28_1; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover { border-color: $text3; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {
  background: $window; color: $disabled; border-color: $border_button;
}
QPlainTextEdit, QTextEdit { padding: 6px 9px; }
QPlainTextEdit[role="mono"], QTextEdit[role="mono"] {
  font-family: "$mono_family"; font-size: $font_mono; background: $subtle; border-color: $border;
}

QPlainTextEdit[frame="flat"], QPlainTextEdit[frame="flat"]:hover {
  background: transparent; border: none; border-radius: 0; padding: 0;
}
QPlainTextEdit[frame="flat"][tone="text2"] { color: $text2; }

QComboBox {
  background: $surface; border: 1px solid $border_strong; border-radius: 6px;
  padding-left: 9px; min-height: $h32_1; combobox-popup: 0;
}
QComboBox:hover { border-color: $text3; }
QComboBox:disabled { background: $window; color: $disabled; border-color: $border_button; }
QComboBox::drop-down { border: none; width: $h28_0; }
QComboBox::down-arrow { image: $image_caret_down; width: $h16_0; height: $h16_0; }
QComboBox::down-arrow:disabled { image: $image_caret_down_off; }
QComboBox QLineEdit { border: none; background: transparent; min-height: 0; padding: 0; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $border_button; border-radius: 6px; padding: 4px;
  outline: none; selection-background-color: $selected; selection-color: $text;
}
QAbstractItemView[frame="sidebar"] { background: $window; }
QComboBox QAbstractItemView::item { min-height: $h28_0; border-radius: 4px; padding: 0 6px; }
QComboBox QAbstractItemView::item:selected { background: $selected; color: $text; }

QAbstractSpinBox {
  background: $surface; border: 1px solid $border_strong; border-radius: 6px;
  min-height: $h32_1; max-height: $h32_1;
  selection-background-color: $selected; selection-color: $text;
}
QAbstractSpinBox:hover { border-color: $text3; }
QAbstractSpinBox:disabled { background: $window; color: $disabled; border-color: $border_button; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  background: transparent; border: none; width: $h24_0; margin-right: 2px;
}
QAbstractSpinBox::up-arrow { image: $image_caret_up; width: $h14_0; height: $h14_0; }
QAbstractSpinBox::down-arrow { image: $image_caret_down; width: $h14_0; height: $h14_0; }
QAbstractSpinBox::up-arrow:off { image: $image_caret_up_off; }
QAbstractSpinBox::down-arrow:off { image: $image_caret_down_off; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; min-height: 0; padding: 0; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; min-height: $h24_0; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator {
  background: $surface; border: 1px solid $border_strong; width: $h16_1; height: $h16_1;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: ${radio}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { background: $hover; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
  background: $window; border-color: $border_button;
}
QCheckBox::indicator:checked, QCheckBox::indicator:indeterminate,
QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:checked { image: $image_check; }
QCheckBox::indicator:indeterminate { image: $image_dash; }
QRadioButton::indicator:checked { image: $image_dot; }
QCheckBox::indicator:checked:disabled, QCheckBox::indicator:indeterminate:disabled,
QRadioButton::indicator:checked:disabled { background: $disabled; border-color: $disabled; }

QHeaderView { background: $surface; border: none; }
QHeaderView::section {
  background: $subtle; color: $text2; border: none; border-bottom: 1px solid $border;
  padding: 0 12px; font-weight: 500; min-height: $h32_1;
}
QHeaderView::section:hover { background: $hover; }
QHeaderView::up-arrow { image: $image_caret_up; width: $h14_0; height: $h14_0; }
QHeaderView::down-arrow { image: $image_caret_down; width: $h14_0; height: $h14_0; }

QAbstractItemView {
  background: $surface; border: none; outline: none;
  selection-background-color: $selected; selection-color: $text;
}
QListView[kind="completions"] {
  background: $surface; border: 1px solid $border_button; padding: 0 4px;
  font-family: "$mono_family"; font-size: $font_mono;
}
QListView[kind="completions"]::item { min-height: $h30_0; padding: 0 8px; border-radius: 4px; }
QListView[kind="completions"]::item:selected { background: $selected; color: $text; }
QScrollArea { background: transparent; border: none; }
QWidget[frame="page"] { background: $window; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border_button; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $border_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenuBar { background: $window; border: none; padding: 0 8px; spacing: 2px; }
QMenuBar::item { background: transparent; padding: 6px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $surface; border: 1px solid $border_button; padding: 4px; }
QMenu::item {
  background: transparent; border-radius: 4px; padding: 0 44px 0 8px; min-height: $h30_0;
}
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 0; }

QToolTip {
  background: $tooltip_bg; color: $tooltip_fg; border: none; padding: 3px 5px;
  font-size: $font_small;
}

$dialog_buttons
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: $window; border: none; border-top: 1px solid $border; }
QStatusBar::item { border: none; }

QProgressBar {
  background: $sunken; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $progress; border-radius: 3px; }
QProgressBar[tone="ok"]::chunk { background: $ok_solid; }
QProgressBar[tone="warn"]::chunk { background: $warn_solid; }
QProgressBar[tone="bad"]::chunk { background: $progress_bad; }
QProgressBar[tone="paused"]::chunk { background: $text3; }

QPushButton:focus, QPushButton[kind="quiet"]:focus {
  border: 2px solid $focus; padding: 0 11px; min-height: $h32_2;
}
QPushButton[kind="quiet"]:focus { padding: 0 7px; }
QPushButton[kind="primary"]:focus, QPushButton[kind="danger"]:focus {
  border: 2px solid $text; padding: 0 11px; min-height: $h32_2;
}
QPushButton[kind="link"]:focus {
  border: 2px solid $focus; border-radius: 4px; padding: 0 2px; min-height: $h24_2;
}
QPushButton[kind="part"]:focus {
  border: 2px solid $focus; padding: 0 10px; min-height: $h26_2;
}
QPushButton[kind="crumb"]:focus { border: 2px solid $focus; padding: 0 2px; min-height: $h24_2; }
QPushButton[sz="small"]:focus, QPushButton[kind="primary"][sz="small"]:focus,
QPushButton[kind="danger"][sz="small"]:focus { padding: 0 9px; min-height: $h28_2; }
QPushButton[kind="quiet"][sz="small"]:focus { padding: 0 8px; min-height: $h28_2; }
QPushButton[half="left"]:focus { padding: 0 10px; }
QPushButton[half="right"]:focus { padding: 0 6px; }
QPushButton[kind="heading"]:focus { border: 2px solid $focus; padding: 0 2px; min-height: $h24_2; }
QToolButton:focus { border: 2px solid $focus; }
QLineEdit:focus { border: 2px solid $focus; padding: 0 8px; min-height: $h32_2; }
QLineEdit[sz="small"]:focus { min-height: $h28_2; }
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus {
  border: none; background: transparent; padding: 0; min-height: 0;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $focus; padding: 5px 8px; }
QPlainTextEdit[frame="flat"]:focus { border: none; padding: 0; background: $hover; }
QComboBox:focus { border: 2px solid $focus; padding-left: 8px; min-height: $h32_2; }
QAbstractSpinBox:focus { border: 2px solid $focus; min-height: $h32_2; max-height: $h32_2; }
QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:focus {
  border: none; padding: 0; min-height: 0;
}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {
  border: 2px solid $focus; width: $h16_2; height: $h16_2;
}
QLineEdit[error="true"], QLineEdit[error="true"]:focus {
  border: 2px solid $error; padding: 0 8px; min-height: $h32_2;
}
QComboBox[error="true"], QAbstractSpinBox[error="true"] {
  border: 2px solid $error; min-height: $h32_2;
}
"""
