from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.envelope import Format
from cse_desktop.core.errors import CseError, KeyUnusable, NotEncrypted, NotPermitted, Tampered
from cse_desktop.core.inspection import Kind, inspect
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session
from cse_desktop.sandbox import samples

SAMPLES = "sandbox-samples"
GOOD = {
    "welcome.txt": (Format.V3, samples.welcome()),
    "payroll/2026/payroll-2026-10.csv": (Format.V3, samples.payroll(10)),
    "hills.png": (Format.V3, samples.picture()),
    "contracts/Framework agreement 2026-118.pdf": (Format.V3, samples.contract()),
    "audit/Minutes 2026-10-12.txt": (Format.V3, samples.minutes()),
    "older programs/gateway-2026-10.log": (Format.V2, samples.server_log()),
    "payroll-2026-01.csv": (Format.V2, samples.payroll(1)),
}
REFUSED: dict[str, type[CseError]] = {
    "READ ME.txt": NotEncrypted,
    "not encrypted/Minutes 2026-10-12.txt": NotEncrypted,
    "tampered/Framework agreement 2026-118.pdf": Tampered,
    "no access/archive 2019/payroll-2026-03.csv": KeyUnusable,
    "no access/old vendor/Framework agreement 2026-118.pdf": KeyUnusable,
    "no access/another company/Minutes 2026-10-12.txt": NotPermitted,
}


def test_there_are_two_buckets_and_the_inbox_is_empty(session: Session) -> None:
    assert [bucket.name for bucket in session.store.buckets()] == ["sandbox-inbox", SAMPLES]


def test_there_is_an_object_of_every_kind(session: Session) -> None:
    pages = session.store.walk(ObjectRef(SAMPLES, ""))
    keys = {entry.key for page in pages for entry in page.entries}
    assert keys >= GOOD.keys() | REFUSED.keys()


@pytest.mark.parametrize("key", GOOD)
def test_a_good_sample_downloads_to_its_bytes(session: Session, tmp_path: Path, key: str) -> None:
    expected_format, sample = GOOD[key]
    ref = ObjectRef(SAMPLES, key)
    assert inspect(session, ref).format is expected_format
    transfer.verify(session, ref)
    transfer.download(session, ref, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == sample.content


@pytest.mark.parametrize("key", REFUSED)
def test_a_bad_sample_is_refused_and_leaves_nothing(
    session: Session, tmp_path: Path, key: str
) -> None:
    with pytest.raises(REFUSED[key]):
        transfer.download(session, ObjectRef(SAMPLES, key), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_kind_of_a_sample_shows_without_kms(session: Session) -> None:
    plain = inspect(session, ObjectRef(SAMPLES, "not encrypted/Minutes 2026-10-12.txt"))
    assert plain.kind is Kind.NOT_ENCRYPTED
    foreign = "no access/another company/Minutes 2026-10-12.txt"
    closed = inspect(session, ObjectRef(SAMPLES, foreign))
    assert (closed.kind, closed.format) == (Kind.ENCRYPTED, Format.V3)


def test_the_context_of_a_sample_can_be_seen(session: Session) -> None:
    found = inspect(session, ObjectRef(SAMPLES, "payroll/2026/payroll-2026-10.csv"))
    assert found.envelope is not None
    assert found.envelope.user_context == {"department": "finance", "purpose": "payroll"}


def test_the_picture_is_a_png_and_the_contract_a_pdf() -> None:
    picture = samples.picture().content
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    length = int.from_bytes(picture[33:37], "big")
    pixels = zlib.decompress(picture[41 : 41 + length])
    assert len(pixels) == 600 * (1 + 960 * 3)
    contract = samples.contract().content
    start = int(contract.splitlines()[-2])
    assert contract[start : start + 4] == b"xref"


def test_samples_can_be_written_to_a_folder(tmp_path: Path) -> None:
    written = samples.write_samples(tmp_path)
    assert len(written) == 5
    assert all(path.stat().st_size > 0 for path in written)
