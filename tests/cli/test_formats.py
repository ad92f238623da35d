"""Formats on the command line: what is written, what may be read, and what `inspect` tells."""

from __future__ import annotations

import base64
import json
import os

import pytest

from tests.offline import cbc

ON_MOTO = pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
CONTENT = b"old but dear"


@pytest.fixture
def old_object(s3, kms, bucket, kms_key):
    """An AES-CBC object of a client of before 2020; gives its place."""
    context = {"kms_cmk_id": kms_key, "team": "x"}
    data_key, iv = os.urandom(32), os.urandom(16)
    wrapped = kms.encrypt(KeyId=kms_key, Plaintext=data_key, EncryptionContext=context)
    metadata = {
        "x-amz-key-v2": base64.b64encode(wrapped["CiphertextBlob"]).decode(),
        "x-amz-iv": base64.b64encode(iv).decode(),
        "x-amz-cek-alg": "AES/CBC/PKCS5Padding",
        "x-amz-wrap-alg": "kms",
        "x-amz-matdesc": json.dumps(context),
    }
    body = cbc(data_key, iv, CONTENT)
    s3.put_object(Bucket=bucket, Key="old", Body=body, Metadata=metadata)
    s3.put_object(Bucket=bucket, Key="split", Body=body)
    s3.put_object(Bucket=bucket, Key="split.env", Body=json.dumps(metadata).encode())
    return f"s3://{bucket}/old"


def test_v2_is_written_and_read_back(cse, s3, bucket, kms_key, tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    place = f"s3://{bucket}/a"

    put = cse("put", tmp_path / "a", place, "--kms-key", kms_key, "--write", "v2", "--json")
    got = cse("get", place, tmp_path / "back", "--json")

    assert (put.code, got.code) == (0, 0)
    assert put.named("done")[0]["format"] == got.named("done")[0]["format"] == "v2"
    assert (tmp_path / "back").read_bytes() == CONTENT
    assert "x-amz-key-v2" in s3.head_object(Bucket=bucket, Key="a")["Metadata"]
    strict = cse("verify", place, "--read", "strict")
    assert strict.code == 3
    assert "(cse: --read default)" in strict.err


@ON_MOTO
def test_v3_is_written_without_being_asked_for(cse, bucket, kms_key, tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)

    for options in ([], ["--write", "v3"]):
        put = cse("put", tmp_path / "a", f"s3://{bucket}/", "--kms-key", kms_key, "--json",
                  "--if-exists", "replace", *options)  # fmt: skip
        assert put.named("done")[0]["format"] == "v3"
    unbound = cse("verify", f"s3://{bucket}/a", "--read", "strict")
    assert unbound.code == 3
    assert "This file is not bound to its name" in unbound.err
    assert "(cse: --no-bind-names)" in unbound.err
    assert cse("verify", f"s3://{bucket}/a", "--read", "strict", "--no-bind-names").code == 0


@ON_MOTO
def test_strict_reads_what_is_bound_to_its_name(cse, s3, bucket, kms_key, tmp_path):
    (tmp_path / "a").write_bytes(CONTENT)
    cse("put", tmp_path / "a", f"s3://{bucket}/", "--kms-key", kms_key, "--bind-names")
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})

    assert cse("verify", f"s3://{bucket}/a", "--read", "strict").code == 0
    swapped = cse("verify", f"s3://{bucket}/b", "--read", "strict")
    assert swapped.code == 3
    assert "under another name" in swapped.err


def test_weak_formats_are_read_only_when_they_are_named(cse, old_object, tmp_path):
    refused = cse("get", old_object, tmp_path / "no")
    half = cse("get", old_object, tmp_path / "no", "--allow", "cbc")
    got = cse("get", old_object, tmp_path / "back", "--allow", "cbc,kms-wrap", "--json")

    assert refused.code == half.code == 3
    assert "(cse: --allow cbc,kms-wrap) to migrate" in refused.err
    assert "(cse: --allow kms-wrap) to migrate" in half.err
    assert got.code == 0
    assert (tmp_path / "back").read_bytes() == CONTENT
    assert got.named("done")[0]["format"] == "v1"
    assert got.named("done")[0]["size"] == len(CONTENT)
    assert not (tmp_path / "no").exists()
    assert cse("verify", old_object, "--allow", "cbc", "--allow", "kms-wrap").code == 0


@ON_MOTO
def test_instruction_file_with_a_suffix_of_its_own_is_read(cse, bucket, old_object, tmp_path):
    place = f"s3://{bucket}/split"
    allow = ["--allow", "kms-wrap,cbc,instruction-file"]

    assert "--allow instruction-file" in cse("verify", place).err
    assert "not encrypted" in cse("verify", place, *allow).err
    assert cse("verify", place, *allow, "--instruction-suffix", ".env").code == 0
    shown = cse("inspect", place, *allow, "--instruction-suffix", ".env")
    assert "Its envelope is in an instruction file." in shown.out


@ON_MOTO
def test_other_context_than_the_required_one_is_refused(cse, old_object):
    allow = ["--allow", "kms-wrap,cbc", "--require-context"]

    assert cse("verify", old_object, *allow, "team=x").code == 0
    refused = cse("verify", old_object, *allow, "team=y", "--require-context", "more=1")
    assert refused.code == 3
    assert "Another value: team. Missing in the file: more." in refused.err


@ON_MOTO
def test_objects_are_bound_to_their_names(cse, s3, bucket, kms_key, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(CONTENT)
    put = cse("put", tmp_path / "a", tmp_path / "b", f"s3://{bucket}/ü/", "--kms-key", kms_key,
              "--bind-names")  # fmt: skip
    shown = cse("inspect", f"s3://{bucket}/ü/a", "--json").named("inspection")[0]
    s3.copy_object(Bucket=bucket, Key="ü/b", CopySource={"Bucket": bucket, "Key": "ü/a"})

    assert put.code == 0
    assert shown["envelope"]["context"]["aws-s3-bucket"] == bucket
    assert shown["envelope"]["context"]["aws-s3-key"] == "%C3%BC/a"
    assert cse("verify", f"s3://{bucket}/ü/a", "--bind-names").code == 0
    swapped = cse("verify", f"s3://{bucket}/ü/b", "--bind-names")
    assert swapped.code == 3
    assert "under another name" in swapped.err


@ON_MOTO
def test_inspection_begins_in_plain_words_and_ends_in_exact_fields(cse, old_object):
    lines = cse("inspect", old_object).out.splitlines()
    values = cse("inspect", old_object, "--json").named("inspection")[0]
    allowed = cse("inspect", old_object, "--json", "--allow", "cbc,kms-wrap")

    assert lines[0].startswith("Encrypted on the sender's computer with AES-CBC; changes can go")
    assert lines[1].startswith("Can't be read here:    This is a v1 legacy file.")
    assert any(line.startswith("IV:") for line in lines)
    assert values["summary"] == lines[0]
    assert values["is_readable"] is False
    assert values["switches"] == ["AES-CBC content", "kms wrapping"]
    assert values["envelope"]["wrapping"] == "kms"
    assert values["envelope"]["context"]["team"] == "x"
    assert allowed.named("inspection")[0]["is_readable"] is True


@ON_MOTO
def test_file_of_another_program_is_called_by_its_name(cse, s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"age-encryption.org/v1\n-> X25519")

    shown = cse("inspect", f"s3://{bucket}/a")
    refused = cse("verify", f"s3://{bucket}/a")

    assert shown.out.startswith("This file is encrypted with age.")
    assert refused.code == 3
    assert "encrypted with age" in refused.err


@ON_MOTO
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--allow", "cbc,everything"], "“everything” is none of"),
        (["--allow", ""], "is none of"),
        (["--read", "all"], "invalid choice"),
        (["--write", "v2"], "unrecognized"),
    ],
)
def test_unknown_format_is_a_usage_error(cse, capsys, options, words):
    with pytest.raises(SystemExit, match="2"):
        cse("verify", "s3://b/k", *options)

    assert words in capsys.readouterr().err


@ON_MOTO
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--read", "strict", "--allow", "cbc"], "Leave out --read strict"),
        (["--require-context", "x"], "NAME=VALUE"),
        (["--require-context", "x=1", "--require-context", "x=2"], "twice"),
        (["--instruction-suffix", ""], "suffix of instruction files is empty"),
    ],
)
def test_options_that_do_not_fit_are_a_usage_error(cse, options, words):
    ran = cse("verify", "s3://b/k", *options)

    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize("verb", ["get", "verify", "inspect"])
def test_help_calls_the_weak_formats_weak(cse, capsys, verb):
    with pytest.raises(SystemExit, match="0"):
        cse(verb, "--help")

    shown = " ".join(capsys.readouterr().out.split())
    for name in ("kms-wrap", "cbc", "instruction-file"):
        assert f"{name} (WEAK" in shown
