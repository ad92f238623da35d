"""Commands found by typing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from cse_desktop.gui.actions import Actions
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.window.command_palette import CommandPalette


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme("light")
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")


@pytest.fixture
def actions(theme: Theme, qtbot: Any) -> Iterator[Actions]:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Actions(theme, window)
    made.enable(False, "verify")
    yield made
    window.close()


@pytest.fixture
def palette(theme: Theme, actions: Actions, qtbot: Any) -> CommandPalette:
    made = CommandPalette(theme, actions)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(palette: CommandPalette) -> list[str]:
    items = [palette.list.item(row) for row in range(palette.list.count())]
    return [item.text() for item in items if not item.isHidden()]


def test_words_in_any_order_find_a_command_and_enter_runs_it(
    palette: CommandPalette, actions: Actions, qtbot: Any
) -> None:
    qtbot.keyClicks(palette.field, "folder upload")
    assert shown(palette) == ["File: Upload folder…   Ctrl+Shift+U"]

    with qtbot.waitSignal(actions["upload_folder"].triggered, timeout=30_000):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_arrows_walk_while_the_field_keeps_the_focus(
    palette: CommandPalette, actions: Actions, qtbot: Any
) -> None:
    qtbot.keyClicks(palette.field, "pane")
    assert len(shown(palette)) == 2
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)

    with qtbot.waitSignal(actions["previous_pane"].triggered, timeout=30_000):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)


def test_what_is_off_is_not_there_and_nothing_found_is_said(
    palette: CommandPalette, qtbot: Any
) -> None:
    assert not any("Verify" in each for each in shown(palette))
    qtbot.keyClicks(palette.field, "no such thing")

    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
