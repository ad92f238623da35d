"""The right side of the key picker: one key, what the user may do with it, and its context."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from cse_desktop.core.kms_key import KmsKey, Permission
from cse_desktop.gui.keys import key_words
from cse_desktop.gui.keys.context_editor import ContextEditor
from cse_desktop.gui.keys.key_model import Checked
from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.badge import Badge, BadgeLook
from cse_desktop.gui.parts.buttons import card, icon_button, label, line
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.state_dot import key_look
from cse_desktop.gui.parts.tile import Glyph

_BADGE_ICONS: Final = {
    "ok": "ph.check-circle-fill",
    "warn": "ph.warning-fill",
    "bad": "ph.prohibit",
    "neutral": "ph.circle-dashed",
}

_ACTIONS: Final = (
    ("Generate data keys", "kms:GenerateDataKey"),
    ("Decrypt", "kms:Decrypt"),
    ("Re-wrap to and from", "kms:ReEncrypt*"),
)

_MARKS: Final = {
    Permission.ALLOWED: ("ph.check-circle-fill", "ok", "allowed"),
    Permission.DENIED: ("ph.x-circle", "bad", "denied"),
    Permission.UNKNOWN: ("ph.minus-circle", "text3", "not known"),
}

AGE_STEP_MS: Final = 1000


class KeyDetails(QScrollArea):
    """Everything about the selected key, and the editor of the context.

    Signals:
        check_wanted: the permissions of the shown key should be checked again.
    """

    check_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.context = ContextEditor(theme)
        self.context.added.connect(self._bring_into_view)
        self._facts = KeyFacts(theme)
        self._permissions = PermissionList(theme)
        self._permissions.check_wanted.connect(self.check_wanted)
        self._key_parts = (self._facts, self._permissions)
        page = card("window")
        layout = self._layout = vbox(12, page)
        layout.setContentsMargins(20, 12, 20, 16)
        self._nothing = label(
            "Select a key to see what you can do with it.", tone="text2", wrap=True
        )
        layout.addWidget(self._nothing)
        layout.addWidget(self._facts)
        layout.addWidget(self._permissions)
        layout.addWidget(line())
        layout.addWidget(self.context)
        layout.addStretch(1)
        self.setWidget(page)
        self.show_key(None)

    def show_key(self, key: KmsKey | None) -> None:
        """Show a key, or that none is selected; the context stays."""
        self._nothing.setVisible(key is None)
        for part in self._key_parts:
            part.setVisible(key is not None)
        if key is not None:
            self._facts.show_key(key)
            self.show_checked(key, None, is_checking=False)

    def show_checked(self, key: KmsKey, checked: Checked | None, *, is_checking: bool) -> None:
        """Show what a check found; None where there was none yet."""
        self._permissions.show_checked(checked, is_checking, key.can_wrap)
        self._facts.show_obstacle(key_words.obstacle(key, checked.permissions if checked else None))

    def _bring_into_view(self, row: QWidget) -> None:
        self._layout.activate()  # gives the new row its place first
        self.ensureWidgetVisible(row)


class KeyFacts(QWidget):
    """Name, state, description, ARN and what else is known of a key."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ElidedLabel("h2")
        self._state = Badge(theme)
        self._description = label(tone="text2", wrap=True)
        self._arn = ArnBox(theme)
        self._table = QGridLayout()
        self._table.setHorizontalSpacing(12)
        self._table.setVerticalSpacing(8)
        self._table.setColumnStretch(1, 1)
        self._cells: list[QLabel] = []
        self._obstacle = label("", "small", "bad", wrap=True)
        heading = hbox(8)
        heading.addWidget(self._name, 1)
        heading.addWidget(self._state)
        layout = vbox(8, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(heading)
        layout.addWidget(self._description)
        layout.addWidget(self._obstacle)
        layout.addWidget(self._arn)
        layout.addLayout(self._table)

    def show_key(self, key: KmsKey) -> None:
        """Show this key."""
        look = key_look(key)
        self._name.set_text(text.visible(key.label))
        words = f"{look.word}, {look.note}" if look.note else look.word
        icon = _BADGE_ICONS[look.tone]
        self._state.set_look(
            BadgeLook(look.word, tone=look.tone, icon=icon, tooltip=words, spoken=words)
        )
        self._description.setText(text.visible(key.description))
        self._description.setVisible(bool(key.description))
        self._arn.set_arn(key.arn)
        self._fill_table(key)

    def show_obstacle(self, obstacle: key_words.Obstacle | None) -> None:
        """Say why the key can't be used; None says nothing."""
        self._obstacle.setVisible(obstacle is not None)
        if obstacle is not None:
            self._obstacle.setText(f"{obstacle.title}. {obstacle.text} {obstacle.remedy}")

    def _fill_table(self, key: KmsKey) -> None:
        for old in self._cells:
            self._table.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cells = []
        for row, (name, value) in enumerate(key_words.facts(key)):
            heading = label(name, tone="text2")
            words = label(text.visible(value), wrap=True)
            self._table.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            self._table.addWidget(words, row, 1)
            self._cells += [heading, words]


class ArnBox(QFrame):
    """An ARN that breaks over lines and can be copied."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("frame", "well")
        self._arn = ""
        self._label = label(role="mono_small", tone="text2", wrap=True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        copy = icon_button(theme, "ph.copy-simple", "Copy key ARN", sz="mini")
        copy.clicked.connect(self._copy)
        layout = hbox(8, self)
        layout.setContentsMargins(10, 8, 8, 8)
        layout.addWidget(self._label, 1)
        layout.addWidget(copy, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_arn(self, arn: str) -> None:
        """Show this ARN, or key id."""
        self._arn = arn
        # Lines break after ":" and "/" only, so that no part is torn; the copy stays untouched.
        self._label.setText(arn.replace(":key/", ":\u200bkey/"))
        self._label.setAccessibleName(f"Key ARN {arn}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._arn)


class PermissionList(QWidget):
    """Three actions with what the last check said, its age, and a button to check again.

    Signals:
        check_wanted: the button was used.
    """

    check_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checked: Checked | None = None
        self._is_checking = False
        self._can_check = True
        self._age = label(role="small", tone="text2")
        self._again = icon_button(theme, "ph.arrow-clockwise", "Check again", sz="mini")
        self._again.clicked.connect(self.check_wanted)
        self._note = label("", "small", "text2", wrap=True)
        self._rows = [PermissionRow(theme, *action) for action in _ACTIONS]
        self._timer = QTimer(self, interval=AGE_STEP_MS)
        self._timer.timeout.connect(self._tell_age)
        heading = hbox(4)
        heading.addWidget(label("Your permissions", "h3"), 1)
        heading.addWidget(self._age)
        heading.addWidget(self._again)
        layout = vbox(8, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line())
        layout.addLayout(heading)
        layout.addWidget(self._card())
        layout.addWidget(self._note)

    def showEvent(self, event: QShowEvent) -> None:
        """The age is told only while somebody can read it."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """See showEvent."""
        super().hideEvent(event)
        self._timer.stop()

    def show_checked(self, checked: Checked | None, is_checking: bool, can_check: bool) -> None:
        """Show what a check found."""
        self._checked, self._is_checking, self._can_check = checked, is_checking, can_check
        self._again.setEnabled(can_check and not is_checking)
        unknown = Permission.UNKNOWN
        found = checked.permissions if checked and can_check else None
        results = (
            (found.encrypt, found.decrypt, found.rewrap) if found else (unknown, unknown, unknown)
        )
        for row, result in zip(self._rows, results, strict=True):
            row.show_result(result)
        note = found.note if found else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._tell_age()

    def _card(self) -> QFrame:
        well = card("well")
        layout = vbox(7, well)
        layout.setContentsMargins(12, 8, 12, 8)
        for row in self._rows:
            layout.addWidget(row)
        return well

    def _tell_age(self) -> None:
        if not self._can_check:
            self._age.setText("")
        elif self._is_checking:
            self._age.setText("Checking…")
        elif self._checked is None:
            self._age.setText("Not checked")
        else:
            self._age.setText(f"Checked {key_words.age(self._checked.age_s)}")


class PermissionRow(QWidget):
    """Mark, action in plain words, action in the words of IAM."""

    def __init__(self, theme: Theme, words: str, action: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self._mark = Glyph(theme, *_MARKS[Permission.UNKNOWN][:2])
        self._action: QLabel = label(action, "small", "text2")
        layout = hbox(10, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._mark)
        layout.addWidget(label(words), 1)
        layout.addWidget(self._action)
        self.show_result(Permission.UNKNOWN)

    def show_result(self, result: Permission) -> None:
        """Show what a check found."""
        glyph, token, word = _MARKS[result]
        self._mark.set_glyph(glyph, token)
        self._mark.setAccessibleName(f"{self._words}: {word}")
        self._mark.setToolTip(word.capitalize())
