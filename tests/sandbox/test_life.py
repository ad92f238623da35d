from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cse_desktop import sandbox
from cse_desktop.core.errors import CseError
from cse_desktop.core.session import open_session

STATE = "sandbox.json"

STARTER = """
import sys, threading
from pathlib import Path
from cse_desktop import sandbox
box = sandbox.start(Path(sys.argv[1]))
print("ready", flush=True)
threading.Event().wait()
"""

BLOCKED = """
import sys
from pathlib import Path
sys.modules["flask"] = None
from cse_desktop import sandbox
print(sandbox.problem())
from cse_desktop.core.errors import CseError
try:
    sandbox.start(Path(sys.argv[1]))
except CseError as error:
    print(error, error.details)
"""


def test_what_it_started_is_gone_after_stop(tmp_path: Path) -> None:
    box = sandbox.start(tmp_path)
    pid, port = state(tmp_path)
    box.stop()
    assert not is_alive(pid)
    assert not is_open(port)
    assert not (tmp_path / STATE).exists()
    assert not box.is_running


def test_stop_may_be_called_twice(tmp_path: Path) -> None:
    with sandbox.start(tmp_path) as box:
        box.stop()


def test_it_may_be_started_from_a_worker_thread_that_ends(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        box = pool.submit(sandbox.start, tmp_path).result()
    with box:
        assert box.is_running
        assert len(open_session(box.connection, box.credentials).store.buckets()) == 2


def test_a_second_program_finds_it(tmp_path: Path) -> None:
    with sandbox.start(tmp_path) as box:
        found = sandbox.running(tmp_path)
        assert found is not None
        assert (found.connection, found.credentials) == (box.connection, box.credentials)
        found.stop()
        assert box.is_running


def test_only_the_owner_can_read_the_state_and_the_log(tmp_path: Path) -> None:
    with sandbox.start(tmp_path):
        modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}
    assert modes == {STATE: 0o600, "sandbox.log": 0o600, "sandbox": 0o700}


def test_nothing_is_found_where_none_was_started(tmp_path: Path) -> None:
    assert sandbox.running(tmp_path) is None


@pytest.mark.parametrize(
    "stale",
    [
        b'{"pid": 2147483646, "port": 1, "access_key": "A", "secret_key": "B"}',
        b'{"pid": %d, "port": 1, "access_key": "A", "secret_key": "B"}' % os.getpid(),
    ],
    ids=["dead process", "closed port"],
)
def test_a_stale_state_file_is_ignored_and_removed(tmp_path: Path, stale: bytes) -> None:
    (tmp_path / STATE).write_bytes(stale)
    assert sandbox.running(tmp_path) is None
    assert not (tmp_path / STATE).exists()


@pytest.mark.parametrize("damaged", [b"", b"[]", b"{", b'{"pid": 1}', b"\xff"])
def test_a_damaged_state_file_is_ignored(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / STATE).write_bytes(damaged)
    assert sandbox.running(tmp_path) is None


def test_the_port_of_another_sandbox_is_not_taken_for_ours(
    tmp_path: Path, box: sandbox.Sandbox
) -> None:
    port = int(box.connection.s3_endpoint.rpartition(":")[2])
    (tmp_path / STATE).write_text(
        f'{{"pid": {os.getpid()}, "port": {port}, "access_key": "A", "secret_key": "B"}}'
    )
    assert sandbox.running(tmp_path) is None


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    pid, port = state(tmp_path)
    assert is_alive(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    wait_until_gone(pid, port)
    assert sandbox.running(tmp_path) is None


def test_each_start_draws_its_own_credentials(tmp_path: Path, box: sandbox.Sandbox) -> None:
    with sandbox.start(tmp_path) as other:
        assert other.credentials.access_key != box.credentials.access_key
        assert other.credentials.secret_key != box.credentials.secret_key


def test_it_listens_on_the_loopback_interface_only(box: sandbox.Sandbox) -> None:
    port = int(box.connection.s3_endpoint.rpartition(":")[2])
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]


def test_a_process_that_cannot_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_MODULE", "cse_desktop.no_such_module")
    with pytest.raises(CseError, match="did not start") as refused:
        sandbox.start(tmp_path)
    assert "no_such_module" in refused.value.details
    assert not (tmp_path / STATE).exists()


def test_a_missing_emulator_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    assert said.count("pip install 'cse-desktop[sandbox]'") == 2
    assert "flask" in said


def test_there_is_no_problem_where_it_is_installed() -> None:
    assert sandbox.problem() == ""


def test_the_callers_process_never_imports_the_emulator() -> None:
    code = "import sys, cse_desktop.sandbox; print(sorted({'moto', 'flask'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_foreign_settings_and_proxies_do_not_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with sandbox.start(tmp_path) as box:
        assert box.is_running


def state(home: Path) -> tuple[int, int]:
    found = sandbox._load(home)
    assert found is not None
    return found.pid, found.port


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A dead child of a dead parent may wait for init as a zombie.
    with contextlib.suppress(FileNotFoundError):
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def wait_until_gone(pid: int, port: int) -> None:
    pause = threading.Event()
    for _ in range(500):
        if not is_alive(pid) and not is_open(port):
            return
        pause.wait(0.02)
    pytest.fail(f"process {pid} outlived its parent")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
