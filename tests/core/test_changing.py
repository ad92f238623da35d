"""Properties of stored objects on both servers: the envelope stays, word for word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.changing import (
    NewProperties,
    Properties,
    change,
    metadata_problem,
    properties,
    tags_problem,
)
from cse_desktop.core.errors import Changed, InvalidInput, TooLarge
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Session

MIB = 1024 * 1024


@pytest.fixture
def ref(session: Session, bucket: str, kms_key: str, tmp_path: Path) -> ObjectRef:
    """An encrypted object of 6 MiB."""
    (tmp_path / "source").write_bytes(b"0123456789abcdef" * (6 * MIB // 16))
    made = ObjectRef(bucket, "a folder/ä.bin")
    transfer.upload(session, tmp_path / "source", made, kms_key, {"team": "ü"})
    return made


def same(found: Properties) -> NewProperties:
    beside = found.beside
    return NewProperties(
        beside.content_type, beside.storage_class, tuple(beside.own.items()), found.tags
    )


@pytest.mark.parametrize("sizes", [(64 * MIB, 5 * MIB), (5 * MIB, 5 * MIB)], ids=["whole", "parts"])
def test_all_that_may_change_changes_and_the_object_opens_as_before(
    session: Session, s3: Any, ref: ObjectRef, sizes: tuple[int, int]
) -> None:
    before = properties(session, ref)
    s3.put_object_tagging(
        Bucket=ref.bucket, Key=ref.key, Tagging={"TagSet": [{"Key": "old", "Value": "1"}]}
    )
    new = NewProperties(
        "text/plain", "STANDARD_IA", (("author", "me"),), (("team", "ü"), ("a b", ""))
    )

    done = change(session, ref, before.head.etag, new, sizes=sizes)

    after = properties(session, ref)
    assert done.is_rewritten
    assert after.beside.envelope == before.beside.envelope != {}
    assert (after.beside.content_type, after.beside.storage_class) == ("text/plain", "STANDARD_IA")
    assert after.beside.own == {"author": "me"}
    assert sorted(after.tags or ()) == [("a b", ""), ("team", "ü")]
    assert len(transfer.read(session, ref, limit=20 * MIB)) == 6 * MIB


def test_headers_that_are_not_shown_stay(session: Session, s3: Any, bucket: str) -> None:
    s3.put_object(
        Bucket=bucket, Key="a", Body=b"x", CacheControl="no-cache", ContentLanguage="de",
        ContentDisposition="attachment", Metadata={"mine": "1"},
    )  # fmt: skip
    found = properties(session, ObjectRef(bucket, "a"))

    new = replace(same(found), content_type="text/x")
    change(session, ObjectRef(bucket, "a"), found.head.etag, new)

    head = s3.head_object(Bucket=bucket, Key="a")
    assert (head["CacheControl"], head["ContentLanguage"]) == ("no-cache", "de")
    assert (head["ContentDisposition"], head["ContentType"]) == ("attachment", "text/x")
    assert head["Metadata"] == {"mine": "1"}


def test_tags_alone_write_no_new_object(session: Session, s3: Any, ref: ObjectRef) -> None:
    found = properties(session, ref)
    written = s3.head_object(Bucket=ref.bucket, Key=ref.key)["LastModified"]

    new = replace(same(found), tags=(("a", "b"),))
    assert not change(session, ref, found.head.etag, new).is_rewritten

    assert s3.head_object(Bucket=ref.bucket, Key=ref.key)["LastModified"] == written
    assert properties(session, ref).tags == (("a", "b"),)


@pytest.mark.parametrize("name", ["x-amz-key-v2", "x-amz-3", "X-Amz-Iv", "x-amz-new"])
def test_the_envelope_cannot_be_written_by_hand(
    session: Session, ref: ObjectRef, name: str
) -> None:
    found = properties(session, ref)

    with pytest.raises(InvalidInput, match="can't be stored"):
        change(session, ref, found.head.etag, replace(same(found), own=((name, "mine"),)))

    assert properties(session, ref).beside == found.beside


def test_an_object_that_was_replaced_meanwhile_is_not_touched(
    session: Session, s3: Any, ref: ObjectRef
) -> None:
    found = properties(session, ref)
    s3.put_object(Bucket=ref.bucket, Key=ref.key, Body=b"somebody else's")

    with pytest.raises(Changed, match="another file"):
        change(session, ref, found.head.etag, replace(same(found), content_type="text/x"))
    assert s3.get_object(Bucket=ref.bucket, Key=ref.key)["Body"].read() == b"somebody else's"


def test_metadata_with_the_envelope_have_an_end(session: Session, ref: ObjectRef) -> None:
    found = properties(session, ref)

    with pytest.raises(TooLarge, match="too long"):
        change(session, ref, found.head.etag, replace(same(found), own=(("a", "b" * 2000),)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("", "x"), ("x-amz-i", "x"), ("a b", "x"), ("ä", "x"), ("Big", "x"), ("a", "ü"), ("a", " x")],
)
def test_metadata_that_would_be_lost_or_refused_are_named(name: str, value: str) -> None:
    assert metadata_problem(name, value)
    assert not metadata_problem("a-b_c.1", "any thing: ok")


def test_tags_that_s3_refuses_are_named() -> None:
    refused = [
        [(f"t{each}", "") for each in range(11)],
        [("a", "1"), ("a", "2")],
        [("", "1")],
        [("aws:x", "1")],
        [("a" * 129, "")],
        [("a", "b" * 257)],
        [("a", "b;c")],
    ]
    assert all(tags_problem(tags) for tags in refused)
    assert not tags_problem([("team ü", "a/b:c@d")])
