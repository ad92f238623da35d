"""Listings, exit codes and sentences of `cse`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cse_desktop.cli import main
from cse_desktop.cli.exit_codes import CODES, SERIOUSNESS, exit_code
from cse_desktop.cli.text import visible
from cse_desktop.core.session import Connection
from cse_desktop.jobs.snapshot import FailureKind
from cse_desktop.settings import KeyChoice, Settings, save_settings
from tests import moto_state, servers

BAD_PLACES = ["bucket/key", "s3://", "s3:///key", "http://x/y"]


def test_buckets_and_folders_are_listed(cse, s3, bucket):
    for key in ["a.txt", "sub/b.txt", "sub/deep/c.txt"]:
        s3.put_object(Bucket=bucket, Key=key, Body=b"12345")

    assert f"s3://{bucket}/" in cse("ls", "s3://").out.splitlines()
    assert f"s3://{bucket}/" in cse("ls").out.splitlines()
    assert sorted(cse("ls", f"s3://{bucket}").out.splitlines()) == ["a.txt", "sub/"]
    assert cse("ls", f"s3://{bucket}/sub/").out.splitlines() == ["deep/", "b.txt"]
    long = cse("ls", f"s3://{bucket}/a", "--long").out.split()
    assert (long[0], long[-2:]) == ("5", ["STANDARD", "a.txt"])
    listed = cse("ls", f"s3://{bucket}/", "--json")
    assert [event["event"] for event in listed.events] == ["folder", "object"]
    assert listed.named("object")[0]["size"] == 5


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_long_listings_come_page_by_page(cse, s3, bucket):
    moto_state.stock(bucket, [f"{number:04}" for number in range(1005)])

    assert len(cse("ls", f"s3://{bucket}/").out.splitlines()) == 1005


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_names_cannot_command_the_terminal(cse, s3, bucket):
    s3.put_object(Bucket=bucket, Key="\x7f\x9b2J\u202egpj.exe", Body=b"")

    out = cse("ls", f"s3://{bucket}/").out

    assert out == "\\x7f\\x9b2J\\u202egpj.exe\n"


def test_every_control_and_direction_is_shown():
    assert visible("a\x1b[31m\r\n\u2066b\ud800") == "a\\x1b[31m\\x0d\\x0a\\u2066b\\ud800"


def test_an_envelope_is_shown(cse, s3, bucket, kms_key, tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    cse("put", tmp_path / "a", f"s3://{bucket}/a", "--kms-key", kms_key, "--context", "team=ü")

    shown = cse("inspect", f"s3://{bucket}/a").out
    values = cse("inspect", f"s3://{bucket}/a", "--json").named("inspection")[0]

    assert "AES-256-GCM with key commitment" in shown
    assert "team = ü" in shown
    assert values["kind"] == "encrypted"
    assert (values["size"], values["stored_size"]) == (5, 21)
    assert values["envelope"]["format"] == "v3"
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    assert "not encrypted" in cse("inspect", f"s3://{bucket}/plain").out


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_keys_are_listed_and_checked(cse, kms, kms_key):
    kms.create_alias(AliasName=f"alias/cse-{kms_key[-12:]}", TargetKeyId=kms_key)

    listed = {event["arn"]: event for event in cse("keys", "--json").named("key")}
    checked = {event["arn"]: event for event in cse("keys", "--check", "--json").named("key")}

    assert listed[kms_key]["label"] == f"alias/cse-{kms_key[-12:]}"
    assert listed[kms_key]["state"] == "Enabled"
    assert checked[kms_key]["encrypt"] in ("allowed", "unknown")
    assert kms_key in cse("keys", "--check").out


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_saved_connections_and_profiles_are_listed_and_used(
    cse, s3_url, kms_url, bucket, kms_key, tmp_path, home
):
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text("[profile payroll]\nregion = eu-west-1\n")
    saved = Connection("mine", region=servers.REGION, s3_endpoint=s3_url, kms_endpoint=kms_url)
    choice = KeyChoice(kms_key, "alias/x", (("team", "payroll"),))
    save_settings(
        home / "cse-desktop",
        Settings(connections=(saved,), default_keys={("mine", bucket): choice}),
    )
    (tmp_path / "a").write_bytes(b"1")

    listed = cse("connections", "--json")
    put = cse("put", tmp_path / "a", f"s3://{bucket}/a", "--connection", "mine")
    inspected = cse("inspect", f"s3://{bucket}/a", "--json").named("inspection")[0]

    assert listed.named("connection")[0]["name"] == "mine"
    assert listed.named("profile")[0]["name"] == "payroll"
    assert put.code == 0, put.err
    assert inspected["envelope"]["context"]["team"] == "payroll"


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["inspect", "s3://{bucket}/none"], 5, ""),
        (["get", "s3://{bucket}/none", "x"], 5, ""),
        (["get", "-r", "s3://{bucket}/none/", "x"], 5, "There is nothing in"),
        (["get", "s3://{bucket}/none/", "x"], 2, "is a folder"),
        (["ls", "s3://{bucket}/none/"], 5, "Nothing begins with"),
        (["ls", "s3://no-such-bucket-here"], 5, ""),
        (["put", "/none", "s3://{bucket}/", "--kms-key", "{key}"], 5, "cannot be read"),
        (["put", "/etc", "s3://{bucket}/", "--kms-key", "{key}"], 2, "is a folder"),
        (["put", "/etc/hostname", "s3://{bucket}/"], 2, "No KMS key was named"),
        (
            ["put", "/etc/hostname", "/etc/group", "s3://{bucket}/x", "--kms-key", "k"],
            2,
            "Several files",
        ),
        (
            ["put", "/etc/hostname", "s3://{bucket}/", "--kms-key", "k", "--context", "x"],
            2,
            "NAME=VALUE",
        ),
        (["put", "/etc/hostname", "s3://{bucket}/", "--kms-key", "alias/none"], 5, ""),
        (["ls", "--connection", "nobody"], 5, "no connection called"),
        (["ls", "--connection", "sandbox"], 5, "sandbox is not running"),
        (["ls", "--profile", "nobody"], 4, ""),
        (["get", "s3://{bucket}/there", "/etc/hostname/x"], 7, "is a file, not a folder"),
        *[(["ls" if place != "s3://" else "inspect", place], 2, "") for place in BAD_PLACES],
    ],
)
def test_each_failure_has_its_exit_code_and_a_sentence(
    cse, s3, bucket, kms_key, arguments, code, words
):
    s3.put_object(Bucket=bucket, Key="there", Body=b"")
    given = [each.format(bucket=bucket, key=kms_key) for each in arguments]

    ran = cse(*given)
    as_json = cse(*given, "--json")

    assert ran.code == as_json.code == code, ran.err
    assert words in ran.err
    assert re.search(r"^cse: .+", ran.err, re.MULTILINE)
    assert "Traceback" not in ran.err
    assert as_json.err == ""
    assert as_json.events[-1]["exit_code"] == code


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_key_that_is_disabled_or_unreachable_has_its_exit_code(bucket, kms_key, where, capsys):
    closed = ["--s3-endpoint", "http://127.0.0.1:9", "--kms-endpoint", "http://127.0.0.1:9"]

    code = main(["ls", f"s3://{bucket}", *where[:2], *closed])

    assert code == 6
    assert capsys.readouterr().err.startswith("cse: ")


@pytest.mark.parametrize(
    "endpoint",
    ["http://example.com", "ftp://127.0.0.1", "http://127.0.0.1.evil.com", "http://u:p@127.0.0.1"],
)
def test_endpoints_must_be_https_or_this_computer(endpoint, capsys):
    code = main(["ls", "s3://b", "--region", "x", "--s3-endpoint", endpoint])

    assert code == 2
    assert "s3://" not in capsys.readouterr().out


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_endpoints_of_the_environment_are_ignored(cse, bucket, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_KMS"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert cse("ls", f"s3://{bucket}").code == 0


def test_without_credentials_one_is_asked_to_sign_in(capsys):
    code = main(["ls", "s3://b", "--region", "us-east-1", "--s3-endpoint", "http://127.0.0.1:9"])

    assert code == 4
    assert "credentials" in capsys.readouterr().err


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_quiet_says_nothing_but_errors(cse, bucket, kms_key, tmp_path):
    (tmp_path / "a").write_bytes(b"1")

    good = cse("put", tmp_path / "a", f"s3://{bucket}/", "--kms-key", kms_key, "--quiet")
    bad = cse("put", tmp_path / "a", f"s3://{bucket}/", "--kms-key", kms_key, "--quiet")

    assert (good.code, good.out, good.err) == (0, "", "")
    assert (bad.code, bad.out) == (8, "")
    assert bad.err.startswith("cse: ")


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_debug_shows_no_secret(cse, bucket, kms_key, tmp_path, monkeypatch):
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    token = "IQoJb3JpZ2luX2VjEXAMPLETOKEN"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    (tmp_path / "a").write_bytes(b"the content of the file")

    runs = [
        cse("put", tmp_path / "a", f"s3://{bucket}/", "--kms-key", kms_key, "--debug"),
        cse("get", f"s3://{bucket}/a", tmp_path / "b", "--debug"),
        cse("get", f"s3://{bucket}/none", tmp_path / "b", "--debug"),
        cse("keys", "--check", "--debug"),
    ]

    for ran in runs:
        for word in (secret, token, servers.ACCESS_KEY, "Signature=", "the content of the file"):
            assert word not in ran.out + ran.err


def test_every_kind_of_failure_has_an_exit_code():
    assert set(CODES) == set(FailureKind)
    assert set(SERIOUSNESS) == set(CODES.values())
    assert exit_code([]) == 0
    assert exit_code([FailureKind.EXISTS, FailureKind.REFUSED, FailureKind.NETWORK]) == 3


def test_help_is_quick_because_it_imports_nothing_heavy():
    program = (
        "import sys; from cse_desktop.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(n for n in sys.modules if n in ('boto3', 'botocore', 'cryptography')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert ran.stdout.splitlines()[-1] == "[]"
    for code in (0, 2, 3, 4, 5, 6, 7, 8, 9, 130):
        assert f"\n  {code} " in ran.stdout


@pytest.mark.parametrize("arguments", [[], ["fly"], ["ls", "--jso"], ["put", "a"]])
def test_a_mistyped_command_is_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "usage: cse" in capsys.readouterr().err


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_reader_that_goes_away_ends_it_quietly(start_cse, s3, bucket):
    for number in range(300):
        s3.put_object(Bucket=bucket, Key=f"{number:0200}", Body=b"")

    process = start_cse("ls", f"s3://{bucket}/", "--json")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()

    assert process.wait() == 141
    assert err == ""


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_file_name_that_is_no_text_is_left_out_with_a_sentence(cse, bucket, kms_key, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / os.fsdecode(b"bad\xff")).write_bytes(b"1")
    (tmp_path / "in" / "good").write_bytes(b"1")

    put = cse("put", "-r", tmp_path / "in", f"s3://{bucket}/", "--kms-key", kms_key)
    shown = cse("ls", f"s3://{bucket}/in/", "--json")

    assert put.code == 2
    assert "bad\\xff is left out, because its name is not valid text" in put.err
    assert [json.loads(line)["key"] for line in shown.out.splitlines()] == ["in/good"]
