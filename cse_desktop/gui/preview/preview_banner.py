"""Says where a previewed file is, and what was checked before it was shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QFrame, QWidget

from cse_desktop.core.envelope import Suite
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox
from cse_desktop.gui.parts.tile import Glyph

TITLE: Final = "Decrypted in memory only"
TEXT: Final = "Never written to disk. Forgotten when you close this window."
_CHECKED: Final = {
    Suite.GCM_COMMITTING: "Tag and key commitment verified",
    Suite.GCM: "Tag verified, without key commitment",
    Suite.CBC: "No tag: changes can go unnoticed",
}


class PreviewBanner(QFrame):
    """Green, or amber where changes of the content could go unnoticed. GUI thread."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("banner", "ok")
        self.setProperty("wide", "true")
        self._shield = Glyph(theme, "ph.shield-check-fill", "ok", 16)
        self.checked = label("", tone="ok")
        text = ElidedLabel()
        text.set_text(TEXT)
        text.setMinimumWidth(1)  # the first to give way in a narrow window
        row = hbox(8, self)
        row.setContentsMargins(16, 9, 16, 9)
        row.addWidget(self._shield)
        row.addWidget(label(TITLE, "h3"))
        row.addWidget(text, 1)
        row.addWidget(self.checked)

    def show_check(self, suite: Suite) -> None:
        """Say what was verified, and appear."""
        self.checked.setText(_CHECKED[suite])
        is_weak = suite is Suite.CBC
        tone = "warn" if is_weak else "ok"
        self._shield.set_glyph("ph.warning-fill" if is_weak else "ph.shield-check-fill", tone)
        restyle(self.checked, tone=tone)
        restyle(self, banner=tone)
        self.setAccessibleName(f"{TITLE}. {TEXT} {_CHECKED[suite]}.")
        self.show()
