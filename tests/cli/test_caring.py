"""Properties, links and buckets from the terminal."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.servers import empty_bucket


@pytest.fixture
def place(cse, bucket: str, kms_key: str, tmp_path: Path) -> str:
    (tmp_path / "a.txt").write_text("content")
    assert cse("put", tmp_path / "a.txt", f"s3://{bucket}/a.txt", "--kms-key", kms_key).code == 0
    return f"s3://{bucket}/a.txt"


def test_properties_are_shown_and_changed_and_the_file_still_opens(
    cse, place: str, tmp_path: Path
) -> None:
    before = cse("properties", place, "--json").events[0]
    changes = ("--content-type", "text/plain", "--metadata", "author=me", "--tag", "team=x")

    assert cse("properties", place, *changes).code == 0

    after = cse("properties", place, "--json").events[0]
    assert (after["content_type"], after["metadata"]) == ("text/plain", {"author": "me"})
    assert after["tags"] == {"team": "x"}
    assert after["envelope"] == before["envelope"] != {}
    assert cse("properties", place, "--metadata", "x-amz-3=mine").code == 2
    assert cse("properties", place, "--no-tags", "--no-metadata").code == 0
    assert cse("get", place, tmp_path / "back").code == 0
    assert (tmp_path / "back").read_text() == "content"


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_a_link_gives_ciphertext_and_says_so(cse, place: str) -> None:
    made = cse("link", place, "--expires", "15m")

    assert made.code == 0
    assert "ciphertext" in made.err
    assert cse("link", place, "--expires", "8d").code == 2
    assert cse("link", place, "--expires", "soon").code == 2
    with urllib.request.urlopen(made.out.strip(), timeout=30) as answer:
        assert len(answer.read()) == len("content") + 16


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_bucket_is_made_with_versions(cse, s3: Any, bucket: str) -> None:
    name = f"{bucket}-made"

    assert cse("mb", "s3://Not_A_Bucket").code == 2
    assert cse("mb", f"s3://{name}").code == 0

    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    empty_bucket(s3, name)
