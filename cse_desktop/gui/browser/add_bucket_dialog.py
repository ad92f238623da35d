"""Adds a bucket by its name, for people who may use a bucket but not list all of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from cse_desktop.core.objects import ObjectRef, Page
from cse_desktop.core.store import ObjectStore
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import label, restyle
from cse_desktop.gui.parts.dialog import Dialog, Role
from cse_desktop.jobs.snapshot import Failure, FailureKind

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")

NOT_A_NAME: Final = (
    "Bucket names have 3 to 63 lowercase letters, digits, dots and hyphens, "
    "and begin and end with a letter or digit."
)


def bucket_in(entered: str) -> str:
    """The bucket that a name, an s3:// address or an ARN names."""
    name = entered.strip().removeprefix("s3://").removeprefix("arn:aws:s3:::")
    return name.partition("/")[0]


class AddBucketDialog(Dialog):
    """Ask for a name and look whether S3 knows it; after `accept`, `bucket` has it."""

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
            "Add a bucket by its name",
            "For a bucket that you may use but that is missing from the list.",
            width=520,
            parent=parent,
        )
        self._bridge = bridge
        self._store = store
        self._known = known
        self.bucket = ""
        self.field = QLineEdit()
        self.field.setProperty("role", "mono")
        self.field.setPlaceholderText("my-bucket or s3://my-bucket/")
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
        name = bucket_in(self.field.text())
        if _NAME.fullmatch(name) is None or ".." in name:
            self._show_problem(NOT_A_NAME)
        elif name in self._known:
            self._show_problem("This bucket is in the list already.")
        elif self.add.isEnabled():
            self.bucket = name
            self._set_busy(True)
            question = partial(self._store.page, ObjectRef(name, ""), "", 1)
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
