"""What a bucket may be called, and links."""

from __future__ import annotations

from typing import Any

import pytest

from cse_desktop.core.buckets import HOME_REGION, NewBucket, name_problem, regions
from cse_desktop.core.errors import InvalidInput, ServiceError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Credentials, Session, open_session
from tests.servers import empty_bucket


@pytest.mark.parametrize(
    "name",
    ["", "ab", "a" * 64, "Big", "a_b", "-ab", "ab-", ".ab", "ab.", "a..b", "192.168.0.1",
     "xn--a", "sthree-a", "a-s3alias", "a--ol-s3", "ä-b"],
)  # fmt: skip
def test_names_that_s3_refuses_are_named(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize("name", ["abc", "a-b.c", "1a2", "a" * 63])
def test_names_that_s3_takes_are_taken(name: str) -> None:
    assert name_problem(name) == ""


def test_regions_are_known_without_a_network() -> None:
    assert {HOME_REGION, "eu-central-1"} <= set(regions())


@pytest.mark.parametrize("s3_url", ["seaweedfs"], indirect=True)
def test_a_bucket_that_is_not_all_that_was_asked_for_is_said_to_be_there(
    session: Session, s3: Any, bucket: str
) -> None:
    name = f"{bucket}-x"

    # SeaweedFS knows no block of public access.
    with pytest.raises(ServiceError, match=f"{name} was made, but"):
        session.store.makers.create(NewBucket(name, HOME_REGION))
    empty_bucket(s3, name)


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_link_has_an_end_and_tells_of_temporary_credentials(
    session: Session, connection: Connection, credentials: Credentials
) -> None:
    ref = ObjectRef("bucket", "ä b/c+d", "v1")
    passing = Credentials(credentials.access_key, credentials.secret_key, "a-session-token")

    mine = session.store.labels.link(ref, 3600)
    theirs = open_session(connection, passing).store.labels.link(ref, 3600)

    assert "X-Amz-Signature=" in mine.url
    assert "versionId=v1" in mine.url
    assert (mine.is_temporary, theirs.is_temporary) == (False, True)
    assert "X-Amz" not in repr(mine)
    for seconds in (0, 7 * 24 * 3600 + 1):
        with pytest.raises(InvalidInput):
            session.store.labels.link(ref, seconds)
