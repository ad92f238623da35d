"""Versions from the terminal, on both servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def place(cse, s3: Any, bucket: str, kms_key: str, tmp_path: Path) -> str:
    """An object that was written twice and then deleted."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for content in ("first", "second"):
        (tmp_path / "source").write_text(content)
        where = f"s3://{bucket}/f/a.txt"
        command = ("put", tmp_path / "source", where, "--kms-key", kms_key)
        assert cse(*command, "--if-exists", "replace").code == 0
    s3.delete_object(Bucket=bucket, Key="f/a.txt")
    return f"s3://{bucket}/f/a.txt"


def test_versions_are_listed_and_each_can_be_fetched_checked_and_inspected(
    cse, place: str, tmp_path: Path
) -> None:
    found = cse("versions", place, "--json").named("version")
    first = found[-1]["version"]

    assert [each["is_delete_marker"] for each in found] == [True, False, False]
    assert cse("get", place, tmp_path / "back").code == 5
    assert cse("get", place, tmp_path / "back", "--version-id", first).code == 0
    assert (tmp_path / "back").read_text() == "first"
    assert cse("verify", place, "--version-id", first).code == 0
    assert cse("inspect", place, "--version-id", first, "--json").events[0]["version"] == first
    assert cse("get", place.removesuffix("a.txt"), tmp_path, "--version-id", first).code == 2


def test_what_was_deleted_is_listed_and_restored(cse, place: str, tmp_path: Path) -> None:
    folder = place.removesuffix("a.txt")
    assert "f/a.txt" in cse("versions", "--deleted", folder).out

    restored = cse("restore", place)

    assert restored.code == 0
    assert "Restored 1 file" in restored.err
    assert cse("versions", "--deleted", folder).out == ""
    assert cse("get", place, tmp_path / "back").code == 0
    assert (tmp_path / "back").read_text() == "second"


def test_an_earlier_version_is_restored_and_one_is_deleted(cse, place: str, tmp_path: Path) -> None:
    first = cse("versions", place, "--json").named("version")[-1]["version"]

    assert cse("restore", place, "--version-id", first).code == 0
    assert cse("rm", place, "--version-id", first).code == 2
    assert cse("rm", place, "--version-id", first, "--yes").code == 0

    assert cse("get", place, tmp_path / "back").code == 0
    assert (tmp_path / "back").read_text() == "first"
    left = [each["version"] for each in cse("versions", place, "--json").named("version")]
    assert first not in left
