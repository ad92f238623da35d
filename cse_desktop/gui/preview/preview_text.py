"""Text to be read: line numbers, the current line marked, words found."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QMimeData, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from cse_desktop.gui.look import text as words
from cse_desktop.gui.look.theme import Theme

FORGETS_AFTER_MS: Final = 60_000
MAX_MARKED: Final = 1_000
_FOUND_KEPT: Final = 100_000


class Gutter(QWidget):
    """The line numbers at the left of a TextView."""

    def __init__(self, view: TextView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        return QSize(self._view.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_gutter(self, event.rect())


class TextView(QPlainTextEdit):
    """Read only; nothing typed, pasted or dropped gets in. GUI thread.

    Signals:
        moved: the cursor is at another line (from 1) and column (from 1).
        found: which hit is the current one (from 1, 0 for none), and how many there are.
    """

    moved = Signal(int, int)
    found = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._has_numbers = True
        self._hits: list[int] = []
        self._length = 0
        self.gutter = Gutter(self)
        self.setProperty("frame", "paper")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # else the undo history would keep the text
        self.setAcceptDrops(False)
        self.setAccessibleName("Content of the file")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.blockCountChanged.connect(self._fit_gutter)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._follow_cursor)
        theme.changed.connect(self._dress)
        self._dress()

    def show_text(self, text: str, *, has_numbers: bool) -> None:
        """Show another text from its beginning."""
        self._has_numbers = has_numbers
        self.gutter.setVisible(has_numbers)
        self._hits, self._length = [], 0
        self.setPlainText(text)
        self._fit_gutter()
        self._follow_cursor()

    def set_wrapping(self, wraps: bool) -> None:
        """Break long lines at the edge of the window, or let them be scrolled."""
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if wraps else mode.NoWrap)

    def search(self, needle: str) -> None:
        """Mark what is found, whatever the case, and go to the first hit from the cursor on."""
        self._length = len(needle)
        self._hits = []
        if needle:
            pattern = re.compile(re.escape(needle), re.IGNORECASE)
            for match in pattern.finditer(self.toPlainText()):
                self._hits.append(match.start())
                if len(self._hits) >= _FOUND_KEPT:
                    break
        here = self.textCursor().selectionStart()
        at = next((number for number, hit in enumerate(self._hits) if hit >= here), 0)
        self._go_to(at)

    @Slot()
    def next_hit(self) -> None:
        """Go to the hit after the current one, from the last to the first."""
        self._go_to(self._current() + 1)

    @Slot()
    def previous_hit(self) -> None:
        """Go to the hit before the current one, from the first to the last."""
        self._go_to(self._current() - 1)

    @Slot()
    def copy_selected(self) -> None:
        """Copy the selection, and take it off the clipboard again after a minute."""
        selected = self.textCursor().selectedText().replace("\u2029", "\n")
        if not selected:
            return
        data = QMimeData()
        data.setText(selected)
        # Clipboard managers that know this leave it out of their history.
        data.setData("x-kde-passwordManagerHint", b"secret")
        clipboard = QGuiApplication.clipboard()
        clipboard.setMimeData(data)

        def forget() -> None:
            if clipboard.text() == selected:
                clipboard.clear()

        QTimer.singleShot(FORGETS_AFTER_MS, clipboard, forget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
            return
        if event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in (
            Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Escape,
        ):  # fmt: skip
            event.ignore()  # of the window: other files, close
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()

    def gutter_width(self) -> int:
        """Room for the largest number."""
        if not self._has_numbers:
            return 0
        digits = max(4, len(words.number(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + 2 * self._theme.px(16)

    def paint_gutter(self, gutter: QWidget, area: QRect) -> None:
        """Paint the numbers of the lines in view."""
        theme = self._theme
        painter = QPainter(gutter)
        painter.fillRect(area, theme.color("subtle"))
        edge = gutter.width() - 1
        painter.fillRect(QRect(edge, area.y(), 1, area.height()), theme.color("border"))
        painter.setFont(self.font())
        painter.setPen(theme.color("text3"))
        block = self.firstVisibleBlock()
        room = edge - theme.px(16)
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > area.bottom():
                break
            line = QRect(0, round(box.top()), room, self.fontMetrics().height())
            if block.isVisible():
                number = words.number(block.blockNumber() + 1)
                painter.drawText(line, Qt.AlignmentFlag.AlignRight, number)
            block = block.next()
        painter.end()

    def _current(self) -> int:
        here = self.textCursor().selectionStart()
        return self._hits.index(here) if here in self._hits else -1

    def _go_to(self, number: int) -> None:
        if not self._hits:
            self.found.emit(0, 0)
            self._mark()
            return
        number %= len(self._hits)
        cursor = self.textCursor()
        cursor.setPosition(self._hits[number])
        end = self._hits[number] + self._length
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.found.emit(number + 1, len(self._hits))

    @Slot()
    def _follow_cursor(self) -> None:
        cursor = self.textCursor()
        self._mark()
        self.moved.emit(cursor.blockNumber() + 1, cursor.positionInBlock() + 1)

    def _mark(self) -> None:
        """The current line, and what was found."""
        theme = self._theme
        line = QTextEdit.ExtraSelection()
        line.cursor = self.textCursor()
        line.cursor.clearSelection()
        line.format.setBackground(theme.color("accent_soft"))
        line.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        marks = [line] if self._has_numbers else []
        look = QTextCharFormat()
        look.setBackground(theme.color("warn_bg"))
        look.setForeground(theme.color("text"))
        look.setFontUnderline(True)
        for hit in self._hits[:MAX_MARKED]:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(hit)
            cursor.setPosition(hit + self._length, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look
            marks.append(mark)
        self.setExtraSelections(marks)

    @Slot()
    def _fit_gutter(self) -> None:
        width = self.gutter_width()
        self.setViewportMargins(width, 0, 0, 0)
        inside = self.contentsRect()
        self.gutter.setGeometry(inside.x(), inside.y(), width, inside.height())

    def _scroll_gutter(self, area: QRect, moved_by: int) -> None:
        if moved_by:
            self.gutter.scroll(0, moved_by)
        else:
            self.gutter.update(0, area.y(), self.gutter.width(), area.height())

    @Slot()
    def _dress(self) -> None:
        self.setFont(self._theme.font("mono"))
        self.document().setDocumentMargin(self._theme.px(12))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, self._theme.color("surface"))
        self.setPalette(palette)
        self._fit_gutter()
        self._mark()
