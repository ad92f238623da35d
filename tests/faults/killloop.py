"""SIGKILL at random moments, again and again: `python -m tests.faults.killloop --rounds 200`.

A round begins a transfer with `cse`, kills it at a random moment, sometimes kills the next try as
well, and then lets the same command end it. After each round the books must balance; what does
not is counted, printed and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import stat
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from cse_desktop.core import transfer
from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from tests import servers
from tests.faults.acts import PART, make_file, open_uploads
from tests.faults.killing import Program
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy

SIZE = 5 * PART + 1000
NAME = "file.bin"
MODES = ("get", "put", "edit")


@dataclass
class Tally:
    """What came of the rounds of one mode; all but the first four must be nothing.

    Attributes:
        resumed: rounds that ended with what had been moved before the kill.
        unfinished: rounds that the same command did not end.
        torn: files or objects that were neither the old nor the new ones.
        readable: hidden files with plaintext, or that others may read.
        leftovers: hidden files after the end.
        open: uploads that were still open after the end.
        rows: rows still in the journal after the end.
        reused: places where one key and nonce met two texts.
    """

    rounds: int = 0
    kills: int = 0
    resumed: int = 0
    seconds: float = 0.0
    unfinished: int = 0
    torn: int = 0
    readable: int = 0
    leftovers: int = 0
    open: int = 0
    rows: int = 0
    reused: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was wrong."""
        return not any(getattr(self, field.name) for field in fields(self)[4:])

    def __str__(self) -> str:
        return ", ".join(f"{name} {round(value)}" for name, value in asdict(self).items())


@dataclass
class Stage:
    """Where the loops play.

    Attributes:
        home: of the program, its journal included; no run of another may use it.
        folder: for files.
    """

    program: Program
    wire: FaultProxy
    kms_wire: FaultProxy
    session: Session
    s3: Any
    bucket: str
    kms_key: str
    home: Path
    folder: Path

    def rows(self) -> int:
        """How many rows the journal of the program has."""
        database = sqlite3.connect(self.home / "journal.db")
        (count,) = database.execute("SELECT count(*) FROM rows").fetchone()
        database.close()
        return int(count)


def run(stage: Stage, mode: str, rounds: int, seed: int = 1) -> Tally:
    """Play the rounds of one mode."""
    tally, luck, begun = Tally(), random.Random(f"{mode} {seed}"), time.monotonic()
    loop = _Getting(stage, luck, tally) if mode == "get" else _Putting(stage, luck, tally, mode)
    for _ in range(rounds):
        tally.rounds += 1
        ledger = Ledger()
        stage.wire.forget(ledger)
        stage.kms_wire.forget(ledger)
        loop.play()
        tally.reused += len(ledger.reuses)
        tally.leftovers += len(loop.hidden())
        tally.open += len(open_uploads(stage.s3, stage.bucket))
        tally.rows += stage.rows()
        ledger.close()
    tally.seconds = time.monotonic() - begun
    return tally


class _Loop:
    """What the modes have in common."""

    def __init__(self, stage: Stage, luck: random.Random, tally: Tally) -> None:
        self.stage, self.luck, self.tally = stage, luck, tally
        self.lasts_s = 1.0
        self.source = make_file(stage.folder, SIZE)
        self.out = stage.folder / "out"
        self.out.mkdir(exist_ok=True)

    def hidden(self) -> list[Path]:
        """Hidden files beside the target."""
        return [path for path in self.out.iterdir() if path.name != NAME]

    def kill(self, command: list[object]) -> None:
        """Begin, and kill after some requests, or after a share of the time that it takes."""
        wire, seen = self.stage.wire, len(self.stage.wire.requests)
        wanted = self.luck.randint(1, 9)
        until = time.monotonic() + self.luck.random() * self.lasts_s
        by_time = self.luck.random() < 0.5

        def is_now() -> bool:
            if by_time:
                return time.monotonic() > until
            return len(wire.requests) - seen >= wanted

        after_s = self.luck.random() * 0.03
        self.tally.kills += self.stage.program.run_and_kill(*command, when=is_now, after_s=after_s)

    def end(self, command: list[object]) -> None:
        """Let the same command do it."""
        begun = time.monotonic()
        ended = self.stage.program.run(*command)
        self.lasts_s = time.monotonic() - begun
        if ended.code != 0:
            self.tally.unfinished += 1
            print(ended.err, file=sys.stderr)


class _Putting(_Loop):
    def __init__(self, stage: Stage, luck: random.Random, tally: Tally, mode: str) -> None:
        super().__init__(stage, luck, tally)
        self._edits = mode == "edit"
        target = f"s3://{stage.bucket}/{NAME}"
        self._command: list[object] = ["put", self.source, target, "--kms-key", stage.kms_key]
        self._command += ["--if-exists", "replace"]

    def play(self) -> None:
        """One round."""
        wire = self.stage.wire
        for _ in range(self.luck.choice((1, 1, 2))):
            self.kill(self._command)
            if self._edits:
                self._edit()
        before = wire.count("CreateMultipartUpload")
        self.end(self._command)
        self.tally.resumed += wire.count("CreateMultipartUpload") == before
        back = self.stage.folder / "back"
        try:
            transfer.download(
                self.stage.session, ObjectRef(self.stage.bucket, NAME), back, replace=True
            )
            self.tally.torn += back.read_bytes() != self.source.read_bytes()
        except CseError as error:
            self.tally.torn += 1
            print(error, file=sys.stderr)

    def _edit(self) -> None:
        """Change a few bytes, and put the times back."""
        before = self.source.stat()
        with self.source.open("r+b") as file:
            file.seek(self.luck.randrange(SIZE))
            file.write(os.urandom(3))
        os.utime(self.source, ns=(before.st_atime_ns, before.st_mtime_ns))


class _Getting(_Loop):
    def __init__(self, stage: Stage, luck: random.Random, tally: Tally) -> None:
        super().__init__(stage, luck, tally)
        self.source = make_file(stage.folder, 20 * PART + 1000)  # the spool is synced every 8 parts
        ref = ObjectRef(stage.bucket, NAME)
        transfer.upload(stage.session, self.source, ref, stage.kms_key, {}, replace=True)
        self._secret = self.source.read_bytes()[:32]
        self._command: list[object] = ["get", f"s3://{stage.bucket}/{NAME}", self.out]
        self._command += ["--if-exists", "replace"]

    def play(self) -> None:
        """One round."""
        wire, target = self.stage.wire, self.out / NAME
        target.write_bytes(b"old")
        for _ in range(self.luck.choice((1, 1, 2))):
            self.kill(self._command)
            self._look_at(target)
        before = wire.count("GetObject")
        self.end(self._command)
        self.tally.resumed += wire.count("GetObject") - before < 21
        self.tally.torn += target.read_bytes() != self.source.read_bytes()

    def _look_at(self, target: Path) -> None:
        """What a kill leaves: the old file or the new one, and beside it ciphertext at most."""
        self.tally.torn += target.read_bytes() not in (b"old", self.source.read_bytes())
        for path in self.hidden():
            is_owners = stat.S_IMODE(path.stat().st_mode) == 0o600
            self.tally.readable += self._secret in path.read_bytes() or not is_owners


def main() -> int:
    """Play all modes on servers of their own; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.killloop", description=__doc__)
    parser.add_argument("modes", nargs="*", choices=[[], *MODES], help="all when none is named")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    is_clean = True
    for mode in asked.modes or MODES:
        with ExitStack() as stack:
            tally = run(_stage(stack), mode, asked.rounds, asked.seed)
        print(f"{mode}: {tally}", flush=True)
        is_clean = is_clean and tally.is_clean
    return 0 if is_clean else 1


def _stage(stack: ExitStack) -> Stage:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cse-kill-")))
    home = folder / "home"
    os.environ["CSE_DESKTOP_HOME"] = str(home)
    for name in ("store", "files"):
        (folder / name).mkdir()
    kms_url = stack.enter_context(servers.moto())
    s3_url = stack.enter_context(servers.seaweed(folder / "store"))
    wire = stack.enter_context(FaultProxy(s3_url))
    kms_wire = stack.enter_context(FaultProxy(kms_url))
    s3, kms = servers.client("s3", s3_url), servers.client("kms", kms_url)
    stack.callback(s3.close)
    stack.callback(kms.close)
    s3.create_bucket(Bucket="kill-loop")
    connection = Connection(
        "kill", region=servers.REGION, s3_endpoint=wire.url, kms_endpoint=kms_wire.url
    )
    session = open_session(connection, Credentials(servers.ACCESS_KEY, servers.SECRET_KEY))
    key = str(kms.create_key()["KeyMetadata"]["Arn"])
    program = Program(wire, kms_wire)
    return Stage(program, wire, kms_wire, session, s3, "kill-loop", key, home, folder / "files")


if __name__ == "__main__":
    sys.exit(main())
