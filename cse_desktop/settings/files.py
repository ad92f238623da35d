"""Where settings and state live, and how they are read and written.

Both files are in one folder that only its owner may open: `settings.toml`, to be read and edited
by people, and `state.json`. They are written to a new file, synced and renamed, so a crash leaves
the old one or the new one. A file that cannot be understood is set aside under a dated name, never
deleted, and the program goes on with what it could read.
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import platformdirs
import tomli_w

from cse_desktop.core.errors import LocalDisk
from cse_desktop.settings.reader import Document, Reader
from cse_desktop.settings.spelling import document_of, settings_of, state_of
from cse_desktop.settings.values import Settings, State

SETTINGS_NAME: Final = "settings.toml"
STATE_NAME: Final = "state.json"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """What was read, and sentences about what could not be."""

    value: T
    notes: tuple[str, ...] = ()


def home() -> Path:
    """The folder of settings, state and journal: CSE_DESKTOP_HOME, else the platform's."""
    chosen = os.environ.get("CSE_DESKTOP_HOME", "")
    return Path(chosen) if chosen else platformdirs.user_config_path("cse-desktop", appauthor=False)


def load_settings(folder: Path) -> Loaded[Settings]:
    """Read the settings; defaults where there are none."""
    return _load(folder / SETTINGS_NAME, tomllib.loads, settings_of, Settings())


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings.

    Raises:
        LocalDisk: they could not be written; the old ones are untouched.
    """
    _write(folder / SETTINGS_NAME, settings_text(settings))


def settings_text(settings: Settings) -> str:
    """Give the settings as they are written."""
    return tomli_w.dumps(document_of(settings))


def load_state(folder: Path) -> Loaded[State]:
    """Read the state; an empty one where there is none."""
    return _load(folder / STATE_NAME, _json, state_of, State())


def save_state(folder: Path, state: State) -> None:
    """Write the state.

    Raises:
        LocalDisk: it could not be written; the old one is untouched.
    """
    _write(folder / STATE_NAME, json.dumps(asdict(state), ensure_ascii=False, indent=1))


def _load(
    path: Path,
    parse: Callable[[str], Any],
    understand: Callable[[Document, Reader], T],
    default: T,
) -> Loaded[T]:
    try:
        text = path.read_bytes().decode()
        reader = Reader(path.name)
        value = understand(reader.table(parse(text)), reader)
    except FileNotFoundError:
        return Loaded(default)
    except OSError as error:
        # The defaults will be written there one day: what could not be read must not be under them.
        return Loaded(default, (f"{path} could not be read: {error.strerror}. {_set_aside(path)}",))
    except (ValueError, RecursionError):
        return Loaded(default, (f"{path.name} is damaged. {_set_aside(path)}",))
    if reader.problems:
        return Loaded(value, (*reader.problems, _set_aside(path)))
    return Loaded(value)


def _json(text: str) -> Any:
    """Parse JSON; halves of characters, which JSON can escape and no file can hold, are damage."""
    document = json.loads(text)
    json.dumps(document, ensure_ascii=False).encode()
    return document


def _set_aside(path: Path) -> str:
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}-{secrets.token_hex(2)}{path.suffix}")
    try:
        os.replace(path, aside)
    except OSError as error:
        return f"It could not be set aside: {error.strerror}"
    return f"It was kept as {aside.name}"


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        hint = "Check that the folder can be written and that the disk has space."
        raise LocalDisk(f"{path.name} could not be saved", hint, f"{path}: {error}") from error
