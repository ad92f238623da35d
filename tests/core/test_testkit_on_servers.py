"""A part of the testkit on real servers: what a shelf in memory gives is what S3 gives."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cse_desktop.core import transfer
from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.session import Connection, Session
from tests.kit_cases import KEY, KINDS, MEBIBYTE, Line, blob, lines, manifest, named, policy_of


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


class Rewrapped:
    """A copy of a case whose data keys are wrapped by the KMS of the test.

    The wrapped key is no part of what the body depends on, so all else stays as it is.
    """

    def __init__(self, case: Line, kms: Any, key_id: str) -> None:
        self._kms, self._key_id = kms, key_id
        self._others: dict[str, str] = {}
        texts = [value for _name, value in case["metadata"]]
        self.instruction = blob(case["instruction"]) if "instruction" in case else None
        for known in manifest()["kms"]:
            spelled = known["wrapped_key"]
            if spelled in texts or spelled.encode() in self._unescaped():
                self._others[spelled] = self._wrap(known)
        self.metadata = {name: self._others.get(value, value) for name, value in case["metadata"]}
        for old, new in self._others.items():
            if self.instruction is not None:
                for slash in (b"/", b"\\/"):
                    was, now = (text.encode().replace(b"/", slash) for text in (old, new))
                    self.instruction = self.instruction.replace(was, now)

    def _unescaped(self) -> bytes:
        return (self.instruction or b"").replace(b"\\/", b"/")

    def _wrap(self, known: Mapping[str, Any]) -> str:
        data_key = bytes.fromhex(known["data_key"])
        if not data_key:
            return str(known["wrapped_key"])  # KMS encrypts no less than a byte
        answer = self._kms.encrypt(
            KeyId=self._key_id, Plaintext=data_key, EncryptionContext=known["context"]
        )
        return base64.b64encode(answer["CiphertextBlob"]).decode()


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
    s3.put_object(Bucket=bucket, Key=KEY, Body=blob(case["body"]), Metadata=stored.metadata)
    if stored.instruction is not None:
        s3.put_object(Bucket=bucket, Key=f"{KEY}.instruction", Body=stored.instruction)
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
