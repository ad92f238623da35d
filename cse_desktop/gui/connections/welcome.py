"""The first screen: where to sign in, or the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cse_desktop.core.profiles import Profile, profiles
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.profile_list import ProfileList, ProfileModel
from cse_desktop.gui.connections.welcome_parts import AppMark, StepStrip, keys_page, sandbox_page
from cse_desktop.gui.look import text
from cse_desktop.gui.look.text import tip
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import button, card, label
from cse_desktop.gui.parts.choice_card import ChoiceCard
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.jobs.snapshot import Failure

MARGIN: Final = 40
CHOICES_WIDTH: Final = 316
NAME_WIDTH: Final = 240

_NO_PROFILES: Final = (
    "No profiles were found on this computer. Make one with “aws configure” or "
    "“aws configure sso” in a terminal, then look again. To try the program without an AWS "
    "account, use the sandbox."
)


class Welcome(QWidget):
    """A page of the main window. Reads ~/.aws through the bridge; nothing goes over the network.

    Signals:
        profile_chosen: the Profile to connect with.
        sandbox_chosen: start the sandbox.
        later_chosen: no connection for now.
        keys_chosen: make a connection whose access keys are typed.
        advanced_chosen: make a connection with all that can be set.
    """

    profile_chosen = Signal(object)
    sandbox_chosen = Signal()
    later_chosen = Signal()
    keys_chosen = Signal()
    advanced_chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        *,
        find_profiles: Callable[[], tuple[Profile, ...]] = profiles,
        sandbox_problem: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bridge = bridge
        self._find_profiles = find_profiles
        self._sandbox_problem = sandbox_problem
        self._busy_words = ""
        self._model = ProfileModel(self)
        self.profile_card = ChoiceCard(theme, "ph.user-circle", "info", "Use an AWS profile")
        self.keys_card = ChoiceCard(theme, "ph.key", "info", "Enter access keys")
        self.sandbox_card = ChoiceCard(theme, "ph.cube", "sandbox", "Try the sandbox")
        self.list = ProfileList(theme, self._model)
        self.look_again = button(theme, "Look again", kind="link", glyph="ph.arrow-clockwise")
        self.later = button(theme, "Set up later", kind="quiet")
        self.advanced = button(theme, "Advanced connection…")
        self.go_on: QPushButton = button(theme, "Continue", kind="primary")
        self._none_found = label(_NO_PROFILES, tone="text2", wrap=True)
        self._well: QFrame = card("well")
        self._pages = QStackedWidget()
        self._problem = Banner(theme, "bad", "")
        self._problem.hide()
        self._lay_out()
        self._connect()
        group = QButtonGroup(self)  # also lets Tab stop only at the card that is chosen
        group.addButton(self.profile_card)
        group.addButton(self.keys_card)
        group.addButton(self.sandbox_card)
        self.profile_card.setChecked(True)
        self.keys_card.set_words("Kept in your system keyring, never in a file.")
        self.sandbox_card.set_words("S3 and KMS on this computer. Nothing leaves it.")
        self.look()

    def look(self) -> None:
        """Read the profiles, again."""
        self.profile_card.set_words("Reading ~/.aws…")
        self.look_again.setEnabled(False)
        self._bridge.ask(
            self._find_profiles, self._show_profiles, self._show_unreadable, owner=self
        )

    def hint(self) -> str:
        """What is said where no profile can be shown."""
        return self._none_found.text() if self._none_found.isVisibleTo(self) else ""

    def set_busy(self, words: str) -> None:
        """Say what is being done ("Connecting…") and take no other choice; "" ends it."""
        self._busy_words = words
        parts = (self.profile_card, self.keys_card, self.sandbox_card, self.list)
        for part in (*parts, self.look_again, self.later, self.advanced):
            part.setEnabled(not words)
        if words:
            self._problem.hide()
        self._update()

    def show_failure(self, failure: Failure) -> None:
        """Say why the choice did not work."""
        self._problem.show_message("bad", failure.hint, title=failure.title)
        self._problem.show()

    def _connect(self) -> None:
        for chosen in (self.profile_card, self.keys_card, self.sandbox_card):
            chosen.toggled.connect(self._update)
            chosen.opened.connect(self._continue)
        self.list.chosen.connect(self._update)
        self.list.opened.connect(self._continue)
        self.look_again.clicked.connect(self.look)
        self.later.clicked.connect(self.later_chosen)
        self.advanced.clicked.connect(self.advanced_chosen)
        self.go_on.clicked.connect(self._continue)

    def _show_profiles(self, found: tuple[Profile, ...]) -> None:
        current = self.list.profile()
        self._model.set_profiles(found)
        self._none_found.setText(_NO_PROFILES)
        self._show_count(len(found))
        usable = [profile.name for profile in found if not profile.problem]
        wanted = current.name if current else (usable or [""])[0]
        if found:
            self.list.select(max(0, self._model.row_of(wanted)))
        self._update()

    def _show_unreadable(self, failure: Failure) -> None:
        self._model.set_profiles(())
        self._show_count(0)
        self._none_found.setText(f"{failure.title.rstrip('.')}. {failure.hint}".strip())
        self._update()

    def _show_count(self, count: int) -> None:
        self.look_again.setEnabled(True)
        self._well.setVisible(count > 0)
        self._none_found.setVisible(count == 0)
        found = text.count(count, "profile") if count else "No profiles"
        self.profile_card.set_words(f"{found} found on this computer. Nothing is copied.")

    def _continue(self) -> None:
        if not self.go_on.isEnabled():
            return
        profile = self.list.profile()
        if self.sandbox_card.isChecked():
            self.sandbox_chosen.emit()
        elif self.keys_card.isChecked():
            self.keys_chosen.emit()
        elif profile is not None:
            self.profile_chosen.emit(profile)

    def _update(self) -> None:
        """The page and the button that go with the choice."""
        is_sandbox = self.sandbox_card.isChecked()
        is_keys = self.keys_card.isChecked()
        self._pages.setCurrentIndex(1 if is_sandbox else 2 if is_keys else 0)
        why_not = self._why_not()
        self.go_on.setEnabled(not why_not)
        self.go_on.setToolTip(tip(why_not))
        self.go_on.setText(self._busy_words or self._words())

    def _words(self) -> str:
        profile = self.list.profile()
        if self.sandbox_card.isChecked():
            return "Start the sandbox"
        if self.keys_card.isChecked():
            return "Enter access keys…"
        if profile is None:
            return "Continue"
        metrics = self.go_on.fontMetrics()
        name = text.elide_middle(metrics, text.visible(profile.name), self._theme.px(NAME_WIDTH))
        return text.escape_mnemonic(f"Continue with {name}")

    def _why_not(self) -> str:
        if self._busy_words:
            return self._busy_words
        if self.sandbox_card.isChecked():
            return self._sandbox_problem
        if self.keys_card.isChecked():
            return ""
        profile = self.list.profile()
        if profile is None:
            return "Choose a profile first."
        return f"This profile can't be used: {profile.problem}." if profile.problem else ""

    def _lay_out(self) -> None:
        page = card("surface")
        column = vbox(0, page)
        column.setContentsMargins(MARGIN, 32, MARGIN, 20)
        column.addLayout(self._header())
        column.addSpacing(24)
        middle = hbox(32)
        middle.addLayout(self._choices())
        middle.addWidget(self._right(), 1)
        column.addLayout(middle, 1)
        column.addSpacing(12)
        column.addWidget(self._problem)
        column.addSpacing(12)
        column.addLayout(self._buttons())
        layout = vbox(0, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page, 1)
        layout.addWidget(StepStrip(self._theme, MARGIN))

    def _header(self) -> QHBoxLayout:
        words = vbox(0)
        words.addWidget(label("Welcome to CSE Desktop", "display"))
        words.addWidget(
            label(
                "Send files to Amazon S3 that only holders of your KMS key can read.", tone="text2"
            )
        )
        header = hbox(16)
        header.addWidget(AppMark(self._theme), 0, Qt.AlignmentFlag.AlignVCenter)
        header.addLayout(words, 1)
        return header

    def _choices(self) -> QVBoxLayout:
        column = vbox(12)
        for choice in (self.profile_card, self.keys_card, self.sandbox_card):
            choice.setFixedWidth(self._theme.px(CHOICES_WIDTH))
            column.addWidget(choice)
        column.addStretch(1)
        return column

    def _right(self) -> QWidget:
        self._pages.addWidget(self._profiles_page())
        self._pages.addWidget(sandbox_page(self._theme, self._sandbox_problem))
        self._pages.addWidget(keys_page(self._theme))
        return self._pages

    def _profiles_page(self) -> QWidget:
        inside = QVBoxLayout(self._well)
        inside.setContentsMargins(1, 5, 1, 5)
        inside.addWidget(self.list)
        links = QHBoxLayout()
        links.addStretch(1)
        links.addWidget(self.look_again)
        page = QWidget()
        column = vbox(6, page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(label("Choose a profile", "h2"))
        column.addWidget(
            label("Read from the config and credentials files in ~/.aws", tone="text2")
        )
        column.addSpacing(4)
        column.addWidget(self._none_found)
        column.addWidget(self._well)
        column.addLayout(links)
        column.addStretch(1)
        self._none_found.hide()
        return page

    def _buttons(self) -> QHBoxLayout:
        row = hbox(8)
        row.addWidget(self.later)
        row.addStretch(1)
        row.addWidget(self.advanced)
        row.addWidget(self.go_on)
        return row
