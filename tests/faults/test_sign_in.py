"""Sign-ins that end on the way (design: matrix W, ExpiredToken)."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cse_desktop.core.errors import SignInNeeded
from cse_desktop.core.session import Connection, Session, open_session
from tests.faults import faults
from tests.faults.acts import THREE_PARTS, comes_back, make_file, put
from tests.faults.conftest import HURRIED
from tests.faults.proxy import FaultProxy

pytestmark = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)

OLD, NEW = "AKIAOLDOLDOLDOLDOLD0", "AKIANEWNEWNEWNEWNEW0"
PROGRAM = """
import json, pathlib, sys
log = pathlib.Path(sys.argv[1])
asked = int(log.read_text()) if log.exists() else 0
log.write_text(str(asked + 1))
keys = sys.argv[2:]
key = keys[min(asked, len(keys) - 1)]
print(json.dumps({"Version": 1, "AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t"}))
"""


class Provider:
    """A program that a profile asks for credentials; counts how often."""

    def __init__(self, home: Path, *keys: str) -> None:
        self._log = home / "asked"
        program = home / "provider.py"
        program.write_text(PROGRAM)
        command = " ".join([sys.executable, str(program), str(self._log), *keys])
        (home / ".aws").mkdir()
        (home / ".aws" / "config").write_text(f"[profile p]\ncredential_process = {command}\n")

    @property
    def asked(self) -> int:
        return int(self._log.read_text())


def opened(connection: Connection) -> Session:
    return open_session(replace(connection, profile="p"), patience=HURRIED)


@pytest.mark.parametrize(
    "operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]
)
def test_a_token_that_expires_on_the_way_up_is_renewed_and_the_same_upload_goes_on(
    connection: Connection,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
    operation: str,
) -> None:
    provider = Provider(home, OLD, NEW)
    source = make_file(tmp_path, THREE_PARTS)
    session = opened(connection)
    wire.rule(
        operation,
        faults.error(400, "ExpiredToken"),
        times=None,
        fits=lambda request: request.access_key == OLD,
    )

    ref = put(session, source, bucket, kms_key)

    uploads = {r.query["uploadId"] for r in wire.requests if "uploadId" in r.query}
    assert len(uploads) == 1
    assert provider.asked == 2
    comes_back(session, ref, source)


@pytest.mark.parametrize("operation", ["HeadObject", "GetObject"])
def test_a_token_that_expires_on_the_way_down_is_renewed(
    connection: Connection,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
    operation: str,
) -> None:
    provider = Provider(home, OLD, NEW)
    source = make_file(tmp_path, THREE_PARTS)
    session = opened(connection)
    ref = put(session, source, bucket, kms_key)
    wire.rule(
        "*" if operation == "HeadObject" else operation,  # HEAD has no body to say why
        faults.error(400, "ExpiredToken"),
        times=None,
        fits=lambda request: request.access_key == OLD,
    )

    comes_back(session, ref, source)

    assert provider.asked == 2


@pytest.mark.parametrize(
    "operation", ["kms:GenerateDataKey", "kms:Decrypt", "sts:GetCallerIdentity"]
)
def test_a_token_that_expires_before_kms_is_renewed(
    connection: Connection,
    kms_wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
    operation: str,
) -> None:
    provider = Provider(home, OLD, NEW)
    source = make_file(tmp_path, 100)
    session = opened(connection)
    expired = "ExpiredTokenException"
    kms_wire.rule(
        operation,
        (faults.sts_error if "sts" in operation else faults.kms_error)(403, expired),
        times=None,
        fits=lambda request: request.access_key == OLD,
    )

    comes_back(session, put(session, source, bucket, kms_key), source)

    assert provider.asked == 2


def test_a_provider_with_nothing_new_is_asked_once_a_minute_and_a_sign_in_is_asked_for(
    connection: Connection,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
) -> None:
    provider = Provider(home, OLD)
    source = make_file(tmp_path, THREE_PARTS)
    session = opened(connection)
    wire.rule("UploadPart", faults.error(400, "ExpiredToken"), times=None)

    for _ in range(2):
        with pytest.raises(SignInNeeded, match="Sign in to continue"):
            put(session, source, bucket, kms_key)

    assert provider.asked == 2


def test_keys_that_another_program_writes_into_the_file_are_picked_up(
    connection: Connection,
    wire: FaultProxy,
    bucket: str,
    kms_key: str,
    tmp_path: Path,
    home: Path,
) -> None:
    file = home / ".aws" / "credentials"
    file.parent.mkdir()
    text = "[p]\naws_access_key_id = {}\naws_secret_access_key = s\n"
    file.write_text(text.format(OLD))
    source = make_file(tmp_path, 100)
    session = opened(connection)
    wire.rule(
        "*",
        faults.error(403, "InvalidAccessKeyId"),
        times=None,
        fits=lambda request: request.access_key == OLD,
    )
    file.write_text(text.format(NEW))

    comes_back(session, put(session, source, bucket, kms_key), source)
