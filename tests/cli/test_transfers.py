"""`cse put`, `get` and `verify` on real servers: what arrives, and what the exit code says."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

ODD_NAMES = [
    "plain.txt",
    "Grüße aus Köln.txt",
    "日本語 ファイル.txt",
    "emoji 🔐.bin",
    "plus+and&percent%41%2F.txt",
    "quote'\"double.txt",
    " leading and trailing ",
    "..hidden",
    "semi;colon,comma=equals",
    "tab\there.txt",
]


def fill(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(random.Random(size).randbytes(size))
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def keys_in(s3, bucket: str) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 8 * 2**20 + 1])
def test_a_file_comes_back_as_it_was(cse, s3, bucket, kms_key, tmp_path, size):
    source, target = fill(tmp_path / "a.bin", size), tmp_path / "b.bin"

    put = cse("put", source, f"s3://{bucket}/x/a.bin", "--kms-key", kms_key)
    get = cse("get", f"s3://{bucket}/x/a.bin", target)

    assert (put.code, get.code) == (0, 0), put.err + get.err
    assert target.read_bytes() == source.read_bytes()
    head = s3.head_object(Bucket=bucket, Key="x/a.bin")
    assert head["ContentLength"] == size + 16
    assert "x-amz-c" in head["Metadata"]


def test_a_folder_with_odd_names_comes_back_as_it_was(cse, bucket, kms_key, tmp_path):
    for number, name in enumerate(ODD_NAMES):
        fill(tmp_path / "in" / "deep" / "er" / name, number)
        fill(tmp_path / "in" / name, 100 + number)

    put = cse("put", "-r", tmp_path / "in", f"s3://{bucket}/p/", "--kms-key", kms_key)
    get = cse("get", "-r", f"s3://{bucket}/p/in/", tmp_path / "out")

    assert (put.code, get.code) == (0, 0), put.err + get.err
    # "%2F" and "%41" in names stay what they are, or could not be told from spelled ones.
    expected = {name.replace("%2F", "%252F"): data for name, data in tree(tmp_path / "in").items()}
    expected = {name.replace("\t", "%09"): data for name, data in expected.items()}
    assert tree(tmp_path / "out") == expected
    assert "is saved as" in get.err


def test_a_hundred_files_go_both_ways_and_say_so(cse, bucket, kms_key, tmp_path):
    for number in range(100):
        fill(tmp_path / "in" / f"{number % 7}" / f"{number}.bin", number)

    put = cse("put", "-r", tmp_path / "in", f"s3://{bucket}", "--kms-key", kms_key, "--json")
    get = cse("get", "-r", f"s3://{bucket}", tmp_path / "out", "--json")

    total = sum(range(100))
    for ran in (put, get):
        assert ran.code == 0, ran.out
        assert ran.err == ""
        assert ran.named("planned")[0]["files"] == 100
        assert len(ran.named("done")) == 100
        summary = ran.named("summary")[0]
        assert (summary["done"], summary["bytes"], summary["exit_code"]) == (100, total, 0)
    assert {event["key"] for event in put.named("done")} == {kms_key}
    assert tree(tmp_path / "out" / "in") == tree(tmp_path / "in")


def test_the_place_without_a_slash_is_the_new_name(cse, s3, bucket, kms_key, tmp_path):
    fill(tmp_path / "in" / "a.txt", 3)

    for source, place in [("in", "copy"), ("in", "kept/"), ("in/a.txt", "b.txt")]:
        cse("put", "-r", tmp_path / source, f"s3://{bucket}/{place}", "--kms-key", kms_key)

    assert keys_in(s3, bucket) == ["b.txt", "copy/a.txt", "kept/in/a.txt"]


def test_a_folder_named_without_slash_keeps_its_name_in_an_existing_one(
    cse, bucket, kms_key, tmp_path
):
    fill(tmp_path / "in" / "a.txt", 3)
    cse("put", "-r", tmp_path / "in", f"s3://{bucket}/", "--kms-key", kms_key)
    (tmp_path / "there").mkdir()

    for target in ("there", "new"):
        assert cse("get", "-r", f"s3://{bucket}/in", tmp_path / target).code == 0

    assert list(tree(tmp_path / "there")) == [os.path.join("in", "a.txt")]
    assert list(tree(tmp_path / "new")) == ["a.txt"]


def test_the_context_goes_into_the_envelope(cse, bucket, kms_key, tmp_path):
    source = fill(tmp_path / "a", 5)

    put = cse(
        "put",
        source,
        f"s3://{bucket}/a",
        *("--kms-key", kms_key, "--context", "team=payroll", "--context", "year=2026=x"),
    )
    inspected = cse("inspect", f"s3://{bucket}/a", "--json").named("inspection")[0]

    assert put.code == 0
    context = inspected["envelope"]["context"]
    assert (context["team"], context["year"]) == ("payroll", "2026=x")
    assert cse("get", f"s3://{bucket}/a", tmp_path / "b").code == 0


@pytest.mark.parametrize(
    ("policy", "code", "uploaded", "saved"),
    [
        ("fail", 8, ["a.txt"], ["a.txt"]),
        ("skip", 0, ["a.txt"], ["a.txt"]),
        ("replace", 0, ["a.txt"], ["a.txt"]),
        ("keep-both", 0, ["a (2).txt", "a.txt"], ["a (2).txt", "a.txt"]),
    ],
)
def test_a_taken_name_is_treated_as_asked(
    cse, s3, bucket, kms_key, tmp_path, policy, code, uploaded, saved
):
    old, new = fill(tmp_path / "old" / "a.txt", 4), fill(tmp_path / "new" / "a.txt", 9)
    out = tmp_path / "out"
    cse("put", old, f"s3://{bucket}/", "--kms-key", kms_key)

    put = cse("put", new, f"s3://{bucket}/", "--kms-key", kms_key, "--if-exists", policy)
    keys = keys_in(s3, bucket)
    fill(out / "a.txt", 7)
    get = cse("get", f"s3://{bucket}/{keys[-1]}", out, "--if-exists", policy)

    assert (put.code, get.code) == (code, code), put.err + get.err
    assert keys == uploaded
    assert sorted(tree(out)) == saved
    is_replaced = policy == "replace"
    assert len((out / "a.txt").read_bytes()) == (9 if is_replaced else 7)
    size = s3.head_object(Bucket=bucket, Key="a.txt")["ContentLength"]
    assert size == (9 if is_replaced else 4) + 16


@pytest.mark.parametrize("place", ["body", "tag"])
def test_a_flipped_bit_is_refused_and_leaves_nothing(cse, s3, bucket, kms_key, tmp_path, place):
    cse("put", fill(tmp_path / "a", 100), f"s3://{bucket}/a", "--kms-key", kms_key)
    answer = s3.get_object(Bucket=bucket, Key="a")
    body = bytearray(answer["Body"].read())
    body[50 if place == "body" else -1] ^= 1
    s3.put_object(Bucket=bucket, Key="a", Body=bytes(body), Metadata=answer["Metadata"])
    (tmp_path / "out").mkdir()

    get = cse("get", f"s3://{bucket}/a", tmp_path / "out")
    verify = cse("verify", f"s3://{bucket}/a")

    assert (get.code, verify.code) == (3, 3)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_not_encrypted_is_refused(cse, s3, bucket, tmp_path):
    s3.put_object(Bucket=bucket, Key="plain", Body=b"readable")

    get = cse("get", f"s3://{bucket}/plain", tmp_path / "x", "--json")

    assert get.code == 3
    assert get.named("failed")[0]["kind"] == "refused"
    assert not (tmp_path / "x").exists()


def test_only_the_named_keys_may_decrypt(cse, kms, bucket, kms_key, tmp_path):
    other = kms.create_key()["KeyMetadata"]["Arn"]
    cse("put", fill(tmp_path / "a", 10), f"s3://{bucket}/a", "--kms-key", kms_key)

    strict = cse("get", f"s3://{bucket}/a", tmp_path / "c", "--kms-key", other)
    both = cse("get", f"s3://{bucket}/a", tmp_path / "b", "--kms-key", other, "--kms-key", kms_key)

    # AWS says IncorrectKey, which is 3; moto says AccessDenied, which is 4.
    assert strict.code in (3, 4), strict.err
    assert not (tmp_path / "c").exists()
    assert both.code == 0, both.err


def test_a_whole_folder_is_verified(cse, s3, bucket, kms_key, tmp_path):
    for number in range(5):
        fill(tmp_path / "in" / str(number), number)
    cse("put", "-r", tmp_path / "in", f"s3://{bucket}/", "--kms-key", kms_key)

    good = cse("verify", "-r", f"s3://{bucket}/in/", "--json")
    s3.put_object(Bucket=bucket, Key="in/9", Body=b"plain")
    bad = cse("verify", "-r", f"s3://{bucket}/in/")

    assert good.code == 0
    assert {event["format"] for event in good.named("done")} == {"v3"}
    assert bad.code == 3
    assert bad.out.count("verified") == 5


def test_links_and_pipes_in_folders_are_left_out_and_listed(cse, s3, bucket, kms_key, tmp_path):
    fill(tmp_path / "in" / "a", 1)
    (tmp_path / "in" / "link").symlink_to("a")
    (tmp_path / "in" / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "in" / "pipe")

    put = cse("put", "-r", tmp_path / "in", f"s3://{bucket}/", "--kms-key", kms_key, "--json")
    named = cse("put", tmp_path / "in" / "pipe", f"s3://{bucket}/", "--kms-key", kms_key)

    assert put.code == 0
    assert [event["reason"] for event in put.named("left-out")] == [
        "it is a link",
        "it is a link",
        "it is not a regular file",
    ]
    assert keys_in(s3, bucket) == ["in/a"]
    assert named.code == 2


def test_names_that_lead_out_of_the_folder_are_refused(cse, s3, session, bucket, kms_key, tmp_path):
    for key in ["p/../../evil", "p//abs", "p/ok"]:
        source = fill(tmp_path / "src", 3)
        cse("put", source, f"s3://{bucket}/tmp", "--kms-key", kms_key, "--if-exists", "replace")
        stored = s3.get_object(Bucket=bucket, Key="tmp")
        body, metadata = stored["Body"].read(), stored["Metadata"]
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata=metadata)
        except s3.exceptions.ClientError:
            pytest.skip("this server takes no such key")
    s3.delete_object(Bucket=bucket, Key="tmp")
    if "p/../../evil" not in keys_in(s3, bucket):
        pytest.skip("this server changes such keys")

    get = cse("get", "-r", f"s3://{bucket}/p/", tmp_path / "deep" / "out", "--json")

    assert get.code == 3
    assert [each["name"] for each in get.named("left-out")] == ["p/../../evil"]
    assert sorted(tree(tmp_path / "deep")) == ["out/%2F/abs", "out/ok"]
    assert not (tmp_path / "evil").exists()


def test_no_link_in_the_target_is_followed(cse, bucket, kms_key, tmp_path):
    cse("put", fill(tmp_path / "a", 3), f"s3://{bucket}/p/sub/a", "--kms-key", kms_key)
    (tmp_path / "outside").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "sub").symlink_to(tmp_path / "outside")

    get = cse("get", "-r", f"s3://{bucket}/p/", tmp_path / "out")

    assert get.code == 3
    assert list((tmp_path / "outside").iterdir()) == []


def test_an_unreadable_folder_fails_but_the_rest_goes(cse, s3, bucket, kms_key, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    fill(tmp_path / "in" / "a", 3)
    (tmp_path / "in" / "locked").mkdir(mode=0)

    put = cse("put", "-r", tmp_path / "in", f"s3://{bucket}/", "--kms-key", kms_key)

    assert put.code == 7
    assert keys_in(s3, bucket) == ["in/a"]


def test_folder_markers_become_folders(cse, s3, bucket, tmp_path):
    s3.put_object(Bucket=bucket, Key="p/empty/", Body=b"")

    get = cse("get", "-r", f"s3://{bucket}/p/", tmp_path / "out")

    assert get.code == 0, get.err
    assert (tmp_path / "out" / "empty").is_dir()


@pytest.mark.parametrize("s3_url", ["moto"], indirect=True)
def test_a_rate_and_a_number_of_files_can_be_given(cse, bucket, kms_key, tmp_path):
    (tmp_path / "source").write_bytes(bytes(300_000))
    begun = time.monotonic()
    ran = cse(
        "put", tmp_path / "source", f"s3://{bucket}/", "--kms-key", kms_key,
        "--limit-rate", "1M", "--parallel", "2",
    )  # fmt: skip

    assert ran.code == 0
    assert time.monotonic() - begun >= 0.15


@pytest.mark.parametrize(
    ("option", "value"), [("--limit-rate", "fast"), ("--limit-rate", "-1"), ("--parallel", "33")]
)
def test_a_rate_or_number_that_is_none_is_a_usage_error(cse, option, value):
    with pytest.raises(SystemExit) as left:
        cse("get", "s3://b/k", ".", f"{option}={value}")
    assert left.value.code == 2
