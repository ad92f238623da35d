"""Labels: unknown ones, those of raw keys, and those that are not what KMS bound."""

from __future__ import annotations

from collections.abc import Iterator

from tests.testkit.case import Case, refuse
from tests.testkit.material import b64, fixed
from tests.testkit.sample import (
    BASES,
    CBC_NAME,
    CEK_ALG,
    GCM_NAME,
    PLAINTEXT,
    USER_CONTEXT,
    Sample,
    json_text,
    kms_cbc,
    kms_gcm,
    v2,
    v3,
)

_UNKNOWN = {
    ("v3", "x-amz-c"): (
        "0", "114", "116", "0115", "115.0", "+115", "1e2", "0x73", "73", "0x0073", " 115", "115 ",
        "１１５", GCM_NAME, "ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY",  # noqa: RUF001
    ),
    ("v3", "x-amz-w"): (
        "0", "1", "2", "11", "13", "21", "012", "12.0", " 12", "12 ", "kms", "kms+context",
    ),
    ("v2", "x-amz-cek-alg"): (
        "AES/CTR/NoPadding", "aes/gcm/nopadding", "AES/GCM/NoPadding ", " AES/GCM/NoPadding",
        "AES/GCM", "AES/ECB/PKCS5Padding", "AES/CBC/NoPadding", "115", "null",
    ),
    ("v2", "x-amz-wrap-alg"): (
        "KMS", "KMS+CONTEXT", "kms+context ", " kms+context", "kms context", "kms+", "12", "null",
    ),
    ("v2", "x-amz-tag-len"): (
        "0", "16", "96", "104", "120", "127", "129", "0128", "128.0", " 128",
        "１２８",  # noqa: RUF001
    ),
}  # fmt: skip
_RAW = {
    "v3": ("x-amz-w", ("02", "22")),
    "v2": (
        "x-amz-wrap-alg",
        ("AES/GCM", "AESWrap", "RSA-OAEP-SHA1", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding"),
    ),
}
_IV16 = b64(fixed("iv of 16", 16))


def cases() -> Iterator[Case]:
    """All of them."""
    for (name, field), values in _UNKNOWN.items():
        for number, value in enumerate(values):
            sample = BASES[name](PLAINTEXT).having({field: value})
            about = f"{name}, {field} is {value!r}"
            yield refuse(f"{name}-{field}-unknown-{number}", about, "format", sample)
    for name, (field, values) in _RAW.items():
        for number, value in enumerate(values):
            sample = BASES[name](PLAINTEXT).having({field: value})
            about = f"{name}, its data key wrapped with a raw key: {value}"
            yield refuse(f"{name}-raw-{number}", about, "raw-key", sample)
    for name, bits, size in (("aes", "AES/ECB", 48), ("rsa", "RSA", 256)):
        sample = _v1(fixed("raw wrapped key", size))
        yield refuse(f"v1-raw-{name}", f"v1, its data key wrapped with {bits}", "raw-key", sample)
    yield from _reserved_pairs()
    yield from _relabelled()


def _v1(wrapped: bytes) -> Sample:
    metadata = {"x-amz-key": b64(wrapped), "x-amz-iv": _IV16, "x-amz-matdesc": "{}"}
    return Sample(tuple(metadata.items()), kms_cbc(PLAINTEXT).body, b"", ())


def _reserved_pairs() -> Iterator[Case]:
    """KMS would unwrap each of these: the pair is what it bound. Only the reader can notice."""
    for name, make, field, right in (
        ("v3", v3, "x-amz-t", "115"),
        ("v2", v2, "x-amz-matdesc", GCM_NAME),
    ):
        others = {
            "missing": None,
            "empty": "",
            "other-format": GCM_NAME if right == "115" else "115",
            "cbc": CBC_NAME,
            "ctr": "AES/CTR/NoPadding",
            "blank": right + " ",
            "lower": right.lower() + ("" if right != right.lower() else ".0"),
        }
        for key, value in others.items():
            context = {**USER_CONTEXT, **({} if value is None else {CEK_ALG: value})}
            sound = make(PLAINTEXT, label=f"{name} reserved {key}")
            (made,) = sound.grants
            sample = sound.having({field: json_text(context)}).with_grants(
                type(made)(made.wrapped_key, context, made.data_key)
            )
            about = f"{name}, KMS bound {value!r} as {CEK_ALG}"
            yield refuse(f"{name}-reserved-{key}", about, "format", sample)


def _relabelled() -> Iterator[Case]:
    new, first = v2(PLAINTEXT), v3(PLAINTEXT)
    as_kms = new.having({"x-amz-wrap-alg": "kms"})
    yield refuse("v2-relabelled-kms", "kms+context relabelled as kms", "format", as_kms)
    as_cbc = {"x-amz-cek-alg": CBC_NAME, "x-amz-iv": _IV16}
    about = "GCM relabelled as CBC, still kms+context"
    yield refuse("v2-relabelled-cbc", about, "format", new.having(as_cbc))
    about = "GCM relabelled as CBC, and kms+context as kms (CVE-2020-8912)"
    both = new.having({**as_cbc, "x-amz-wrap-alg": "kms"})
    yield refuse("v2-relabelled-kms-cbc", about, "format", both)
    about = "the data key of a v3 object in a v2 envelope"
    downgraded = Sample(
        tuple(
            new.having(
                {
                    "x-amz-key-v2": first.fields["x-amz-3"],
                    "x-amz-matdesc": first.fields["x-amz-t"],
                }
            ).metadata
        ),
        first.body,
        PLAINTEXT,
        first.grants,
    )
    yield refuse("v3-relabelled-v2", about, "format", downgraded)
    about = "the data key of a v3 object in an envelope of the kms generation"
    older = downgraded.having({"x-amz-wrap-alg": "kms"})
    yield refuse("v3-relabelled-kms", about, "format", older)
    about = "the data key of a v2 object in a v3 envelope"
    context = {"x-amz-3": new.fields["x-amz-key-v2"], "x-amz-t": new.fields["x-amz-matdesc"]}
    upgraded = first.having(context).with_grants(*new.grants)
    yield refuse("v2-relabelled-v3", about, "format", upgraded)
    about = "kms relabelled as kms+context"
    old = kms_gcm(PLAINTEXT).having({"x-amz-wrap-alg": "kms+context"})
    yield refuse("kms-gcm-relabelled", about, "format", old)
    about = "CBC of the kms generation relabelled as GCM, with an IV that fits"
    as_gcm = {"x-amz-cek-alg": GCM_NAME, "x-amz-iv": b64(fixed("iv", 12)), "x-amz-tag-len": "128"}
    yield refuse("kms-cbc-relabelled-gcm", about, "tampered", kms_cbc(PLAINTEXT).having(as_gcm))
