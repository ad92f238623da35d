"""A part of the testkit on real servers: what a shelf in memory gives is what S3 gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Session
from tests.kit_cases import KEY, KINDS, MEBIBYTE, Line, Rewrapped, lines, named, policy_of


def is_for_servers(case: Line) -> bool:
    """Whether servers keep such metadata as they are: ASCII, 2 KB, not empty, no outer blanks."""
    values = [text for pair in case["metadata"] for text in pair]
    lower = [name.lower() for name, _value in case["metadata"]]
    return (
        all(text.isascii() and text.isprintable() and text == text.strip() for text in values)
        and all(values)
        and sum(map(len, values)) <= 2048
        and len(set(lower)) == len(lower)
        and case.get("reason") != "key"
    )


def is_chosen(case: Line) -> bool:
    """One in ten, always the same; all would take minutes and say nothing new."""
    return is_for_servers(case) and hashlib.sha256(case["id"].encode()).digest()[0] % 10 == 0


@pytest.fixture(scope="module")
def one_key(client: Callable[[str, str], Any], kms_url: str) -> str:
    """One KMS key for all cases, so that the sessions stay few."""
    return str(client("kms", kms_url).create_key()["KeyMetadata"]["Arn"])


@pytest.mark.parametrize("case", named(filter(is_chosen, lines())))
def test_servers_make_no_difference(
    case: Line,
    connection: Connection,
    signed_in: Callable[[Connection], Session],
    bucket: str,
    one_key: str,
    kms: Any,
    s3: Any,
) -> None:
    stored = Rewrapped(case, kms, one_key)
    stored.put(s3, bucket)
    session = signed_in(replace(connection, allowed_keys=(one_key,), policy=policy_of(case)))
    ref = ObjectRef(bucket, KEY)

    if case["expect"] == "accept":
        assert transfer.verify(session, ref).size == case["length"]
        found = transfer.read(session, ref, limit=MEBIBYTE)
        assert hashlib.sha256(found).hexdigest() == case["sha256"]
        return
    with pytest.raises(CseError) as refusal:
        transfer.verify(session, ref)
    assert type(refusal.value) is KINDS[case["reason"]]
