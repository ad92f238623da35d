"""Signs in to IAM Identity Center: shows the code, opens the browser, waits for the answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from cse_desktop.core.clients import Network
from cse_desktop.core.portals import Portal
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.single_sign_on import DeviceCode, DeviceSignIn
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.text import visible
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, card, label
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.parts.labels import ElidedLabel
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.gui.questions import Asked, Lane
from cse_desktop.jobs.snapshot import Failure


class SignInDialog(Dialog):
    """Stands beside the work, which goes on. GUI thread.

    Signals:
        signed_in: the token is there; the dialog closes.
    """

    signed_in = Signal()

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        portal: Portal,
        network: Network,
        *,
        why: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "Sign in",
            "Sign in with your browser",
            why or "IAM Identity Center asks you to confirm this sign-in on its own page.",
            glyph="ph.sign-in",
            width=520,
            parent=parent,
        )
        self._bridge = bridge
        self._portal = portal
        self._network = network
        self._asked: Asked | None = None
        self._code: DeviceCode | None = None
        self.code = label("", "h1")
        self.code.setAccessibleName("Code to compare")
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = button(theme, "Copy code", sz="small", glyph="ph.copy-simple")
        self.open_page = button(theme, "Open the page again", kind="link")
        self.address = ElidedLabel("small", "text3")
        self._spinner = Spinner(theme)
        self._state = label("", "small", "text2", wrap=True)
        self._well = card("well")
        self.again = self.add_button("Try again", Role.ActionRole, kind="primary")
        self.stop = self.add_button("Cancel", Role.RejectRole)
        self._fill()
        self.copy.clicked.connect(self._copy)
        self.open_page.clicked.connect(self._open_page)
        self.again.clicked.connect(self.begin)
        self.begin()

    @Slot()
    def begin(self) -> None:
        """Ask for a code."""
        self._show_waiting(f"Asking {visible(self._portal.start_url)} for a code…")
        self._well.hide()
        cancel = CancelToken()

        def question() -> DeviceCode:
            desk = DeviceSignIn(self_portal, self_network)
            try:
                return desk.begin(cancel)
            finally:
                desk.close()

        self_portal, self_network = self._portal, self._network
        self._asked = self._bridge.ask(
            question, self._show_code, self._fail, self, Lane.SIGN_IN, cancel
        )

    def reject(self) -> None:
        """Give up; nothing is kept."""
        self._end()
        super().reject()

    def accept(self) -> None:
        self._end()
        super().accept()

    def _show_code(self, code: DeviceCode) -> None:
        self._code = code
        self.code.setText(code.user_code)
        self.address.set_text(code.address)
        self._well.show()
        self._show_waiting("Waiting for you to confirm the sign-in in the browser…")
        self._open_page()
        self._wait(code)
        self._fit()

    def _wait(self, code: DeviceCode) -> None:
        cancel, portal, network = CancelToken(), self._portal, self._network

        def question() -> None:
            desk = DeviceSignIn(portal, network)
            try:
                desk.finish(code, cancel)
            finally:
                desk.close()

        self._asked = self._bridge.ask(
            question, self._succeed, self._fail, self, Lane.SIGN_IN, cancel
        )

    def _succeed(self, _nothing: None) -> None:
        self._asked = None
        self.signed_in.emit()
        self.accept()

    def _fail(self, failure: Failure) -> None:
        self._asked = None
        self._well.hide()
        self._spinner.hide()
        self._state.setText(f"{failure.title.rstrip('.')}. {failure.hint}".strip())
        self.again.show()
        self.again.setFocus()
        self._fit()

    def _show_waiting(self, words: str) -> None:
        self._state.setText(words)
        self._spinner.show()
        self.again.hide()

    def _end(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
        self.copy.setText("Copied")

    @Slot()
    def _open_page(self) -> None:
        if self._code is not None:
            # The address was checked to be a page of the web when it came.
            QDesktopServices.openUrl(QUrl(self._code.address_with_code))

    def _fit(self) -> None:
        # Wrapped lines do not make a dialog grow by themselves.
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _fill(self) -> None:
        head = hbox(12)
        head.addWidget(self.code, 1)
        head.addWidget(self.copy)
        inside = vbox(6, self._well)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addWidget(
            label("Confirm only if the page shows this code:", "small", "text2", wrap=True)
        )
        inside.addLayout(head)
        inside.addWidget(self.address)
        inside.addWidget(self.open_page, 0, Qt.AlignmentFlag.AlignLeft)
        waiting = hbox(10)
        waiting.addWidget(self._spinner, 0, Qt.AlignmentFlag.AlignTop)
        waiting.addWidget(self._state, 1)
        self.body.addWidget(self._well)
        self.body.addLayout(waiting)
        self.body.addStretch(1)
        self.note.setText("The sign-in is shared with the AWS CLI on this computer.")
