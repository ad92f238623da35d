"""What a plan will not do as one might expect: other names, things left out, too little room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from cse_desktop.gui.look import text
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.banner import Banner
from cse_desktop.gui.parts.buttons import card, label
from cse_desktop.gui.parts.dialog import Dialog, Role, section
from cse_desktop.gui.parts.layouts import vbox
from cse_desktop.gui.parts.plain_table import Heading, PlainTable, Row
from cse_desktop.jobs.plan import DownloadPlan, Skipped, UploadPlan

WIDTH: Final = 720
ROWS: Final = 5
"""So many rows of each table are seen at once."""

_ROW, _HEADER = 36, 34


class PlanDialog(Dialog):
    """Accepted, the rest of the plan is to be done; rejected, nothing is.

    Args:
        plan: worth telling, see `is_worth_telling`.
    """

    def __init__(
        self, theme: Theme, plan: UploadPlan | DownloadPlan, parent: QWidget | None = None
    ) -> None:
        self._is_upload = isinstance(plan, UploadPlan)
        renamed = plan.renamed if isinstance(plan, DownloadPlan) else ()
        missing = plan.missing_bytes if isinstance(plan, DownloadPlan) else 0
        super().__init__(
            theme,
            "Before the upload" if self._is_upload else "Before the download",
            _title(len(renamed), len(plan.skipped)),
            "Nothing was transferred yet.",
            glyph="ph.hard-drives" if missing else "ph.info",
            tone="warn" if missing else "info",
            width=WIDTH,
            parent=parent,
        )
        self.renamed = PlainTable(
            theme, "Other names", (Heading("In S3"), Heading("Saved as", role="strong"))
        )
        self.left_out = PlainTable(
            theme, "Left out", (Heading("Name"), Heading("Why it is left out", 300))
        )
        if missing:
            self._add_room(missing, plan)
        if renamed:
            self.renamed.set_rows([Row(tuple(map(text.visible, names))) for names in renamed])
            self._add(
                "Other names on this computer",
                "It can't use these names, or two of them would be one file. In S3 nothing "
                "changes.",
                self.renamed,
            )
        if plan.skipped:
            self.left_out.set_rows(_rows(plan.skipped))
            self._add("Left out", "", self.left_out)
        self._add_buttons(len(plan.requests))
        self._fit()

    def _add_room(self, missing: int, plan: UploadPlan | DownloadPlan) -> None:
        words = (
            f"{text.size(missing)} more is needed for all {text.size(plan.total_bytes)}. "
            "Choose another folder, or make room."
        )
        title = "Not enough space on this disk"
        self.body.addWidget(Banner(self._theme, "warn", words, title=title))

    def _add(self, title: str, words: str, table: PlainTable) -> None:
        self.body.addSpacing(4)
        self.body.addWidget(section(title))
        if words:
            self.body.addWidget(label(words, tone="text2", wrap=True))
        frame = card("card")
        inside = vbox(0, frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(table)
        rows = min(ROWS, table.row_count())
        table.setFixedHeight(self._theme.px(_HEADER + rows * _ROW) + 2)
        self.body.addWidget(frame)

    def _add_buttons(self, count: int) -> None:
        verb = "upload" if self._is_upload else "download"
        if not count:
            self.add_button("Close", Role.RejectRole, kind="primary").setFocus()
            return
        self.add_button(f"Stop {verb}", Role.RejectRole)
        words = f"{verb.capitalize()} {text.count(count, 'file')}"
        self.go_on = self.add_button(words, Role.AcceptRole, kind="primary")
        self.go_on.setFocus()

    def _fit(self) -> None:
        width, column = self._theme.px(WIDTH), self.layout()
        if column is not None:
            column.activate()
            self.resize(width, column.totalHeightForWidth(width))


def is_worth_telling(plan: UploadPlan | DownloadPlan) -> bool:
    """Whether a plan differs from what was pointed at."""
    if isinstance(plan, DownloadPlan) and (plan.renamed or plan.missing_bytes):
        return True
    return bool(plan.skipped)


def _title(renamed: int, skipped: int) -> str:
    parts = []
    if renamed:
        get = "gets another name" if renamed == 1 else "get other names"
        parts.append(f"{text.count(renamed, 'file')} {get}")
    if skipped:
        are = "is" if skipped == 1 else "are"
        parts.append(f"{text.count(skipped, 'item')} {are} left out")
    return ", ".join(parts) or "There is not enough room for these files"


def _rows(skipped: Sequence[Skipped]) -> list[Row]:
    return [
        Row((text.visible(each.name), each.reason[:1].upper() + each.reason[1:]))
        for each in skipped
    ]
