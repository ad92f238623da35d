"""The cases of `tests/vectors/testkit`, and how the program calls what it must say of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
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
from cse_desktop.core.policy import ReadPolicy
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
    )
