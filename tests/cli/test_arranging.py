"""`cse cp`, `cse mv` and `cse rm` on both servers."""

from __future__ import annotations

import os
import pty
from pathlib import Path
from typing import Any

import pytest


def stored(s3: Any, bucket: str) -> list[str]:
    return sorted(each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()))


@pytest.fixture
def filled(s3: Any, bucket: str) -> str:
    for key in ("a.txt", "sub/b.txt", "sub/deep/c.txt", "sub/", "other/x"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345" if not key.endswith("/") else b"")
    return bucket


def files(s3, bucket):
    """Without the markers of folders: SeaweedFS forgets one if a file in it comes just then."""
    return [key for key in stored(s3, bucket) if not key.endswith("/")]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Standard input is a terminal at which somebody has typed a line."""
    files = []

    def type_line(line: str) -> None:
        ours, theirs = pty.openpty()
        os.write(ours, line.encode())
        files.append(os.fdopen(theirs))
        files.append(os.fdopen(ours, "wb", buffering=0))
        monkeypatch.setattr("sys.stdin", files[-2])

    yield type_line
    for file in files:
        file.close()


def test_what_was_put_is_renamed_and_still_opens(cse, s3, bucket, kms_key, tmp_path: Path):
    (tmp_path / "a").write_bytes(b"secret")
    cse("put", tmp_path / "a", f"s3://{bucket}/a", "--kms-key", kms_key)

    moved = cse("mv", f"s3://{bucket}/a", f"s3://{bucket}/f/ü b")

    assert (moved.code, stored(s3, bucket)) == (0, ["f/ü b"])
    assert "Moved 1 file, 22 bytes" in moved.err
    assert cse("get", f"s3://{bucket}/f/ü b", tmp_path / "back").code == 0
    assert (tmp_path / "back").read_bytes() == b"secret"


def test_a_folder_is_copied_with_all_below_it(cse, s3, filled):
    assert cse("cp", f"s3://{filled}/sub/", f"s3://{filled}/other/").code == 2
    assert cse("cp", "-r", f"s3://{filled}/sub/", f"s3://{filled}/other/").code == 0

    assert [key for key in files(s3, filled) if key.startswith("other/")] == [
        "other/sub/b.txt", "other/sub/deep/c.txt", "other/x",
    ]  # fmt: skip
    assert "sub/b.txt" in stored(s3, filled)


def test_a_folder_is_renamed(cse, s3, filled):
    assert cse("mv", "-r", f"s3://{filled}/sub", f"s3://{filled}/new").code == 0

    assert files(s3, filled) == ["a.txt", "new/b.txt", "new/deep/c.txt", "other/x"]


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_marker_of_a_folder_goes_with_it(cse, s3, filled):
    assert cse("cp", "-r", f"s3://{filled}/sub/", f"s3://{filled}/other/").code == 0
    assert cse("mv", "-r", f"s3://{filled}/sub", f"s3://{filled}/new").code == 0

    markers = [key for key in stored(s3, filled) if key.endswith("/")]
    assert markers == ["new/", "other/sub/"]


def test_a_folder_does_not_go_into_itself(cse, s3, filled):
    assert cse("mv", "-r", f"s3://{filled}/sub/", f"s3://{filled}/sub/deep/").code == 2
    assert "sub/b.txt" in stored(s3, filled)


@pytest.mark.parametrize(
    ("choice", "code", "keys"),
    [
        ("fail", 8, ["a.txt", "other/x", "x"]),
        ("skip", 0, ["a.txt", "other/x", "x"]),
        ("replace", 0, ["a.txt", "other/x"]),
        ("keep-both", 0, ["a.txt", "other/x", "other/x (2)"]),
    ],
)
def test_a_taken_name_is_settled_as_asked(cse, s3, bucket, choice, code, keys):
    for key in ("a.txt", "x", "other/x"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())

    ran = cse("mv", f"s3://{bucket}/x", f"s3://{bucket}/other/", "--if-exists", choice)

    assert (ran.code, stored(s3, bucket)) == (code, keys)
    kept = s3.get_object(Bucket=bucket, Key="other/x")["Body"].read()
    assert kept == (b"x" if choice == "replace" else b"other/x")


def test_a_copy_into_its_own_folder_gets_a_number(cse, s3, bucket):
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"1")

    assert cse("cp", f"s3://{bucket}/a.txt", f"s3://{bucket}/").code == 0

    assert stored(s3, bucket) == ["a (2).txt", "a.txt"]


def test_nothing_is_deleted_without_a_terminal_or_yes(cse, s3, filled, monkeypatch):
    with open(os.devnull) as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        ran = cse("rm", f"s3://{filled}/a.txt")

    assert (ran.code, "--yes" in ran.err) == (2, True)
    assert "a.txt" in stored(s3, filled)


def test_a_folder_is_deleted_with_all_below_it(cse, s3, filled):
    assert cse("rm", "--yes", f"s3://{filled}/sub/").code == 2
    ran = cse("rm", "--yes", "-r", "--json", f"s3://{filled}/sub/", f"s3://{filled}/a.txt")

    assert (ran.code, stored(s3, filled)) == (0, ["other/x"])
    assert ran.named("summary")[0]["done"] == 4
    assert ran.named("summary")[0]["bytes"] == 15


def test_what_does_not_exist_is_not_found(cse, filled):
    assert cse("rm", "--yes", f"s3://{filled}/nothing").code == 5


@pytest.mark.parametrize(("line", "is_gone"), [("y\n", False), ("\n", False), ("delete\n", True)])
def test_many_files_without_versions_need_the_word(cse, s3, filled, typed, line, is_gone):
    typed(line)

    ran = cse("rm", "-r", f"s3://{filled}/sub/")

    # A no ends it like an interruption: 0 would say that all was deleted.
    assert ran.code == (0 if is_gone else 130)
    assert "2 files (10 bytes)? Without versioning, they can't be restored" in ran.err
    assert ("sub/b.txt" not in stored(s3, filled)) is is_gone


def test_where_versions_stay_a_yes_is_enough(cse, s3, filled, typed):
    s3.put_bucket_versioning(Bucket=filled, VersioningConfiguration={"Status": "Enabled"})
    typed("y\n")

    assert cse("rm", "-r", f"s3://{filled}/sub/").code == 0

    assert stored(s3, filled) == ["a.txt", "other/x"]
