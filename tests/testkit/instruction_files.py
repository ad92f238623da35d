"""Envelopes in instruction files: the spellings of all writers, and files that lie."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.testkit.case import Case, accept, refuse
from tests.testkit.material import b64, fixed
from tests.testkit.sample import (
    BASES,
    CEK_ALG,
    PLAINTEXT,
    USER_CONTEXT,
    Sample,
    grant,
    json_text,
    kms_cbc,
    kms_gcm,
    v2,
    v3,
)

_SPLIT = ("x-amz-3", "x-amz-w", "x-amz-t")
_LIMIT = 64 * 1024
_LENGTH = {"x-amz-unencrypted-content-length": str(len(PLAINTEXT))}


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _sound()
    yield from _numbers()
    yield from _downgrades()
    yield from _incomplete()
    yield from _contents()
    yield from _exchanged()
    yield from _suffixes()
    yield from _unused()


def _content(sample: Sample) -> dict[str, Any]:
    return dict(json.loads(sample.instruction or b""))


def _with_text(sample: Sample, text: str | bytes) -> Sample:
    return replace(sample, instruction=text.encode() if isinstance(text, str) else text)


def _changed(sample: Sample, **of: Any) -> Sample:
    values = {name.replace("_", "-"): value for name, value in of.items()}
    return _with_text(sample, json_text({**_content(sample), **values}))


def _split() -> Sample:
    return v3(PLAINTEXT).moved(*_SPLIT)


def _whole() -> Sample:
    return v2(PLAINTEXT).moved()


def _sound() -> Iterator[Case]:
    for name, sound in (
        ("v3", _split()),
        ("v2", _whole()),
        ("kms-cbc", kms_cbc(PLAINTEXT).moved()),
    ):
        content = _content(sound)
        files = {
            "spaced": ("blanks and line breaks in it", json.dumps(content, indent=2)),
            "newline": ("a line break behind it", json_text(content) + "\n"),
            "slashes": ("slashes escaped (PHP)", json_text(content).replace("/", "\\/")),
            "unknown": ("names nobody knows", json_text({"x": "y", **content, "x-amz-new": "1"})),
        }
        for key, (what, text) in files.items():
            about = f"{name}, its instruction file: {what}"
            yield accept(f"{name}-file-{key}", about, _with_text(sound, text))
    largest = _with_text(_split(), json_text(_content(_split())).ljust(_LIMIT))
    yield accept("v3-file-largest", "v3, its instruction file has just 64 KiB", largest)
    about = "v2, whole in an instruction file, with the plaintext's length on the object (Ruby)"
    yield accept("v2-file-length-on-object", about, _whole().having(_LENGTH))
    about = "v3, split, with metadata of the user"
    yield accept("v3-file-beside", about, _split().having({"note": "hello"}))
    for name, make, parts in (("v3", v3, _SPLIT), ("v2", v2, ())):
        sound = make(PLAINTEXT, {"naïve": "Zürich", "город": "Москва 🔑"}).moved(*parts)
        raw = {n: json.dumps(json.loads(v), ensure_ascii=False) if v.startswith("{") else v
               for n, v in _content(sound).items()}  # fmt: skip
        about = f"{name}, raw UTF-8 in the context in its instruction file (Ruby, Java)"
        text = json.dumps(raw, ensure_ascii=False)
        yield accept(f"{name}-file-utf-8", about, _with_text(sound, text))
        about = f"{name}, \\u escapes in the context in its instruction file (PHP)"
        yield accept(f"{name}-file-escapes", about, sound)


def _numbers() -> Iterator[Case]:
    """The PHP client writes these two as numbers."""
    for name, make in (("v2", v2), ("kms-gcm", kms_gcm)):
        sound = _changed(make(PLAINTEXT).moved(), x_amz_tag_len=128)
        about = f"{name}, x-amz-tag-len a number in its instruction file (PHP)"
        yield accept(f"{name}-file-number", about, sound)
    sound = _changed(kms_cbc(PLAINTEXT).moved(), x_amz_unencrypted_content_length=len(PLAINTEXT))
    about = "kms-cbc, the plaintext's length a number in its instruction file (PHP)"
    yield accept("kms-cbc-file-number", about, sound)
    for key, value in (("96", 96), ("float", 128.0), ("text-96", "96"), ("true", True)):
        about = f"v2, x-amz-tag-len is {json.dumps(value)} in its instruction file"
        sample = _changed(_whole(), x_amz_tag_len=value)
        yield refuse(f"v2-file-tag-len-{key}", about, "format", sample)


def _downgrades() -> Iterator[Case]:
    sound, full = _split(), v3(PLAINTEXT)
    for name in ("x-amz-c", "x-amz-d", "x-amz-i"):
        sample = _with_text(sound, json_text({**_content(sound), name: full.fields[name]}))
        about = f"v3, {name} on the object and in the instruction file as well"
        yield refuse(f"v3-file-holds-{name}", about, "format", sample)
    everything = replace(full.moved(), metadata=())
    about = "v3, all of its envelope in the instruction file and nothing on the object"
    yield refuse("v3-file-holds-all", about, "format", everything)
    about = "v3, c, d and i in the instruction file instead of on the object"
    moved = full.moved("x-amz-c", "x-amz-d", "x-amz-i", *_SPLIT)
    yield refuse("v3-file-holds-c-d-i", about, "format", moved)
    about = "c, d and i on the object and a whole v2 envelope in the instruction file"
    whole = _with_text(sound, json_text(v2(PLAINTEXT).fields)).with_grants(*v2(PLAINTEXT).grants)
    yield refuse("v3-file-of-v2", about, "format", whole.with_body(v2(PLAINTEXT).body))
    about = "v3, its instruction file also holds a v2 envelope"
    both = _with_text(sound, json_text({**_content(sound), **v2(PLAINTEXT).fields}))
    yield refuse("v3-file-with-v2", about, "format", both)
    about = "v2, whole in its instruction file, which also holds x-amz-3"
    sample = _changed(_whole(), x_amz_3=full.fields["x-amz-3"])
    yield refuse("v2-file-with-x-amz-3", about, "format", sample)
    about = "v2, its instruction file also holds x-amz-key of v1"
    sample = _changed(_whole(), x_amz_key=b64(fixed("raw wrapped key", 48)))
    yield refuse("v2-file-with-x-amz-key", about, "format", sample)
    for name in ("x-amz-iv", "x-amz-cek-alg", "x-amz-matdesc"):
        about = f"v2, whole in its instruction file, and {name} on the object as well"
        sample = _whole().having({name: v2(PLAINTEXT).fields[name]})
        yield refuse(f"v2-file-and-{name}", about, "format", sample)


def _incomplete() -> Iterator[Case]:
    for name, sound in (
        ("v3", _split()),
        ("v2", _whole()),
        ("kms-cbc", kms_cbc(PLAINTEXT).moved()),
    ):
        content = _content(sound)
        for field in content:
            if field == "x-amz-tag-len" or (name == "kms-cbc" and field == "x-amz-matdesc"):
                continue
            rest = {n: v for n, v in content.items() if n != field}
            about = f"{name}, {field} is missing in its instruction file"
            sample = _with_text(sound, json_text(rest))
            yield refuse(f"{name}-file-without-{field}", about, "format", sample)
        about = f"{name}, its instruction file does not exist"
        gone = replace(sound, instruction=None)
        reason = "no-instruction-file" if name == "v3" else "no-envelope"
        yield refuse(f"{name}-file-gone", about, reason, gone)
    for field in ("x-amz-c", "x-amz-d", "x-amz-i"):
        about = f"v3, split, and {field} is missing on the object"
        yield refuse(f"v3-file-object-without-{field}", about, "format", _split().lacking(field))


def _contents() -> Iterator[Case]:
    sound = _split()
    text = json_text(_content(sound))
    latin = text.replace("payroll", "p\0").encode().replace(b"\0", b"\xff")
    inner = _content(sound)["x-amz-t"]
    context = json_text(inner)
    files: dict[str, tuple[str, str | bytes]] = {
        "empty": ("is empty", b""),
        "blank": ("is a blank", " "),
        "not-json": ("is not JSON", "x-amz-3=..."),
        "xml": ("is XML", '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'),
        "array": ("is an array", f"[{text}]"),
        "string": ("is a text", json_text(text)),
        "number": ("is a number", "12"),
        "null": ("is null", "null"),
        "cut": ("is cut off", text[:-1]),
        "behind": ("has something behind it", text + "x"),
        "two": ("holds two objects", text + text),
        "bom": ("begins with a byte order mark", b"\xef\xbb\xbf" + text.encode()),
        "utf-16": ("is UTF-16", text.encode("utf-16")),
        "not-utf-8": ("is not UTF-8", latin),
        "nul": ("has a NUL behind it", text + "\0"),
        "twice": ("has a name twice", text[:-1] + ',"x-amz-w":"12"}'),
        "twice-other": ("has a name twice with two values", text[:-1] + ',"x-amz-w":"02"}'),
        "nested": ("has the context as an object", text.replace(context, inner)),
        "null-value": ("has a field that is null", text.replace('"12"', "null")),
        "array-value": ("has a field that is an array", text.replace('"12"', '["12"]')),
        "number-value": ("has a field that is a fraction", text.replace('"12"', "12.0")),
        "deep": ("is nested five thousand times", "[" * 5_000),
        "nan": ("has a value that is NaN", text[:-1] + ',"x":NaN}'),
        "too-large": ("has a byte more than 64 KiB", text.ljust(_LIMIT + 1)),
        "word": ("has an encoded word", text.replace(context, json_text("=?UTF-8?Q?{}?="))),
    }  # fmt: skip
    for key, (about, content) in files.items():
        sample = _with_text(sound, content)
        yield refuse(f"v3-file-{key}", f"v3, its instruction file {about}", "format", sample)


def _exchanged() -> Iterator[Case]:
    for name, sound, field in (("v3", _split(), "x_amz_3"), ("v2", _whole(), "x_amz_key_v2")):
        context = sound.grants[0].context
        other = grant(f"{name} exchanged", dict(context))
        sample = _changed(sound, **{field: b64(other.wrapped_key)})
        about = f"{name}, another sound wrapped key in its instruction file"
        sample = sample.with_grants(*sound.grants, other)
        yield refuse(f"{name}-file-other-key", about, "tampered", sample)
        about = f"{name}, a wrapped key that KMS does not know in its instruction file"
        unknown = _changed(sound, **{field: b64(fixed("unknown", 184))})
        yield refuse(f"{name}-file-unknown-key", about, "kms", unknown)
    about = "v3, its instruction file has the context of another object"
    other_context = json_text({**USER_CONTEXT, "tenant": "43", CEK_ALG: "115"})
    sample = _changed(_split(), x_amz_t=other_context)
    yield refuse("v3-file-other-context", about, "kms", sample)
    about = "v3, its instruction file names a raw key"
    yield refuse("v3-file-raw", about, "raw-key", _changed(_split(), x_amz_w="02"))
    about = "v2, its instruction file names a raw key"
    raw = _changed(_whole(), x_amz_wrap_alg="AES/GCM")
    yield refuse("v2-file-raw", about, "raw-key", raw)
    about = "v2 relabelled as kms in its instruction file"
    relabelled = _changed(_whole(), x_amz_wrap_alg="kms")
    yield refuse("v2-file-relabelled", about, "format", relabelled)


def _suffixes() -> Iterator[Case]:
    """A reader may be told of another ending of instruction files, and then looks only there."""
    for name, sound in (
        ("v3", _split()),
        ("v2", _whole()),
        ("kms-cbc", kms_cbc(PLAINTEXT).moved()),
    ):
        about = f"{name}, its instruction file ends in .envelope, as the reader was told"
        yield accept(f"{name}-file-suffix", about, sound, suffix=".envelope")
    about = "v3, no instruction file ends in .envelope, of which the reader was told"
    gone = replace(_split(), instruction=None)
    yield refuse("v3-file-suffix-gone", about, "no-instruction-file", gone, suffix=".envelope")
    about = "v3, c in an instruction file that ends in .envelope"
    held = _changed(_split(), x_amz_c="115")
    yield refuse("v3-file-suffix-holds-x-amz-c", about, "format", held, suffix=".envelope")


def _unused() -> Iterator[Case]:
    """An object that has its envelope needs no instruction file, and none is looked at."""
    for name, make in BASES.items():
        for key, content in (
            ("garbage", b"garbage"),
            ("forged", json_text(v2(b"").fields).encode()),
        ):
            about = f"{name}, whole in metadata, with an instruction file nobody asked for ({key})"
            sample = replace(make(PLAINTEXT), instruction=content)
            yield accept(f"{name}-file-unused-{key}", about, sample)
