"""How long after its start the window is painted, beside an empty PySide6 window.

    scripts/on-a-desktop .venv/bin/python -m benchmarks.startup [RUNS]

Both are fresh processes with warm files, one after the other in turn. Wall time is from before
the process is made until the first painting is over and the event loop is free; processor time
is that of the whole process until then. Fails above 1.3 times the empty window's processor time;
wall time is printed beside it, and includes whatever else the machine does.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any, Final

LIMIT: Final = 1.3
FLOOR: Final = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
from benchmarks.startup import tell_when_painted
app = QApplication([])
window = QWidget()
window.resize(1200, 800)
tell_when_painted(window)
window.show()
app.exec()
"""
OURS: Final = """
import sys
from cse_desktop import app
from benchmarks.startup import tell_when_painted
class Watched(app.MainWindow):
    def show(self):
        tell_when_painted(self)
        super().show()
app.MainWindow = Watched
app.main([])
"""


def tell_when_painted(window: Any) -> None:
    """Print the facts and end, once a window was painted and the event loop is free."""
    from PySide6.QtCore import QEvent, QObject, QTimer  # noqa: PLC0415  Qt is what is measured

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.UpdateRequest:
                window.removeEventFilter(self)
                QTimer.singleShot(0, self.tell)
            return super().eventFilter(watched, event)

        def tell(self) -> None:
            usage = os.times()
            loaded = [name for name in ("boto3", "cryptography", "keyring") if name in sys.modules]
            facts = {
                "at": time.monotonic(),
                "cpu": usage.user + usage.system,
                "loaded": loaded,
                "modules": len(sys.modules),
            }
            print(json.dumps(facts), flush=True)
            os._exit(0)

    watcher = Watcher(window)
    window.installEventFilter(watcher)


def once(program: str, home: str) -> tuple[float, float, list[str]]:
    """Wall and processor seconds of one start, and which libraries had been loaded."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.monotonic()
    out = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "HOME": home, "CSE_DESKTOP_HOME": f"{home}/cse"},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    ).stdout
    facts = json.loads(out)
    return facts["at"] - start, facts["cpu"], facts["loaded"]


def main(runs: int) -> bool:
    """Measure; whether the window is quick enough."""
    found: dict[str, list[tuple[float, float, list[str]]]] = {FLOOR: [], OURS: []}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(runs + 1):
            for program, results in found.items():
                results.append(once(program, home))
    for name, program in (("empty", FLOOR), ("ours", OURS)):
        walls, cpus, _ = zip(*found[program][1:], strict=True)
        print(
            f"{name:6} wall {min(walls):.3f} {statistics.median(walls):.3f} {max(walls):.3f} s   "
            f"cpu {min(cpus):.3f} {statistics.median(cpus):.3f} {max(cpus):.3f} s"
        )
    pairs = list(zip(found[FLOOR][1:], found[OURS][1:], strict=True))
    wall = statistics.median(ours[0] / floor[0] for floor, ours in pairs)
    cpu = statistics.median(ours[1] / floor[1] for floor, ours in pairs)
    print(f"ratio  wall {wall:.2f}   cpu {cpu:.2f}   loaded before: {pairs[0][1][2]}")
    return cpu <= LIMIT


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 9) else 1)
