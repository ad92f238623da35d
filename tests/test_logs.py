"""What is logged, where, and that no secret is ever among it."""

from __future__ import annotations

import base64
import logging
import os
import string
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cse_desktop.core.session import Connection, Credentials, open_session
from cse_desktop.jobs.snapshot import Failure, FailureKind
from cse_desktop.logs import LOG_NAME, OLD_FILES, logging_to_folder, redact
from cse_desktop.settings import Settings
from cse_desktop.support import LOGS, PastFailure, write_bundle
from tests import servers

log = logging.getLogger("cse_desktop.test")
_BASE64 = string.ascii_letters + string.digits + "+/"


def _mixed(text: str) -> bool:
    kinds = (string.ascii_lowercase, string.ascii_uppercase)
    return all(any(c in kind for c in text) for kind in kinds)


SECRETS = st.one_of(
    st.text(_BASE64, min_size=40, max_size=40).filter(_mixed),
    st.text(_BASE64, min_size=200, max_size=400).filter(_mixed),
    st.binary(min_size=32, max_size=32)
    .map(lambda key: base64.b64encode(key).decode())
    .filter(_mixed),
    st.text(string.ascii_uppercase + string.digits, min_size=16, max_size=16).map("AKIA".__add__),
)


@given(secret=SECRETS, place=st.sampled_from(("%s", "key=%s, next", "{'Plaintext': '%s'}", "<%s>")))
@settings(max_examples=300)
def test_no_form_of_a_secret_passes_the_filter(secret: str, place: str) -> None:
    assert secret not in redact(place % secret)


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:kms:eu-central-1:111122223333:key/1b5b3c5e-27a1-4f7c-8d1c-5f3b7f0a9e11",
        "s3://acme-payroll/2026/07/payslips of July 2026 (final).pdf",
        'File "/opt/cse-desktop/cse_desktop/core/transfer.py", line 83, in upload',
        "Request ID: 6f1c7b52-9d0e-4f0a-a1b2-0c1d2e3f4a5b",
        "sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_helps_is_left_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_addresses_lose_name_and_password_of_a_proxy() -> None:
    assert "hunter2" not in redact("proxy = http://anna:hunter2@proxy.example:3128")


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_the_most_talkative_log_of_a_session_holds_none_of_its_secrets(
    connection: Connection, kms_key: str, bucket: str, tmp_path: Path
) -> None:
    token = base64.b64encode(os.urandom(240)).decode()
    secret_key = base64.b64encode(os.urandom(30)).decode()  # of the form that AWS gives out
    used = Credentials(servers.ACCESS_KEY, secret_key, token)
    with logging_to_folder(tmp_path, logging.DEBUG):
        session = open_session(connection, used)
        drawn = session.keys._client.generate_data_key(KeyId=kms_key, KeySpec="AES_256")
        url = session.store._client.generate_presigned_url(
            "get_object", {"Bucket": bucket, "Key": "k"}
        )
        log.debug("drew %r, link %s, by %r %s", drawn, url, used.secret_key, token)

    said = (tmp_path / LOG_NAME).read_text()
    assert "drew" in said
    plaintext = base64.b64encode(drawn["Plaintext"]).decode()
    signature = parse_qs(urlsplit(url).query)["X-Amz-Signature"][0]
    for secret in (secret_key, token, plaintext, repr(drawn["Plaintext"])[2:-1], signature):
        assert secret not in said
        assert quote(secret, safe="") not in said


def test_libraries_that_print_requests_are_capped_at_info(tmp_path: Path) -> None:
    with logging_to_folder(tmp_path, logging.DEBUG):
        for name in ("botocore.parsers", "urllib3.connectionpool", "keyring.core"):
            assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
        assert log.isEnabledFor(logging.DEBUG)


def test_the_message_of_an_exception_is_not_logged(tmp_path: Path) -> None:
    with logging_to_folder(tmp_path, logging.INFO):
        try:
            raise ValueError(" ".join(("the", "plaintext", "of", "a", "file")))
        except ValueError:
            log.info("it failed", exc_info=True)

    said = (tmp_path / LOG_NAME).read_text()
    assert "ValueError" in said
    assert "the plaintext of a file" not in said


def test_a_name_with_a_line_break_forges_no_line(tmp_path: Path) -> None:
    with logging_to_folder(tmp_path, logging.INFO):
        log.info(
            "done: %s", "a\n2026-01-01 00:00:00,000 INFO cse_desktop: all is well \x1b[2J\u202e"
        )

    first, second = (tmp_path / LOG_NAME).read_text().splitlines()
    assert first.endswith("done: a")
    assert second.startswith("    ")
    assert second.isascii()
    assert "\x1b" not in second


def test_logs_are_bounded_and_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home" / LOGS
    with logging_to_folder(folder, logging.INFO, 10_000):
        for _ in range(70):
            log.info("x" * 1_000)

    files = list(folder.glob(f"{LOG_NAME}*"))
    assert len(files) == OLD_FILES + 1
    assert sum(file.stat().st_size for file in files) <= (OLD_FILES + 1) * 10_000
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@pytest.mark.logs_warnings
def test_a_place_that_takes_no_log_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with logging_to_folder(tmp_path / "file" / "logs", logging.INFO):
        log.info("goes nowhere")


def test_a_crash_leaves_its_lines_and_no_core(tmp_path: Path) -> None:
    program = (
        "import logging, os, sys; from pathlib import Path\n"
        "from cse_desktop.hardening import forbid_core_dumps\n"
        "from cse_desktop.logs import logging_to_folder\n"
        "forbid_core_dumps()\n"
        "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))\n"
        "sys.stdout.flush()\n"
        "secret = 'Zm9vYmFyYmF6cXV4'\n"
        "with logging_to_folder(Path(sys.argv[1]), logging.INFO): os.abort()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / LOGS],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode < 0
    assert done.stdout == "(0, 0)\n"
    assert [each.name for each in tmp_path.iterdir()] == [LOGS]
    crash = (tmp_path / LOGS / "crash.log").read_text()
    assert "Fatal Python error: Aborted" in crash
    assert "Zm9v" not in crash


def test_a_bundle_holds_versions_settings_failures_and_logs_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE0Ab"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    with logging_to_folder(tmp_path / LOGS, logging.INFO):
        log.info("used %s", secret)
    failure = Failure(FailureKind.SERVICE, "It failed", "", f"X-Amz-Signature=abc {secret}")
    mine = Settings(connections=(Connection("Finance", profile="finance"),), unknown={"p": secret})

    target = tmp_path / "bundle.zip"
    write_bundle(target, tmp_path, mine, [PastFailure(datetime.now(UTC), failure, "s3://b/k")])

    texts = _texts(target)
    assert set(texts) == {
        *("README.txt", "about.txt", "settings.toml", "failures.txt"),
        *(f"logs/{LOG_NAME}", "logs/crash.log"),
    }
    assert "AWS_SECRET_ACCESS_KEY" in texts["about.txt"]
    assert 'profile = "finance"' in texts["settings.toml"]
    assert "s3://b/k" in texts["failures.txt"]
    assert "used" in texts[f"logs/{LOG_NAME}"]
    assert not any(secret in text for text in texts.values())
    assert target.stat().st_mode & 0o777 == 0o600


def _texts(bundle: Path) -> dict[str, str]:
    with zipfile.ZipFile(bundle) as file:
        return {name: file.read(name).decode() for name in file.namelist()}
