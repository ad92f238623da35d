"""The bottom line: what is shown, where from, as whom, and what leaves this computer."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, line, restyle
from cse_desktop.gui.parts.tile import Glyph

HEIGHT = 28
TOLD_FOR_MS = 8_000

TRUST = "Only ciphertext leaves this computer"
TRUST_SANDBOX = "Sandbox: nothing leaves this computer"


class StatusLine(QFrame):
    """Count and selection, connection, identity, trust line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("frame", "footer")
        self.setFixedHeight(theme.px(HEIGHT))
        self._theme = theme
        self._counts = ""
        self.left = label(role="small", tone="text2")
        self.connection = label(role="small", tone="text2")
        self.identity = label(role="small", tone="text2")
        self.trust = label(TRUST, role="badge", tone="ok")
        self._lock = Glyph(theme, "mdi6.lock", "ok", 14)
        self._identity_line, self._trust_line = line(vertical=True), line(vertical=True)
        self._back_to_counts = QTimer(self, singleShot=True, interval=TOLD_FOR_MS)
        self._back_to_counts.timeout.connect(self._show_counts)
        self._lay_out()
        self.set_place("", "", is_sandbox=False)

    def set_counts(self, text: str) -> None:
        """What is in the folder and what of it is selected."""
        self._counts = text
        if not self._back_to_counts.isActive():
            self._show_counts()

    @Slot(str)
    def tell(self, text: str) -> None:
        """Show a sentence for a while, in place of the counts."""
        self.left.setText(text)
        self._back_to_counts.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.left, text))

    def set_place(self, connection: str, identity: str, *, is_sandbox: bool) -> None:
        """Show where the files are, and as whom they are seen."""
        self.connection.setText(connection)
        self.identity.setText(identity)
        self._identity_line.setVisible(bool(connection and identity))
        self._trust_line.setVisible(bool(connection))
        self.trust.setText(TRUST_SANDBOX if is_sandbox else TRUST)
        tone = "sandbox" if is_sandbox else "ok"
        restyle(self.trust, tone=tone)
        self._lock.set_glyph("ph.cube" if is_sandbox else "mdi6.lock", tone)

    def set_narrow(self, is_narrow: bool) -> None:
        """Leave out who is signed in."""
        has_identity = bool(self.identity.text()) and not is_narrow
        self.identity.setVisible(has_identity)
        self._identity_line.setVisible(has_identity)

    @Slot()
    def _show_counts(self) -> None:
        self.left.setText(self._counts)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(10)
        self.left.setSizePolicy(
            self.left.sizePolicy().Policy.Ignored, self.left.sizePolicy().Policy.Preferred
        )
        row.addWidget(self.left, 1)
        for divider in (self._identity_line, self._trust_line):
            divider.setFixedHeight(self._theme.px(14))
        parts: tuple[QLabel | QFrame, ...] = (
            self.connection,
            self._identity_line,
            self.identity,
            self._trust_line,
        )
        for part in parts:
            row.addWidget(part)
        trust = QHBoxLayout()
        trust.setSpacing(5)
        trust.addWidget(self._lock)
        trust.addWidget(self.trust)
        row.addLayout(trust)
