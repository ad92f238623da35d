"""Parts of the inspector: text that wraps anywhere and can be copied, facts, tables, sections."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.gui.browser.inspector_facts import Fact, Section, ValueKind
from cse_desktop.gui.look.icons import icon
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, icon_button, label
from cse_desktop.gui.parts.tile import Glyph

NAME_WIDTH = 108


class CopyText(QPlainTextEdit):
    """Read-only text as tall as it needs, wrapped inside words, to be selected and copied.

    A QLabel breaks lines only between words, and an ARN is one word.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        role: str = "body",
        tone: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role
        self.setProperty("frame", "flat")
        self.setProperty("tone", tone)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.setCursorWidth(0)
        self.setPlainText(visible(text))
        self.setAccessibleName(visible(text))
        theme.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        return QSize(80, self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, QFontMetrics(self.font()).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        self.setFont(self._theme.font(self._role))
        self._fit()

    def _wanted_height(self) -> int:
        # The height of a plain text document is a number of lines.
        lines = max(1, round(self.document().size().height()))
        return lines * QFontMetrics(self.font()).lineSpacing() + 1

    def _fit(self) -> None:
        self.setFixedHeight(self._wanted_height())


class FactGrid(QWidget):
    """Names at the left, values at the right.

    Signals:
        read_key_asked: the link "Read it" beside the KMS key.
    """

    read_key_asked = Signal()

    def __init__(self, theme: Theme, facts: Sequence[Fact], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(7)
        grid.setColumnMinimumWidth(0, theme.px(NAME_WIDTH))
        grid.setColumnStretch(1, 1)
        row = 0
        for fact in facts:
            name = label(fact.name, tone="text2")
            is_line = fact.kind in (ValueKind.READ_KEY, ValueKind.KEY)
            side = Qt.AlignmentFlag.AlignVCenter if is_line else Qt.AlignmentFlag.AlignTop
            grid.addWidget(name, row, 0, side)
            value = self._value(fact)
            value.setAccessibleName(f"{fact.name}: {visible(fact.value)}")
            grid.addWidget(value, row, 1)
            row += 1
            if fact.extra:
                grid.addWidget(well(theme, fact.extra), row, 0, 1, 2)
                row += 1

    def _value(self, fact: Fact) -> QWidget:
        theme = self._theme
        if fact.kind in (ValueKind.PLAIN, ValueKind.MONO):
            role = "mono" if fact.kind is ValueKind.MONO else "body"
            return CopyText(theme, fact.value, role)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if fact.kind in (ValueKind.YES, ValueKind.NO):
            is_yes = fact.kind is ValueKind.YES
            glyph = "ph.check-circle-fill" if is_yes else "ph.minus-circle"
            row.addWidget(Glyph(theme, glyph, "ok" if is_yes else "warn", 14))
            row.addWidget(label(fact.value, "strong", "ok" if is_yes else "warn"))
            row.addStretch(1)
        elif fact.kind is ValueKind.READ_KEY:
            row.addWidget(label(f"{fact.value} ·", tone="text2"))
            read = button(theme, "Read it", kind="link", sz="mini")
            read.setToolTip("One call to KMS, recorded in CloudTrail")
            read.clicked.connect(self.read_key_asked)
            row.addWidget(read)
            row.addStretch(1)
        else:
            row.addWidget(CopyText(theme, fact.value, "strong"), 1)
            row.addWidget(copy_button(theme, "Copy key ARN", fact.extra))
        return line


class PairTable(QFrame):
    """Names and values in a frame, a hairline between rows."""

    def __init__(
        self, theme: Theme, pairs: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("frame", "well")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        for number, (name, value) in enumerate(pairs):
            if number:
                rule = QFrame()
                rule.setProperty("frame", "line")
                rule.setFixedHeight(1)
                column.addWidget(rule)
            row = QHBoxLayout()
            row.setContentsMargins(10, 5, 10, 6)
            row.setSpacing(12)
            left = CopyText(theme, name, "mono", "text2")
            right = CopyText(theme, value, "mono")
            right.setAccessibleName(f"{visible(name)}: {visible(value)}")
            row.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
            row.addWidget(right, 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(row)


class FoldableSection(QWidget):
    """A heading with a caret, and what it folds.

    Signals:
        read_key_asked: see FactGrid.
        folded: title, and whether the section is closed now.
    """

    read_key_asked = Signal()
    folded = Signal(str, bool)

    def __init__(
        self, theme: Theme, section: Section, *, is_closed: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = section.title
        self._heading = QPushButton(section.title)
        self._heading.setProperty("kind", "heading")
        self._heading.setCheckable(True)
        self._heading.setAutoDefault(False)
        self._heading.setIconSize(QSize(theme.px(12), theme.px(12)))
        self._body = self._make_body(section)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._body)
        self._heading.toggled.connect(self._fold)
        self._heading.setChecked(not is_closed)
        self._fold(not is_closed)

    def _make_body(self, section: Section) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if section.facts:
            grid = FactGrid(self._theme, section.facts)
            grid.read_key_asked.connect(self.read_key_asked)
            column.addWidget(grid)
        if section.pairs_title and section.pairs:
            column.addWidget(label(section.pairs_title, "strong", "text2"))
        if section.pairs:
            column.addWidget(PairTable(self._theme, section.pairs))
        return body

    def _fold(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        glyph = "ph.caret-down" if is_open else "ph.caret-right"
        self._heading.setIcon(icon(self._theme, glyph, "text2", 12, on="text2"))
        self._heading.setAccessibleDescription("Expanded" if is_open else "Collapsed")
        self.folded.emit(self._title, not is_open)


def well(theme: Theme, text: str) -> QFrame:
    """An ARN or the like, in fixed type in a frame."""
    frame = card("well")
    row = QHBoxLayout(frame)
    row.setContentsMargins(9, 6, 9, 6)
    row.addWidget(CopyText(theme, text, "mono_small", "text2"))
    return frame


def copy_button(theme: Theme, name: str, text: str) -> QWidget:
    """A small button that puts `text` on the clipboard."""
    made = icon_button(theme, "ph.copy-simple", name, sz="mini")

    def copy() -> None:
        QGuiApplication.clipboard().setText(text)

    made.clicked.connect(copy)
    return made
