"""Faults of disks and files (design: matrix D): a whole file or none, a clean sentence, no rest."""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import (
    AlreadyExists,
    Changed,
    CseError,
    DiskFull,
    LocalDisk,
    NotFound,
    TooLarge,
)
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Progress, Stage
from cse_desktop.core.session import Session
from tests.faults.acts import (
    PART,
    THREE_PARTS,
    TWO_PARTS,
    comes_back,
    keys,
    make_file,
    names,
    open_uploads,
    put,
)
from tests.faults.ledger import Ledger
from tests.faults.proxy import Exchange, FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

MB = 1024 * 1024
DISK_MB = 8
_LIBC = ctypes.CDLL(None, use_errno=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={DISK_MB}m".encode()
    if _LIBC.mount(b"none", os.fsencode(folder), b"tmpfs", 0, options) != 0:
        pytest.skip(f"no disk can be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    _LIBC.umount2(os.fsencode(folder), 2)


def stored(session: Session, folder: Path, bucket: str, key: str, size: int) -> ObjectRef:
    return put(session, make_file(folder, size), bucket, key)


def save_error(
    session: Session, ref: ObjectRef, target: Path, *, replace: bool = False
) -> CseError:
    with pytest.raises(CseError) as raised:
        transfer.download(session, ref, target, replace=replace)
    return raised.value


# --- the disk is full


def test_a_disk_that_is_too_small_is_noticed_before_the_first_byte(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    small_disk: Path,
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, THREE_PARTS)
    wire.requests.clear()

    error = save_error(session, ref, small_disk / "back")

    # Ciphertext beside plaintext: twice the size, less what the disk has.
    missing_mb = (2 * THREE_PARTS + 16 - DISK_MB * MB) / 1e6
    assert type(error) is DiskFull
    assert error.title == "Not enough space on this disk"
    assert f"{missing_mb:,.1f} MB more is needed" in error.hint
    assert wire.count("GetObject") == 0
    assert names(small_disk) == set()


@pytest.mark.parametrize("size", [3 * MB, PART], ids=["in memory", "at the edge"])
def test_a_disk_that_fills_up_on_the_way_leaves_nothing_and_says_how_much_is_needed(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    small_disk: Path,
    size: int,
) -> None:
    size = min(size, 6 * MB)
    ref = stored(session, tmp_path, bucket, kms_key, size)

    def fill(exchange: Exchange) -> None:
        (small_disk / "hog").write_bytes(bytes(DISK_MB * MB - MB))
        exchange.send(exchange.forward())

    wire.rule("GetObject", fill)
    error = save_error(session, ref, small_disk / "back")

    assert type(error) is DiskFull
    assert error.title == "Not enough space on this disk"
    assert "MB more is needed" in error.hint
    assert names(small_disk) == {"hog"}


def test_a_disk_that_fills_up_under_the_ciphertext_leaves_nothing(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path, home: Path
) -> None:
    """A limit on the size of files, because a disk of 8 MB has no room to begin such a download."""
    ref = stored(session, tmp_path, bucket, kms_key, THREE_PARTS)
    folder = tmp_path / "target"
    folder.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PART + 4096, before[1]))
    try:
        error = save_error(session, ref, folder / "back")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert type(error) is LocalDisk
    assert error.title == "This file is too large for this disk"
    assert names(folder) == set()


# --- the disk is broken


@pytest.fixture
def broken_sync(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """fsync fails with EIO.

    The one thing here that no real device at hand does: it would take a block device with faults,
    which needs a kernel module. So the call of the system itself is replaced, not a part of ours.
    """
    calls: list[int] = []

    def fail(descriptor: int) -> None:
        calls.append(descriptor)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    return calls


@pytest.mark.parametrize("size", [100, TWO_PARTS])
def test_a_failed_sync_loses_the_file_and_is_never_tried_again(
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    broken_sync: list[int],
    size: int,
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, size)
    old = tmp_path / "old"
    old.write_text("precious")

    for target in (tmp_path / "back", old):
        broken_sync.clear()
        error = save_error(session, ref, target, replace=True)
        assert type(error) is LocalDisk
        assert error.title == "The disk reports a fault"
        assert len(broken_sync) == 1

    assert old.read_text() == "precious"
    assert names(tmp_path) == {"file.bin", "old"}


def test_a_disk_that_gives_back_other_bytes_is_noticed(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    """The ciphertext on disk is altered by hand between its check and its decryption."""
    ref = stored(session, tmp_path, bucket, kms_key, TWO_PARTS)

    def rot(progress: Progress) -> None:
        if progress.stage is Stage.VERIFYING:
            spool = next(tmp_path.glob("*.cse-part"))
            with spool.open("r+b") as file:
                file.seek(1000)
                file.write(b"rot")

    with pytest.raises(CseError):
        transfer.download(session, ref, tmp_path / "back", report=rot)

    assert names(tmp_path) == {"file.bin"}


# --- the place where it should go


def test_a_folder_that_vanishes_on_the_way_ends_in_a_clean_error(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    for size in (100, TWO_PARTS):
        ref = put(session, make_file(tmp_path, size), bucket, kms_key, replace=True)
        folder = tmp_path / "folder"
        folder.mkdir()

        def vanish(exchange: Exchange, folder: Path = folder) -> None:
            for entry in folder.iterdir():
                entry.unlink()
            folder.rmdir()
            exchange.send(exchange.forward())

        wire.rule("GetObject", vanish)
        error = save_error(session, ref, folder / "back")

        assert type(error) is NotFound
        assert names(tmp_path) == {"file.bin"}


def test_a_folder_that_is_missing_is_noticed_before_the_first_byte(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, 100)
    wire.requests.clear()

    error = save_error(session, ref, tmp_path / "no" / "such" / "folder")

    assert type(error) in (NotFound, LocalDisk)
    assert "back" not in names(tmp_path)
    assert wire.operations() == []


def test_a_read_only_disk_is_noticed_before_the_first_byte(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    small_disk: Path,
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, 100)
    wire.requests.clear()
    read_only, remount = 1, 32
    assert _LIBC.mount(b"none", os.fsencode(small_disk), b"tmpfs", read_only | remount, None) == 0

    error = save_error(session, ref, small_disk / "back")

    assert type(error) is LocalDisk
    assert error.title == "This disk is read-only"
    assert wire.count("GetObject") == 0


def test_a_file_on_another_disk_is_written_there_from_the_start(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, small_disk: Path
) -> None:
    source = make_file(tmp_path, 1000)
    ref = put(session, source, bucket, kms_key)

    for replace in (False, True):
        transfer.download(session, ref, small_disk / "back", replace=replace)
        assert (small_disk / "back").read_bytes() == source.read_bytes()
    assert names(small_disk) == {"back"}


def test_a_folder_without_permission_is_noticed_before_the_first_byte(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    ref = stored(session, tmp_path, bucket, kms_key, 100)
    (tmp_path / "folder").mkdir(mode=0o500)

    assert type(save_error(session, ref, tmp_path / "folder" / "back")) is LocalDisk
    assert wire.count("GetObject") == 0


def test_a_folder_of_that_name_is_noticed_before_the_first_byte(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, 100)
    (tmp_path / "back").mkdir()

    for replace in (False, True):
        assert isinstance(save_error(session, ref, tmp_path / "back", replace=replace), CseError)
    assert wire.count("GetObject") == 0


@pytest.mark.parametrize("length", [220, 255])
def test_the_longest_names_can_be_saved(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, length: int
) -> None:
    for size in (100, TWO_PARTS):
        ref = put(session, make_file(tmp_path, size), bucket, kms_key, replace=True)
        for name in ("n" * length, "ä" * (length // 2)):
            target = tmp_path / name
            transfer.download(session, ref, target)
            transfer.download(session, ref, target, replace=True)
            assert target.stat().st_size == size
            target.unlink()
    assert names(tmp_path) == {"file.bin"}


def test_a_name_that_is_too_long_is_noticed_before_the_first_byte(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, TWO_PARTS)

    error = save_error(session, ref, tmp_path / ("n" * 256))

    assert type(error) is LocalDisk
    assert error.title == "This name is too long for this disk"
    assert wire.count("GetObject") == 0
    assert names(tmp_path) == {"file.bin"}


def test_a_file_that_appears_meanwhile_is_kept(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    ref = stored(session, tmp_path, bucket, kms_key, 100)

    def appear(exchange: Exchange) -> None:
        (tmp_path / "back").write_text("theirs")
        exchange.send(exchange.forward())

    wire.rule("GetObject", appear)

    assert type(save_error(session, ref, tmp_path / "back")) is AlreadyExists
    assert (tmp_path / "back").read_text() == "theirs"
    assert names(tmp_path) == {"file.bin", "back"}


def test_of_many_writers_of_one_name_exactly_one_wins(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = make_file(tmp_path, 100)
    ref = put(session, source, bucket, kms_key)
    ends: list[type[BaseException] | None] = []
    start = threading.Barrier(6)

    def save() -> None:
        start.wait()
        try:
            transfer.download(session, ref, tmp_path / "back")
            ends.append(None)
        except CseError as error:
            ends.append(type(error))

    threads = [threading.Thread(target=save) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(str(end) for end in ends) == sorted([*[str(AlreadyExists)] * 5, "None"])
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    assert names(tmp_path) == {"file.bin", "back"}


# --- the source


def grow(source: Path) -> None:
    with source.open("ab") as file:
        file.write(b"more")


def shrink(source: Path) -> None:
    os.truncate(source, source.stat().st_size - 10)


def rewrite_the_end(source: Path) -> None:
    with source.open("r+b") as file:
        file.seek(-10, os.SEEK_END)
        file.write(b"0123456789")


def rewrite_and_put_the_times_back(source: Path) -> None:
    seen = source.stat()
    rewrite_the_end(source)
    os.utime(source, ns=(seen.st_atime_ns, seen.st_mtime_ns))


@pytest.mark.parametrize("size", [100, THREE_PARTS], ids=["small", "large"])
@pytest.mark.parametrize("change", [grow, shrink, rewrite_the_end, rewrite_and_put_the_times_back])
def test_a_source_that_changes_on_the_way_is_not_stored(
    session: Session,
    ledger: Ledger,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    s3: Any,
    size: int,
    change: Callable[[Path], None],
) -> None:
    source = make_file(tmp_path, size)
    done: list[bool] = []

    def change_once(progress: Progress) -> None:
        is_time = progress.stage is Stage.PREPARING if size == 100 else progress.part == 0
        if is_time and not done:
            done.append(True)
            change(source)

    with pytest.raises(Changed) as raised:
        transfer.upload(session, source, ObjectRef(bucket, "x"), kms_key, {}, report=change_once)

    assert raised.value.title == "The file changed while it was being encrypted"
    assert keys(s3, bucket) == []
    assert open_uploads(s3, bucket) == []


@pytest.mark.parametrize("how", ["deleted", "replaced by rename"])
def test_a_source_that_is_deleted_or_replaced_by_rename_is_stored_as_it_was(
    session: Session,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    how: str,
) -> None:
    """It was opened once; what is open stays whole, and one consistent version is stored.

    Its ctime changes when its name goes, so the upload may also say that it changed.
    """
    source = make_file(tmp_path, THREE_PARTS)
    before = source.read_bytes()
    newer = make_file(tmp_path, 50, "newer")
    ref = ObjectRef(bucket, "x")

    def take_away(progress: Progress) -> None:
        if progress.stage is Stage.PREPARING:
            source.unlink() if how == "deleted" else os.replace(newer, source)

    try:
        transfer.upload(session, source, ref, kms_key, {}, report=take_away)
    except Changed:
        with pytest.raises(NotFound):
            session.store.head(ref)
    else:
        transfer.download(session, ref, tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == before


def test_a_source_that_cannot_be_read_is_named(
    session: Session, wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        put(session, tmp_path / "no such file", bucket, kms_key)
    if os.geteuid() != 0:
        source = make_file(tmp_path, 10)
        source.chmod(0)
        with pytest.raises(LocalDisk):
            put(session, source, bucket, kms_key)
    assert wire.operations() == []


def test_a_file_above_the_limit_is_refused_before_a_key_is_drawn(
    session: Session, kms_wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = tmp_path / "sparse"
    with source.open("wb") as file:
        file.truncate(2**36 - 31)

    with pytest.raises(TooLarge):
        put(session, source, bucket, kms_key)

    assert kms_wire.operations() == []


def test_a_sparse_file_below_the_limit_is_a_file_like_any_other(
    session: Session, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    source = tmp_path / "sparse"
    with source.open("wb") as file:
        file.truncate(TWO_PARTS)

    comes_back(session, put(session, source, bucket, kms_key), source)


def test_a_special_file_is_refused_before_a_key_is_drawn(
    session: Session, kms_wire: FaultProxy, bucket: str, kms_key: str, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")

    for name in ("pipe", "loop", "."):
        with pytest.raises(CseError):
            put(session, tmp_path / name, bucket, kms_key)
    with pytest.raises(CseError):
        put(session, Path("/dev/zero"), bucket, kms_key)

    assert kms_wire.operations() == []
