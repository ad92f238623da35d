"""Our encrypted transfers beside those of the tools people use today.

    make bench                                  everything; writes docs/performance.md
    python -m benchmarks.transfers [ROW...] [--runs N] [--tools a,b] [--folder /dev/shm]

The runs of all tools are interleaved, each after the other on the same servers and files, so that
a machine that is busy is busy for all of them. Ratios are ours divided by the peer's of the same
round; the table has their smallest, median and largest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.places import Certificates, Place, boto_client, fast_kms, null_s3
from benchmarks.tools import CSE_TOOL, TOOLS, Tool, Work
from tests import servers

CLOCK: Final = Path(__file__).with_name("clock.py")
GIB: Final = 1 << 30
MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of goals.

    Attributes:
        size: bytes of the file, or of each of `count` files.
        server: "null" or "seaweedfs".
        delay_ms: injected by the S3 server, and half of it by KMS.
        peers: and what ours divided by theirs may be at most.
    """

    name: str
    direction: str
    size: int
    server: str
    is_secure: bool
    peers: tuple[tuple[str, float], ...]
    count: int = 0
    delay_ms: float = 0


ROWS: Final = {
    row.name: row
    for row in (
        Row("up-2g-null", "up", 2 * GIB, "null", True,
            (("s5cmd", 0.55), ("aws", 0.80), ("official", 0.45))),
        Row("up-256m", "up", 256 * MIB, "seaweedfs", True,
            (("s5cmd", 0.92), ("aws", 0.80), ("rclone crypt", 0.80), ("official", 0.70))),
        Row("down-2g-null", "down", 2 * GIB, "null", True,
            (("s5cmd", 1.25), ("aws", 0.60), ("rclone crypt", 1.0), ("official", 0.35))),
        Row("down-256m", "down", 256 * MIB, "seaweedfs", True,
            (("s5cmd", 1.0), ("aws", 0.75), ("rclone crypt", 0.75), ("official", 0.55))),
        Row("up-small", "up", 16384, "seaweedfs", False,
            (("s5cmd", 0.95), ("aws", 0.40), ("rclone crypt", 0.60), ("official", 0.25)), 2000),
        Row("down-small", "down", 16384, "seaweedfs", False,
            (("s5cmd", 0.95), ("aws", 0.40), ("rclone crypt", 0.65), ("official", 0.25)), 2000),
        Row("up-small-far", "up", 16384, "null", False, (("s5cmd", 0.85),), 2000, 20),
        Row("up-small-null", "up", 16384, "null", False, (("s5cmd", 0.95),), 2000),
        Row("down-small-null", "down", 16384, "null", False, (("s5cmd", 0.95),), 2000),
        Row("up-2g-null-http", "up", 2 * GIB, "null", False, (("s5cmd", 0.55),)),
        Row("down-2g-null-http", "down", 2 * GIB, "null", False, (("s5cmd", 1.25),)),
        Row("up-one", "up", 16384, "null", False, (("s5cmd", 1.5), ("aws", 0.2))),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def main() -> None:
    """Measure the rows that are asked for and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", default=[*ROWS])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", default="")
    parser.add_argument("--folder", default="/dev/shm")
    parser.add_argument("--results", type=Path)
    options = parser.parse_args()
    chosen = [name for name in options.tools.split(",") if name]
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        for name in options.rows:
            row = ROWS[name]
            if chosen:
                row = replace(row, peers=tuple((t, g) for t, g in row.peers if t in chosen))
            costs = measure(row, Path(folder), options.runs)
            print("\n".join(lines_of(row, costs)), flush=True)
            if options.results:
                keep(options.results, row, costs)


def measure(row: Row, folder: Path, runs: int) -> dict[str, list[Cost]]:
    """Run ours and the peers in turn; the first run of each does not count."""
    tools = [CSE_TOOL, *(TOOLS[name] for name, _ in row.peers)]
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in tools}
    home = folder / row.name
    home.mkdir()
    with place_for(row, home) as place:
        source = make_source(row, home)
        if row.direction == "down":
            prepare(row, place, tools, source)
        for round_ in range(runs + 1):
            for tool in tools:
                cost = once(row, tool, place, source, home, is_checked=round_ == 0)
                if round_:
                    costs[tool.name].append(cost)
    shutil.rmtree(home)
    return costs


@contextlib.contextmanager
def place_for(row: Row, home: Path) -> Iterator[Place]:
    """The servers of a row."""
    certificates = Certificates(home)
    with contextlib.ExitStack() as stack:
        kms = stack.enter_context(fast_kms(row.delay_ms / 2))
        if row.server == "null":
            secure = certificates if row.is_secure else None
            url = stack.enter_context(null_s3(home / "null", secure, row.delay_ms))
            bucket = "kept" if row.direction == "down" else "gone"
        else:
            url = stack.enter_context(servers.seaweed(home / "weed", certificates.server))
            url = servers.https_of(url) if row.is_secure else url
            bucket = "bench"
        place = Place(row.server, url, kms, certificates.ca, bucket)
        if row.server != "null":
            client = boto_client(place)
            client.create_bucket(Bucket=bucket)
            client.close()
        yield place


def make_source(row: Row, home: Path) -> Path:
    """A file or a folder of files of random bytes."""
    source = home / "source"
    block = bytearray(os.urandom(MIB))
    names = [source] if not row.count else [source / f"{i:05}.bin" for i in range(row.count)]
    if row.count:
        source.mkdir()
    for number, name in enumerate(names):
        with name.open("wb") as file:
            for start in range(0, row.size, MIB):
                block[:16] = number.to_bytes(8, "big") + start.to_bytes(8, "big")
                file.write(memoryview(block)[: min(MIB, row.size - start)])
    return source


def prepare(row: Row, place: Place, tools: Sequence[Tool], source: Path) -> None:
    """Store what will be fetched. Amazon's own client fetches what ours has written."""
    for tool in tools:
        if tool.name != "official" and not (tool.name == "aws" and "s5cmd" in dict(row.peers)):
            run(tool, place, "up", Work(source, key_of(row, tool).removesuffix("source/")))


def key_of(row: Row, tool: Tool) -> str:
    """Where the objects of a tool are."""
    if tool.name in ("cse", "official"):
        # A folder keeps its own name where ours has put it.
        return "encrypted" + ("/source/" if row.count else "")
    return ("c" if tool.name == "rclone crypt" else "plain") + ("/" if row.count else "")


def once(row: Row, tool: Tool, place: Place, source: Path, home: Path, *, is_checked: bool) -> Cost:
    """One run; what came back is compared with what was sent, once."""
    if row.direction == "up":
        return run(tool, place, "up", Work(source, key_of(row, tool).removesuffix("source/")))
    target = home / "target"
    if row.count:
        target.mkdir()
    cost = run(tool, place, "down", Work(target, key_of(row, tool)))
    if is_checked:
        subprocess.run(["diff", "-rq", source, target], check=True)
    shutil.rmtree(target) if row.count else target.unlink()
    return cost


def run(tool: Tool, place: Place, direction: str, work: Work) -> Cost:
    """Run a tool; it must end well."""
    command = (tool.up if direction == "up" else tool.down)(place, work)
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "log"
        keep_of_us = {
            name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ
        }
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(CLOCK), str(log), *command],
            env={**keep_of_us, "HOME": home, **place.env, **tool.env(place)},
            capture_output=True,
            text=True,
            check=True,
        )
        took = json.loads(done.stdout)
        if took["code"] != 0:
            raise RuntimeError(f"{tool.name} failed: {log.read_text()[-2000:]}\n{command}")
    return Cost(took["wall_s"], took["cpu_s"], took["peak_mib"])


def lines_of(row: Row, costs: dict[str, list[Cost]]) -> Iterator[str]:
    """The table of one row, as text."""
    ours = costs["cse"]
    yield f"{row.name}"
    for name, theirs in costs.items():
        goal = dict(row.peers).get(name)
        yield (
            f"  {name:13} wall {_median(theirs, 'wall_s'):7.3f} s  cpu "
            f"{_median(theirs, 'cpu_s'):7.3f} s  peak {_median(theirs, 'peak_mib'):6.0f} MiB"
            + (f"   ours/theirs wall {_ratio(ours, theirs, 'wall_s')} (goal {goal})"
               f"  cpu {_ratio(ours, theirs, 'cpu_s')}" if goal else "")
        )  # fmt: skip


def keep(file: Path, row: Row, costs: dict[str, list[Cost]]) -> None:
    """Append the costs of a row to a file of JSON lines."""
    values = {
        name: [[cost.wall_s, cost.cpu_s, cost.peak_mib] for cost in found]
        for name, found in costs.items()
    }
    with file.open("a") as out:
        out.write(json.dumps({"row": row.name, "costs": values}) + "\n")


def _median(costs: Sequence[Cost], name: str) -> float:
    return statistics.median(getattr(cost, name) for cost in costs)


def _ratio(ours: Sequence[Cost], theirs: Sequence[Cost], name: str) -> str:
    read: Callable[[Cost], float] = lambda cost: float(getattr(cost, name))  # noqa: E731
    ratios = [read(one) / read(other) for one, other in zip(ours, theirs, strict=True)]
    return f"{min(ratios):.2f}/{statistics.median(ratios):.2f}/{max(ratios):.2f}"


if __name__ == "__main__":
    main()
