"""The cases of `tests/vectors/testkit`, and how the program calls what it must say of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pytest

from cse_desktop.core.errors import (
    BadEnvelope,
    CseError,
    NotAllowed,
    NotEncrypted,
    OtherFormat,
    Refused,
    Tampered,
)
from cse_desktop.core.policy import SUFFIX, ReadPolicy
from tests.testkit.kit import FOLDER

Line = dict[str, Any]
MEBIBYTE = 1024 * 1024

# How the program calls each class of refusal.
KINDS: dict[str, type[CseError]] = {
    "no-envelope": NotEncrypted,
    "no-instruction-file": BadEnvelope,
    "other-tool": OtherFormat,
    "raw-key": OtherFormat,
    "format": BadEnvelope,
    "policy": NotAllowed,
    "context": NotAllowed,
    "key": NotAllowed,
    "kms": Refused,
    "tampered": Tampered,
    "cbc": Tampered,
}
BUCKET, KEY = "testkit", "the/object"


@cache
def manifest() -> Line:
    return dict(json.loads((FOLDER / "manifest.json").read_text("ascii")))


def lines(*reasons: str) -> list[Line]:
    """The cases of some classes; of all of them when none is named. "" is to be read."""
    return [c for c in manifest()["cases"] if not reasons or c.get("reason", "") in reasons]


def named(cases: Iterable[Line]) -> list[object]:
    return [pytest.param(case, id=case["id"]) for case in cases]


def blob(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def suffix_of(case: Line) -> str:
    """What the name of its instruction file adds to the object's."""
    return str(case.get("suffix", SUFFIX))


def policy_of(case: Line) -> ReadPolicy:
    allow = set(case["allow"])
    assert allow <= {"v2", "kms-wrap", "cbc", "instruction-file"}
    demanded = case.get("require_context")
    return ReadPolicy(
        v2="v2" in allow,
        kms_wrap="kms-wrap" in allow,
        cbc="cbc" in allow,
        instruction_files="instruction-file" in allow,
        required_context=None if demanded is None else tuple(demanded.items()),
        instruction_suffix=suffix_of(case),
    )


class Rewrapped:
    """A copy of a case whose data keys are wrapped by the KMS of the test.

    The wrapped key is no part of what the body depends on, so all else stays as it is.
    """

    def __init__(self, case: Line, kms: Any, key_id: str) -> None:
        self._kms, self._key_id = kms, key_id
        self._others: dict[str, str] = {}
        self.body = blob(case["body"])
        texts = [value for _name, value in case["metadata"]]
        self.instruction = blob(case["instruction"]) if "instruction" in case else None
        self._file = KEY + suffix_of(case)
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

    def put(self, s3: Any, bucket: str) -> None:
        """Store it as `KEY`."""
        s3.put_object(Bucket=bucket, Key=KEY, Body=self.body, Metadata=self.metadata)
        if self.instruction is not None:
            s3.put_object(Bucket=bucket, Key=self._file, Body=self.instruction)

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
