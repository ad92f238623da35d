"""Notifications and staying awake, over a real session bus."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from cse_desktop.desktop.awake import Awake
from cse_desktop.desktop.session_bus import Inhibition, notify
from tests.desktop_bus import Service, session_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is of Linux desktops")

NOTIFICATIONS = "org.freedesktop.Notifications"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "tcp:host=nowhere")
        yield address


@pytest.mark.parametrize(
    ("capabilities", "shown"),
    [(["body", "body-markup"], "&lt;img src=x&gt; &amp; b.pdf"), (["body"], "<img src=x> & b.pdf")],
)
def test_a_notification_shows_names_as_they_are(
    bus: str, capabilities: list[str], shown: str
) -> None:
    answers = {"GetCapabilities": ("as", (capabilities,)), "Notify": ("u", (7,))}
    service = Service(bus, NOTIFICATIONS, answers)

    assert notify("Transfers finished", "<img src=x> & b.pdf")
    (method, body) = service.asked[-1]
    assert method == "Notify"
    assert body[0] == "CSE Desktop"
    assert body[3:5] == ("Transfers finished", shown)


def test_without_a_notification_service_or_a_bus_nothing_happens(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not notify("a", "b")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nowhere")
    assert not notify("a", "b")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert not notify("a", "b")


def test_the_computer_stays_awake_until_the_transfers_end(bus: str) -> None:
    saver = Service(bus, "org.freedesktop.ScreenSaver", {"Inhibit": ("u", (1,))})
    awake = Awake()
    awake.keep(True)
    awake.keep(True)
    assert saver.asked == [("Inhibit", ("CSE Desktop", "Files are being transferred"))]
    assert not saver.closed.is_set()

    awake.keep(False)
    assert saver.closed.wait(30)


def test_what_keeps_from_sleeping_comes_before_what_keeps_the_screen(bus: str) -> None:
    saver = Service(bus, "org.freedesktop.ScreenSaver", {"Inhibit": ("u", (1,))})
    gnome = Service(bus, "org.gnome.SessionManager", {"Inhibit": ("u", (1,))})
    inhibition = Inhibition()

    assert inhibition.begin("busy")
    assert gnome.asked == [("Inhibit", ("CSE Desktop", 0, "busy", 4))]
    assert saver.asked == []
    inhibition.end()


def test_a_desktop_that_cannot_be_asked_is_left_alone(bus: str) -> None:
    inhibition = Inhibition()

    assert not inhibition.begin("busy")
    assert not inhibition.is_held
    inhibition.end()
