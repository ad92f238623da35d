"""A file decrypted in memory, to be looked at, and forgotten with its window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from cse_desktop.core import preview
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.preview import Plaintext
from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.empty_state import EmptyLook, EmptyState
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.places import Place
from cse_desktop.gui.preview import preview_words
from cse_desktop.gui.preview.preview_banner import PreviewBanner
from cse_desktop.gui.preview.preview_content import Content, Hex, Pdf, Picture, Text, content_of
from cse_desktop.gui.preview.preview_header import PreviewHeader
from cse_desktop.gui.preview.preview_image import ImageView
from cse_desktop.gui.preview.preview_text import TextView
from cse_desktop.gui.questions import Asked
from cse_desktop.jobs.snapshot import Failure

LIMIT_BYTES: Final = 64_000_000
SPEAKS_AFTER_MS: Final = 300
USUAL: Final = (960, 720)
SMALLEST: Final = (640, 480)

LabelOf = Callable[[Entry], str]
"""The key of a file as the user knows it; "" where that is not known."""


class PreviewWindow(QWidget):
    """An ordinary window; Space or Esc closes it. GUI thread.

    Signals:
        step_asked: -1 for the file before, 1 for the file after.
        open_asked: the Entry that another program is to show.
        save_asked: the Entry whose readable copy is wanted on the disk.
        opened: Place, ObjectRef and Opened of a file that KMS has opened.
        closed: it is gone, and its content with it.
    """

    step_asked = Signal(int)
    save_asked = Signal(object)
    open_asked = Signal(object)
    opened = Signal(object, object, object)
    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session_for: SessionFor,
        label_of: LabelOf,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._theme, self._bridge, self._session_for = theme, bridge, session_for
        self._place: Place | None = None
        self._entry: Entry | None = None
        self._label_of = label_of
        self._position, self._offers_open = "", False
        self._notes: list[str] = []
        self._plaintext: Plaintext | None = None
        self._asked: Asked | None = None
        self._cancel = CancelToken()
        self.resize(*(theme.px(side) for side in USUAL))
        self.setMinimumSize(QSize(*SMALLEST))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.header = PreviewHeader(theme)
        self.text_view = TextView(theme)
        self.image_view = ImageView(theme)
        self.message = EmptyState(theme, preview_words.LOADING)
        self.banner = PreviewBanner(theme)
        self._stack = QStackedWidget()
        self._blank = QWidget()
        for page in (self._blank, self.text_view, self.image_view, self.message):
            self._stack.addWidget(page)
        self.where, self.address = label(tone="text2", role="small"), ElidedLabel("small", "text2")
        self._patience = QTimer(self, singleShot=True, interval=SPEAKS_AFTER_MS)
        self._patience.timeout.connect(partial(self._say, preview_words.LOADING))
        self._lay_out()
        self._connect()

    @property
    def entry(self) -> Entry | None:
        """The file that is shown, or on its way."""
        return self._entry

    def show_file(
        self, place: Place, entry: Entry, position: int, count: int, version: str = ""
    ) -> None:
        """Fetch another file; what was shown before is forgotten.

        Args:
            position: among the files of the folder, from 1.
            version: an earlier one; "" for the newest.
        """
        self._forget()
        self._place, self._entry, self._offers_open = place, entry, False
        self.setWindowTitle(f"{text.visible(entry.name)} — Preview")
        self.header.set_kind("")
        self.header.set_file(entry.name, text.about(entry.size))
        self.header.set_neighbours(has_before=position > 1, has_after=position < count)
        folder = text.visible(entry.key.rpartition("/")[0].rpartition("/")[2])
        self._position = f"File {text.number(position)} of {text.number(count)}" + (
            f" in {folder}" if folder else ""
        )
        self.where.setText(self._position)
        self.address.set_text(text.visible(str(place.folder)))
        self.banner.hide()
        self._stack.setCurrentWidget(self._blank)
        if entry.size > LIMIT_BYTES + 32:
            self._show_too_large()
            return
        self._patience.start()
        ref = ObjectRef(place.folder.bucket, entry.key, version)
        self._cancel = CancelToken()
        question = partial(_read, self._session_for, place.connection, ref, self._cancel)
        self._asked = self._bridge.ask(question, self._take, self._fail, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, image = event.key(), self.image_view
        is_picture = self._stack.currentWidget() is image
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        tools = {
            Qt.Key.Key_Plus: image.zoom_in,
            Qt.Key.Key_Equal: image.zoom_in,
            Qt.Key.Key_Minus: image.zoom_out,
            Qt.Key.Key_0: image.fit,
            Qt.Key.Key_R: image.turn,
        }
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.close()
        elif key in steps:
            self.step_asked.emit(steps[Qt.Key(key)])
        elif is_picture and key in tools:
            tools[Qt.Key(key)]()
        elif key == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.header.search.setFocus()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._forget()
        super().closeEvent(event)
        self.closed.emit()

    def _forget(self) -> None:
        """Stop reading, and overwrite what can be overwritten."""
        self._patience.stop()
        self._cancel.cancel()
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None
        if self._plaintext is not None:
            self._plaintext.forget()
            self._plaintext = None
        self.header.search.clear()
        self.text_view.show_text("", has_numbers=False)
        self.image_view.forget()

    def _take(self, answer: tuple[Plaintext, Content]) -> None:
        self._plaintext, content = answer
        self._asked = None
        self._patience.stop()
        opened = self._plaintext.opened
        assert self._place is not None
        assert self._entry is not None
        self.opened.emit(self._place, opened.head.ref, opened)
        self.banner.show_check(opened.envelope.suite)
        key = self._label_of(self._entry) or preview_words.short_key(opened.key_arn)
        facts = [text.size(opened.size), *self._show(content), text.visible(key)]
        self.header.set_file(self._entry.name, " · ".join(facts))

    def _show(self, content: Content) -> list[str]:
        """Show it; gives what is worth saying beside the size."""
        match content:
            case Picture(image=image, full_size=size):
                self._stack.setCurrentWidget(self.image_view)
                self.header.set_kind("picture")
                self.image_view.show_image(image)
                self.image_view.setFocus()
                return [f"{text.number(size.width())} \u00d7 {text.number(size.height())}"]
            case Text(text=shown, encoding=encoding):
                self._stack.setCurrentWidget(self.text_view)
                self.header.set_kind("text")
                self.text_view.show_text(shown, has_numbers=True)
                self.header.show_hits(0, 0)
                self.text_view.setFocus()
                self._notes = ["Only the beginning is shown"] if content.is_cut else []
                if content.has_broken_lines:
                    self._notes.append("Long lines are broken")
                self._show_line(1, 1)
                return [encoding]
            case Pdf():
                self.header.set_kind("")
                self._say(preview_words.PDF)
                self._offers_open = True
                return ["PDF"]
            case Hex(text=shown):
                self._stack.setCurrentWidget(self.text_view)
                self.text_view.show_text(shown, has_numbers=False)
                self.text_view.setFocus()
                note = " · Only the beginning is shown" if content.is_cut else ""
                self.where.setText(f"{self._position}{note}")
                return ["Bytes"]

    @Slot(int, int)
    def _show_line(self, line: int, column: int) -> None:
        if self._stack.currentWidget() is not self.text_view or self.header.search.isHidden():
            return
        lines = text.count(self.text_view.blockCount(), "line")
        parts = [f"Line {text.number(line)}, column {text.number(column)}", lines, *self._notes]
        self.where.setText(" · ".join(parts))

    def _fail(self, failure: Failure) -> None:
        self._asked = None
        self._patience.stop()
        if failure.title == preview_words.TOO_LARGE:
            self._show_too_large()
            return
        self._say(preview_words.failed(failure))

    def _show_too_large(self) -> None:
        size = self._entry.size if self._entry else 0
        self._say(preview_words.too_large(size, LIMIT_BYTES))

    def _say(self, look: EmptyLook) -> None:
        self.message.set_look(look)
        self._stack.setCurrentWidget(self.message)

    @Slot(int)
    def _act(self, _number: int) -> None:
        """The one button of a message: stop waiting, open it elsewhere, or save instead."""
        if self._asked is not None:
            self.close()
        elif self._offers_open:
            self.open_asked.emit(self._entry)
        else:
            self._ask_save()

    @Slot()
    def _ask_save(self) -> None:
        if self._entry is not None:
            self.save_asked.emit(self._entry)

    @Slot(bool)
    def _wrap(self, wraps: bool) -> None:
        self.text_view.set_wrapping(wraps)

    def _lay_out(self) -> None:
        footer = QFrame()
        footer.setProperty("frame", "footer")
        row = hbox(16, footer)
        row.setContentsMargins(16, 6, 16, 5)
        row.addWidget(self.where)
        self.address.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.address, 1)
        column = vbox(0, self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.header, self.banner):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(footer)

    def _connect(self) -> None:
        header, image, view = self.header, self.image_view, self.text_view
        header.search.textChanged.connect(view.search)
        header.search.returnPressed.connect(view.next_hit)
        header.next_hit.clicked.connect(view.next_hit)
        header.previous_hit.clicked.connect(view.previous_hit)
        header.wrap.toggled.connect(self._wrap)
        header.wrap.setChecked(True)
        header.zoom_in.clicked.connect(image.zoom_in)
        header.zoom_out.clicked.connect(image.zoom_out)
        header.fit.clicked.connect(image.fit)
        header.turn.clicked.connect(image.turn)
        header.save_asked.connect(self._ask_save)
        header.before_asked.connect(partial(self.step_asked.emit, -1))
        header.after_asked.connect(partial(self.step_asked.emit, 1))
        view.found.connect(header.show_hits)
        view.moved.connect(self._show_line)
        image.zoomed.connect(header.show_scale)
        self.message.acted.connect(self._act)


def _read(
    session_for: SessionFor, connection: str, ref: ObjectRef, cancel: CancelToken
) -> tuple[Plaintext, Content]:
    """Fetch, verify, and find out what it is. Worker thread."""
    plaintext = preview.look(session_for(connection), ref, limit=LIMIT_BYTES, cancel=cancel)
    return plaintext, content_of(plaintext.data)
