"""What the reader demands of the encryption context, and which KMS keys may open an object."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.testkit.case import Case, accept, refuse
from tests.testkit.sample import (
    FOREIGN_KEY,
    KEY,
    OLD_CONTEXT,
    PLAINTEXT,
    SECOND_KEY,
    USER_CONTEXT,
    Sample,
    kms_gcm,
    v2,
    v3,
)

_MAKERS = {"v3": v3, "v2": v2}
_NAMES = {"v3": "x-amz-t", "v2": "x-amz-matdesc"}
_LOST = {"город": "Москва", "naïve": "Zürich", "emoji": "🔑"}
_BOUND = {"aws-s3-bucket": "payroll", "aws-s3-key": "2026/november.pdf"}


def cases() -> Iterator[Case]:
    """All of them."""
    for name in _MAKERS:
        yield from _demanded(name)
        yield from _lost(name)
        yield from _keys(name)
    yield from _of_the_kms_generation()


def _demanded(name: str) -> Iterator[Case]:
    sound = _MAKERS[name](PLAINTEXT)
    department, tenant = USER_CONTEXT.items()
    same = {
        "equal": ("just that", USER_CONTEXT),
        "order": ("the same pairs in another order", dict([tenant, department])),
    }
    other: dict[str, tuple[str, dict[str, str]]] = {
        "none": ("no pairs", {}),
        "fewer": ("one pair less", dict([tenant])),
        "more": ("one pair more", {**USER_CONTEXT, "extra": "x"}),
        "value": ("another value", {**USER_CONTEXT, "tenant": "43"}),
        "case": ("a value in capitals", {**USER_CONTEXT, "department": "PAYROLL"}),
        "name-case": ("a name in capitals", {"DEPARTMENT": "payroll", "tenant": "42"}),
        "blank": ("a value with a blank behind it", {**USER_CONTEXT, "tenant": "42 "}),
        "swapped": ("values exchanged", {"department": "42", "tenant": "payroll"}),
    }
    for key, (what, required) in same.items():
        about = f"{name}, the reader demands {what}"
        yield accept(f"{name}-demand-{key}", about, sound, required=required)
    for key, (what, required) in other.items():
        about = f"{name}, the reader demands {what}"
        yield refuse(f"{name}-demand-{key}", about, "context", sound, required=required)
    bare = _MAKERS[name](PLAINTEXT, {}, f"{name} bare")
    yield accept(
        f"{name}-demand-none-of-none", f"{name}, no pairs on both sides", bare, required={}
    )
    bound = _MAKERS[name](PLAINTEXT, _BOUND)
    about = f"{name}, bound to a bucket and a key that are the demanded ones"
    yield accept(f"{name}-bound", about, bound, required=_BOUND)
    about = f"{name}, an object of another name put in its place"
    elsewhere = {**_BOUND, "aws-s3-key": "2026/december.pdf"}
    yield refuse(f"{name}-bound-elsewhere", about, "context", bound, required=elsewhere)


def _lost(name: str) -> Iterator[Case]:
    """The AWS SDK for Java 1.x stores "?" for what is not Latin-1; KMS bound the true text."""
    sound = _MAKERS[name](PLAINTEXT, _LOST)
    stored = {
        _as_question_marks(n): _as_question_marks(v) for n, v in sound.grants[0].context.items()
    }
    damaged = sound.having({_NAMES[name]: json.dumps(stored, ensure_ascii=False)})
    about = f"{name}, characters of the stored context are lost and the reader knows them"
    yield accept(f"{name}-lost-known", about, damaged, required=_LOST)
    about = f"{name}, characters of the stored context are lost and the reader trusts it"
    yield refuse(f"{name}-lost-unknown", about, "kms", damaged)
    about = f"{name}, characters of the stored context are lost and the reader guesses wrong"
    guess = {**_LOST, "город": "Казань"}
    yield refuse(f"{name}-lost-guessed", about, "kms", damaged, required=guess)


def _keys(name: str) -> Iterator[Case]:
    second = _under(name, SECOND_KEY)
    about = f"{name}, under the second of two allowed KMS keys"
    yield accept(f"{name}-second-key", about, second, keys=(KEY, SECOND_KEY))
    about = f"{name}, under a KMS key of the account that is not allowed"
    yield refuse(f"{name}-other-key", about, "key", second)
    about = f"{name}, under a KMS key of another account that would let anybody decrypt"
    yield refuse(f"{name}-foreign-key", about, "key", _under(name, FOREIGN_KEY))
    unknown = _MAKERS[name](PLAINTEXT, USER_CONTEXT, f"{name} unknown")
    about = f"{name}, its wrapped data key is unknown to KMS"
    yield refuse(f"{name}-unknown-key", about, "kms", unknown.with_grants())


def _under(name: str, key_id: str) -> Sample:
    sound = _MAKERS[name](PLAINTEXT, USER_CONTEXT, f"{name} under {key_id[-4:]}")
    (made,) = sound.grants
    return sound.with_grants(type(made)(made.wrapped_key, made.context, made.data_key, key_id))


def _of_the_kms_generation() -> Iterator[Case]:
    with_pairs = kms_gcm(PLAINTEXT, {**OLD_CONTEXT, **USER_CONTEXT}, "kms gcm pairs")
    yield accept("kms-gcm-pairs", "kms-gcm with pairs of the user (Java 1.x)", with_pairs)
    about = "kms-gcm, the reader demands its pairs"
    yield accept("kms-gcm-demand-equal", about, with_pairs, required=USER_CONTEXT)
    about = "kms-gcm, the reader demands other pairs"
    yield refuse("kms-gcm-demand-value", about, "context", with_pairs, required={"tenant": "42"})
    bare = kms_gcm(PLAINTEXT, {}, "kms gcm bare")
    yield accept("kms-gcm-no-context", "kms-gcm with an empty context", bare)


def _as_question_marks(text: str) -> str:
    return "".join(c if ord(c) < 0x100 else "?" * (len(c.encode("utf-16-le")) // 2) for c in text)
