"""Plans made from real folders and real buckets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.progress import Cancelled, CancelToken
from cse_desktop.jobs.names import WINDOWS
from cse_desktop.jobs.planner import (
    KeyUse,
    create_folders,
    plan_download,
    plan_downloads,
    plan_uploads,
    resolve,
)
from cse_desktop.jobs.requests import IfExists
from cse_desktop.jobs.snapshot import FailureKind
from tests import moto_state

KEY = KeyUse("alias/x", "alias/x", (("a", "b"),))

one_server = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def put(s3, bucket: str, *keys: str) -> None:
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"0123456789")


def test_a_dropped_folder_becomes_uploads_in_the_order_of_names(session, bucket, tmp_path):
    fill(tmp_path / "in", "b/z", "b/a", "a.txt", "Z")
    (tmp_path / "in" / "empty").mkdir()

    plan = plan_uploads(session, [tmp_path / "in"], ObjectRef(bucket, "to/"), KEY)

    assert [r.ref.key for r in plan.requests] == [
        "to/in/Z",
        "to/in/a.txt",
        "to/in/b/a",
        "to/in/b/z",
    ]
    assert plan.total_bytes == len("Za.txtb/ab/z")
    assert (plan.clashes, plan.skipped) == ((), ())
    assert plan.requests[0].key_id == "alias/x"
    assert plan.requests[0].context == (("a", "b"),)


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_taken_names_are_found_in_few_and_in_many(session, s3, bucket, tmp_path, count):
    names = [f"{number:02}.txt" for number in range(count)]
    fill(tmp_path, *names, *(f"sub/{name}" for name in names))
    put(s3, bucket, "p/00.txt", "p/sub/00.txt", "p/other", "p/00.txt.more")
    sources = [*(tmp_path / name for name in names), tmp_path / "sub"]

    plan = plan_uploads(session, sources, ObjectRef(bucket, "p/"), KEY)

    assert [plan.requests[c.index].ref.key for c in plan.clashes] == ["p/00.txt", "p/sub/00.txt"]
    clash = plan.clashes[1]
    assert (clash.name, clash.place, clash.other_name) == (
        "00.txt",
        f"s3://{bucket}/p/sub/",
        "00 (2).txt",
    )
    assert (clash.existing.size, clash.new.size) == (10, len("sub/00.txt"))
    assert clash.new.modified is not None
    assert clash.existing.modified is not None


@one_server
def test_a_full_folder_is_not_listed_to_its_end_for_a_few_files(session, s3, bucket, tmp_path):
    moto_state.stock(bucket, [f"{number:04}" for number in range(1100)])
    fill(tmp_path, "0000", "1050", "new")
    asked = []
    session.store._client.meta.events.register(
        "before-call.s3", lambda model, **_: asked.append(model.name)
    )

    sources = [tmp_path / name for name in ("0000", "1050", "new")]
    plan = plan_uploads(session, sources, ObjectRef(bucket, ""), KEY)

    assert [clash.name for clash in plan.clashes] == ["0000", "1050"]
    assert len(asked) <= 4


@one_server
def test_the_decision_about_a_clash_goes_into_its_request(session, s3, bucket, tmp_path):
    fill(tmp_path, "a", "b", "c")
    put(s3, bucket, "a", "b")
    plan = plan_uploads(
        session, [tmp_path / n for n in "abc"], ObjectRef(bucket, ""), KEY, if_exists=IfExists.SKIP
    )

    all_alike = resolve(plan, IfExists.REPLACE)
    one_by_one = resolve(plan, {0: IfExists.KEEP_BOTH})

    assert [r.if_exists for r in all_alike] == [IfExists.REPLACE, IfExists.REPLACE, IfExists.SKIP]
    assert [r.if_exists for r in one_by_one] == [IfExists.KEEP_BOTH, IfExists.FAIL, IfExists.SKIP]


@one_server
def test_what_cannot_be_sent_is_listed(session, bucket, tmp_path):
    fill(tmp_path / "in", "ok", "x" * 250 + "/" + "y" * 250 + "/" + "z" * 250)
    (tmp_path / "in" / "link").symlink_to("ok")
    (tmp_path / "in" / os.fsdecode(b"bad\xff")).write_bytes(b"")

    plan = plan_uploads(session, [tmp_path / "in"], ObjectRef(bucket, "p" * 300 + "/"), KEY)

    assert [r.source.name for r in plan.requests] == ["ok"]
    assert sorted((each.reason, each.kind) for each in plan.skipped) == [
        ("it is a link", None),
        ("its name in S3 would be longer than 1,024 bytes", FailureKind.INVALID),
        ("its name is not valid text", FailureKind.INVALID),
    ]


@one_server
def test_two_sources_of_one_name_are_not_both_sent(session, bucket, tmp_path):
    fill(tmp_path, "a/same", "b/same")

    sources = [tmp_path / "a" / "same", tmp_path / "b" / "same", tmp_path / "a" / "same"]
    plan = plan_uploads(session, sources, ObjectRef(bucket, ""), KEY)

    assert [r.source for r in plan.requests] == [tmp_path / "a" / "same"]
    assert [(each.name, each.kind) for each in plan.skipped] == [
        (str(tmp_path / "b" / "same"), FailureKind.EXISTS)
    ]


@one_server
def test_folders_are_walked_to_any_depth(session, bucket, tmp_path):
    deep = tmp_path / "top"
    deep.mkdir()
    here = os.open(deep, os.O_RDONLY)
    for _ in range(450):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("leaf", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)

    plan = plan_uploads(session, [deep], ObjectRef(bucket, ""), KEY)

    assert [r.ref.key for r in plan.requests] == ["top/" + "d/" * 450 + "leaf"]


@one_server
def test_planning_can_be_stopped(session, bucket, tmp_path):
    cancel = CancelToken()
    cancel.cancel()

    with pytest.raises(Cancelled):
        plan_uploads(session, [fill(tmp_path, "a")], ObjectRef(bucket, ""), KEY, cancel=cancel)
    with pytest.raises(Cancelled):
        plan_downloads(session, bucket, [Entry("a/")], tmp_path, cancel=cancel)


def test_a_folder_of_s3_becomes_downloads_below_its_name(session, s3, bucket, tmp_path):
    put(s3, bucket, "x/dir/a", "x/dir/sub/b", "x/other")
    s3.put_object(Bucket=bucket, Key="x/dir/empty/", Body=b"")

    plan = plan_downloads(session, bucket, [Entry("x/dir/"), Entry("x/other", 10)], tmp_path)
    create_folders(plan, tmp_path)

    assert sorted(r.target.relative_to(tmp_path).as_posix() for r in plan.requests) == [
        "dir/a",
        "dir/sub/b",
        "other",
    ]
    assert plan.total_bytes == 30
    assert plan.renamed == ()
    assert (tmp_path / "dir" / "empty").is_dir()


@one_server
def test_names_that_clash_or_are_forbidden_are_told_before(session, s3, bucket, tmp_path):
    put(s3, bucket, "p/Make", "p/make", "p/a:b", "p/a", "p/a/c")

    plan = plan_downloads(session, bucket, [Entry("p/")], tmp_path, base="p/", rules=WINDOWS)

    assert set(plan.renamed) == {
        ("p/make", "make (2)"),
        ("p/a:b", "a%3Ab"),
        ("p/a", "a (2)"),
    }
    assert plan.skipped == ()


@one_server
def test_files_that_are_there_already_are_clashes(session, s3, bucket, tmp_path):
    put(s3, bucket, "p/a.txt", "p/b.txt")
    fill(tmp_path, "a.txt", "a (2).txt")

    plan = plan_downloads(session, bucket, [Entry("p/")], tmp_path, base="p/")
    single = plan_download(session, bucket, Entry("p/b.txt", 10), tmp_path / "a.txt")

    assert [(c.index, c.name, c.other_name) for c in plan.clashes] == [(0, "a.txt", "a (3).txt")]
    assert plan.clashes[0].existing.size == len("a.txt")
    assert len(single.clashes) == 1


def test_both_are_kept_under_the_next_free_name(session, s3, bucket, kms_key, tmp_path):
    source = fill(tmp_path, "a.txt") / "a.txt"
    put(s3, bucket, "a.txt", "a (2).txt")
    plan = plan_uploads(session, [source], ObjectRef(bucket, ""), KeyUse(kms_key))
    (request,) = resolve(plan, IfExists.KEEP_BOTH)

    outcome = request.perform(session, lambda _: None, CancelToken())

    assert outcome.note == "Stored as a (3).txt"
    assert outcome.result.ref.key == "a (3).txt"
    saved = plan_download(session, bucket, Entry("a (3).txt"), source, if_exists=IfExists.KEEP_BOTH)
    outcome = saved.requests[0].perform(session, lambda _: None, CancelToken())
    assert outcome.note == "Saved as a (2).txt"
    assert (tmp_path / "a (2).txt").read_bytes() == b"a.txt"


def test_a_link_that_appears_after_planning_is_not_followed(session, bucket, kms_key, tmp_path):
    source = fill(tmp_path, "a") / "a"
    transfer.upload(session, source, ObjectRef(bucket, "p/sub/a"), kms_key, {})
    target, outside = tmp_path / "out", tmp_path / "outside"
    target.mkdir()
    outside.mkdir()
    plan = plan_downloads(session, bucket, [Entry("p/")], target, base="p/")
    (target / "sub").symlink_to(outside)

    with pytest.raises(Exception, match="is a link, not a folder"):
        plan.requests[0].perform(session, lambda _: None, CancelToken())

    assert list(outside.iterdir()) == []
