"""The room of connections without the rest of the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget

from cse_desktop.core.means import Means
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.collector import Collector
from cse_desktop.gui.connections.connections_flow import ConnectionsFlow
from cse_desktop.gui.connections.person import PersonAtWindow
from cse_desktop.gui.connections.sign_in_flow import SignInFlow
from cse_desktop.gui.look.theme import Theme
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.settings import Settings, State


@dataclass(frozen=True, slots=True)
class Room:
    """What the window would have made."""

    theme: Theme
    bridge: Bridge
    sessions: Sessions
    preferences: Preferences
    person: PersonAtWindow
    sign_in: SignInFlow
    connections: ConnectionsFlow
    window: QWidget

    @property
    def settings(self) -> Settings:
        """As they are now."""
        return self.preferences.settings


@pytest.fixture
def room(qapp: QApplication, qtbot: Any, home: Path) -> Iterator[Room]:
    theme = Theme("light")
    theme.apply(qapp)
    bridge, person, window = Bridge(), PersonAtWindow(), QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    sessions = Sessions(Means(person))
    preferences = Preferences(home / "cse-desktop", Settings(), State(), bridge, bridge)
    sign_in = SignInFlow(theme, bridge, sessions, person, window)
    connections = ConnectionsFlow(theme, bridge, sessions, preferences, sign_in, window)
    collector = Collector(qapp)
    collector.start()  # as the program does: a worker must not be the one to collect a widget
    yield Room(theme, bridge, sessions, preferences, person, sign_in, connections, window)
    person.close()
    assert bridge.close(30)
    collector.stop()
    qapp.setStyleSheet("")


class Browser(QObject):
    """In place of the user's: the test is the person in front of it."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot("QUrl")
    def open(self, url: Any) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser(qapp: QApplication) -> Iterator[Browser]:
    made = Browser()
    QDesktopServices.setUrlHandler("http", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("http")
