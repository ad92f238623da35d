from __future__ import annotations

import base64
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cse_desktop import sandbox
from cse_desktop.core.errors import KeyUnusable, NotPermitted
from cse_desktop.core.kms_key import Permission
from cse_desktop.core.session import Session

CONTEXT = {"purpose": "test"}
UNUSABLE = {
    "alias/auditors": "AccessDeniedException",
    "alias/archive-2019": "DisabledException",
    "alias/old-vendor": "KMSInvalidStateException",
    "alias/nobody": "NotFoundException",
    f"arn:aws:kms:us-east-1:{sandbox.ACCOUNT}:alias/sandbox": "NotFoundException",
    "arn:aws:kms:eu-central-1:111122223333:alias/sandbox": "AccessDeniedException",
}


def code_of(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def draw(kms: Any, key: str = "alias/sandbox") -> bytes:
    answer = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    return bytes(answer["CiphertextBlob"])


def test_there_are_five_keys_and_each_has_its_state(session: Session) -> None:
    states = {key.label: (key.state, key.multi_region) for key in session.keys.list()}
    assert states == {
        "alias/sandbox": ("Enabled", False),
        "alias/finance": ("Enabled", True),
        "alias/auditors": ("Enabled", False),
        "alias/archive-2019": ("Disabled", False),
        "alias/old-vendor": ("PendingDeletion", False),
    }


def test_the_user_has_a_readable_name_and_the_keys_are_of_the_users_account(
    session: Session,
) -> None:
    identity = session.identity()
    assert (identity.account, identity.name) == (sandbox.ACCOUNT, "sandbox")
    assert {key.arn.split(":")[4] for key in session.keys.list()} == {sandbox.ACCOUNT}


@pytest.mark.parametrize("key", ["alias/sandbox", "alias/finance"])
def test_a_good_key_draws_and_decrypts(raw_kms: Any, key: str) -> None:
    answer = raw_kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    opened = raw_kms.decrypt(CiphertextBlob=answer["CiphertextBlob"], EncryptionContext=CONTEXT)
    assert opened["Plaintext"] == answer["Plaintext"]
    assert opened["KeyId"] == answer["KeyId"]


@pytest.mark.parametrize(("key", "code"), UNUSABLE.items())
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_key_that_may_not_encrypt_draws_no_data_key(
    raw_kms: Any, key: str, code: str, dry_run: bool
) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.generate_data_key(KeyId=key, KeySpec="AES_256", DryRun=dry_run)
    assert code_of(refused) == code


@pytest.mark.parametrize("operation", ["encrypt", "generate_data_key_without_plaintext"])
def test_the_other_ways_to_encrypt_are_closed_as_well(raw_kms: Any, operation: str) -> None:
    more = {"Plaintext": b"x"} if operation == "encrypt" else {"KeySpec": "AES_256"}
    with pytest.raises(ClientError) as refused:
        getattr(raw_kms, operation)(KeyId="alias/auditors", **more)
    assert code_of(refused) == "AccessDeniedException"


def test_a_dry_run_that_would_work_hands_out_no_key(raw_kms: Any) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.generate_data_key(KeyId="alias/sandbox", KeySpec="AES_256", DryRun=True)
    assert code_of(refused) == "DryRunOperationException"
    assert "Plaintext" not in refused.value.response


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("alias/sandbox", "DryRunOperationException"),
        ("alias/auditors", "DryRunOperationException"),
        ("alias/archive-2019", "DisabledException"),
        ("alias/old-vendor", "KMSInvalidStateException"),
        ("alias/nobody", "NotFoundException"),
    ],
)
def test_a_dry_run_of_decrypt_needs_no_ciphertext(raw_kms: Any, key: str, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(KeyId=key, DryRun=True, DryRunModifiers=["IGNORE_CIPHERTEXT"])
    assert code_of(refused) == code


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ("alias/sandbox", "alias/finance", "DryRunOperationException"),
        ("alias/auditors", "alias/finance", "DryRunOperationException"),
        ("alias/sandbox", "alias/auditors", "AccessDeniedException"),
        ("alias/archive-2019", "alias/sandbox", "DisabledException"),
        ("alias/sandbox", "alias/old-vendor", "KMSInvalidStateException"),
    ],
)
def test_a_dry_run_of_reencrypt_judges_both_keys(
    raw_kms: Any, source: str, target: str, code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.re_encrypt(
            SourceKeyId=source,
            DestinationKeyId=target,
            DryRun=True,
            DryRunModifiers=["IGNORE_CIPHERTEXT"],
        )
    assert code_of(refused) == code


def test_a_modifier_without_a_dry_run_is_refused(raw_kms: Any) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(KeyId="alias/sandbox", DryRunModifiers=["IGNORE_CIPHERTEXT"])
    assert code_of(refused) == "ValidationException"


def test_reencrypt_moves_a_data_key_to_another_key(raw_kms: Any) -> None:
    moved = raw_kms.re_encrypt(
        CiphertextBlob=draw(raw_kms),
        SourceEncryptionContext=CONTEXT,
        DestinationKeyId="alias/finance",
        DestinationEncryptionContext={"purpose": "new"},
    )
    opened = raw_kms.decrypt(
        CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"purpose": "new"}
    )
    assert opened["KeyId"] == moved["KeyId"] != moved["SourceKeyId"]


def test_reencrypt_under_a_key_that_may_only_decrypt_is_refused(raw_kms: Any) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.re_encrypt(
            CiphertextBlob=draw(raw_kms),
            SourceEncryptionContext=CONTEXT,
            DestinationKeyId="alias/auditors",
        )
    assert code_of(refused) == "AccessDeniedException"


def test_naming_another_key_than_the_ciphertexts_is_told(raw_kms: Any) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(
            CiphertextBlob=draw(raw_kms), EncryptionContext=CONTEXT, KeyId="alias/finance"
        )
    assert code_of(refused) == "IncorrectKeyException"


@pytest.mark.parametrize(
    "context",
    [{}, {"purpose": "other"}, {"purposet": "est"}, {**CONTEXT, "more": ""}],
    ids=["none", "other value", "same letters, other border", "one more"],
)
def test_another_context_does_not_open(raw_kms: Any, context: dict[str, str]) -> None:
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(CiphertextBlob=draw(raw_kms), EncryptionContext=context)
    assert code_of(refused) == "InvalidCiphertextException"


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_flipped_bit_in_a_wrapped_key_does_not_open(raw_kms: Any, place: int) -> None:
    wrapped = bytearray(draw(raw_kms))
    wrapped[place] ^= 1
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(CiphertextBlob=bytes(wrapped), EncryptionContext=CONTEXT)
    assert code_of(refused) in ("InvalidCiphertextException", "AccessDeniedException")


def test_text_that_is_no_base64_is_an_answer_not_a_crash(
    raw_kms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base64, "b64encode", lambda _data: b"***")
    with pytest.raises(ClientError) as refused:
        raw_kms.decrypt(CiphertextBlob=b"x")
    assert code_of(refused) == "SerializationException"


def test_the_probe_tells_what_each_key_may_do(session: Session) -> None:
    found = {key: session.keys.probe(key) for key in ("alias/sandbox", "alias/auditors")}
    assert found["alias/sandbox"].encrypt is Permission.ALLOWED
    assert found["alias/sandbox"].decrypt is Permission.ALLOWED
    assert found["alias/auditors"].encrypt is Permission.DENIED
    assert found["alias/auditors"].decrypt is Permission.ALLOWED


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("alias/auditors", NotPermitted),
        ("alias/archive-2019", KeyUnusable),
        ("alias/old-vendor", KeyUnusable),
    ],
)
def test_the_program_says_why_a_key_cannot_be_used(
    session: Session, key: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        session.keys.new(key, {})
