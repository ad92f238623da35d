"""Other clients read the sound objects of our testkit: the kit itself is right."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import OfficialClient, Place
from tests.interop.ruby import Ruby
from tests.kit_cases import KEY, Line, Rewrapped, lines, manifest, named

_RESERVED = ("aws:x-amz-cek-alg", "kms_cmk_id")


def of_format(name: str) -> list[object]:
    """The objects of one format, of every size."""
    return named(c for c in lines("") if re.fullmatch(rf"{name}-\d+", c["id"]))


def context_of(case: Line) -> dict[str, str]:
    """The user's pairs of the context that KMS bound."""
    texts = [value for _name, value in case["metadata"]]
    (known,) = (each for each in manifest()["kms"] if each["wrapped_key"] in texts)
    return {n: v for n, v in known["context"].items() if n not in _RESERVED}


def has_read(file: Path, case: Line) -> bool:
    return hashlib.sha256(file.read_bytes()).hexdigest() == case["sha256"]


@pytest.mark.parametrize("case", of_format("v3"))
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_amazons_client_reads_the_v3_objects_of_the_kit(
    official: OfficialClient,
    case: Line,
    s3: Any,
    s3_url: str,
    kms: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    Rewrapped(case, kms, kms_key).put(s3, bucket)

    official.get(tmp_path / "back", Place(s3_url, bucket, KEY, kms_key, context_of(case)))

    assert has_read(tmp_path / "back", case)


@pytest.mark.parametrize(
    ("generation", "case"),
    [
        pytest.param(generation, *found.values, id=f"{generation}-{found.id}")
        for generation, name in (("v2", "v2"), ("v1", "v2"), ("v1", "kms-gcm"), ("v1", "kms-cbc"))
        for found in of_format(name)
    ],
)
@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_ruby_clients_read_the_older_objects_of_the_kit(
    ruby: Ruby,
    generation: str,
    case: Line,
    s3: Any,
    kms: Any,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
) -> None:
    Rewrapped(case, kms, kms_key).put(s3, bucket)

    ruby.get(tmp_path / "back", generation, key=KEY, context=context_of(case))

    assert has_read(tmp_path / "back", case)
