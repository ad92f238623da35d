"""Names of a whole bucket are looked through, a slice at a time."""

import pytest

from cse_desktop.core.objects import ObjectRef
from cse_desktop.jobs.name_search import folded, search

pytestmark = pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
KEYS = ("a/Report.txt", "a/report/data", "b/CAFÉ.txt", "other", "reports/old/x")


@pytest.fixture
def filled(s3, bucket):
    for key in KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    return ObjectRef(bucket, "")


def names(session, place, text):
    found = search(session, place, folded(text))
    assert found.token == ""
    assert found.looked_at >= len(KEYS)
    return [entry.key for entry in found.entries if not entry.is_folder]


def test_names_are_found_wherever_they_are(session, filled):
    assert names(session, filled, "report") == ["a/Report.txt"]
    assert names(session, filled, "cafe\u0301") == ["b/CAFÉ.txt"]
    assert names(session, filled, "nothing") == []


def test_a_slash_looks_in_the_way_to_a_name_as_well(session, filled):
    assert names(session, filled, "report/d") == ["a/report/data"]
    assert names(session, filled, "s/old/") == ["reports/old/x"]


def test_a_search_keeps_to_its_place(session, filled):
    found = search(session, ObjectRef(filled.bucket, "a/"), "t")

    assert {entry.key for entry in found.entries} >= {"a/Report.txt"}
    assert all(entry.key.startswith("a/") for entry in found.entries)
