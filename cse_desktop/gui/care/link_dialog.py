"""A link to the stored bytes of an object, and what it is and is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cse_desktop.core.inspection import Inspection, Kind, inspect
from cse_desktop.core.labels import Link
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.layouts import hbox
from cse_desktop.jobs.snapshot import Failure

TIMES: Final = (
    ("15 minutes", 15 * 60),
    ("1 hour", 3600),
    ("12 hours", 12 * 3600),
    ("1 day", 24 * 3600),
    ("7 days", 7 * 24 * 3600),
)
CIPHERTEXT: Final = (
    "The link yields ciphertext",
    "Whoever opens it gets the file as it is stored: encrypted. To read it, they need this program "
    "or another S3 encryption client, and the right to decrypt with its KMS key.",
)
PLAINTEXT: Final = (
    "This file is not encrypted",
    "There is no client-side encryption. Whoever opens the link can read the file.",
)
UNKNOWN: Final = (
    "Checking how this file is encrypted…",
    "A link yields the bytes as they are stored; nothing is decrypted by it.",
)
TEMPORARY: Final = (
    "You are signed in with temporary credentials: the link ends with them, which may be earlier."
)

Found = tuple[Inspection, Link]


class LinkDialog(Dialog):
    """Makes a new link whenever another time is chosen; nothing is sent, it is signed here."""

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        session: Callable[[], Session],
        ref: ObjectRef,
        parent: QWidget | None = None,
    ) -> None:
        name = text.curly(text.visible(ref.name))
        super().__init__(
            theme,
            "Link",
            f"Link to {name}",
            "For people without access to the bucket. It needs no sign-in and cannot be taken "
            "back before its end.",
            width=620,
            parent=parent,
        )
        self._bridge, self._session, self._ref = bridge, session, ref
        self.banner = Banner(theme, "info", UNKNOWN[1], title=UNKNOWN[0])
        self.time = QComboBox()
        self.time.setAccessibleName("Works for")
        for words, seconds in TIMES:
            self.time.addItem(words, seconds)
        self.time.setCurrentIndex(1)
        self.url = QLineEdit()
        self.url.setReadOnly(True)
        self.url.setProperty("role", "mono")
        self.url.setAccessibleName("Link")
        self.url.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.ends = label("", "small", "text2", wrap=True)
        self._fill()
        self.add_button("Close", Role.RejectRole)
        self.copy = self.add_button("Copy link", Role.AcceptRole, kind="primary")
        self.copy.setEnabled(False)
        self.time.currentIndexChanged.connect(self._make)
        self._make()
        self.time.setFocus()

    def accept(self) -> None:
        """Put the link on the clipboard; the dialog stays."""
        if self.copy.isEnabled():
            QGuiApplication.clipboard().setText(self.url.text())
            self.note.setText("Link copied")

    @Slot()
    def _make(self) -> None:
        seconds = int(self.time.currentData())
        self.copy.setEnabled(False)
        self.note.setText("")
        question = partial(_look, self._session, self._ref, seconds)
        self._bridge.ask(question, self._show, self._fail, self)

    def _show(self, found: Found) -> None:
        inspection, link = found
        is_plain = inspection.kind is Kind.NOT_ENCRYPTED
        title, words = PLAINTEXT if is_plain else CIPHERTEXT
        self.banner.show_message("warn" if is_plain else "info", words, title=title)
        self.url.setText(link.url)
        self.url.setCursorPosition(0)
        moment = f"Works until {text.date(link.ends)}."
        self.ends.setText(f"{moment} {TEMPORARY}" if link.is_temporary else moment)
        self.copy.setEnabled(True)

    def _fail(self, failure: Failure) -> None:
        self.banner.show_message("bad", failure.hint, title=failure.title)

    def _fill(self) -> None:
        row = hbox(12)
        heading = label("Works for", "strong")
        heading.setBuddy(self.time)
        row.addWidget(heading)
        row.addWidget(self.time)
        row.addStretch(1)
        self.body.addWidget(self.banner)
        self.body.addSpacing(4)
        self.body.addLayout(row)
        self.body.addWidget(self.url)
        self.body.addWidget(self.ends)


def _look(session: Callable[[], Session], ref: ObjectRef, seconds: int) -> Found:
    found = session()
    return inspect(found, ref, peek=True), found.store.labels.link(ref, seconds)
