"""One window for each person and folder of settings: a second start hands its errand over.

A lock file says who is first. Qt's lock knows whether its owner still lives, so a crash blocks
nobody. The socket lies in the same folder, which only its owner may enter: nobody else can listen
under its name, or talk to it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

LOCK_NAME: Final = "window.lock"
SOCKET_NAME: Final = "window.socket"
WAITS_S: Final = 15.0
"""For a first window that is still starting, or just stopping its transfers."""

_MAX_BYTES: Final = 1 << 20
_LONGEST_PATH: Final = 100
"""Bytes of a socket's path; Linux takes 107, macOS 103 (sys/un.h)."""
_TRY_MS: Final = 200
_ANSWER_MS: Final = 5_000
_DONE: Final = b"ok\n"


@dataclass(frozen=True, slots=True)
class Errand:
    """What a start of the program asks for.

    Attributes:
        places: absolute paths to upload, and s3:// addresses to open.
        is_sandbox: open the sandbox.
        token: what the desktop gave the new start so that it may come to the front, or "".
    """

    places: tuple[str, ...] = ()
    is_sandbox: bool = False
    token: str = ""


class Instance(QObject):
    """The right to be the only window of a folder. GUI thread.

    Signals:
        asked: the Errand of another start.
    """

    asked = Signal(object)

    def __init__(self, folder: Path, lock: QLockFile | None) -> None:
        super().__init__()
        self._folder = folder
        self._lock = lock
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def listen(self) -> None:
        """Take errands from here on.

        Only with an application: a socket that was opened before has no event loop, ever.
        """
        if self._lock is not None:
            # Whoever had this name is gone, or the lock would not be ours.
            name = _socket_name(self._folder)
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def stop_listening(self) -> None:
        """Take no more errands; whoever comes now waits until `release`."""
        self._server.close()

    def release(self) -> None:
        """Let another start be the first."""
        self.stop_listening()
        if self._lock is not None:
            self._lock.unlock()

    @Slot()
    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if not isinstance(socket, QLocalSocket):
            return
        if socket.bytesAvailable() > _MAX_BYTES:
            socket.abort()
        elif socket.canReadLine():
            errand = _understood(bytes(socket.readLine().data()))
            if errand is not None:
                socket.write(_DONE)
                socket.flush()
            socket.disconnectFromServer()
            if errand is not None:
                self.asked.emit(errand)


def first_or_hand_over(folder: Path, errand: Errand, waits_s: float = WAITS_S) -> Instance | None:
    """Become the window of a folder, or give the errand to the one there is. Before the window.

    Returns:
        None when another window has taken the errand.

    Raises:
        TimeoutError: another process holds the lock and does not answer.
    """
    lock = _lock_of(folder)
    deadline = time.monotonic() + waits_s
    while True:
        if lock is None or lock.tryLock(_TRY_MS):
            return Instance(folder, lock)
        if lock.error() != QLockFile.LockError.LockFailedError:
            # A folder that cannot be written: better two windows than none.
            return Instance(folder, None)
        if _is_taken(folder, errand):
            return None
        if time.monotonic() > deadline:
            raise TimeoutError


def _lock_of(folder: Path) -> QLockFile | None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    lock = QLockFile(str(folder / LOCK_NAME))
    lock.setStaleLockTime(0)  # old is not stale: only the end of its owner is
    return lock


def _is_taken(folder: Path, errand: Errand) -> bool:
    socket = QLocalSocket()
    socket.connectToServer(_socket_name(folder))
    if not socket.waitForConnected(_TRY_MS):
        return False
    words = {"places": errand.places, "sandbox": errand.is_sandbox, "token": errand.token}
    socket.write(json.dumps(words).encode() + b"\n")
    socket.flush()
    while not socket.canReadLine():
        if not socket.waitForReadyRead(_ANSWER_MS):
            return False
    return bytes(socket.readLine().data()) == _DONE


def _understood(line: bytes) -> Errand | None:
    try:
        words: Any = json.loads(line)
        places, is_sandbox, token = words["places"], words["sandbox"], words["token"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    is_right = isinstance(places, list) and all(isinstance(each, str) for each in places)
    if not is_right or not isinstance(is_sandbox, bool) or not isinstance(token, str):
        return None
    return Errand(tuple(places), is_sandbox, token)


def _socket_name(folder: Path) -> str:
    """The socket of a folder; where its path would be too long, one in the user's own place."""
    path = str(folder.resolve() / SOCKET_NAME)
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
    if sys.platform == "win32":
        return f"cse-desktop-{mark}"
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        return path
    runtime = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation)
    return f"{runtime}/cse-desktop-{mark}"
