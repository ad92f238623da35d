"""Peak memory of `cse put` and `cse get` of a large file, against SeaweedFS and moto's KMS.

    .venv/bin/python -m benchmarks.memory [GIB] [FOLDER]

Needs three times the size on disk. Prints peak resident memory, processor time and wall time of
each command, and fails when one needs 200 MB or more or the file comes back changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests import servers

LIMIT_BYTES: Final = 200_000_000
BUCKET: Final = "memory"
BLOCK: Final = 1 << 20
CSE: Final = Path(sys.executable).with_name("cse")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took."""

    peak_bytes: int
    cpu_s: float
    wall_s: float


def main(gib: float, folder: str | None) -> bool:
    """Measure; whether both commands kept below the limit."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        root = Path(place)
        source = root / "large.bin"
        write(source, int(gib * (1 << 30)))
        with servers.moto() as kms_url, servers.seaweed(root / "weed") as s3_url:
            key = make_places(s3_url, kms_url)
            at = ["--s3-endpoint", s3_url, "--kms-endpoint", kms_url, "--quiet"]
            up = run(root, "put", str(source), f"s3://{BUCKET}/large.bin", "--kms-key", key, *at)
            report("put", up)
            down = run(root, "get", f"s3://{BUCKET}/large.bin", str(root / "back.bin"), *at)
            report("get", down)
        same = subprocess.run(["cmp", source, root / "back.bin"], check=False).returncode == 0
    print("the file came back " + ("unchanged" if same else "CHANGED"))
    return same and max(up.peak_bytes, down.peak_bytes) < LIMIT_BYTES


def write(path: Path, size: int) -> None:
    """A file in which no two blocks are alike."""
    block = bytearray(os.urandom(BLOCK))
    with path.open("wb") as file:
        for number in range(-(-size // BLOCK)):
            block[:8] = number.to_bytes(8, "big")
            file.write(memoryview(block)[: min(BLOCK, size - number * BLOCK)])


def make_places(s3_url: str, kms_url: str) -> str:
    """A bucket and a key; the key's ARN."""
    s3, kms = servers.client("s3", s3_url), servers.client("kms", kms_url)
    s3.create_bucket(Bucket=BUCKET)
    key = str(kms.create_key()["KeyMetadata"]["Arn"])
    s3.close()
    kms.close()
    return key


def run(root: Path, *words: str) -> Cost:
    """Run `cse` and say what it took; its own errors end this program."""
    started = time.monotonic()
    process = subprocess.Popen(
        [CSE, *words],
        env=os.environ
        | {
            "HOME": str(root),
            "CSE_DESKTOP_HOME": str(root / "cse-desktop"),
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
            "AWS_DEFAULT_REGION": servers.REGION,
        },
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"cse {words[0]} failed with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(usage.ru_maxrss * 1024, cpu, time.monotonic() - started)


def report(what: str, cost: Cost) -> None:
    """One line."""
    print(
        f"cse {what}: peak {cost.peak_bytes / 1e6:.0f} MB, "
        f"cpu {cost.cpu_s:.1f} s, wall {cost.wall_s:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    gib = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    sys.exit(0 if main(gib, sys.argv[2] if len(sys.argv) > 2 else None) else 1)
