"""What is dragged out: the promise of a download, and files that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMetaType, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QTableWidget

from cse_desktop.core.objects import Entry
from cse_desktop.gui.browser.direct_save import FORMAT, PromisedFile, is_possible, path_of
from cse_desktop.gui.browser.drag_out import NOT_HERE, DragOut, label_of
from cse_desktop.gui.look.theme import Theme


class Answered:
    """What a file manager has answered; the real property needs a screen of X11."""

    def __init__(self, target: Path | None) -> None:
        self._target = target

    def target(self) -> Path | None:
        return self._target


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("file:///tmp/a%20b/%C3%BC.txt", Path("/tmp/a b/ü.txt")),
        ("file://host/tmp/x", Path("/tmp/x")),
        ("http://host/x", None),
        ("sftp://host/x", None),
        ("", None),
    ],
)
def test_only_places_on_this_computer_are_taken(said: str, path: Path | None) -> None:
    assert path_of(said) == path


def test_a_promise_is_kept_only_for_a_place_and_offers_nothing_else(qapp: QApplication) -> None:
    told: list[Path] = []
    good = PromisedFile(Answered(Path("/tmp/x")), told.append)  # type: ignore[arg-type]
    bad = PromisedFile(Answered(None), told.append)  # type: ignore[arg-type]
    kind = QMetaType(QMetaType.Type.QByteArray)

    assert good.formats() == [FORMAT]
    assert not good.hasFormat("text/uri-list")
    assert bytes(good.retrieveData(FORMAT, kind)) == b"S"  # type: ignore[call-overload]
    assert bytes(bad.retrieveData(FORMAT, kind)) == b"E"  # type: ignore[call-overload]
    assert told == [Path("/tmp/x")]


def test_where_nothing_can_be_dragged_out_it_is_said(qapp: QApplication) -> None:
    assert not is_possible()  # off screen there is no X11
    table = QTableWidget(2, 1)
    told: list[str] = []
    drag = DragOut(Theme("light"), table, lambda: (Entry("a.txt"),))
    drag.refused.connect(told.append)
    start = QPoint(5, 5)
    far = start + QPoint(0, 2 * QApplication.startDragDistance())

    for kind, at, held in (
        (QMouseEvent.Type.MouseButtonPress, start, Qt.MouseButton.LeftButton),
        (QMouseEvent.Type.MouseMove, far, Qt.MouseButton.LeftButton),
    ):
        button = held if kind is QMouseEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind, QPointF(at), QPointF(at), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(table.viewport(), event)

    assert told == [NOT_HERE]
    table.deleteLater()


def test_the_label_at_the_pointer_is_wide_enough_for_long_names(qapp: QApplication) -> None:
    theme = Theme("light")

    assert not label_of(theme, [Entry("x" * 300)]).isNull()
    assert not label_of(theme, [Entry("a"), Entry("b/")]).isNull()
