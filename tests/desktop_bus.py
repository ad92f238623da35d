"""A session bus of a test's own, with stand-ins for the services of a desktop.

The bus is a real one. The services are not: a notification daemon needs a screen, and a session
manager a session. They answer as the specifications say, and keep what they were asked.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection


@contextmanager
def session_bus() -> Iterator[str]:
    """The address of a bus that ends with the block."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(30)


class Service:
    """Owns a name on a bus, and answers methods by a table of signature and body."""

    def __init__(self, address: str, name: str, answers: dict[str, tuple[str, tuple[Any, ...]]]):
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.closed = threading.Event()
        self._answers = answers
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName(name))
        rule = "type='signal',member='NameOwnerChanged'"
        self._connection.send_and_get_reply(message_bus.AddMatch(rule))
        self._thread = threading.Thread(target=self._serve, name="fault-proxy-service", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        """Answer until the bus goes away."""
        with self._connection:
            self._answer_all()

    def _answer_all(self) -> None:
        callers: set[str] = set()
        while True:
            try:
                message = self._connection.receive()
            except (OSError, EOFError):
                return
            fields = message.header.fields
            if message.header.message_type is MessageType.signal:
                name, _old, new = (*message.body, "", "", "")[:3]
                if name in callers and not new:
                    self.closed.set()
                continue
            method = str(fields.get(HeaderFields.member))
            callers.add(str(fields.get(HeaderFields.sender)))
            self.asked.append((method, tuple(message.body)))
            if method in self._answers:
                self._connection.send(new_method_return(message, *self._answers[method]))
            else:
                self._connection.send(
                    new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
                )
