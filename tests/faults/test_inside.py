"""Nothing leaves the folder that the user chose, whoever puts links in the way, whenever."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import AlreadyExists, LocalDisk
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.open_folder import OpenFolder
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Session
from cse_desktop.jobs.folders import open_folders
from cse_desktop.jobs.planner import plan_downloads
from cse_desktop.jobs.requests import Download, IfExists
from tests.faults.acts import TWO_PARTS, make_file, names, put
from tests.faults.proxy import Exchange, FaultProxy

one_server = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
with_handles = pytest.mark.skipif(
    os.open not in os.supports_dir_fd, reason="this system holds no folder open"
)

_LIBC = ctypes.CDLL(None)

HOSTILE = (
    "../escaped", "a/../../escaped", "/etc/escaped", "//escaped", "a//b", "./escaped",
    "..\\escaped", "C:\\escaped", "\\\\server\\share\\escaped", "..%2Fescaped", "%2e%2e/escaped",
    "..", ".", "...", "a/..", "a/.", "~/escaped", "$HOME/escaped", "-rf", "a\nb", "a\x7fb",
    "a\u202egpj.exe", "CON", "aux.txt", "name.", "name ", "x" * 256, "é", "e\u0301", "Case", "case",
    "folder", "folder/inside", ".hidden", ".x.cse-part", "link/escaped",
)  # fmt: skip


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@with_handles
@one_server
@pytest.mark.parametrize("size", [100, TWO_PARTS], ids=["in memory", "spooled"])
@pytest.mark.parametrize("if_exists", [IfExists.FAIL, IfExists.REPLACE])
def test_a_folder_that_becomes_a_link_on_the_way_leads_nothing_outside(
    session: Session,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    outside: Path,
    size: int,
    if_exists: IfExists,
) -> None:
    source = make_file(tmp_path, size)
    ref = put(session, source, bucket, kms_key)
    chosen = tmp_path / "chosen"
    (outside / "back").write_text("precious")

    def swap(exchange: Exchange) -> None:
        (chosen / "sub").rename(chosen / "moved")
        (chosen / "sub").symlink_to(outside)
        exchange.send(exchange.forward())

    wire.rule("GetObject", swap)
    request = Download("faults", ref, chosen / "sub" / "back", size, if_exists, chosen)
    request.perform(session, lambda _: None, CancelToken())

    assert (outside / "back").read_text() == "precious"
    assert names(outside) == {"back"}
    assert (chosen / "moved" / "back").read_bytes() == source.read_bytes()


@pytest.mark.skipif(not hasattr(_LIBC, "renameat2"), reason="only Linux exchanges two names")
def test_a_race_for_a_folder_is_never_lost_to_a_link(tmp_path: Path, outside: Path) -> None:
    """Somebody lets a folder and a link to elsewhere change places as fast as they can."""
    chosen, spare = tmp_path / "chosen", tmp_path / "spare"
    (chosen / "sub").mkdir(parents=True)
    spare.symlink_to(outside)
    over = threading.Event()

    def swap() -> None:
        here, there, exchange = os.fsencode(chosen / "sub"), os.fsencode(spare), 2
        while not over.is_set():
            _LIBC.renameat2(-100, here, -100, there, exchange)

    thread = threading.Thread(target=swap)
    thread.start()
    refused = made = 0
    try:
        while min(refused, made) < 50 and refused + made < 20_000:
            try:
                with open_folders(chosen, chosen / "sub" / "deep") as folder:
                    os.close(folder.create(f"{made}"))
                    made += 1
            except LocalDisk:
                refused += 1
    finally:
        over.set()
        thread.join()

    assert made
    assert names(outside) == set()


def test_a_folder_below_a_link_is_refused(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "link").symlink_to(outside)

    with pytest.raises(LocalDisk, match="is a link, not a folder"):
        open_folders(tmp_path, tmp_path / "link" / "deep")
    with pytest.raises(LocalDisk, match="outside of the folder"):
        open_folders(tmp_path, tmp_path / ".." / "deep")

    assert names(outside) == set()


def test_a_chosen_folder_that_is_a_link_is_what_it_leads_to(tmp_path: Path, outside: Path) -> None:
    (tmp_path / "link").symlink_to(outside)

    with open_folders(tmp_path / "link", tmp_path / "link" / "deep") as folder:
        os.close(folder.create("a"))

    assert names(outside / "deep") == {"a"}


@one_server
def test_a_name_that_is_a_link_is_taken_and_replaced_but_never_followed(
    session: Session, bucket: str, kms_key: str, tmp_path: Path, outside: Path
) -> None:
    for size in (100, TWO_PARTS):
        source = make_file(tmp_path, size)
        ref = put(session, source, bucket, kms_key, replace=True)
        (outside / "precious").write_text("precious")
        target = tmp_path / "back"
        for aim in (outside / "precious", outside / "dangling", target):
            target.unlink(missing_ok=True)
            target.symlink_to(aim)
            with pytest.raises(AlreadyExists):
                transfer.download(session, ref, target)
            assert target.is_symlink()
            transfer.download(session, ref, target, replace=True)
            assert not target.is_symlink()
            assert target.read_bytes() == source.read_bytes()
        assert (outside / "precious").read_text() == "precious"
        assert names(outside) == {"precious"}


@with_handles
def test_a_spool_that_became_a_link_is_not_written_through(tmp_path: Path, outside: Path) -> None:
    (outside / "precious").write_text("precious")
    (tmp_path / "spool").symlink_to(outside / "precious")

    with OpenFolder(tmp_path) as folder, pytest.raises(OSError, match="symbolic links"):
        folder.open_again("spool")


def test_a_bucket_of_hostile_names_is_saved_inside(
    session: Session, bucket: str, kms_key: str, s3: Any, tmp_path: Path, outside: Path
) -> None:
    ref = put(session, make_file(tmp_path, 10), bucket, kms_key)
    stored = [key for key in HOSTILE if copied(s3, ref, key)]
    chosen = tmp_path / "deep" / "chosen"
    chosen.mkdir(parents=True)
    (chosen / "link").symlink_to(outside)

    plan = plan_downloads(session, bucket, [Entry("")], chosen, base="")
    for request in plan.requests:
        request.perform(session, lambda _: None, CancelToken())

    saved = {path for path in chosen.rglob("*") if path.is_file()}
    assert len(saved) == len(plan.requests) == len(set(plan.requests))
    assert len(plan.requests) + len(plan.skipped) >= len(stored)
    assert all(skipped.reason for skipped in plan.skipped)
    assert names(outside) == set()
    assert names(tmp_path) == {"file.bin", "deep", "outside"}
    assert names(tmp_path / "deep") == {"chosen"}
    assert not Path("/etc/escaped").exists()


def copied(s3: Any, ref: ObjectRef, key: str) -> bool:
    """Whether the server takes such a name; the client library would tidy some of them up."""
    try:
        s3.copy_object(
            Bucket=ref.bucket, Key=key, CopySource={"Bucket": ref.bucket, "Key": ref.key}
        )
    except Exception:
        return False
    return True
