"""Versions and delete markers on both servers: listed, opened, restored, deleted for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.deleting import Doomed, delete
from cse_desktop.core.errors import InvalidInput, NotAllowed, NotFound
from cse_desktop.core.objects import ObjectRef, Version
from cse_desktop.core.restoring import Means, restore
from cse_desktop.core.session import Session

Put = Callable[[str, bytes], ObjectRef]
MIB = 1024 * 1024


@pytest.fixture
def versioned(s3: Any, bucket: str) -> str:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


@pytest.fixture
def put(session: Session, versioned: str, kms_key: str, tmp_path: Path) -> Put:
    """Store a version; gives it with its id."""

    def store(key: str, content: bytes) -> ObjectRef:
        (tmp_path / "source").write_bytes(content)
        ref = ObjectRef(versioned, key)
        done = transfer.upload(session, tmp_path / "source", ref, kms_key, {}, replace=True)
        assert done.stored.version
        return replace(ref, version=done.stored.version)

    return store


def versions(session: Session, ref: ObjectRef) -> tuple[Version, ...]:
    return tuple(session.store.versions.of(ref))


def opened(session: Session, ref: ObjectRef) -> bytes:
    return bytes(transfer.read(session, ref, limit=20 * MIB))


def test_each_version_opens_by_itself_and_longer_names_are_not_among_them(
    session: Session, put: Put
) -> None:
    refs = [put("f/ä", b"first"), put("f/ä", b"second")]
    put("f/ä longer", b"another")

    found = versions(session, ObjectRef(refs[0].bucket, "f/ä"))

    assert {each.ref.version for each in found} == {ref.version for ref in refs}
    assert [each.is_latest for each in found] == [True, False]
    assert found[0].ref == refs[1]
    assert [each.size for each in found] == [len("second") + 16, len("first") + 16]
    assert [opened(session, ref) for ref in refs] == [b"first", b"second"]


def test_pages_of_versions_follow_each_other(session: Session, put: Put) -> None:
    refs = [put("a", bytes([each])) for each in range(5)]

    seen, token = [], ("", "")
    while True:
        page = session.store.versions.page(ObjectRef(refs[0].bucket, "a"), token, limit=2)
        seen += [each.ref.version for each in page.versions]
        token = page.token
        if not any(token):
            break

    assert sorted(seen) == sorted(ref.version for ref in refs)


def test_a_deleted_file_is_listed_and_comes_back_as_it_was(session: Session, put: Put) -> None:
    ref = put("f/a.txt", b"content")
    put("f/kept.txt", b"kept")
    put("f/below/b.txt", b"below")
    delete(session, ref.bucket, [Doomed("f/a.txt"), Doomed("f/below/b.txt")])
    folder = ObjectRef(ref.bucket, "f/")
    assert [each.ref.key for each in session.store.versions.deleted(folder).versions] == ["f/a.txt"]

    done = restore(session, ObjectRef(ref.bucket, "f/a.txt"))

    assert (done.means, done.ref) == (Means.UNDELETED, ref)
    assert opened(session, ObjectRef(ref.bucket, "f/a.txt")) == b"content"
    assert session.store.versions.deleted(folder).versions == ()
    assert len(versions(session, ref)) == 1


@pytest.mark.parametrize("sizes", [(64 * MIB, 5 * MIB), (5 * MIB, 5 * MIB)], ids=["whole", "parts"])
def test_an_earlier_version_is_copied_over_with_its_envelope(
    session: Session, put: Put, sizes: tuple[int, int]
) -> None:
    first = put("big", b"1" * (6 * MIB))
    put("big", b"second")

    done = restore(session, first, sizes=sizes)

    assert done.means is Means.COPIED
    assert opened(session, ObjectRef(first.bucket, "big")) == b"1" * (6 * MIB)
    assert len(versions(session, first)) == 3
    assert done.ref.version == session.store.versions.newest(first).ref.version


def test_a_version_below_a_delete_marker_that_is_not_the_last_one_is_copied(
    session: Session, put: Put
) -> None:
    first = put("a", b"first")
    put("a", b"second")
    delete(session, first.bucket, [Doomed("a")])

    assert restore(session, first).means is Means.COPIED
    assert opened(session, ObjectRef(first.bucket, "a")) == b"first"


def test_the_newest_version_is_left_alone(session: Session, put: Put) -> None:
    ref = put("a", b"first")

    assert restore(session, ref).means is Means.NOTHING
    assert len(versions(session, ref)) == 1


def test_what_is_gone_and_delete_markers_are_not_restored(session: Session, put: Put) -> None:
    ref = put("a", b"first")
    delete(session, ref.bucket, [Doomed("a")])
    marker = session.store.versions.newest(ref)
    assert marker.is_marker

    with pytest.raises(InvalidInput, match="delete marker"):
        restore(session, marker.ref)
    session.store.versions.delete(ref)
    with pytest.raises(NotFound, match="gone"):
        restore(session, ref)


def test_one_version_is_deleted_for_good_and_the_one_before_is_the_newest(
    session: Session, put: Put
) -> None:
    first, second = put("a", b"first"), put("a", b"second")

    session.store.versions.delete(second)

    assert opened(session, ObjectRef(first.bucket, "a")) == b"first"
    assert [each.ref for each in versions(session, first)] == [first]
    session.store.versions.delete(first)
    with pytest.raises(NotFound):
        session.store.versions.newest(first)


# moto forgets all other versions once it writes a "null" version.
@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_nothing_is_restored_over_a_version_that_would_be_lost(
    session: Session, s3: Any, put: Put
) -> None:
    first = put("a", b"first")
    suspended = {"Status": "Suspended"}
    s3.put_bucket_versioning(Bucket=first.bucket, VersioningConfiguration=suspended)
    s3.put_object(Bucket=first.bucket, Key="a", Body=b"only copy")

    with pytest.raises(NotAllowed, match="newest version for good"):
        restore(session, first)
    assert s3.get_object(Bucket=first.bucket, Key="a")["Body"].read() == b"only copy"
