"""The sandbox: S3 and KMS on this computer, in a process of its own, forgotten at exit.

To the rest of the program it is a Connection like any other. This module stays light: the
emulator (moto, an optional extra) is imported by the process it starts, never by the caller.

The process writes a small file into the home folder, readable by its owner only, so that a second
program of the same user (`cse --connection sandbox` beside the window) finds it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from cse_desktop.core.errors import CseError, ServiceError
from cse_desktop.core.later import later
from cse_desktop.core.session import Connection, Credentials
from cse_desktop.sandbox.ping import PING_PATH, ping

if TYPE_CHECKING:
    import http.client as http_client
else:
    http_client = later("http.client")

CONNECTION_NAME: Final = "Sandbox"
REGION: Final = "eu-central-1"
ACCOUNT: Final = "000000000000"
INSTALL_COMMAND: Final = "pip install 'cse-desktop[sandbox]'"

_ROOT = Path(__file__).resolve().parents[2]
_MODULE = "cse_desktop.sandbox.server"
_NEEDED = ("moto", "flask", "flask_cors")
_READY_WITHIN_S = 60.0
_STOPPED_WITHIN_S = 1.0
_STATE_NAME = "sandbox.json"
_LOG_NAME = "sandbox.log"
_SPOOL_NAME = "sandbox"


@dataclass(frozen=True, slots=True)
class _State:
    """What a second program needs to know."""

    pid: int
    port: int
    access_key: str
    secret_key: str


class Sandbox:
    """A running sandbox. Any thread.

    Attributes:
        connection: S3 and KMS on loopback; `is_sandbox` is set.
        credentials: drawn for this run; nobody else's requests are answered.
    """

    def __init__(
        self, home: Path, state: _State, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        endpoint = f"http://127.0.0.1:{state.port}"
        self.connection = Connection(
            name=CONNECTION_NAME,
            region=REGION,
            s3_endpoint=endpoint,
            kms_endpoint=endpoint,
            is_sandbox=True,
        )
        self.credentials = Credentials(state.access_key, state.secret_key)
        self._home = home
        self._state = state
        self._process = process
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        """Whether it still answers this user."""
        if self._process is not None and self._process.poll() is not None:
            return False
        return _answers(self._state)

    def stop(self) -> None:
        """End the process and forget all that was in it, within two seconds.

        Does nothing to a sandbox that another program started, or that was stopped before.
        """
        with self._lock:
            if self._process is None:
                return
            process, self._process = self._process, None
        _end(process)
        if _load(self._home) == self._state:
            (self._home / _STATE_NAME).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def problem() -> str:
    """Why a sandbox cannot be started, as a sentence with the remedy; "" when it can. Quick."""
    missing = _missing()
    return f"The sandbox is not installed. Install it with: {INSTALL_COMMAND}" if missing else ""


def start(home: Path) -> Sandbox:
    """Start a sandbox with fresh samples; returns when it is ready. Any thread.

    Args:
        home: where the programs of this user keep their state; created when missing.

    Raises:
        CseError: the emulator is not installed.
        ServiceError: it did not start; the details hold its last words.
    """
    if missing := _missing():
        raise CseError(
            "The sandbox is not installed",
            f"Install it with: {INSTALL_COMMAND}",
            "Missing packages: " + ", ".join(missing),
        )
    spool = home / _SPOOL_NAME
    spool.mkdir(parents=True, exist_ok=True)
    spool.chmod(0o700)
    log = home / _LOG_NAME
    with _owner_only(log) as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            cwd=_ROOT,
            env=_environment(spool),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        state = _first_words(process, log)
        _save(home, state)
    except BaseException:
        _end(process)
        raise
    return Sandbox(home, state, process)


def running(home: Path) -> Sandbox | None:
    """The sandbox that another program of this user has started, or None. Any thread."""
    state = _load(home)
    if state is None:
        return None
    if _is_alive(state.pid) and _answers(state):
        return Sandbox(home, state)
    (home / _STATE_NAME).unlink(missing_ok=True)
    return None


def _missing() -> list[str]:
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def _environment(spool: Path) -> dict[str, str]:
    """The caller's environment without its AWS account and proxies, with moto's settings."""
    foreign = ("AWS_", "MOTO_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(foreign) and not name.lower().endswith("_proxy")
    }
    return kept | {
        "MOTO_ACCOUNT_ID": ACCOUNT,
        # A web page in the user's browser has no business here.
        "MOTO_DISABLE_GLOBAL_CORS": "true",
        # Bodies above 256 KiB go to files in this folder: /tmp is memory on many systems.
        "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(256 * 1024),
        "TMPDIR": str(spool),
        "TEMP": str(spool),
        "TMP": str(spool),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _first_words(process: subprocess.Popen[bytes], log: Path) -> _State:
    """Wait for the line that says where the sandbox listens."""
    assert process.stdout is not None
    watch = threading.Timer(_READY_WITHIN_S, process.kill)
    watch.start()
    try:
        line = process.stdout.readline()
    finally:
        watch.cancel()
        watch.join()
    if not line:
        raise ServiceError(
            "The sandbox did not start",
            "Try again; if it happens again, the details say why.",
            log.read_text(errors="replace")[-4000:],
        )
    return _State(**json.loads(line))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let go of the lifeline, which ends the process; be firm if it does not."""
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        process.stdin.close()
    try:
        process.wait(_STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def _owner_only(path: Path) -> BinaryIO:
    """An empty file that only its owner can read."""
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _save(home: Path, state: _State) -> None:
    new = home / f"{_STATE_NAME}.{os.getpid()}"
    with _owner_only(new) as file:
        file.write(json.dumps(asdict(state)).encode())
    new.replace(home / _STATE_NAME)


def _load(home: Path) -> _State | None:
    try:
        return _State(**json.loads((home / _STATE_NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # os.kill would end the process there; that the port answers is enough
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # somebody else's: the number was given out again
    return True


def _answers(state: _State) -> bool:
    """Whether the port is still that of the sandbox that wrote `state`."""
    connection = http_client.HTTPConnection("127.0.0.1", state.port, timeout=2.0)
    try:
        connection.request("GET", PING_PATH)
        return connection.getresponse().read() == ping(state.access_key)
    except (OSError, http_client.HTTPException):
        return False
    finally:
        connection.close()
