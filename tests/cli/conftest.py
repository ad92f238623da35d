"""`cse` as a function, on the servers of the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.cli import main
from tests import servers
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]


Cse = Callable[..., Ran]


@pytest.fixture
def where(s3_url: str, kms_url: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that lead to the servers; the credentials come from AWS's own variables."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", servers.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", servers.SECRET_KEY)
    return ["--region", servers.REGION, "--s3-endpoint", s3_url, "--kms-endpoint", kms_url]


@pytest.fixture
def wire(where: list[str], s3_url: str) -> Iterator[FaultProxy]:
    """A proxy before S3, through which every `cse` of the test goes."""
    with closing(Ledger()) as ledger, FaultProxy(s3_url, ledger) as proxy:
        where[where.index(s3_url)] = proxy.url
        yield proxy
        ledger.check()


@pytest.fixture
def cse(where: list[str], capsys: pytest.CaptureFixture[str]) -> Cse:
    """Run `cse` in this process."""

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([*map(str, arguments), *where])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run


@pytest.fixture
def start_cse(where: list[str]) -> Callable[..., subprocess.Popen[str]]:
    """Start `cse` as a process of its own."""

    def start(*arguments: object, stdout: Any = subprocess.PIPE) -> subprocess.Popen[str]:
        program = "import sys; from cse_desktop.cli import main; sys.exit(main())"
        return subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments), *where],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONWARNINGS": "default"},
        )

    return start
