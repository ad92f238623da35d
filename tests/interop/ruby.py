"""The Ruby clients as judges, in a process of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import servers


@dataclass(frozen=True, slots=True)
class Ruby:
    """Writes and reads with the Ruby clients."""

    process: subprocess.Popen[str]
    common: Mapping[str, Any]

    def put(self, file: Path, client: str, *, instruction: bool = False, **more: Any) -> None:
        """Encrypt and store a file."""
        self._ask({"do": "put", "client": client, "instruction": instruction, **more}, file)

    def get(self, file: Path, client: str = "v2", **more: Any) -> None:
        """Fetch and decrypt an object into a file."""
        self._ask({"do": "get", "client": client, **more}, file)

    def _ask(self, task: Mapping[str, Any], file: Path) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"context": {}, **self.common, **task, "file": str(file)}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])


@contextmanager
def ruby_clients() -> Iterator[subprocess.Popen[str]]:
    """The clients, which live as long as the tests."""
    program = shutil.which("ruby")
    if program is None:
        pytest.fail("ruby-aws-sdk-s3 is not installed: run `scripts/setup` first")
    with subprocess.Popen(
        [program, "-W0", str(Path(__file__).with_name("ruby_client.rb"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ
        | {
            "AWS_ACCESS_KEY_ID": servers.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": servers.SECRET_KEY,
            "AWS_REGION": servers.REGION,
            "LC_ALL": "C.UTF-8",
        },
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()  # which ends it
