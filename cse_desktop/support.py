"""A support bundle: what somebody who helps has to know, and no secret."""

from __future__ import annotations

import os
import platform
import secrets
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cse_desktop import __version__
from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.later import later
from cse_desktop.jobs.snapshot import Failure
from cse_desktop.logs import CRASH_NAME, LOG_NAME, redact
from cse_desktop.settings import Settings, settings_text

if TYPE_CHECKING:
    import ssl
    import zipfile
    from importlib import metadata
else:
    ssl = later("ssl")
    zipfile = later("zipfile")
    metadata = later("importlib.metadata")

LOGS: Final = "logs"
"""The folder of the log, in the folder of the settings."""

_PACKAGES: Final = (
    *("PySide6-Essentials", "boto3", "botocore", "awscrt", "urllib3", "cryptography"),
    *("keyring", "platformdirs", "qtawesome", "moto"),
)
_TELLING: Final = ("AWS_", "CSE_", "QT_", "XDG_CURRENT_DESKTOP", "LANG", "LC_", "WAYLAND_DISPLAY")
_HARMLESS: Final = ("CSE_DESKTOP_HOME", "QT_QPA_PLATFORM", "XDG_CURRENT_DESKTOP", "LANG", "LC_ALL")
_README: Final = """\
Support bundle of CSE Desktop

  about.txt      versions of the program, its parts and the system
  settings.toml  the settings; credentials are never among them
  failures.txt   what failed since the program was started
  logs/          what the program and its libraries noted

Whatever looks like a credential was left out of all of them. They do name connections, buckets,
files, keys and accounts: give this bundle only to people who may know them.
"""


@dataclass(frozen=True, slots=True)
class PastFailure:
    """A failure that was told to the user.

    Attributes:
        at: with a time zone.
        subject: what it was about (s3://bucket/key), or "".
    """

    at: datetime
    failure: Failure
    subject: str = ""

    def __str__(self) -> str:
        at = self.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        lines = (
            f"{at}  {self.failure.kind.value}",
            self.failure.title,
            self.failure.hint,
            self.subject,
            self.failure.details,
        )
        return "\n".join(line for line in lines if line)


def write_bundle(
    target: Path,
    home: Path,
    settings: Settings,
    failures: Iterable[PastFailure],
    facts: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the bundle, a zip file that only its owner may read; one of that name is replaced.

    Args:
        home: the folder of settings and logs.
        facts: more for about.txt.

    Raises:
        LocalDisk: it could not be written; what had the name is untouched.
    """
    texts = {
        "README.txt": _README,
        "about.txt": _about(facts),
        "settings.toml": settings_text(settings),
        "failures.txt": "\n\n".join(map(str, failures)) or "Nothing has failed.",
        **_logs(home / LOGS),
    }
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with (
                os.fdopen(descriptor, "w+b") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle,
            ):
                for name, text in texts.items():
                    bundle.writestr(name, redact(text))
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        hint = "Choose another folder."
        raise LocalDisk(
            "The support bundle could not be saved", hint, f"{target}: {error}"
        ) from error


def _about(facts: Sequence[tuple[str, str]]) -> str:
    rows = [
        ("CSE Desktop", __version__),
        ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
        ("System", platform.platform()),
        ("OpenSSL of Python", ssl.OPENSSL_VERSION),
        *((name, _version(name)) for name in _PACKAGES),
        ("Frozen", str(getattr(sys, "frozen", False))),
        *facts,
        *_environment(),
        ("Written", datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows) + "\n"


def _environment() -> list[tuple[str, str]]:
    """Variables that change what happens: by name alone, where a value could be a secret."""
    names = sorted(name for name in os.environ if name.startswith(_TELLING))
    return [(name, os.environ[name] if name in _HARMLESS else "is set") for name in names]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _logs(folder: Path) -> dict[str, str]:
    found = {}
    for path in [*sorted(folder.glob(f"{LOG_NAME}*")), folder / CRASH_NAME]:
        try:
            found[f"logs/{path.name}"] = path.read_text(errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            found[f"logs/{path.name}"] = f"It could not be read: {error.strerror}"
    return found
