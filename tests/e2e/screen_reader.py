"""What a screen reader gets of another process: the tree of AT-SPI, read over D-Bus.

Source: at-spi2-core, xml/Accessible.xml and Bus.xml; roles are those of atspi-constants.h.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, MessageType, Properties, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

LAUNCHERS = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
    "/usr/lib/at-spi-bus-launcher",
)
_ACCESSIBLE = "org.a11y.atspi.Accessible"
_SHOWING = 25  # ATSPI_STATE_SHOWING
_ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")

CONTROLS = frozenset(
    (
        *("push button", "button", "toggle button", "check box", "radio button", "combo box"),
        *("text", "entry", "spin button", "slider", "list", "tree", "table", "tree table"),
        *("page tab list", "page tab", "menu item", "check menu item", "menu", "link"),
        *("progress bar", "dialog"),
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One element as it is spoken of."""

    role: str
    name: str
    description: str
    path: tuple[str, ...]
    is_showing: bool


def launcher() -> str | None:
    """The program that makes the accessibility bus, where at-spi2-core is installed."""
    return next((each for each in LAUNCHERS if shutil.which(each)), None)


@contextlib.contextmanager
def accessibility_bus() -> Iterator[None]:
    """An accessibility bus on the session bus of this test."""
    program = launcher()
    assert program is not None
    with subprocess.Popen(
        [program, "--launch-immediately"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.terminate()


class Reader:
    """Walks what one program shows. Closed by `close`."""

    def __init__(self, process_id: int, within_s: float = 40.0) -> None:
        self._bus = open_dbus_connection(_address(within_s))
        self._app = self._find(process_id, within_s)

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def walk(self) -> list[Seen]:
        """All that is there now, parents first; rows of lists are left out."""
        return list(self._below(self._app, ()))

    def _find(self, process_id: int, within_s: float) -> tuple[str, str]:
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for child in self._children(_ROOT):
                place = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus")
                ask = new_method_call(
                    DBusAddress(place.object_path, place.bus_name, "org.freedesktop.DBus"),
                    *("GetConnectionUnixProcessID", "s", (child[0],)),
                )
                if self._call(ask) == (process_id,):
                    return child
            time.sleep(0.2)
        raise AssertionError("the program is not on the accessibility bus")

    def _below(self, element: tuple[str, str], path: tuple[str, ...]) -> Iterator[Seen]:
        role = str(self._ask(element, "GetRoleName", "unknown"))
        name = str(self._property(element, "Name"))
        description = str(self._property(element, "Description"))
        states = self._ask(element, "GetState", [0, 0])
        yield Seen(role, name, description, path, bool(states[0] >> _SHOWING & 1))
        if role in ("table", "tree table", "list", "tree"):
            return
        for child in self._children(element):
            yield from self._below(child, (*path, f"{role} {name!r}"))

    def _children(self, element: tuple[str, str]) -> list[tuple[str, str]]:
        found = self._ask(element, "GetChildren", [])
        return [(str(bus), str(path)) for bus, path in found if not str(path).endswith("/null")]

    def _ask(self, element: tuple[str, str], method: str, otherwise: Any) -> Any:
        answer = self._call(new_method_call(_place(element), method))
        return answer[0] if answer else otherwise

    def _property(self, element: tuple[str, str], name: str) -> Any:
        answer = self._call(Properties(_place(element)).get(name))
        return answer[0][1] if answer else ""

    def _call(self, message: Any) -> tuple[Any, ...]:
        """What a call gives; () for what has gone in the meantime."""
        answer = self._bus.send_and_get_reply(message, timeout=20)
        is_error = answer.header.message_type is MessageType.error
        return () if is_error else tuple(answer.body)


def _place(element: tuple[str, str]) -> DBusAddress:
    return DBusAddress(element[1], bus_name=element[0], interface=_ACCESSIBLE)


def _address(within_s: float) -> str:
    """The address of the accessibility bus, which the session bus knows."""
    place = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
    deadline = time.monotonic() + within_s
    with open_dbus_connection(os.environ["DBUS_SESSION_BUS_ADDRESS"]) as session:
        while time.monotonic() < deadline:
            answer = session.send_and_get_reply(new_method_call(place, "GetAddress"), timeout=20)
            if answer.header.message_type is not MessageType.error:
                return str(answer.body[0]).partition(",guid=")[0]
            time.sleep(0.2)
    raise AssertionError("there is no accessibility bus")


__all__ = ["CONTROLS", "DBusConnection", "Reader", "Seen", "accessibility_bus", "launcher"]
