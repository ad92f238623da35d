"""Settings of the running program: saved when they change here, left alone when they do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.preferences import Preferences
from cse_desktop.settings import Settings, State, load_settings, save_settings


@pytest.fixture
def bridge(qtbot: Any) -> Iterator[Bridge]:
    assert qtbot
    bridge = Bridge()
    yield bridge
    assert bridge.close(20)


def test_closing_a_window_does_not_undo_what_another_one_saved(
    bridge: Bridge, tmp_path: Path
) -> None:
    preferences = Preferences(tmp_path, Settings(), State(), bridge, bridge)
    save_settings(tmp_path, Settings(parallel_transfers=9))

    preferences.notice(State(favourite_keys=("a",)))
    preferences.flush()

    assert load_settings(tmp_path).value.parallel_transfers == 9


def test_a_change_is_saved_by_itself(bridge: Bridge, tmp_path: Path, qtbot: Any) -> None:
    preferences = Preferences(tmp_path, Settings(), State(), bridge, bridge)

    preferences.change(replace(preferences.settings, theme="dark"))

    qtbot.waitUntil(lambda: load_settings(tmp_path).value.theme == "dark")


def test_the_last_change_is_saved_at_the_end(bridge: Bridge, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path, Settings(), State(), bridge, bridge)
    preferences.change(replace(preferences.settings, theme="light"))
    preferences.change(replace(preferences.settings, theme="dark"))

    preferences.flush()

    assert load_settings(tmp_path).value.theme == "dark"
