"""A real keyring daemon on a bus of its own, with an own home and an unlocked login keyring."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import secretstorage

PASSWORD = b"of-the-login-keyring"


@dataclass(frozen=True, slots=True)
class SecretService:
    """The daemon under test."""

    home: Path
    address: str
    process: subprocess.Popen[bytes]

    def lock(self) -> None:
        """Lock the keyring, as a screen saver may do."""
        bus: Any = secretstorage.dbus_init()
        try:
            secretstorage.get_default_collection(bus).lock()
        finally:
            bus.close()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """It runs on, and says nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def running(home: Path) -> Iterator[SecretService]:
    """Start bus and daemon; the environment of this process is left to the caller.

    Args:
        home: an empty folder.
    """
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    env = os.environ | {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / "share"),
    }
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().decode().strip()
            with subprocess.Popen(
                ["gnome-keyring-daemon", "--unlock", "--components=secrets", "--foreground"],
                env=env | {"DBUS_SESSION_BUS_ADDRESS": address},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as daemon:
                try:
                    assert daemon.stdin is not None
                    daemon.stdin.write(PASSWORD)
                    daemon.stdin.close()
                    yield SecretService(home, address, daemon)
                finally:
                    daemon.kill()
        finally:
            bus.kill()
