"""A second start hands its errand to the first window; a crash of the first blocks nobody."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtNetwork import QLocalSocket

from cse_desktop.gui.instance import SOCKET_NAME, Errand, Instance, first_or_hand_over

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cse_desktop.gui.instance import Errand, first_or_hand_over
errand = Errand(tuple(sys.argv[2:]), True, "token")
try:
    instance = first_or_hand_over(Path(sys.argv[1]), errand, 30.0)
except TimeoutError:
    sys.exit("no answer")
if instance is not None:
    app = QCoreApplication([])
    instance.listen()
print("handed over" if instance is None else "first", flush=True)
if instance is not None:
    sys.stdin.read()
"""


def start(folder: Path, *places: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder), *places],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def be_first(folder: Path) -> Instance:
    instance = first_or_hand_over(folder, Errand())
    assert instance is not None
    instance.listen()
    return instance


def test_a_second_start_hands_over_what_it_was_asked_for(
    qapp: Any, qtbot: Any, tmp_path: Path
) -> None:
    first = be_first(tmp_path)
    with qtbot.waitSignal(first.asked, timeout=30_000) as asked:
        second = start(tmp_path, "s3://b/ü 文/", "/home/a b")
    said, _errors = second.communicate(timeout=30)
    first.release()

    assert said == "handed over\n"
    assert second.returncode == 0
    assert asked.args == [Errand(("s3://b/ü 文/", "/home/a b"), True, "token")]


def test_a_first_that_crashed_blocks_nobody(qapp: Any, tmp_path: Path) -> None:
    crashed = start(tmp_path)
    assert crashed.stdout is not None
    assert crashed.stdout.readline() == "first\n"
    os.kill(crashed.pid, signal.SIGKILL)
    crashed.communicate(timeout=30)
    assert (tmp_path / SOCKET_NAME).exists()

    mine = first_or_hand_over(tmp_path, Errand())
    assert mine is not None
    mine.release()


def test_a_first_that_does_not_answer_is_said_so(qapp: Any, tmp_path: Path) -> None:
    first = be_first(tmp_path)
    first.stop_listening()  # it is shutting down, and takes longer than anybody waits

    with pytest.raises(TimeoutError):
        first_or_hand_over(tmp_path, Errand(), 0.5)
    first.release()


def test_another_folder_has_its_own_window(qapp: Any, tmp_path: Path) -> None:
    first = first_or_hand_over(tmp_path / "one", Errand())
    other = first_or_hand_over(tmp_path / "other", Errand())
    assert first is not None
    assert other is not None
    first.release()
    other.release()


def test_the_socket_is_its_owners_alone(qapp: Any, tmp_path: Path) -> None:
    first = be_first(tmp_path / "home")
    assert (tmp_path / "home" / SOCKET_NAME).stat().st_mode & 0o077 == 0
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    first.release()


def test_a_folder_with_a_long_path_has_a_socket_elsewhere(
    qapp: Any, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As short as that of a person: the folder of a test is too long for a socket already.
    runtime = Path(tempfile.mkdtemp(prefix="run"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    folder = tmp_path / ("long" * 40)
    first = be_first(folder)
    with qtbot.waitSignal(first.asked, timeout=30_000):
        second = start(folder)
    assert second.communicate(timeout=30)[0] == "handed over\n"
    first.release()
    shutil.rmtree(runtime)


@pytest.mark.parametrize(
    "line", [b"\n", b"[]\n", b'{"places": 1}\n', b'{"places":[1],"sandbox":true,"token":""}\n']
)
def test_nonsense_is_answered_with_nothing(
    qapp: Any, qtbot: Any, tmp_path: Path, line: bytes
) -> None:
    first = be_first(tmp_path)
    socket = QLocalSocket()
    socket.connectToServer(str(tmp_path / SOCKET_NAME))
    with qtbot.assertNotEmitted(first.asked), qtbot.waitSignal(socket.disconnected, timeout=30_000):
        socket.write(line)
    assert socket.bytesAvailable() == 0
    first.release()
