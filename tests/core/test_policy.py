"""What a connection reads: each format by its switch, each context as it is demanded."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cse_desktop.core.envelope import INSTRUCTION_FILE as FILE
from cse_desktop.core.envelope import Envelope, Suite, Wrapping
from cse_desktop.core.errors import NotAllowed
from cse_desktop.core.policy import ReadPolicy

KMS_CONTEXT = Wrapping.KMS_CONTEXT
CONTEXT = {"tenant": "42", "purpose": "test", "aws:x-amz-cek-alg": "115"}
V3 = Envelope(Suite.GCM_COMMITTING, KMS_CONTEXT, b"w", CONTEXT, bytes(28), bytes(28))
V2 = Envelope(Suite.GCM, KMS_CONTEXT, b"w", {"aws:x-amz-cek-alg": "AES/GCM/NoPadding"}, bytes(12))
KMS_GCM = Envelope(Suite.GCM, Wrapping.KMS, b"w", {"kms_cmk_id": "alias/old"}, bytes(12))
KMS_CBC = Envelope(Suite.CBC, Wrapping.KMS, b"w", {"kms_cmk_id": "alias/old"}, bytes(16))

STRICT = ReadPolicy(v2=False)
OPEN = ReadPolicy(v2=True, kms_wrap=True, cbc=True, instruction_files=True)

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


def refusal(policy: ReadPolicy, envelope: Envelope) -> NotAllowed:
    with pytest.raises(NotAllowed) as raised:
        policy.check(envelope)
    return raised.value


@pytest.mark.parametrize(
    ("policy", "envelope"),
    [
        (STRICT, V3),
        (ReadPolicy(), V3),
        (ReadPolicy(), V2),
        (ReadPolicy(kms_wrap=True), KMS_GCM),
        (ReadPolicy(kms_wrap=True, cbc=True), KMS_CBC),
        (OPEN, replace(V3, place=FILE)),
    ],
)
def test_format_whose_switch_is_on_is_read(policy: ReadPolicy, envelope: Envelope) -> None:
    assert policy.admit(envelope) is envelope


@pytest.mark.parametrize(
    ("policy", "envelope", "title", "switch"),
    [
        (STRICT, V2, "v2 file without key commitment", "v2"),
        (ReadPolicy(), KMS_GCM, "v1 legacy file", "kms wrapping"),
        (ReadPolicy(), KMS_CBC, "v1 legacy file", "AES-CBC content and kms wrapping"),
        (replace(OPEN, v2=False), KMS_CBC, "v1 legacy file", "v2"),
        (STRICT, KMS_CBC, "v1 legacy file", "AES-CBC content, kms wrapping and v2"),
        (ReadPolicy(kms_wrap=True), KMS_CBC, "v1 legacy file", "AES-CBC content"),
        (ReadPolicy(cbc=True), KMS_CBC, "v1 legacy file", "kms wrapping"),
        (replace(OPEN, kms_wrap=False), KMS_GCM, "v1 legacy file", "kms wrapping"),
        (
            replace(OPEN, instruction_files=False),
            replace(V3, place=FILE),
            "instruction file",
            "instruction files",
        ),
    ],
)
def test_format_whose_switch_is_off_is_refused_and_names_the_switch(
    policy: ReadPolicy, envelope: Envelope, title: str, switch: str
) -> None:
    error = refusal(policy, envelope)

    assert title in error.title
    assert f"Turn on {switch} in Settings > Encryption policy" in error.hint


@pytest.mark.parametrize(
    ("policy", "envelope", "options"),
    [
        (STRICT, V2, "--read default"),
        (ReadPolicy(), KMS_CBC, "--allow cbc,kms-wrap"),
        (STRICT, replace(KMS_GCM, place=FILE), "--read default --allow instruction-file,kms-wrap"),
    ],
)
def test_refusal_names_the_options_of_the_command_line(
    policy: ReadPolicy, envelope: Envelope, options: str
) -> None:
    assert f"(cse: {options}) to" in refusal(policy, envelope).hint


def test_name_is_demanded_where_the_connection_binds_names() -> None:
    names = {"aws-s3-bucket": "b", "aws-s3-key": "k"}
    bound = replace(V3, context={**V3.context, **names})
    context = (("tenant", "42"), ("purpose", "test"))

    ReadPolicy().check(bound, names)
    ReadPolicy(required_context=context).check(bound, names)
    with pytest.raises(NotAllowed, match="not bound to its name"):
        ReadPolicy().check(V3, names)
    with pytest.raises(NotAllowed, match=r"under another name.*aws-s3-key: k"):
        ReadPolicy().check(bound, {**names, "aws-s3-key": "other"})
    with pytest.raises(NotAllowed, match="does not match"):
        ReadPolicy(required_context=context[:1]).check(bound, names)


def test_stored_context_is_trusted_where_none_is_demanded() -> None:
    ReadPolicy().check(V3)


def test_demanded_context_is_compared_without_order_and_reserved_names() -> None:
    ReadPolicy(required_context=(("purpose", "test"), ("tenant", "42"))).check(V3)
    ReadPolicy(required_context=()).check(V2)


@pytest.mark.parametrize(
    ("demanded", "words"),
    [
        ((), "Only in the file: tenant, purpose."),
        ((("tenant", "42"),), "Only in the file: purpose."),
        ((("tenant", "43"), ("purpose", "test")), "Another value: tenant."),
        ((("Tenant", "42"), ("purpose", "test")), "Missing in the file: Tenant."),
        ((("tenant", "42"), ("purpose", "test"), ("x", "")), "Missing in the file: x."),
        (
            (("tenant", "42"), ("purpose", "test"), ("aws:x-amz-cek-alg", "115")),
            "Missing in the file: aws:x-amz-cek-alg.",
        ),
    ],
)
def test_other_context_is_refused_and_says_what_differs(
    demanded: tuple[tuple[str, str], ...], words: str
) -> None:
    error = refusal(ReadPolicy(required_context=demanded), V3)

    assert error.title == "The encryption context does not match"
    assert words in error.hint
    assert "inspector" in error.hint


def test_hostile_and_many_names_stay_readable() -> None:
    stored = {f"name {n}\u202e": "x" for n in range(9)}
    hint = refusal(ReadPolicy(required_context=()), replace(V3, context=stored)).hint

    assert "name 0\\u202e" in hint
    assert "and 4 more" in hint
    assert hint.isprintable()


def test_context_that_java_1_stored_with_question_marks_is_replaced_by_the_true_one() -> None:
    stored = {"????": "??? ?? ÿ", "aws:x-amz-cek-alg": "115"}
    policy = ReadPolicy(required_context=(("ключ", "日本語 🔑 ÿ"),))

    admitted = policy.admit(replace(V3, context=stored))

    assert admitted.context == {"ключ": "日本語 🔑 ÿ", "aws:x-amz-cek-alg": "115"}


@given(
    stored=st.dictionaries(words, words, max_size=4),
    demanded=st.dictionaries(words, words, max_size=4),
)
def test_what_is_admitted_has_the_demanded_context(
    stored: dict[str, str], demanded: dict[str, str]
) -> None:
    policy = ReadPolicy(required_context=tuple(demanded.items()))
    envelope = replace(V3, context={**stored, "aws:x-amz-cek-alg": "115"})

    with contextlib.suppress(NotAllowed):
        assert policy.admit(envelope).user_context == demanded
