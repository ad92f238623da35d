"""What went wrong, why, what to do, and facts for whoever helps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QTextOption
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QWidget

from cse_desktop.core.permissions import Explanation
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.notices.messages import Message, copied
from cse_desktop.gui.notices.policy_box import PolicyBox
from cse_desktop.gui.parts.buttons import button, label
from cse_desktop.gui.parts.dialog import Dialog, Role, section

WIDTH = 720
_LINES = 12


class ErrorDialog(Dialog):
    """Shows a Message.

    Args:
        can_retry: whether somebody listens to `retry_chosen`.

    Signals:
        retry_chosen: "Try again" was pressed; the dialog is closed.
    """

    retry_chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        message: Message,
        *,
        can_retry: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            message.window_title,
            message.title,
            message.subtitle,
            glyph=message.glyph,
            tone=message.tone,
            width=WIDTH,
            parent=parent,
        )
        self._message = message
        self.note.setText("Details contain no file content and no secrets.")
        if message.why:
            self.body.addWidget(section("Why"))
            self.body.addWidget(label(message.why, wrap=True))
        if message.steps:
            self.body.addSpacing(8)
            self.body.addWidget(section("What you can do"))
            self.body.addLayout(self._steps(message.steps))
        self.policy: PolicyBox | None = None
        if message.explanation is not None:
            self._add_policy(message.explanation)
        self.facts = QPlainTextEdit(message.details)
        self._add_details()
        if can_retry and message.may_retry:
            self.add_button("Try again", Role.ActionRole).clicked.connect(self._retry)
        self.add_button("Close", Role.AcceptRole, kind="primary").setFocus()
        self._fit()

    def show_details(self, is_shown: bool) -> None:
        """Open or close the technical details."""
        glyph = "ph.caret-down" if is_shown else "ph.caret-right"
        self.disclosure.setIcon(icon(self._theme, glyph))
        self.disclosure.setAccessibleDescription("Expanded" if is_shown else "Collapsed")
        self.facts.setVisible(is_shown)
        self._fit()

    def _steps(self, steps: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, step in enumerate(steps):
            if len(steps) > 1:
                number = label(f"{row + 1}.", tone="text2")
                grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(step, wrap=True), row, 1)
        return grid

    def _add_policy(self, explanation: Explanation) -> None:
        self.policy = PolicyBox(self._theme, explanation)
        self.policy.copied.connect(self.note.setText)
        self.body.addSpacing(8)
        self.body.addWidget(section("For an administrator"))
        self.body.addWidget(self.policy)

    def _add_details(self) -> None:
        theme = self._theme
        self.disclosure = button(theme, "Technical details", kind="quiet", glyph="ph.caret-right")
        self.disclosure.setFont(theme.font("h3"))
        # In line with the words above it, where a quiet button would stand ten pixels further in.
        self.disclosure.setStyleSheet(
            "QPushButton { text-align: left; padding: 0 2px; } QPushButton:focus { padding: 0; }"
        )
        self.disclosure.clicked.connect(self._toggle_details)
        copy = button(theme, "Copy details", kind="link", glyph="ph.copy-simple")
        copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.disclosure)
        row.addStretch(1)
        row.addWidget(copy)
        facts = self.facts
        facts.setProperty("role", "mono")
        facts.setReadOnly(True)
        facts.setAccessibleName("Technical details")
        facts.setTabChangesFocus(True)
        facts.document().setDocumentMargin(0)  # an ARN fits into a line then
        facts.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        facts.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        facts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        facts.hide()
        self.body.addSpacing(4)
        self.body.addLayout(row)
        self.body.addWidget(facts, 1)
        for part in (self.disclosure, copy):
            part.setVisible(bool(self._message.details))

    @Slot()
    def _toggle_details(self) -> None:
        self.show_details(not self.facts.isVisibleTo(self))

    @Slot()
    def _retry(self) -> None:
        self.accept()
        self.retry_chosen.emit()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(copied(self._message))
        self.note.setText("Details copied. They contain no file content and no secrets.")

    def _fit(self) -> None:
        """Be as high as the words need, with a bounded box of details."""
        metrics = QFontMetrics(self._theme.font("mono"))
        columns = (self._theme.px(WIDTH) - 2 * 24 - 2 * 10) // metrics.horizontalAdvance("0")
        lines = sum(
            1 + max(0, len(line) - 1) // columns for line in self._message.details.splitlines()
        )
        inside = metrics.lineSpacing() * min(_LINES, max(2, lines))
        self.facts.setFixedHeight(inside + 2 * self._theme.px(12))
        width = self._theme.px(WIDTH)
        column = self.layout()
        if column is not None:
            column.activate()
            self.resize(width, column.totalHeightForWidth(width))
