"""Fields that are missing, empty, there twice, of two formats, of wrong length or spelling."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.testkit.case import Case, accept, refuse
from tests.testkit.material import b64, fixed
from tests.testkit.sample import BASES, PLAINTEXT, Sample, v2, v3

_V2_NAMES = (
    "x-amz-key-v2", "x-amz-iv", "x-amz-cek-alg", "x-amz-wrap-alg", "x-amz-matdesc",
    "x-amz-tag-len", "x-amz-unencrypted-content-length",
)  # fmt: skip
_V3_NAMES = ("x-amz-c", "x-amz-3", "x-amz-w", "x-amz-d", "x-amz-i", "x-amz-t", "x-amz-m")
_OPTIONAL = ("x-amz-tag-len",)
# With an empty context the kms generation is sound, and its context may be left out.
_OPTIONAL_CONTEXT = ("kms-gcm", "kms-cbc")
_BINARY = {
    "v3": {"x-amz-3": 0, "x-amz-d": 28, "x-amz-i": 28},
    "v2": {"x-amz-key-v2": 0, "x-amz-iv": 12},
    "kms-cbc": {"x-amz-iv": 16},
}
_OTHER_LENGTHS = {28: (0, 12, 16, 27, 29, 32), 12: (0, 11, 13, 16, 28), 16: (0, 12, 15, 17)}


def cases() -> Iterator[Case]:
    """All of them."""
    for name, make in BASES.items():
        sound = make(PLAINTEXT)
        yield from _missing(name, sound)
        yield from _twice(name, sound)
    yield from _mixed()
    for name, binary in _BINARY.items():
        sound = BASES[name](PLAINTEXT)
        for field, length in binary.items():
            yield from _lengths(name, sound, field, length)
            yield from _spelled(name, sound, field)


def _missing(name: str, sound: Sample) -> Iterator[Case]:
    for field, _value in sound.metadata:
        about = f"{name} without {field}"
        if field in _OPTIONAL:
            continue
        if field == "x-amz-matdesc" and name in _OPTIONAL_CONTEXT:
            # A reader takes it as empty, and KMS wrapped the key for another context.
            yield refuse(f"{name}-without-{field}", about, "kms", sound.lacking(field))
            continue
        reason = "no-instruction-file" if field == "x-amz-3" else "format"
        yield refuse(f"{name}-without-{field}", about, reason, sound.lacking(field))
    for field, _value in sound.metadata:
        about = f"{name}, {field} is empty"
        yield refuse(f"{name}-empty-{field}", about, "format", sound.having({field: ""}))


def _twice(name: str, sound: Sample) -> Iterator[Case]:
    for field, value in sound.metadata:
        about = f"{name}, {field} stands there twice, once in capitals"
        pairs = (*sound.metadata, (field.upper(), value))
        yield refuse(f"{name}-twice-{field}", about, "format", replace(sound, metadata=pairs))
        about = f"{name}, {field} was sent twice and S3 joined the values"
        joined = sound.having({field: f"{value},{value}"})
        yield refuse(f"{name}-joined-{field}", about, "format", joined)


def _mixed() -> Iterator[Case]:
    first, second = v3(PLAINTEXT), v2(PLAINTEXT)
    raw = {"x-amz-key": b64(fixed("raw wrapped key", 48))}
    length = {"x-amz-unencrypted-content-length": str(len(PLAINTEXT))}
    old = {**second.fields, **length}
    for field in _V2_NAMES:
        sample = first.having({field: old[field]})
        yield refuse(f"v3-beside-{field}", f"v3 with {field} of v2", "format", sample)
    new = {**first.fields, "x-amz-m": "{}"}
    for field in _V3_NAMES:
        sample = second.having({field: new[field]})
        yield refuse(f"v2-beside-{field}", f"v2 with {field} of v3", "format", sample)
    both = first.having(second.fields)
    yield refuse("v3-beside-v2", "whole envelopes of v3 and v2", "format", both)
    downgraded = second.having({n: first.fields[n] for n in ("x-amz-c", "x-amz-d", "x-amz-i")})
    about = "a v2 envelope beside c, d and i: how a v3 object would be downgraded"
    yield refuse("v2-beside-c-d-i", about, "format", downgraded)
    yield refuse("v3-beside-x-amz-key", "v3 with x-amz-key of v1", "format", first.having(raw))
    yield refuse("v2-beside-x-amz-key", "v2 with x-amz-key of v1", "format", second.having(raw))
    about = "v3 with an empty material description, which belongs to raw keys"
    yield accept("v3-beside-x-amz-m", about, first.having({"x-amz-m": "{}"}))


def _lengths(name: str, sound: Sample, field: str, length: int) -> Iterator[Case]:
    if not length:
        too_long = b64(fixed("too long", 6145))
        about = f"{name}, {field} has a byte more than KMS takes"
        yield refuse(f"{name}-{field}-6145", about, "format", sound.having({field: too_long}))
        return
    value = base64.b64decode(sound.fields[field])
    for other in _OTHER_LENGTHS[length]:
        changed = (value + fixed("more", 32))[:other]
        about = f"{name}, {field} has {other} bytes where the format has {length}"
        sample = sound.having({field: b64(changed)})
        yield refuse(f"{name}-{field}-{other}-bytes", about, "format", sample)


def _spelled(name: str, sound: Sample, field: str) -> Iterator[Case]:
    text = sound.fields[field]
    spellings: dict[str, tuple[str, Callable[[str], str]]] = {
        "newline": ("a line break in it (MIME)", lambda t: f"{t[:8]}\n{t[8:]}"),
        "blank": ("a blank in it", lambda t: f"{t[:8]} {t[8:]}"),
        "blank-before": ("a blank before it", lambda t: " " + t),
        "blank-behind": ("a blank behind it", lambda t: t + " "),
        "padding-more": ("more padding than it needs", lambda t: t + "="),
        "padding-inside": ("padding in the middle", lambda t: f"{t[:8]}==={t[8:]}"),
        "nul": ("a NUL behind it", lambda t: t + "\0"),
        "not-base64": ("a character that base64 does not have", lambda t: "!" + t[1:]),
        "wide": ("a full-width letter", lambda t: "Ａ" + t[1:]),  # noqa: RUF001
        "word": ("an encoded word", lambda t: f"=?UTF-8?Q?{t.replace('=', '=3D')}?="),
    }
    if field not in ("x-amz-3", "x-amz-key-v2"):  # of those any bytes may be the right ones
        spellings["hex"] = ("hexadecimal digits", lambda t: base64.b64decode(t).hex())
    if text.endswith("="):
        spellings |= {
            "padding-less": ("no padding", lambda t: t.rstrip("=")),
            "spare-bits": ("spare bits that are not zero", _with_spare_bits),
        }
    for key, (what, spell) in spellings.items():
        sample = sound.having({field: spell(text)})
        about = f"{name}, {field}: {what}"
        yield refuse(f"{name}-{field}-{key}", about, "format", sample)
    url_safe = sound.having({field: f"-_{text[2:]}"})
    about = f"{name}, {field} with letters of URL-safe base64"
    yield refuse(f"{name}-{field}-url-safe", about, "format", url_safe)


def _with_spare_bits(text: str) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = text.rstrip("=")
    last = letters[letters.index(body[-1]) + 1]
    return body[:-1] + last + "=" * (len(text) - len(body))
