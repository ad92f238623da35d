"""Writes docs/performance.md from what `benchmarks.transfers --results` has kept.

python -m benchmarks.report RESULTS
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.transfers import ROWS, Row

TARGET: Final = Path(__file__).parents[1] / "docs" / "performance.md"
NOTES: Final = Path(__file__).with_name("notes.md")
GIB: Final = 1 << 30


def main() -> None:
    """Write the page."""
    found = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    # A row that was measured again counts as it was last.
    costs = {each["row"]: each["costs"] for each in found}
    lines = [*_introduction(found), *_table(costs), "", NOTES.read_text()]
    TARGET.write_text("\n".join(lines))


def _introduction(found: Sequence[Any]) -> Iterator[str]:
    runs = sorted({len(runs) for each in found for runs in each["costs"].values()})
    yield "# Performance"
    yield ""
    yield "Our transfers encrypt and verify; the peers' are plain, but for `rclone crypt` and"
    yield "Amazon's own encryption client for Python (`official`). Written by `make bench`."
    yield ""
    yield f"- Machine: {os.cpu_count()} cores, {_processor()}, {platform.system()},"
    yield f"  Python {platform.python_version()}; files on a disk in memory; load average"
    yield f"  {os.getloadavg()[2]:.1f} from other work, so read ratios, not seconds."
    yield f"- Measured {datetime.now(UTC):%Y-%m-%d}, {'/'.join(map(str, runs))} interleaved runs of"
    yield "  each tool, after one that does not count; what that one downloads is compared"
    yield "  byte for byte."
    yield "- A ratio is ours divided by the peer's of the same round: least / **median** / largest."
    yield "- Over plain http (the rows of small files) peers and we sign the payload."
    yield ""


def _table(costs: dict[str, dict[str, list[list[float]]]]) -> Iterator[str]:
    yield "| work | peer | wall | goal | CPU | CPU ours | peak ours | peak peer |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, row in ROWS.items():
        ours = costs.get(name, {}).get("cse")
        for peer, goal in row.peers:
            theirs = costs.get(name, {}).get(peer)
            if ours and theirs:
                yield (
                    f"| {_title(row)} | {peer} | {_ratio(ours, theirs, 0)} | {goal} "
                    f"| {_ratio(ours, theirs, 1)} | {_cpu(row, ours)} "
                    f"| {_median(ours, 2):.0f} MiB | {_median(theirs, 2):.0f} MiB |"
                )


def _title(row: Row) -> str:
    size = f"{row.size >> 20} MiB" if row.size >= 1 << 20 else f"{row.size >> 10} KiB"
    what = f"{row.count:,} x {size}" if row.count else size
    where = f"{'https' if row.is_secure else 'http'}, {row.server}"
    far = f", {row.delay_ms:.0f} ms S3 + {row.delay_ms / 2:.0f} ms KMS" if row.delay_ms else ""
    return f"{row.direction} {what}, {where}{far}"


def _cpu(row: Row, ours: Sequence[Sequence[float]]) -> str:
    cpu = _median(ours, 1)
    if row.count:
        return f"{cpu / row.count * 1000:.2f} ms a file"
    return f"{cpu / row.size * GIB:.2f} s/GiB" if row.size >= 1 << 20 else f"{cpu:.2f} s"


def _median(costs: Sequence[Sequence[float]], index: int) -> float:
    return statistics.median(cost[index] for cost in costs)


def _ratio(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]], index: int) -> str:
    ratios = [one[index] / other[index] for one, other in zip(ours, theirs, strict=True)]
    return f"{min(ratios):.2f} / **{statistics.median(ratios):.2f}** / {max(ratios):.2f}"


def _processor() -> str:
    found = subprocess.run(["lscpu"], capture_output=True, text=True, check=False).stdout
    names = [line.partition(":")[2].strip() for line in found.splitlines() if "Model name" in line]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main()
