"""What it takes to list a great many keys: ours beside boto3's paginator, and into the window.

    .venv/bin/python -m benchmarks.listing [KEYS]

Processor seconds throughout, of the listing process alone; the server is another one. Fails when
the paginator is less than 25 times as slow per key, a million rows in the table take more than
four seconds or 140 bytes a row, or sorting them more than 0.6 seconds.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from benchmarks.list_server import serving
from benchmarks.pulse import Pulse
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_order import Column
from cse_desktop.gui.browser.object_pane import ObjectPane
from cse_desktop.gui.collector import Collector
from cse_desktop.gui.look.theme import Theme
from tests import servers

ROUNDS: Final = 5
SHORT: Final = 20_000
"""Keys for the paginator, which would take minutes for a million."""
BUCKET: Final = ObjectRef("bucket", "")


def open_at(url: str) -> Any:
    """A session on the server."""
    connection = Connection("bench", region="us-east-1", s3_endpoint=url, kms_endpoint=url)
    return open_session(connection, Credentials(servers.ACCESS_KEY, servers.SECRET_KEY))


def cpu_of(work: Callable[[], int]) -> float:
    """Microseconds of processor time for each key that `work` counts."""
    gc.collect()
    start = time.process_time()
    count = work()
    return (time.process_time() - start) * 1e6 / count


def beside_boto3() -> float:
    """How many times as slow the paginator is, per key; pairs in turn."""
    with serving(SHORT) as url:
        session, client = open_at(url), servers.client("s3", url)

        def ours() -> int:
            return sum(len(page.entries) for page in session.store.walk(BUCKET))

        def theirs() -> int:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET.bucket)
            return sum(len(page["Contents"]) for page in pages)

        pairs = [(cpu_of(ours), cpu_of(theirs)) for _ in range(ROUNDS + 1)][1:]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    print(f"per key: ours {mine:.2f} us, boto3's paginator {other:.1f} us, {ratio:.0f} times")
    return ratio


class Table:
    """The list of files in a window, on a bucket of `count` keys."""

    def __init__(self, url: str) -> None:
        self.application = QApplication([])
        self.theme = Theme("light")
        self.theme.apply(self.application)
        self.bridge = Bridge()
        session = open_at(url)
        list(session.store.page(BUCKET).entries)  # the libraries are loaded
        self.pane = ObjectPane(self.theme, self.bridge, lambda _name: session, lambda _d: None)  # type: ignore[arg-type,return-value]
        self.pane.resize(1200, 800)
        self.pane.show()
        collector = Collector(self.application)
        collector.start()

    def until(self, done: Callable[[], bool]) -> tuple[float, float, Pulse]:
        """Run the event loop until something holds: processor and wall seconds, and lateness."""
        pulse = Pulse()
        cpu, wall = time.process_time(), time.perf_counter()
        pulse.start()
        while not done():
            self.application.processEvents()
            time.sleep(0.0005)
        return time.process_time() - cpu, time.perf_counter() - wall, pulse


def into_table(url: str, count: int) -> dict[str, float]:
    """List all keys into the table, sort, filter and scroll it."""
    table, found = Table(url), {}
    model = table.pane.model
    table.pane.open("bench", BUCKET)
    table.until(lambda: model.loader.has_first_page)
    gc.collect()
    before = rss()
    model.load_all()
    cpu, wall, pulse = table.until(lambda: model.loaded_count() == count and model.is_sorted)
    late = pulse.facts()["late_ms"]
    found |= {"list cpu s": cpu, "list wall s": wall, "bytes a row": (rss() - before) / count}
    found |= {"late p99 ms": late[int(0.99 * len(late))], "late max ms": late[-1]}
    for column in (Column.NAME, Column.SIZE):
        model.is_sorted = False
        model.sort(column, Qt.SortOrder.DescendingOrder)
        cpu, _, pulse = table.until(lambda: model.is_sorted)
        found[f"sort {column.name} cpu s"] = cpu
        found[f"sort {column.name} late max ms"] = max(pulse.late_ms, default=0.0)
    model.set_filter("99999")
    cpu, _, pulse = table.until(lambda: model.shown_count() < count)
    found |= {"filter cpu s": cpu, "filter late max ms": max(pulse.late_ms, default=0.0)}
    model.set_filter("")
    table.until(lambda: model.shown_count() == count)
    frames = []
    bar = table.pane.view.verticalScrollBar()
    for step in range(200):
        start = time.process_time()
        bar.setValue(bar.maximum() * step // 200)
        table.application.processEvents()
        frames.append(1000 * (time.process_time() - start))
    found |= {"scroll frame ms": statistics.median(frames), "scroll worst ms": max(frames)}
    return found


def rss() -> int:
    """Resident bytes now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main(count: int) -> bool:
    """Measure; whether all goals are reached."""
    ratio = beside_boto3()
    with serving(count) as url:
        out = subprocess.run(
            [sys.executable, "-m", "benchmarks.listing", "--table", url, str(count)],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    facts = json.loads(out)
    print(f"{count:,} keys into the table:")
    for name, value in facts.items():
        print(f"  {name:26} {value:8.2f}")
    million = count / 1e6
    return (
        ratio >= 25
        and facts["list cpu s"] <= 4 * million
        and facts["bytes a row"] <= 140
        and facts["sort NAME cpu s"] <= 0.6 * max(million, 0.1)
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--table"]:
        print(json.dumps(into_table(sys.argv[2], int(sys.argv[3]))), flush=True)
        os._exit(0)
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000) else 1)
