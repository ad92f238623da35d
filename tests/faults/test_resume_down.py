"""Going on with a download: whatever happens in between, the end is the object or an error."""

from __future__ import annotations

import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cse_desktop.core import ranges, receiving, spooling, transfer
from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Paused
from cse_desktop.core.record import DownloadRow, Records
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from cse_desktop.jobs.journal import Journal, open_journal
from cse_desktop.jobs.recovery import clear_downloads
from tests import servers
from tests.faults import faults
from tests.faults.acts import make_file
from tests.faults.conftest import HURRIED
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "25"))
RANGE = 64 * 1024
"""Ranges of this size, synced by twos: the rules are the same, and an example is quicker."""
SIZE = 9 * RANGE + 100


class Crashing:
    """Downloads that end the run before or after the n-th thing that is written."""

    def __init__(self, records: Records, at: int, *, before: bool) -> None:
        self._records = records
        self._at = at
        self._before = before
        self.cancel = CancelToken()
        self._count = itertools.count()

    def write(self, act: Callable[[], Any]) -> Any:
        is_now = next(self._count) == self._at
        if is_now and self._before:
            self._end()
        result = act()
        if is_now:
            self._end()
        return result

    def _end(self) -> None:
        self.cancel.pause()
        raise Paused

    def earlier(self, target: Path) -> Sequence[DownloadRow]:
        return [CrashingRow(self, row) for row in self._records.downloads.earlier(target)]

    def planned(self, target: Path, object_text: str) -> DownloadRow:
        row = self._records.downloads.planned(target, object_text)
        assert row is not None
        return CrashingRow(self, row)


@dataclass
class CrashingRow:
    crashing: Crashing
    row: DownloadRow

    @property
    def object_text(self) -> str:
        return self.row.object_text

    @property
    def token(self) -> str:
        return self.row.token

    @property
    def done(self) -> int:
        return self.row.done

    def synced(self, done: int) -> None:
        self.crashing.write(lambda: self.row.synced(done))

    def ended(self) -> None:
        self.crashing.write(self.row.ended)

    def released(self) -> None:
        self.row.released()


STEPS = st.one_of(
    st.tuples(st.just("run"), st.integers(0, 8), st.booleans()),
    st.tuples(st.just("break_off"), st.integers(1, 12), st.integers(0, RANGE)),
    st.tuples(st.just("flip_on_wire"), st.integers(1, 12), st.integers(0, RANGE - 1)),
    st.tuples(st.just("fail"), st.sampled_from([403, 500, 503]), st.integers(1, 12)),
    st.tuples(st.just("replace"), st.integers(1, SIZE), st.just(0)),
    st.tuples(st.just("flip_in_spool"), st.integers(0, SIZE), st.just(0)),
    st.tuples(st.just("cut_spool"), st.integers(0, SIZE), st.just(0)),
    st.tuples(st.just("lose_spool"), st.just(0), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(100 + 10 * EXAMPLES)
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_whatever_happens_a_download_is_the_object_and_leaves_nothing(
    s3_url: str, kms_url: str, bucket: str, kms_key: str, credentials: Credentials,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ranges, "RANGE_BYTES", RANGE)
    monkeypatch.setattr(receiving, "RANGE_BYTES", RANGE)
    monkeypatch.setattr(transfer, "PART_BYTES", RANGE)
    monkeypatch.setattr(spooling, "_SYNC_EVERY", 2 * RANGE)
    with FaultProxy(s3_url) as wire:
        connection = Connection(
            "machine", region=servers.REGION, s3_endpoint=wire.url, kms_endpoint=kms_url
        )
        session = open_session(connection, credentials, HURRIED)

        @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
        @example(steps=[("fail", 500, 10), ("run", 5, False), ("replace", 1, 0)])  # it left a spool
        @given(steps=st.lists(STEPS, max_size=40))
        def machine(steps: list[tuple[str, Any, Any]]) -> None:
            ledger = Ledger()
            wire.forget(ledger)
            folder = tmp_path / uuid.uuid4().hex
            played = Machine(session, wire, bucket, kms_key, folder)
            try:
                played.play(steps)
            finally:
                played.close()
                ledger.close()

        machine()


class Machine:
    """One object, one target, one journal; what is done to them, and what must be true."""

    def __init__(
        self, session: Session, wire: FaultProxy, bucket: str, key: str, folder: Path
    ) -> None:
        self._session, self._wire, self._key = session, wire, key
        self._folder, self._out = folder, folder / "out"
        self._out.mkdir(parents=True)
        self._target = self._out / "target"
        self._target.write_bytes(b"old")
        self._ref = ObjectRef(bucket, folder.name)
        self._contents = [b"old"]
        self._replace(SIZE, 0)
        self._journal = self._opened()

    def play(self, steps: list[tuple[str, Any, Any]]) -> None:
        for name, one, two in steps:
            getattr(self, f"_{name}")(one, two)
            self._look()
        for rule in self._wire._rules:
            rule.times = 0
        records = self._journal.records
        transfer.download(self._session.recording(records), self._ref, self._target, replace=True)
        assert self._target.read_bytes() == self._contents[-1]
        clear_downloads(self._journal)
        assert self._hidden() == []
        assert self._journal.file.find("download") == []

    def close(self) -> None:
        self._journal.close()
        shutil.rmtree(self._folder)

    def _look(self) -> None:
        """The target is whole at any time, and what is hidden beside it is ciphertext."""
        assert self._target.read_bytes() in self._contents
        for path in self._hidden():
            data = path.read_bytes()
            assert not any(content[:32] in data for content in self._contents if len(content) > 32)

    def _hidden(self) -> list[Path]:
        return [path for path in self._out.iterdir() if path != self._target]

    def _opened(self) -> Journal:
        found = open_journal(self._folder / "journal").journal
        assert found is not None
        return found

    def _run(self, at: int, before: bool) -> None:
        crashing = Crashing(self._journal.records, at, before=before)
        session = self._session.recording(Records(downloads=crashing))
        try:
            transfer.download(
                session, self._ref, self._target, replace=True, cancel=crashing.cancel
            )
        except (CseError, Paused):
            return

    def _break_off(self, first: int, after: int) -> None:
        self._wire.rule("GetObject", faults.cut_mid_download(after), first=first, times=2)

    def _flip_on_wire(self, first: int, position: int) -> None:
        self._wire.rule("GetObject", faults.flipped_down(position), first=first)

    def _fail(self, status: int, first: int) -> None:
        code = {403: "AccessDenied", 500: "InternalError", 503: "SlowDown"}[status]
        self._wire.rule("GetObject", faults.error(status, code), first=first, times=9)

    def _replace(self, size: int, _: int) -> None:
        content = make_file(self._folder, size, "source")
        transfer.upload(self._session, content, self._ref, self._key, {}, replace=True)
        self._contents.append(content.read_bytes())

    def _flip_in_spool(self, position: int, _: int) -> None:
        for path in self._hidden():
            data = bytearray(path.read_bytes())
            if position < len(data):
                data[position] ^= 1
                path.write_bytes(data)

    def _cut_spool(self, size: int, _: int) -> None:
        for path in self._hidden():
            os.truncate(path, min(size, path.stat().st_size))

    def _lose_spool(self, _: int, __: int) -> None:
        for path in self._hidden():
            path.unlink()

    def _restart(self, _: int, __: int) -> None:
        self._journal.close()
        self._journal = self._opened()
        clear_downloads(self._journal)
