"""What an administrator would have to allow, ready to be copied."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cse_desktop.core.permissions import Explanation
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label
from cse_desktop.gui.parts.segmented import Segmented

MAX_LINES = 13


class PolicyBox(QWidget):
    """Action, resource, and a statement for each way to allow it.

    Signals:
        copied: a sentence about what is on the clipboard now.
    """

    copied = Signal(str)

    def __init__(
        self, theme: Theme, explanation: Explanation, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._explanation = explanation
        self.place = label(role="small", tone="text2", wrap=True)
        self.statement = QPlainTextEdit()
        self.ways = Segmented(theme, "Where it is allowed", self._kinds() or ("",))
        self.ways.chosen.connect(self._show)
        self.copy = button(theme, "Copy", kind="link", glyph="ph.copy-simple")
        self.copy.clicked.connect(self._copy_one)
        self.copy_all = button(theme, "Copy all", kind="link", glyph="ph.copy-simple")
        self.copy_all.clicked.connect(self._copy_all)
        self._lay_out()
        self._show(0)

    def _kinds(self) -> tuple[str, ...]:
        return tuple(each.kind for each in self._explanation.statements)

    def _lay_out(self) -> None:
        refusal, has_statements = self._explanation.refusal, bool(self._explanation.statements)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self._explanation.why, wrap=True))
        what = f"{visible(refusal.action)}\n{visible(self._explanation.resource)}"
        self.what = label(what, role="mono", tone="text2", wrap=True)
        self.what.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.what.setAccessibleName(f"Action and resource: {what}")
        column.addWidget(self.what)
        row = QHBoxLayout()
        row.addWidget(self.ways)
        row.addStretch(1)
        row.addWidget(self.copy)
        row.addWidget(self.copy_all)
        column.addLayout(row)
        column.addWidget(self.place)
        column.addWidget(self.statement)
        self.ways.setVisible(len(self._explanation.statements) > 1)
        self.copy.setVisible(has_statements)
        for each in (self.place, self.statement):
            each.setVisible(has_statements)
        box = self.statement
        box.setProperty("role", "mono")
        box.setReadOnly(True)
        box.setTabChangesFocus(True)
        box.setAccessibleName("Statement for an administrator")
        box.document().setDocumentMargin(0)
        box.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    @Slot(int)
    def _show(self, at: int) -> None:
        if self._explanation.statements:
            shown = self._explanation.statements[at]
            self.place.setText(visible(shown.place))
            self.statement.setPlainText(shown.text)
        # The same height for all of them: nothing moves when another is chosen.
        lines = [each.text.count("\n") + 1 for each in self._explanation.statements]
        metrics = QFontMetrics(self._theme.font("mono"))
        height = metrics.lineSpacing() * min(MAX_LINES, max([2, *lines]))
        self.statement.setFixedHeight(height + 2 * self._theme.px(10))

    @Slot()
    def _copy_one(self) -> None:
        QGuiApplication.clipboard().setText(self.statement.toPlainText())
        self.copied.emit(f"{self._kinds()[self.ways.current]} copied.")

    @Slot()
    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._explanation.text)
        self.copied.emit("Copied, with action and resource, for an administrator.")
