"""Rows of a form: what a field is, its control, and below it a hint or what is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, restyle

LABEL_WIDTH = 132


class FormRow:
    """One row; its parts are hidden together."""

    def __init__(self, heading: QLabel, control: QWidget, below: QLabel, hint: str) -> None:
        self.control = control
        self._heading = heading
        self._below = below
        self._hint = hint
        self._is_shown = True
        self.set_problem("")

    @property
    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._below.text() if self._below.property("tone") == "bad" else ""

    def set_problem(self, problem: str) -> None:
        """Say what is wrong and what to do; "" for nothing."""
        self._below.setText(problem or self._hint)
        restyle(self._below, tone="bad" if problem else "text3")
        self._below.setVisible(self._is_shown and bool(problem or self._hint))
        typed = self.control.focusProxy() or self.control
        restyle(typed, error="true" if problem else "false")
        typed.setAccessibleDescription(problem or self._hint)

    def set_hint(self, hint: str) -> None:
        """Change what stands below while nothing is wrong."""
        has_problem, self._hint = bool(self.problem), hint
        if not has_problem:
            self.set_problem("")

    def set_shown(self, is_shown: bool) -> None:
        """Show or hide all of it."""
        self._is_shown = is_shown
        for part in (self._heading, self.control):
            part.setVisible(is_shown)
        self._below.setVisible(is_shown and bool(self._below.text()))


class FormGrid(QGridLayout):
    """Labels on the left, controls on the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)
        self.setColumnMinimumWidth(0, theme.px(LABEL_WIDTH))
        self.setColumnStretch(1, 1)

    def add(self, name: str, control: QWidget, hint: str = "") -> FormRow:
        """Add a row; `name` is also what a screen reader calls the control."""
        at = self.rowCount()
        heading = label(name, tone="text2")
        heading.setBuddy(control)
        control.setAccessibleName(name)
        below = label("", "small", "text3", wrap=True)
        is_tall = isinstance(control, QPlainTextEdit)
        side = Qt.AlignmentFlag.AlignTop if is_tall else Qt.AlignmentFlag.AlignVCenter
        if is_tall:
            heading.setContentsMargins(0, 7, 0, 0)
        self.addWidget(heading, at, 0, side)
        self.addWidget(control, at, 1)
        self.addWidget(below, at + 1, 1)
        return FormRow(heading, control, below, hint)


def text_field(*, mono: bool = True, secret: bool = False, example: str = "") -> QLineEdit:
    """A line to type in.

    Args:
        secret: shown as dots, and offered to no input method that learns.
        example: shown while it is empty.
    """
    made = QLineEdit()
    if mono:
        made.setProperty("role", "mono")
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
    made.setPlaceholderText(example)
    return made


def choice_field(*, editable: bool = False) -> QComboBox:
    """A list to choose from; no wider than its column, and left alone by the wheel of a page."""
    made = QComboBox()
    made.setEditable(editable)
    made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(10)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
