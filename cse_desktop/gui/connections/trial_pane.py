"""The right half of the connection editor: test it, and say which buckets are to be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QStackedWidget, QWidget

from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Session
from cse_desktop.core.trial import Mark, Step, Trial
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.connections.bucket_names import BucketNames
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.parts.buttons import button, label, line, restyle
from cse_desktop.gui.parts.layouts import hbox, vbox
from cse_desktop.gui.parts.spinner import Spinner
from cse_desktop.gui.parts.tile import Glyph
from cse_desktop.gui.questions import Asked, Lane
from cse_desktop.jobs.snapshot import Failure

WIDTH: Final = 404
_LOOKS_EVERY_MS: Final = 100
_GLYPHS: Final = {
    Mark.GOOD: ("ph.check-circle-fill", "ok"),
    Mark.WARNING: ("ph.warning-fill", "warn"),
    Mark.BAD: ("ph.x-circle-fill", "bad"),
    Mark.WAITING: ("ph.circle-dashed", "text3"),
    Mark.RUNNING: ("ph.circle-dashed", "text3"),
    Mark.LEFT_OUT: ("ph.minus-circle", "text3"),
}
_TONES: Final = {Mark.WARNING: "warn", Mark.BAD: "bad"}
_INTRO: Final = (
    "Credentials, who you are, buckets and keys are looked at one after the other. Nothing is "
    "written."
)

Question = tuple[Callable[[], Session], tuple[str, ...], str]
"""How to open what is to be tried, the buckets, and the key or ""."""


class StepRow(QWidget):
    """How one step went."""

    def __init__(self, theme: Theme, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Step | None = None
        self._glyph, self._spinner = Glyph(theme, *_GLYPHS[Mark.WAITING]), Spinner(theme)
        self._marks = QStackedWidget()
        self._marks.addWidget(self._glyph)
        self._marks.addWidget(self._spinner)
        self._marks.setFixedSize(theme.px(18), theme.px(18))
        self._title, self._took = label(role="strong"), label(role="small", tone="text3")
        self._words = label(role="small", tone="text2", wrap=True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = hbox(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._took)
        lines = vbox(1)
        lines.addLayout(head)
        lines.addWidget(self._words)
        row = hbox(10, self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self._marks, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Show what is known of it now."""
        if step == self._shown:
            return
        self._shown = step
        self._glyph.set_glyph(*_GLYPHS[step.mark])
        self._marks.setCurrentIndex(1 if step.mark is Mark.RUNNING else 0)
        self._title.setText(step.title)
        is_done = step.mark in (Mark.GOOD, Mark.WARNING, Mark.BAD)
        restyle(self._title, tone="" if is_done or step.mark is Mark.RUNNING else "text3")
        self._took.setText(_took(step.seconds) if is_done else "")
        self._words.setText(step.words)
        self._words.setVisible(bool(step.words))
        restyle(self._words, tone=_TONES.get(step.mark, "text2"))
        self.setAccessibleName(f"{step.title}, {step.mark.value}. {step.words}")


class TrialPane(QFrame):
    """Runs a trial in a worker and shows it. GUI thread.

    Args:
        question: gives what is to be tried now, or None when it cannot be.

    Signals:
        ended: a Trial that came to its end.
    """

    ended = Signal(object)

    def __init__(
        self,
        theme: Theme,
        bridge: Bridge,
        question: Callable[[], Question | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bridge = bridge
        self._question = question
        self._asked: Asked | None = None
        self._trial: Trial | None = None
        self._rows: list[StepRow] = []
        self.setProperty("frame", "window")
        self.start = button(theme, "Test", sz="small")
        self.start.setAccessibleName("Test connection")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the test")
        self.buckets = BucketNames(theme)
        self._intro = label(_INTRO, "small", "text3", wrap=True)
        self._steps = vbox(0)
        self._look = QTimer(self, interval=_LOOKS_EVERY_MS)
        self._look.timeout.connect(self._show_steps)
        self.start.clicked.connect(self._toggle)
        self._lay_out()

    @property
    def is_running(self) -> bool:
        """Whether a trial is under way."""
        return self._asked is not None

    def steps(self) -> Sequence[Step]:
        """The steps as they are shown."""
        return self._trial.steps if self._trial else ()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), self._theme.px(560))

    def run(self) -> None:
        """Try what is filled in."""
        question = self._question()
        if question is None:
            return
        self.stop()
        self._trial = trial = Trial(*question, _tell_nobody)
        self._make_rows(trial.steps)
        cancel = CancelToken()

        def work() -> Trial:
            trial.run(cancel)
            return trial

        self._asked = self._bridge.ask(
            work, self._end, self._fail, self, lane=Lane.SIGN_IN, cancel=cancel
        )
        self.start.setText("Stop")
        self._look.start()

    @Slot()
    def stop(self) -> None:
        """End a trial that runs; what is under way ends within a second."""
        if self._asked is not None:
            self._asked.cancel()
            self._finish()

    @Slot()
    def _toggle(self) -> None:
        if self.is_running:
            self.stop()
        else:
            self.run()

    def _end(self, trial: Trial) -> None:
        self._finish()
        failed = [step for step in trial.steps if step.mark in (Mark.WARNING, Mark.BAD)]
        said = "; ".join(f"{step.title}: {step.words}" for step in failed)
        event = QAccessibleAnnouncementEvent(self, said or "The connection works.")
        QAccessible.updateAccessibility(event)
        self.ended.emit(trial)

    def _fail(self, failure: Failure) -> None:
        self._finish()
        self._intro.setText(f"{failure.title}. {failure.hint}")
        self._intro.show()

    def _finish(self) -> None:
        self._asked = None
        self._look.stop()
        self._show_steps()
        self.start.setText("Test again")

    @Slot()
    def _show_steps(self) -> None:
        if self._trial is None:
            return
        steps = self._trial.steps
        for row, step in zip(self._rows, steps, strict=True):
            row.show_step(step)
        done = sum(step.mark not in (Mark.WAITING, Mark.RUNNING) for step in steps)
        self.bar.setValue(1000 * done // len(steps))

    def _make_rows(self, steps: Sequence[Step]) -> None:
        self._intro.hide()
        while self._rows:
            row = self._rows.pop()
            row.hide()
            row.deleteLater()
        for step in steps:
            row = StepRow(self._theme, step)
            self._rows.append(row)
            self._steps.addWidget(row)
        self.bar.setValue(0)

    def _lay_out(self) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setFixedHeight(self._theme.px(6))
        head = hbox(8)
        head.addWidget(label("Test connection", "h3"), 1)
        head.addWidget(self.start)
        inside = QWidget()
        column = vbox(8, inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.addWidget(self._intro)
        column.addLayout(self._steps)
        column.addSpacing(4)
        column.addWidget(line())
        column.addSpacing(4)
        column.addWidget(self.buckets)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = vbox(8, self)
        whole.setContentsMargins(24, 16, 20, 16)
        whole.addLayout(head)
        whole.addWidget(self.bar)
        whole.addWidget(area, 1)
        self.setFixedWidth(self._theme.px(WIDTH))


def _took(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else f"{seconds:,.0f} s"


def _tell_nobody(_steps: tuple[Step, ...]) -> None:
    """The pane looks by itself: a worker must not enter the GUI thread."""
