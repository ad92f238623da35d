"""X Direct Save: the file manager says where something was dropped, and the download goes there.

Nothing decrypted lies anywhere before the drop, and the pointer waits for nobody: the answer to the
file manager is given at once, the file follows. X11 only; Wayland, Windows and macOS know no such
thing (freedesktop.org, "Direct Save Protocol").
"""

from __future__ import annotations

import ctypes
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QByteArray, QMetaType, QMimeData
from PySide6.QtGui import QGuiApplication

FORMAT: Final = "XdndDirectSave0"
_LONGEST: Final = 4096
"""Of an answer, in units of four bytes; a path has 4,096 bytes at most."""
_REPLACE: Final = 0


def is_possible() -> bool:
    """Whether the screen is one of X11."""
    return QGuiApplication.platformName() == "xcb" and _library() is not None


class DirectSave:
    """The property by which drag source and file manager talk, on a connection of its own.

    Any program may set a property of any window; so this needs nothing of Qt's connection.
    """

    def __init__(self) -> None:
        library = _library()
        assert library is not None, "is_possible was not asked"
        self._x: Any = library
        self._display = self._x.XOpenDisplay(None)
        # Data may be asked for long after the drag has ended: the connection closes with the last
        # one who knows it.
        weakref.finalize(self, self._x.XCloseDisplay, self._display)
        self._window = 0
        self._property = self._atom(FORMAT)
        self._text = self._atom("text/plain")
        self._selection = self._atom("XdndSelection")

    def offer(self, name: str) -> None:
        """Say what would be saved; to be called once the drag has begun."""
        self._window = self._x.XGetSelectionOwner(self._display, self._selection)
        raw = os.path.basename(name).encode()
        self._x.XChangeProperty(
            self._display, self._window, self._property, self._text, 8, _REPLACE, raw, len(raw)
        )
        self._x.XSync(self._display, 0)

    def target(self) -> Path | None:
        """Where the file manager wants it; None while it has not said so, or elsewhere."""
        kind, left, count = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
        bits, found = ctypes.c_int(), ctypes.c_void_p()
        self._x.XGetWindowProperty(
            self._display, self._window, self._property, 0, _LONGEST, 0, 0,
            ctypes.byref(kind), ctypes.byref(bits), ctypes.byref(count), ctypes.byref(left),
            ctypes.byref(found),
        )  # fmt: skip
        if not found.value:
            return None
        # pcmanfm ends it with a zero byte.
        said = ctypes.string_at(found, count.value).rstrip(b"\0").decode(errors="replace")
        self._x.XFree(found)
        return path_of(said)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))


class PromisedFile(QMimeData):
    """What is dragged: no data, but the promise to save them where they are dropped.

    Args:
        saving: told the path, while the file manager waits; it must not block.
    """

    def __init__(self, protocol: DirectSave, saving: Callable[[Path], None]) -> None:
        super().__init__()
        self._protocol = protocol
        self._saving = saving

    def formats(self) -> list[str]:
        """Only this one: a file manager that sees a list of files takes that, too early."""
        return [FORMAT]

    def hasFormat(self, mime_type: str) -> bool:  # noqa: N802 - Qt's name
        return mime_type == FORMAT

    def retrieveData(  # noqa: N802 - Qt's name
        self, mime_type: str, _preferred: QMetaType | QMetaType.Type
    ) -> object:
        """Called at the drop: S for success, E for error (the protocol's own letters)."""
        path = self._protocol.target() if mime_type == FORMAT else None
        if path is None:
            return QByteArray(b"E")
        self._saving(path)
        return QByteArray(b"S")


def path_of(address: str) -> Path | None:
    """The path of a file: address on this computer."""
    parts = urlsplit(address)
    if parts.scheme != "file" or not parts.path.startswith("/"):
        return None
    return Path(unquote(parts.path))


def _library() -> Any:
    try:
        library: Any = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    pointer, number, whole = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int
    library.XOpenDisplay.restype = pointer
    library.XCloseDisplay.argtypes = [pointer]
    library.XInternAtom.restype = number
    library.XInternAtom.argtypes = [pointer, ctypes.c_char_p, whole]
    library.XGetSelectionOwner.restype = number
    library.XGetSelectionOwner.argtypes = [pointer, number]
    library.XChangeProperty.argtypes = [
        *(pointer, number, number, number, whole, whole, ctypes.c_char_p, whole)
    ]
    library.XGetWindowProperty.argtypes = [
        *(pointer, number, number, ctypes.c_long, ctypes.c_long, whole, number),
        *(pointer, pointer, pointer, pointer, pointer),
    ]
    library.XFree.argtypes = [pointer]
    library.XSync.argtypes = [pointer, whole]
    return library
