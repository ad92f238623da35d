"""What one connection writes and what it reads, to be chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from cse_desktop.core import policy as policies
from cse_desktop.core.envelope import Format
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Connection
from cse_desktop.gui.keys.context_editor import ContextEditor
from cse_desktop.gui.keys.context_pairs import Pair, room_for
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, line
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.settings.policy_option import (
    COMPATIBILITY,
    DEFAULT,
    RECOMMENDED,
    WEAK,
    indented,
    option,
    statement,
)

SETTLES_AFTER_MS: Final = 500
"""What is typed takes effect when the typing pauses, not letter by letter."""

NO_PAIRS: Final = "No pairs are demanded: only files without a context of their own open now."


class PolicyForm(QWidget):
    """Shows the policy of a connection. GUI thread.

    Signals:
        changed: the Connection as it is wanted now.
        shown: a part that was added and should be brought into view.
    """

    changed = Signal(object)
    shown = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._connection = Connection("")
        self._demanded: tuple[Pair, ...] = ()
        self.write_v3 = QRadioButton("CSE-KMS v3")
        self.write_v2 = QRadioButton("CSE-KMS v2")
        self.strict = QRadioButton("v3 only (strict)")
        self.default = QRadioButton("v3 and v2")
        self.kms_wrap = QCheckBox(policies.KMS_WRAP.name)
        self.cbc = QCheckBox(policies.CBC.name)
        self.instruction_files = QCheckBox(policies.INSTRUCTION_FILES.name.capitalize())
        self.suffix = QLineEdit()
        self.suffix_problem = label("Type a suffix; mostly it is .instruction.", "small", "bad")
        self.trust = QRadioButton("Trust the stored context")
        self.demand = QRadioButton("Demand these pairs")
        self.context = ContextEditor(theme)
        self.no_pairs = label(NO_PAIRS, "small", "warn", wrap=True)
        self.bind = QCheckBox("Bind files to their bucket and name")
        self._settled = QTimer(self, singleShot=True, interval=SETTLES_AFTER_MS)
        self._groups = tuple(
            self._group(*pair)
            for pair in (
                (self.write_v3, self.write_v2),
                (self.strict, self.default),
                (self.trust, self.demand),
            )
        )
        self._lay_out()
        self._connect()

    def show_connection(self, connection: Connection) -> None:
        """Show these choices without telling anybody; pairs that are being typed stay."""
        if connection.name != self._connection.name:
            self._settled.stop()
        policy, before = connection.policy, self._connection
        self.write_v3.setChecked(connection.write_format is not Format.V2)
        self.write_v2.setChecked(connection.write_format is Format.V2)
        self.default.setChecked(policy.v2)
        self.strict.setChecked(not policy.v2)
        self.kms_wrap.setChecked(policy.kms_wrap)
        self.cbc.setChecked(policy.cbc)
        self.instruction_files.setChecked(policy.instruction_files)
        self.trust.setChecked(policy.required_context is None)
        self.demand.setChecked(policy.required_context is not None)
        self.bind.setChecked(connection.bind_names)
        is_other = connection.name != before.name
        pairs = policy.required_context
        if is_other or (pairs is not None and pairs != self._demanded):
            self._demanded = pairs or ()
            self.context.set_pairs(self._demanded)
        if is_other or policy.instruction_suffix != before.policy.instruction_suffix:
            self.suffix.setText(policy.instruction_suffix)
        self._connection = connection
        self.context.set_room(room_for(connection))
        self._show_dependent()

    def control_of(self, switch: str) -> QAbstractButton | None:
        """Where a switch that an inspection or an error names is turned on."""
        return {
            policies.V2.name: self.default,
            policies.KMS_WRAP.name: self.kms_wrap,
            policies.CBC.name: self.cbc,
            policies.INSTRUCTION_FILES.name: self.instruction_files,
        }.get(switch)

    def hideEvent(self, event: QHideEvent) -> None:
        self._settle()
        super().hideEvent(event)

    @Slot()
    def _settle(self) -> None:
        """Put what was typed in force now."""
        if self._settled.isActive():
            self._settled.stop()
            self._apply()

    @Slot()
    def _apply(self) -> None:
        """Ask for what the controls say; what is typed counts once nothing is wrong with it."""
        self._settled.stop()
        if not self.context.problem():
            self._demanded = self.context.pairs()
        suffix = self.suffix.text() or self._connection.policy.instruction_suffix
        policy = ReadPolicy(
            v2=self.default.isChecked(),
            kms_wrap=self.kms_wrap.isChecked(),
            cbc=self.cbc.isChecked(),
            instruction_files=self.instruction_files.isChecked(),
            required_context=self._demanded if self.demand.isChecked() else None,
            instruction_suffix=suffix,
        )
        wanted = replace(
            self._connection,
            policy=policy,
            write_format=Format.V2 if self.write_v2.isChecked() else Format.V3,
            bind_names=self.bind.isChecked(),
        )
        self._show_dependent()
        if wanted != self._connection:
            self._connection = wanted
            self.context.set_room(room_for(wanted))
            self.changed.emit(wanted)

    @Slot()
    def _bind_too(self) -> None:
        """Strict is for storage that nobody trusts, which may pass one file off as another."""
        if self._connection.policy.v2:
            self.bind.setChecked(True)

    @Slot()
    def _note_typing(self) -> None:
        self._show_dependent()
        self._settled.start()

    def _show_dependent(self) -> None:
        """What only counts beside another choice; Tab leads to the chosen one of several."""
        for radio in (radio for group in self._groups for radio in group.buttons()):
            policy = Qt.FocusPolicy.StrongFocus if radio.isChecked() else Qt.FocusPolicy.ClickFocus
            radio.setFocusPolicy(policy)
        for control in (self.kms_wrap, self.cbc):
            control.setEnabled(self.default.isChecked())
            control.setToolTip("" if self.default.isChecked() else "Needs v3 and v2 above")
        self._suffix_row.setVisible(self.instruction_files.isChecked())
        self.suffix_problem.setVisible(not self.suffix.text())
        self.context.setVisible(self.demand.isChecked())
        self.no_pairs.setVisible(self.demand.isChecked() and not self.context.pairs())

    def _group(self, *radios: QRadioButton) -> QButtonGroup:
        group = QButtonGroup(self)
        for radio in radios:
            group.addButton(radio)
        return group

    def _connect(self) -> None:
        self.strict.clicked.connect(self._bind_too)
        for group in self._groups:
            group.buttonClicked.connect(self._apply)
        for box in (self.kms_wrap, self.cbc, self.instruction_files, self.bind):
            box.clicked.connect(self._apply)
        self.suffix.textEdited.connect(self._note_typing)
        self.suffix.editingFinished.connect(self._settle)
        self.context.changed.connect(self._note_typing)
        self.context.added.connect(self.shown)
        self._settled.timeout.connect(self._apply)

    def _lay_out(self) -> None:
        self._suffix_row = self._make_suffix()
        column = self._column = vbox(8, self)
        column.setContentsMargins(0, 0, 0, 0)
        self._add_writing()
        self._add_reading()
        self._add_context()
        column.addWidget(label("Check before anything is saved", "h3"))
        words = "A file whose tag does not match is never saved. This can't be turned off."
        column.addLayout(
            statement(self._theme, "ph.shield-check", "ok", "Authentication tag", words)
        )

    def _add_writing(self) -> None:
        theme, column = self._theme, self._column
        column.addWidget(label("Write new files as", "h3"))
        words = "AES-256-GCM with key commitment: a file opens with exactly one key."
        column.addLayout(option(theme, self.write_v3, words, RECOMMENDED))
        words = "For readers older than December 2025. No key commitment."
        column.addLayout(option(theme, self.write_v2, words, COMPATIBILITY))
        words = (
            "Storage can't pass one file off as another. A bound file can't be opened any more "
            "once it is copied or renamed, and files that are not bound are refused."
        )
        column.addLayout(option(theme, self.bind, words))
        self._add_line()

    def _add_reading(self) -> None:
        theme, column = self._theme, self._column
        column.addWidget(label("Read files", "h3"))
        words = (
            "Every file opens with exactly one key. All older files are refused. Turns on binding "
            "of files to their bucket and name, above."
        )
        column.addLayout(option(theme, self.strict, words))
        words = "v2 is authenticated, but without key commitment. The badge stays amber."
        column.addLayout(option(theme, self.default, words, DEFAULT))
        column.addSpacing(4)
        column.addWidget(label("Read older files, too", "h3"))
        words = "How clients before 2020 wrapped data keys. Labels of such files can be changed."
        column.addLayout(option(theme, self.kms_wrap, words, WEAK))
        words = "Content without authentication: changes can go unnoticed. Turn on only to migrate."
        column.addLayout(option(theme, self.cbc, words, WEAK))
        words = "Whoever can write that second object can change the envelope unnoticed."
        column.addLayout(option(theme, self.instruction_files, words, WEAK))
        column.addLayout(indented(theme, self._suffix_row))
        self._add_line()

    def _add_context(self) -> None:
        theme, column = self._theme, self._column
        column.addWidget(label("Encryption context of files that are read", "h3"))
        words = "Whatever pairs a file was encrypted with are accepted, and shown."
        column.addLayout(option(theme, self.trust, words, DEFAULT))
        words = "A file with any other context is refused before KMS is asked."
        column.addLayout(option(theme, self.demand, words))
        column.addLayout(indented(theme, self.no_pairs))
        column.addLayout(indented(theme, self.context))
        self._add_line()

    def _add_line(self) -> None:
        self._column.addSpacing(4)
        self._column.addWidget(line())
        self._column.addSpacing(4)

    def _make_suffix(self) -> QWidget:
        self.suffix.setProperty("role", "mono")
        self.suffix.setAccessibleName("Suffix of instruction files")
        self.suffix.setFixedWidth(self._theme.px(200))
        made = QWidget()
        row = hbox(8, made)
        row.setContentsMargins(0, 2, 0, 2)
        row.addWidget(label("Suffix", tone="text2"))
        row.addWidget(self.suffix)
        row.addWidget(self.suffix_problem)
        row.addStretch(1)
        return made
