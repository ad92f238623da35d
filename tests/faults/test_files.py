"""What the program asks of the disk, in which order, and sources that change in unusual ways."""

from __future__ import annotations

import mmap
import os
import resource
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import open_folder, transfer
from cse_desktop.core.errors import Changed, LocalDisk
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Progress, Stage
from cse_desktop.core.session import Session
from tests.faults import faults
from tests.faults.acts import TWO_PARTS, comes_back, keys, make_file, names, open_uploads, put
from tests.faults.proxy import FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls that make a file durable, recorded on their way to the system."""
    seen: list[str] = []

    def record(name: str, what: Callable[..., str]) -> None:
        real = getattr(os, name)

        def recorded(*arguments: Any, **options: Any) -> Any:
            seen.append(what(*arguments))
            return real(*arguments, **options)

        monkeypatch.setattr(os, name, recorded)

    def synced(descriptor: int) -> str:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        return "sync folder" if is_folder else "sync file"

    record("fsync", synced)
    record("link", lambda _source, name: f"link {name if name == 'back' else 'hidden'}")
    record("replace", lambda _source, name: f"replace {name}")
    return seen


@pytest.mark.parametrize("size", [100, TWO_PARTS], ids=["in memory", "spooled"])
@pytest.mark.parametrize("is_nameless", [True, False])
@pytest.mark.parametrize("replaces", [True, False])
def test_data_is_synced_before_the_name_and_the_folder_after(
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    calls: list[str],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    is_nameless: bool,
    replaces: bool,
) -> None:
    if not is_nameless:
        monkeypatch.setattr(open_folder, "_NAMELESS", 0)
    ref = put(session, make_file(tmp_path, size), bucket, kms_key)
    calls.clear()

    transfer.download(session, ref, tmp_path / "back", replace=replaces)

    named = ["link back"]
    if replaces:
        named = ["link hidden", "replace back"] if is_nameless else ["replace back"]
    assert calls == ["sync file", *named, "sync folder"]
    assert names(tmp_path) == {"file.bin", "back"}


def touch(source: Path) -> None:
    os.utime(source)


def write_through_a_map(source: Path) -> None:
    with source.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        mapped[-10:] = b"0123456789"
        mapped.flush()


def link_elsewhere(source: Path) -> None:
    source.with_name("second name").hardlink_to(source)


@pytest.mark.parametrize("change", [touch, write_through_a_map, link_elsewhere])
def test_a_source_that_was_touched_in_any_way_is_not_stored(
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
    change: Callable[[Path], None],
) -> None:
    """Also where the content is the same: ctime is all there is to tell."""
    source = make_file(tmp_path, TWO_PARTS)
    with source.open("rb") as file:
        os.fsync(file.fileno())
    done: list[bool] = []

    def change_once(progress: Progress) -> None:
        if progress.stage is Stage.ENCRYPTING and not done:
            done.append(True)
            change(source)

    with pytest.raises(Changed):
        transfer.upload(session, source, ObjectRef(bucket, "x"), kms_key, {}, report=change_once)

    assert keys(s3, bucket) == []
    assert open_uploads(s3, bucket) == []


def test_when_no_more_files_can_be_opened_that_is_said(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = make_file(tmp_path, 100)
    ref = put(session, source, bucket, kms_key)  # the connections are open from here on
    free = os.open(source, os.O_RDONLY)
    os.close(free)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        with pytest.raises(LocalDisk) as up:
            transfer.upload(session, source, ref, kms_key, {}, replace=True)
        with pytest.raises(LocalDisk) as down:
            transfer.download(session, ref, tmp_path / "back")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert {up.value.title, down.value.title} == {"Too many files are open"}
    assert names(tmp_path) == {"file.bin"}


def test_a_clock_that_jumps_holds_nothing_up(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each look at the wall clock finds it a day earlier; pauses go by another one."""
    jumps = iter(range(10**9))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400 * next(jumps))
    wire.rule("UploadPart", faults.error(503, "SlowDown"), times=3)
    wire.rule("GetObject", faults.reset, times=2)
    source = make_file(tmp_path, TWO_PARTS)

    comes_back(session, put(session, source, bucket, kms_key), source)
