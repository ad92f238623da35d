"""Linux: notifications and inhibitors over D-Bus. Nothing here is essential, so nothing raises.

Qt's own D-Bus classes can't send these: a Python int becomes an `i` and [] an `av`, where the
services want `u` and `as`.

Source: Desktop Notifications Specification 1.2; freedesktop idle inhibition (ScreenSaver);
org.gnome.SessionManager.Inhibit; org.freedesktop.login1.Manager.Inhibit.
"""

from __future__ import annotations

import html
import logging
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

if sys.platform == "linux":
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import DBusConnection, open_dbus_connection
    from jeepney.wrappers import DBusErrorResponse

log = logging.getLogger(__name__)

APP: Final = "CSE Desktop"
WITHIN_S: Final = 5.0
_SUSPEND: Final = 4  # of the flags of gnome-session: inhibit suspending


@dataclass(frozen=True, slots=True)
class _Inhibitor:
    """A service that can be asked, and how."""

    bus: str
    name: str
    path: str
    interface: str
    signature: str
    words: tuple[Any, ...]


def notify(title: str, body: str) -> bool:
    """Show a notification; gives whether somebody took it. Blocks; any thread.

    Args:
        title, body: plain text, which may hold names from anywhere.
    """
    if sys.platform != "linux":
        return False
    try:
        with open_dbus_connection("SESSION") as connection:
            _send_notification(connection, title, body)
    except Exception as error:  # no bus, no service, an answer of another form: all the same here
        log.info("No notification was shown: %s", type(error).__name__)
        return False
    return True


class Inhibition:
    """Keeps the computer from falling asleep by itself, until `end`. One thread at a time.

    The service drops it when the connection closes, so nothing stays behind after a crash.
    """

    def __init__(self) -> None:
        self._held: list[Any] = []

    @property
    def is_held(self) -> bool:
        """Whether a service has promised."""
        return bool(self._held)

    def begin(self, reason: str) -> bool:
        """Ask one service after the other; gives whether one has promised. Blocks."""
        if sys.platform != "linux" or self.is_held:
            return self.is_held
        for each in _inhibitors(reason):
            try:
                self._held = _ask(each)
            except Exception as error:  # this desktop does not have it; the next may
                log.debug("%s does not inhibit: %s", each.name, type(error).__name__)
                continue
            log.info("%s keeps the computer awake", each.name)
            return True
        return False

    def end(self) -> None:
        """Let it sleep again."""
        held, self._held = self._held, []
        for each in held:
            with suppress(Exception):
                each.close()


if sys.platform == "linux":

    def _send_notification(connection: DBusConnection, title: str, body: str) -> None:
        place = DBusAddress(
            "/org/freedesktop/Notifications",
            bus_name="org.freedesktop.Notifications",
            interface="org.freedesktop.Notifications",
        )
        capabilities = _call(connection, new_method_call(place, "GetCapabilities"))[0]
        if "body-markup" in capabilities:
            body = html.escape(body, quote=False)
        hints = {"desktop-entry": ("s", "cse-desktop"), "category": ("s", "transfer.complete")}
        words: tuple[Any, ...] = (APP, 0, "cse-desktop", title, body, [], hints, -1)
        _call(connection, new_method_call(place, "Notify", "susssasa{sv}i", words))

    def _ask(inhibitor: _Inhibitor) -> list[Any]:
        """Ask a service; gives what has to stay open."""
        is_fd = inhibitor.bus == "SYSTEM"
        connection = open_dbus_connection(inhibitor.bus, enable_fds=is_fd)
        try:
            place = DBusAddress(
                inhibitor.path, bus_name=inhibitor.name, interface=inhibitor.interface
            )
            message = new_method_call(place, "Inhibit", inhibitor.signature, inhibitor.words)
            given = _call(connection, message)
        except BaseException:
            connection.close()
            raise
        return [*([given[0]] if is_fd else []), connection]

    def _call(connection: DBusConnection, message: Any) -> tuple[Any, ...]:
        answer = connection.send_and_get_reply(message, timeout=WITHIN_S)
        if answer.header.message_type == MessageType.error:
            raise DBusErrorResponse(answer)
        return tuple(answer.body)


def _inhibitors(reason: str) -> tuple[_Inhibitor, ...]:
    """Those that stop sleeping first; the last one only keeps the screen, and with it the rest."""
    both = (APP, reason)
    power, saver = "org.freedesktop.PowerManagement", "org.freedesktop.ScreenSaver"
    gnome, login = "org.gnome.SessionManager", "org.freedesktop.login1"
    return (
        _Inhibitor(
            *("SESSION", gnome, "/org/gnome/SessionManager", gnome, "susu"),
            (APP, 0, reason, _SUSPEND),
        ),
        _Inhibitor(
            "SESSION", power, "/org/freedesktop/PowerManagement/Inhibit", f"{power}.Inhibit",
            "ss", both,
        ),
        _Inhibitor("SESSION", saver, "/org/freedesktop/ScreenSaver", saver, "ss", both),
        _Inhibitor(
            *("SYSTEM", login, "/org/freedesktop/login1", f"{login}.Manager", "ssss"),
            ("idle", APP, reason, "block"),
        ),
    )  # fmt: skip
