"""`cse` as a process that is killed without a word, and started again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import servers
from tests.faults.proxy import FaultProxy

_PROGRAM = "import sys; from cse_desktop.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Ended:
    code: int
    events: list[dict[str, Any]]
    err: str

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]


@dataclass
class Program:
    """Starts `cse` on the servers behind two proxies."""

    wire: FaultProxy
    kms_wire: FaultProxy
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        where = ["--region", servers.REGION, "--s3-endpoint", self.wire.url]
        where += ["--kms-endpoint", self.kms_wire.url, "--json"]
        keys = {
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
        }
        return subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *map(str, arguments), *where],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **keys, **self.environment},
        )

    def run(self, *arguments: object) -> Ended:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=170)
        assert "Traceback" not in err, err
        return Ended(process.returncode, [json.loads(line) for line in out.splitlines()], err)

    def run_and_kill(
        self, *arguments: object, when: Callable[[], bool], after_s: float = 0.0
    ) -> bool:
        """Kill it as soon as `when` is true; gives whether it was still there to be killed."""
        process = self.start(*arguments)
        while process.poll() is None and not when():
            time.sleep(0.001)
        time.sleep(after_s)
        was_there = process.poll() is None
        process.kill()
        process.communicate(timeout=60)
        return was_there
