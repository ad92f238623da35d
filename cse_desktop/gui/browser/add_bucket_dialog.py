"""Adds a bucket by its name, for people who may use a bucket but not list all of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.core.naming import bad_place, place_in
from cse_desktop.core.objects import Page
from cse_desktop.core.store import ObjectStore
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.gui.places import place_ref
from cse_desktop.jobs.snapshot import Failure, FailureKind


class AddBucketDialog(Dialog):
    """Ask for a name and look whether S3 knows it.

    After `accept`, `bucket` has it: a name, or "bucket/folder/".
    """

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        store: ObjectStore,
        known: Collection[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme,
            "Add bucket",
            "Add a bucket or folder by its name",
            "For what you may use but what is missing from the list.",
            width=520,
            parent=parent,
        )
        self._bridge = bridge
        self._store = store
        self._known = known
        self.bucket = ""
        self.field = QLineEdit()
        self.field.setProperty("role", "mono")
        self.field.setPlaceholderText("my-bucket or s3://my-bucket/folder/")
        self.field.setAccessibleName("Bucket name")
        self.field.textEdited.connect(self._forget_problem)
        self._problem = label("", "small", "bad", wrap=True)
        heading = label("Bucket", "strong")
        heading.setBuddy(self.field)
        for part in (heading, self.field, self._problem):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.add = self.add_button("Add bucket", Role.AcceptRole, kind="primary")
        self.add_button("Cancel", Role.RejectRole).setAutoDefault(True)
        self._show_problem("")
        self.field.setFocus()

    def problem(self) -> str:
        """What is shown to be wrong."""
        return self._problem.text()

    def accept(self) -> None:
        """Check the name here, then with S3; close when it is right."""
        name = place_in(self.field.text())
        if problem := bad_place(name):
            self._show_problem(problem)
        elif name in self._known:
            self._show_problem("This is in the list already.")
        elif self.add.isEnabled():
            self.bucket = name
            self._set_busy(True)
            question = partial(self._store.page, place_ref(name), "", 1)
            self._bridge.ask(question, self._close, self._judge, owner=self)

    def _close(self, _page: Page | None = None) -> None:
        super().accept()

    def _judge(self, failure: Failure) -> None:
        """A bucket that may not be listed exists all the same."""
        if failure.kind is FailureKind.NOT_PERMITTED:
            self._close()
            return
        self._set_busy(False)
        self._show_problem(f"{failure.title.rstrip('.')}. {failure.hint}".strip())

    def _set_busy(self, is_busy: bool) -> None:
        self.add.setEnabled(not is_busy)
        self.add.setText("Looking…" if is_busy else "Add bucket")
        self.field.setReadOnly(is_busy)

    def _forget_problem(self) -> None:
        self._show_problem("")

    def _show_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.field.setAccessibleDescription(problem)
        restyle(self.field, error="true" if problem else "false")
        # Wrapped lines do not make a dialog grow by themselves.
        layout = self.layout()
        if layout is not None and layout.totalHeightForWidth(self.width()) > self.height():
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
