"""Where the parts of the key picker stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from cse_desktop.gui.keys.context_editor import ContextEditor
from cse_desktop.gui.keys.key_details import KeyDetails
from cse_desktop.gui.keys.key_filter_bar import KeyFilterBar
from cse_desktop.gui.keys.key_list import KeyList
from cse_desktop.gui.keys.key_model import KeyModel
from cse_desktop.gui.keys.key_pane import KeyPane
from cse_desktop.gui.keys.key_paste import KeyPaste
from cse_desktop.gui.look.text import elide_middle, escape_mnemonic, tip, visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.tab_strip import TabStrip

DETAILS_WIDTH: Final = 365
USE_WIDTH: Final = 320
MARGIN: Final = 24
_LIST_TAB, _DETAILS_TAB = 0, 1


class PickerParts:
    """The widgets of the picker, and what is shown of them at which width."""

    def __init__(self, theme: Theme, model: KeyModel, bucket: str, region: str) -> None:
        self._theme = theme
        self.filter_bar: Final = KeyFilterBar(theme, model)
        self.pane: Final = KeyPane(theme, model, region)
        self.list: Final[KeyList] = self.pane.list
        self.paste: Final = KeyPaste(theme, region)
        self.details: Final = KeyDetails(theme)
        self.context: Final[ContextEditor] = self.details.context
        self._remember_words = f"Always use this key and context for {visible(bucket)}"
        self.remember: Final = QCheckBox(escape_mnemonic(self._remember_words))
        self.remember.setAccessibleName(self._remember_words)
        self.remember.setMinimumWidth(theme.px(120))
        self.remember.setChecked(True)
        self.use: Final[QPushButton] = button(theme, "Use this key", kind="primary")
        self.buttons: Final = QDialogButtonBox()
        self.tabs: Final = TabStrip(theme, "Parts of this window")
        self.left: Final = card("surface")
        self.divider: Final = line(vertical=True)
        self.tab_bar: Final = QWidget()
        self._is_narrow = False

    def set_narrow(self, is_narrow: bool) -> None:
        """Details beside the list, or behind a tab."""
        self._is_narrow = is_narrow
        self.tab_bar.setVisible(is_narrow)
        self.divider.setVisible(not is_narrow)
        if is_narrow:
            self.details.setMinimumWidth(0)
            self.details.setMaximumWidth(16_777_215)
        else:
            self.details.setFixedWidth(self._theme.px(DETAILS_WIDTH))
        self.show_part()

    def show_part(self) -> None:
        """Show what the width and the chosen tab ask for."""
        is_list = self.tabs.currentIndex() == _LIST_TAB
        self.left.setVisible(is_list or not self._is_narrow)
        self.details.setVisible(not is_list or not self._is_narrow)

    def show_details(self) -> None:
        """Bring the details into sight."""
        self.tabs.setCurrentIndex(_DETAILS_TAB)

    def fit_footer(self, width: int) -> None:
        """Shorten the name of the bucket where the buttons leave no room for it."""
        box = self._theme.px(32)  # the check box itself
        room = width - self.buttons.sizeHint().width() - 2 * MARGIN - 16 - box
        words = elide_middle(self.remember.fontMetrics(), self._remember_words, room)
        self.remember.setText(escape_mnemonic(words))
        self.remember.setToolTip(tip(self._remember_words) if words != self._remember_words else "")

    def show_use(self, key_label: str, why_not: str) -> None:
        """Name the key on the button; off, it says why."""
        width = self._theme.px(USE_WIDTH)
        words = f"Use {visible(key_label)}" if key_label else "Use this key"
        self.use.setText(escape_mnemonic(elide_middle(self.use.fontMetrics(), words, width)))
        self.use.setAccessibleName(words)
        self.use.setEnabled(not why_not)
        self.use.setToolTip(tip(why_not))
        self.fit_footer(self.remember.window().width())


def lay_out(
    theme: Theme, model: KeyModel, bucket: str, region: str, dialog: QDialog
) -> PickerParts:
    """Make the parts and put them into the dialog."""
    parts = PickerParts(theme, model, bucket, region)
    layout = vbox(0, dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(_header(bucket))
    layout.addWidget(line())
    layout.addWidget(_tab_bar(parts))
    layout.addLayout(_body(parts), 1)
    layout.addWidget(_footer(theme, parts))
    # Only now: a dialog takes no notice of a default button that is not inside of it yet.
    parts.use.setDefault(True)
    return parts


def _header(bucket: str) -> QFrame:
    header = card("surface")
    layout = vbox(2, header)
    layout.setContentsMargins(24, 12, 24, 12)
    place = f"s3://{visible(bucket)}"
    layout.addWidget(label("Choose a KMS key for uploads", "h2"))
    layout.addWidget(
        label(
            f"Files you add to {place} will be encrypted on this computer under this key.",
            tone="text2",
            wrap=True,
        )
    )
    return header


def _tab_bar(parts: PickerParts) -> QWidget:
    parts.tabs.add("Keys")
    parts.tabs.add("Permissions and context")
    parts.tabs.currentChanged.connect(parts.show_part)
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 0)
    row.addWidget(parts.tabs)
    row.addStretch(1)
    layout = vbox(0, parts.tab_bar)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addLayout(row)
    layout.addWidget(line())
    return parts.tab_bar


def _body(parts: PickerParts) -> QHBoxLayout:
    left = vbox(0, parts.left)
    left.setContentsMargins(0, 0, 0, 0)
    left.addWidget(parts.filter_bar)
    left.addWidget(parts.pane, 1)
    left.addWidget(parts.paste)
    body = hbox(0)
    body.addWidget(parts.left, 1)
    body.addWidget(parts.divider)
    body.addWidget(parts.details)
    return body


def _footer(theme: Theme, parts: PickerParts) -> QFrame:
    cancel = button(theme, "Cancel")
    parts.buttons.addButton(parts.use, QDialogButtonBox.ButtonRole.AcceptRole)
    parts.buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
    # With the keyboard on it, a button answers to Enter; elsewhere Enter means "use".
    for each in (parts.use, cancel, parts.paste.button):
        each.setAutoDefault(True)
    footer = card("footer")
    layout = hbox(16, footer)
    layout.setContentsMargins(MARGIN, 13, MARGIN, 12)
    layout.addWidget(parts.remember, 1, Qt.AlignmentFlag.AlignVCenter)
    layout.addWidget(parts.buttons, 0, Qt.AlignmentFlag.AlignVCenter)
    return footer
