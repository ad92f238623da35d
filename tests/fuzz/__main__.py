"""Fuzz the targets: `python -m tests.fuzz --seconds 30` (all), or `envelope --runs 1000000`.

Exits with 1 when a target breaks; the input that broke it is then in build/fuzz/<target>/.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.seeds import dictionary, seeds
from tests.fuzz.targets import TARGETS

_ROOT = Path(__file__).parents[2]
_BUILD = _ROOT / "build" / "fuzz"
_INPUT_BYTES = 70_000  # above the largest instruction file that is read
_INPUT_SECONDS = 10  # for one input; all take milliseconds, but machines stall
_MEMORY_MIB = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one target came to."""

    target: str
    is_sound: bool
    seconds: float
    log: str

    @property
    def line(self) -> str:
        """What is told of it."""
        runs = self._number("number_of_executed_units")
        slowest, peak = self._number("slowest_unit_time_sec"), self._number("peak_rss_mb")
        return (
            f"{self.target:14}{runs:>11,} runs {self.seconds:>6.0f} s, slowest {slowest} s, "
            f"{peak} MiB: {'ok' if self.is_sound else 'BROKEN'}"
        )

    def _number(self, name: str) -> int:
        found = re.findall(rf"^stat::{name}: +(\d+)", self.log, re.MULTILINE)
        return int(found[-1]) if found else 0


def main() -> int:
    """Run the targets that are asked for, two at a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], help="all when none is named")
    parser.add_argument("--seconds", type=int, default=0, help="for each target")
    parser.add_argument("--runs", type=int, default=0, help="of each target")
    parser.add_argument("--jobs", type=int, default=2, help="targets at a time")
    asked = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("atheris has no wheel for this system: nothing was fuzzed", file=sys.stderr)
        return 0
    limits = [f"-max_total_time={asked.seconds}"] if asked.seconds else []
    limits += [f"-runs={asked.runs}"] if asked.runs else []
    if not limits:
        parser.error("say --seconds or --runs")
    is_sound = True
    with ThreadPoolExecutor(asked.jobs) as pool:
        for outcome in pool.map(lambda name: fuzz(name, limits), asked.targets or TARGETS):
            print(outcome.line, flush=True)
            if not outcome.is_sound:
                is_sound = False
                print(outcome.log[-6000:], flush=True)
    return 0 if is_sound else 1


def fuzz(target: str, limits: list[str]) -> Outcome:
    """Run one target in a process of its own: libFuzzer ends the process it runs in."""
    folder = _BUILD / target
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    words = folder / "words.dict"
    words.write_bytes(dictionary())
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed-{number:04}").write_bytes(seed)
    start = time.monotonic()
    done = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", str(Path(__file__).with_name("child.py")), target),
            *limits,
            f"-dict={words}",
            f"-max_len={_INPUT_BYTES}",
            f"-timeout={_INPUT_SECONDS}",
            f"-rss_limit_mb={_MEMORY_MIB}",
            f"-artifact_prefix={folder}/",
            "-print_final_stats=1",
            str(corpus),
        ],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Outcome(target, done.returncode == 0, time.monotonic() - start, done.stdout)


if __name__ == "__main__":
    sys.exit(main())
