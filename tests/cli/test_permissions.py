"""What `cse` says when AWS does not permit something: the statement that would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cse
from tests.faults import faults
from tests.faults.proxy import FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

REFUSAL = (
    "User: arn:aws:sts::111122223333:assumed-role/payroll-ops/anna is not authorized to perform: "
    "s3:PutObject on resource: {} because no identity-based policy allows the s3:PutObject action"
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("a.txt", "b.txt")]
    for file in made:
        file.write_text("text")
    return made


def deny(wire: FaultProxy, bucket: str) -> str:
    resource = f"arn:aws:s3:::{bucket}/x"
    wire.rule("PutObject", faults.error(403, "AccessDenied", REFUSAL.format(resource)), times=None)
    return resource


def test_json_output_names_action_resource_caller_and_statement(
    cse: Cse, wire: FaultProxy, bucket: str, kms_key: str, files: list[Path]
) -> None:
    resource = deny(wire, bucket)
    ran = cse("put", files[0], f"s3://{bucket}/x", "--kms-key", kms_key, "--json")

    assert ran.code == 4
    (failed,) = ran.named("failed")
    refusal = failed["refusal"]
    assert refusal["action"] == "s3:PutObject"
    assert refusal["resource"] == resource
    assert refusal["caller"].endswith("payroll-ops/anna")
    (way,) = refusal["allow"]
    assert way["kind"] == "IAM policy"
    assert json.loads(way["text"])["Statement"] == [
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": resource}
    ]


def test_a_person_reads_the_statement_once_for_all_files(
    cse: Cse, wire: FaultProxy, bucket: str, kms_key: str, files: list[Path]
) -> None:
    resource = deny(wire, bucket)
    ran = cse("put", *files, f"s3://{bucket}/", "--kms-key", kms_key)

    assert ran.err.count(f"Not permitted: s3:PutObject on {resource}") == 1
    assert ran.err.count('"Action": "s3:PutObject"') == 1
    assert "A policy of the role payroll-ops:" in ran.err
