"""Where the fuzzer begins: the testkit, and a few files of each other kind."""

from __future__ import annotations

import json
from pathlib import Path

from cse_desktop.core.deleting import Doomed
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.record import Order, Place
from cse_desktop.core.source import Identity
from cse_desktop.jobs.request_bodies import body_of
from cse_desktop.jobs.requests import Delete, Download, IfExists, Move, Request, Upload
from tests.fuzz.targets import CUT

_KIT = Path(__file__).parents[1] / "vectors" / "testkit"
FOUND = Path(__file__).parent / "found"
"""Inputs that once broke something, by target."""

_LONGEST = 8192  # what is longer slows the fuzzer down and says nothing new

_SETTINGS = """\
theme = "dark"
density = "compact"
parallel_transfers = 8
download_folder = "/home/me"
unknown = {deep = [1, 2.5, 2026-11-23T10:00:00Z, true]}

[[connections]]
name = "payroll"
profile = "p"
region = "eu-central-1"
s3_endpoint = ""
kms_endpoint = ""
account = "111122223333"
allowed_keys = ["alias/a"]
write_format = "v2"
bind_names = true
[connections.policy]
v2 = false
kms_wrap = true
cbc = true
instruction_files = true
instruction_suffix = ".envelope"
required_context = [["a", "b"]]

[[default_keys]]
connection = "payroll"
bucket = "b"
key_id = "alias/a"
label = "A"
context = [["n", "v"]]

[[named_buckets]]
connection = "payroll"
buckets = ["one", "two"]
"""
_STATE = {
    "windows": {"main": "AAAA"},
    "columns": {"files": [10, 20]},
    "recent_keys": [{"key_id": "alias/a", "label": "A", "context": [["n", "v"]]}],
    "favourite_keys": ["alias/a"],
    "place": ["payroll", "s3://b/k/"],
}


def seeds(target: str) -> list[bytes]:
    """Inputs to begin with, those of `FOUND` among them."""
    made = {
        "envelope": _envelopes,
        "instruction": _instructions,
        "fields": _fields,
        "policy": _policies,
        "settings": lambda: [_SETTINGS.encode(), b"theme = 1", b"[[connections]]\nname = 1"],
        "state": lambda: [json.dumps(_STATE).encode(), b"{}", b"[]", b'{"place": ["\\ud800", ""]}'],
        "content_range": _ranges,
        "first_bytes": _beginnings,
        "journal": _journals,
    }[target]()
    found = [path.read_bytes() for path in sorted((FOUND / target).glob("*"))]
    return [seed for seed in {*made, *found} if len(seed) <= _LONGEST or seed in found]


def dictionary() -> bytes:
    """Words that all targets share, in the form that libFuzzer reads."""
    words = {text for case in _cases() for pair in case["metadata"] for text in pair}
    words |= {'{"', '":"', '"}', "aws:x-amz-cek-alg", "=?UTF-8?Q?", "=?UTF-8?B?", "?=", "bytes "}
    short = [w for w in sorted(words) if w.isascii() and w.isprintable() and 0 < len(w) <= 60]
    lines = [
        f'"{word.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        for word in short
    ]
    return "\n".join([*lines, '"\\xff"', ""]).encode()


def _cases() -> list[dict[str, object]]:
    return list(json.loads((_KIT / "manifest.json").read_text("ascii"))["cases"])


def _flat(pairs: list[list[str]]) -> bytes:
    return CUT.join(text.encode() for pair in pairs for text in pair)


def _envelopes() -> list[bytes]:
    return [_flat(case["metadata"]) for case in _cases()]


def _instructions() -> list[bytes]:
    return [
        CUT.join([(_KIT / case["instruction"]).read_bytes(), _flat(case["metadata"])])
        for case in _cases()
        if "instruction" in case
    ]


def _fields() -> list[bytes]:
    reserved = {
        b"aws:x-amz-cek-alg": (b"115", b"AES/GCM/NoPadding"),
        b"kms_cmk_id": (b"alias/old-key",),
    }
    return [
        CUT.join([bytes([bits]), b"a", b"b", name, bound, _flat(case["metadata"])])
        for case in _cases()
        if "sha256" in case and len(case["metadata"]) > 4
        for bits in (0x02, 0x0A, 0x12, 0x1A)
        for name, values in reserved.items()
        for bound in values
    ]


def _policies() -> list[bytes]:
    pairs = CUT.join([b"a", b"b", b"aws:x-amz-cek-alg", b"115"])
    lost = "город".encode()
    return [
        *(
            bytes([bits, kind]) + CUT + pairs
            for bits in range(32)
            for kind in (0, 1, 2, 65, 66, 130)
        ),
        b"\x1f\x00" + CUT + CUT.join([b"n", lost, b"n", b"?????"]),
    ]


def _ranges() -> list[bytes]:
    told = [b"bytes 0-15/16", b"bytes 0-15/*", b"bytes 16-31/4096", b"", b"bytes=0-15", b"*/16"]
    tags = (b'"abc"', b"abc", b"")
    return [
        CUT.join([status, text, b"0", b"15", etag])
        for status in (b"206", b"200")
        for text in told
        for etag in tags
    ]


def _beginnings() -> list[bytes]:
    foreign = [case for case in _cases() if str(case["id"]).startswith("foreign-")]
    return [(_KIT / str(case["body"])).read_bytes()[:64] for case in foreign] + [
        b"\x85\x01\x0c\x03" + bytes(8),
        b"\xc3\x0d\x04\x09\x03\x08" + bytes(10),
        b'{"x-amz-3":"',
    ]


def _journals() -> list[bytes]:
    a, b = ObjectRef("bucket", "a", "v"), ObjectRef("bucket", "b")
    requests: tuple[Request, ...] = (
        Upload("c", Path("/a"), a, 5, "key", "label", (("n", "v"),), IfExists.REPLACE),
        Download("c", a, Path("/b/c"), 21, IfExists.KEEP_BOTH, Path("/b")),
        Move("c", a, b, 21),
        Delete("c", a, ("a/",), (Doomed("a", 21),), 21),
    )
    rest = {"batch": "1", "rank": 1, "held": False, "failure": None}
    failed = {"failure": {"kind": "key", "title": "t", "hint": "h", "details": "d"}}
    jobs = [{**body_of(request), **rest} for request in requests]
    jobs.append({**jobs[0], **failed})
    order = Order(
        Place("p", "r", "1", "", ""), b, "/a", Identity(1, 2, 3, 4, 5), "key", (), "v3", 8
    )
    upload = {
        "order": order.text, "bucket": "b", "key": "k", "begun": 1.5, "metadata": {"n": "v"},
        "key_arn": "arn", "mac": "AA==", "upload_id": "u", "upload_mac": "AA==",
        "completing": "", "abandoned": False, "job": "",
    }  # fmt: skip
    part = {"number": 1, "length": 9, "digest": "AA==", "mac": "AA==", "etag": "e"}
    made = [json.dumps(job).encode() for job in jobs]
    return [*made, CUT.join(json.dumps(body).encode() for body in (upload, part, part))]
