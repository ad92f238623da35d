"""Going on with an upload: every doubt draws a new data key, and no doubt sends a byte twice."""

from __future__ import annotations

import base64
import itertools
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cse_desktop.core import multipart, resuming, transfer
from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Cancelled, CancelToken, Paused, Progress
from cse_desktop.core.record import Intent, Left, Order, Place, Records, UploadRow
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from cse_desktop.jobs.journal import Journal, open_journal
from cse_desktop.jobs.journal_file import Row
from cse_desktop.jobs.recovery import recover
from tests import servers
from tests.faults import faults
from tests.faults.acts import PART, comes_back, keys, make_file, open_uploads
from tests.faults.conftest import HURRIED
from tests.faults.http_messages import Answer
from tests.faults.ledger import Ledger
from tests.faults.proxy import FaultProxy

PARTS = 6
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))
MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    found = open_journal(tmp_path / "journal").journal
    assert found is not None
    yield found
    found.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_file(tmp_path, (PARTS - 1) * PART + 1000)


@dataclass
class Begun:
    """An upload that was paused after some parts."""

    session: Session
    source: Path
    ref: ObjectRef
    key: str

    def go_on(self) -> None:
        transfer.upload(self.session, self.source, self.ref, self.key, {"a": "b"}, replace=True)

    def until(self, part: int) -> None:
        cancel = CancelToken()

        def pause(progress: Progress) -> None:
            if progress.part >= part:
                cancel.pause()

        with pytest.raises(Paused):
            transfer.upload(
                self.session, self.source, self.ref, self.key, {"a": "b"}, replace=True,
                report=pause, cancel=cancel,
            )  # fmt: skip


@pytest.fixture
def begun(
    session: Session, journal: Journal, source: Path, bucket: str, kms_key: str
) -> Iterator[Begun]:
    found = Begun(session.recording(journal.records), source, ObjectRef(bucket, "x"), kms_key)
    found.until(3)
    yield found
    assert journal.file.find("upload") == []
    comes_back(session, found.ref, source)


def draws(kms_wire: FaultProxy) -> int:
    return kms_wire.count("kms:GenerateDataKey")


def test_an_upload_that_was_paused_sends_only_what_is_missing(
    begun: Begun, wire: FaultProxy, kms_wire: FaultProxy, s3: Any, bucket: str
) -> None:
    [upload] = open_uploads(s3, bucket)
    stored = s3.list_parts(Bucket=bucket, Key="x", UploadId=upload["UploadId"])["Parts"]
    sent = wire.count("UploadPart")

    begun.go_on()

    assert draws(kms_wire) == 1
    assert wire.count("CreateMultipartUpload") == 1
    assert wire.count("UploadPart") - sent <= PARTS - len(stored)
    assert open_uploads(s3, bucket) == []


def changed_with_times_put_back(path: Path) -> None:
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(5)
        file.write(os.urandom(8))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def forged(journal: Journal, kind: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Rewrite rows as somebody would who knows how they are spelled."""
    rows = []
    for row in journal.file.find(kind):
        body = dict(row.body)
        change(body)
        rows.append(Row(row.id, row.kind, row.parent, row.name, body))
    journal.file.change(*rows)


def with_identity_of(journal: Journal, path: Path) -> None:
    """Forge the journal so that the file seems to be the one that was begun."""
    seen = path.stat()

    def change(body: dict[str, Any]) -> None:
        order = json.loads(body["order"])
        order["identity"] = {
            "device": seen.st_dev, "inode": seen.st_ino, "size": seen.st_size,
            "mtime_ns": seen.st_mtime_ns, "ctime_ns": seen.st_ctime_ns,
        }  # fmt: skip
        body["order"] = json.dumps(order, sort_keys=True)

    forged(journal, "upload", change)


def text_of(value: bytes) -> str:
    return base64.b64encode(value).decode()


def file_changed(begun: Begun, _journal: Journal, _s3: Any) -> None:
    changed_with_times_put_back(begun.source)


def file_changed_and_identity_forged(begun: Begun, journal: Journal, _s3: Any) -> None:
    changed_with_times_put_back(begun.source)
    with_identity_of(journal, begun.source)


def file_replaced(begun: Begun, _journal: Journal, _s3: Any) -> None:
    begun.source.write_bytes(begun.source.read_bytes()[::-1])


def file_grew(begun: Begun, _journal: Journal, _s3: Any) -> None:
    with begun.source.open("ab") as file:
        file.write(b"x")


def upload_aborted(begun: Begun, _journal: Journal, s3: Any) -> None:
    [upload] = open_uploads(s3, begun.ref.bucket)
    s3.abort_multipart_upload(
        Bucket=begun.ref.bucket, Key=begun.ref.key, UploadId=upload["UploadId"]
    )


def part_invented(begun: Begun, _journal: Journal, s3: Any) -> None:
    [upload] = open_uploads(s3, begun.ref.bucket)
    s3.upload_part(
        Bucket=begun.ref.bucket, Key=begun.ref.key, UploadId=upload["UploadId"], PartNumber=77,
        Body=b"x",
    )  # fmt: skip


def intent_cut(_begun: Begun, journal: Journal, _s3: Any) -> None:
    journal.file.drop(journal.file.find("part")[0].id)


def digest_forged(_begun: Begun, journal: Journal, _s3: Any) -> None:
    forged(journal, "part", lambda body: body.update(digest=text_of(bytes(32))))


def mac_forged(_begun: Begun, journal: Journal, _s3: Any) -> None:
    forged(journal, "upload", lambda body: body.update(mac=text_of(bytes(32))))


def eight_days_old(_begun: Begun, journal: Journal, _s3: Any) -> None:
    forged(journal, "upload", lambda body: body.update(begun=body["begun"] - 8 * 24 * 3600))


def from_the_future(_begun: Begun, journal: Journal, _s3: Any) -> None:
    forged(journal, "upload", lambda body: body.update(begun=body["begun"] + 1000))


DOUBTS = (
    file_changed, file_changed_and_identity_forged, file_replaced, file_grew, upload_aborted,
    part_invented, intent_cut, digest_forged, mac_forged, eight_days_old, from_the_future,
)  # fmt: skip


@MOTO
@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.__name__)
def test_any_doubt_aborts_the_old_upload_and_draws_a_new_key(
    begun: Begun,
    journal: Journal,
    kms_wire: FaultProxy,
    s3: Any,
    bucket: str,
    doubt: Callable[[Begun, Journal, Any], None],
) -> None:
    doubt(begun, journal, s3)

    begun.go_on()

    assert draws(kms_wire) == 2
    assert open_uploads(s3, bucket) == []
    assert keys(s3, bucket) == ["x"]


@MOTO
def test_without_permission_to_decrypt_a_new_key_is_drawn(
    begun: Begun, kms_wire: FaultProxy, s3: Any, bucket: str
) -> None:
    kms_wire.rule("kms:Decrypt", faults.kms_error(400, "AccessDeniedException"))
    begun.go_on()
    assert draws(kms_wire) == 2
    assert open_uploads(s3, bucket) == []


@MOTO
def test_another_context_draws_a_new_key(
    begun: Begun, kms_wire: FaultProxy, s3: Any, bucket: str
) -> None:
    transfer.upload(begun.session, begun.source, begun.ref, begun.key, {"a": "c"}, replace=True)
    assert draws(kms_wire) == 2
    assert open_uploads(s3, bucket) == []


def without_parts(answer: Answer) -> Answer:
    return answer.with_body(re.sub(rb"<Part>.*?</Part>", b"", answer.body, flags=re.DOTALL))


@MOTO
def test_a_part_that_the_server_forgot_is_sent_again_with_the_same_bytes(
    begun: Begun, wire: FaultProxy, kms_wire: FaultProxy, s3: Any, bucket: str
) -> None:
    wire.rule("ListParts", faults.changed(without_parts))
    begun.go_on()
    assert draws(kms_wire) == 1
    assert open_uploads(s3, bucket) == []


@MOTO
def test_when_kms_is_gone_the_upload_waits_for_it(
    begun: Begun, kms_wire: FaultProxy, s3: Any, bucket: str
) -> None:
    gone = kms_wire.rule("kms:Decrypt", faults.reset, times=None)
    with pytest.raises(CseError):
        begun.go_on()
    assert len(open_uploads(s3, bucket)) == 1
    gone.times = 0
    begun.go_on()
    assert draws(kms_wire) == 1


@MOTO
def test_a_cancel_while_going_on_takes_the_upload_back(
    begun: Begun, journal: Journal, s3: Any, bucket: str
) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        transfer.upload(
            begun.session, begun.source, begun.ref, begun.key, {"a": "b"}, replace=True,
            report=lambda _: cancel.cancel(), cancel=cancel,
        )  # fmt: skip
    recover(begun.session, journal)
    begun.go_on()
    assert open_uploads(s3, bucket) == []


def test_no_data_key_and_no_plaintext_is_in_the_journal(
    begun: Begun, journal: Journal, kms: Any, tmp_path: Path
) -> None:
    [row] = journal.file.find("upload")
    metadata = row.body["metadata"]
    context = json.loads(metadata["x-amz-t"]) if "x-amz-t" in metadata else None
    assert context is not None
    data_key = kms.decrypt(
        CiphertextBlob=base64.b64decode(metadata["x-amz-3"]), EncryptionContext=context
    )["Plaintext"]
    written = b"".join(path.read_bytes() for path in (tmp_path / "journal").iterdir())
    for secret in (data_key, begun.source.read_bytes()[:32]):
        assert secret not in written
        assert base64.b64encode(secret) not in written
        assert secret.hex().encode() not in written
    begun.go_on()


# --- crashes at every step, and everything else at the same time


class Crashing:
    """Records that end the run before or after the n-th thing that is written."""

    def __init__(self, records: Records, at: int, *, before: bool) -> None:
        self._records = records
        self._at = at
        self._before = before
        self._count = itertools.count()

    def write(self, act: Callable[[], Any]) -> Any:
        is_now = next(self._count) == self._at
        if is_now and self._before:
            raise Paused
        result = act()
        if is_now:
            raise Paused
        return result

    def earlier(self, order: Order) -> Sequence[UploadRow]:
        return [CrashingRow(self, row) for row in self._records.uploads.earlier(order)]

    def knows(self, place: Place, ref: ObjectRef) -> bool:
        return self._records.uploads.knows(place, ref)

    def planned(
        self, order: Order, metadata: Mapping[str, str], key_arn: str, mac: bytes
    ) -> UploadRow:
        row = self._records.uploads.planned(order, metadata, key_arn, mac)
        assert row is not None
        try:
            self.write(lambda: None)
        except Paused:
            row.released()
            raise
        return CrashingRow(self, row)


@dataclass
class CrashingRow:
    crashing: Crashing
    row: UploadRow

    def left(self) -> Left:
        return self.row.left()

    def created(self, upload_id: str, mac: bytes) -> None:
        self.crashing.write(lambda: self.row.created(upload_id, mac))

    def intended(self, intent: Intent) -> None:
        self.crashing.write(lambda: self.row.intended(intent))

    def acknowledged(self, number: int, etag: str) -> None:
        self.crashing.write(lambda: self.row.acknowledged(number, etag))

    def completing(self, digest: bytes) -> None:
        self.crashing.write(lambda: self.row.completing(digest))

    def ended(self) -> None:
        self.crashing.write(self.row.ended)

    def released(self) -> None:
        self.row.released()


SMALL = 5 * 1024 * 1024
STEPS = st.one_of(
    st.tuples(st.just("run"), st.integers(0, 20), st.booleans()),
    st.tuples(st.just("lose"), st.sampled_from(
        ["UploadPart", "CompleteMultipartUpload", "CreateMultipartUpload"]), st.integers(1, 3)),
    st.tuples(st.just("fail"), st.sampled_from(["UploadPart", "ListParts"]), st.integers(1, 3)),
    st.tuples(st.just("mutate"), st.integers(0, 3 * SMALL), st.just(0)),
    st.tuples(st.just("forget"), st.just(0), st.just(0)),
    st.tuples(st.just("invent"), st.integers(1, 9), st.just(0)),
    st.tuples(st.just("cut"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(100 + 30 * EXAMPLES)
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_whatever_happens_no_key_and_nonce_meet_two_texts_and_the_end_is_right(
    s3_url: str, kms_url: str, s3: Any, bucket: str, kms_key: str, credentials: Credentials,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # The smallest parts that S3 takes: the rules are the same, and an example is quicker.
    monkeypatch.setattr(multipart, "PART_BYTES", SMALL)
    monkeypatch.setattr(resuming, "PART_BYTES", SMALL)
    with FaultProxy(s3_url) as wire:
        connection = Connection(
            "machine", region=servers.REGION, s3_endpoint=wire.url, kms_endpoint=kms_url
        )
        session = open_session(connection, credentials, HURRIED)

        @settings(
            max_examples=EXAMPLES,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        @given(steps=st.lists(STEPS, max_size=40))
        def machine(steps: list[tuple[str, Any, Any]]) -> None:
            ledger = Ledger(part_bytes=SMALL)
            wire.forget(ledger)
            folder = tmp_path / uuid.uuid4().hex
            played = Machine(session, wire, s3, bucket, kms_key, folder)
            try:
                played.play(steps)
            finally:
                played.close()
                ledger.close()
            ledger.check()

        machine()


class Machine:
    """One file, one key, one journal; what is done to them, and what must be true at the end."""

    def __init__(
        self, session: Session, wire: FaultProxy, s3: Any, bucket: str, key: str, folder: Path
    ) -> None:
        folder.mkdir()
        self._session, self._wire, self._s3 = session, wire, s3
        self._key, self._folder = key, folder
        self._ref = ObjectRef(bucket, folder.name)
        self._source = make_file(folder, 3 * SMALL + 100)
        self._journal = self._opened()

    def play(self, steps: list[tuple[str, Any, Any]]) -> None:
        for name, one, two in steps:
            getattr(self, f"_{name}")(one, two)
        for rule in self._wire._rules:
            rule.times = 0
        transfer.upload(
            self._session.recording(self._journal.records), self._source, self._ref, self._key, {},
            replace=True,
        )  # fmt: skip
        comes_back(self._session, self._ref, self._source)
        recover(self._session, self._journal)
        assert self._journal.file.find("upload") == []
        left = [u for u in open_uploads(self._s3, self._ref.bucket) if u["Key"] == self._ref.key]
        assert left == []

    def close(self) -> None:
        self._journal.close()
        shutil.rmtree(self._folder)

    def _opened(self) -> Journal:
        found = open_journal(self._folder / "journal").journal
        assert found is not None
        return found

    def _run(self, at: int, before: bool) -> None:
        crashing = Crashing(self._journal.records, at, before=before)
        session = self._session.recording(Records(crashing))
        try:
            transfer.upload(session, self._source, self._ref, self._key, {}, replace=True)
        except (CseError, Paused):
            return

    def _lose(self, operation: str, first: int) -> None:
        self._wire.rule(operation, faults.lost_answer, first=first)

    def _fail(self, operation: str, first: int) -> None:
        self._wire.rule(operation, faults.error(500, "InternalError"), first=first, times=9)

    def _mutate(self, offset: int, _: int) -> None:
        with self._source.open("r+b") as file:
            file.seek(offset)
            file.write(os.urandom(3))

    def _forget(self, _: int, __: int) -> None:
        for upload in self._uploads():
            self._s3.abort_multipart_upload(
                Bucket=self._ref.bucket, Key=self._ref.key, UploadId=upload
            )

    def _invent(self, number: int, _: int) -> None:
        for upload in self._uploads():
            self._s3.upload_part(
                Bucket=self._ref.bucket, Key=self._ref.key, UploadId=upload, PartNumber=number,
                Body=os.urandom(10), ChecksumAlgorithm="CRC64NVME",
            )  # fmt: skip

    def _cut(self, index: int, _: int) -> None:
        rows = self._journal.file.find("part")
        if index < len(rows):
            self._journal.file.drop(rows[index].id)

    def _restart(self, _: int, __: int) -> None:
        self._journal.close()
        self._journal = self._opened()
        recover(self._session, self._journal)

    def _uploads(self) -> list[str]:
        return [
            upload["UploadId"]
            for upload in open_uploads(self._s3, self._ref.bucket)
            if upload["Key"] == self._ref.key
        ]
