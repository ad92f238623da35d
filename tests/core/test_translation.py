"""Refusals of AWS become sentences of ours, each with what to do next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from cse_desktop.core.errors import (
    Busy,
    Changed,
    CseError,
    InvalidInput,
    KeyUnusable,
    NotAllowed,
    NotFound,
    NotPermitted,
    Refused,
    ServiceError,
    SignInNeeded,
    TooLarge,
    Unreachable,
    UploadGone,
)
from cse_desktop.core.library_errors import _NETWORK_ROWS, _ROWS
from cse_desktop.core.progress import Cancelled
from cse_desktop.core.sentences import DENIED_ACTIONS, ERRNOS, STATUS_CODES, Sentence
from cse_desktop.core.service_codes import CODES
from cse_desktop.core.translation import translating
from tests.foreign import (
    ARN,
    raising,
    service_error,
    translated,
)

SENTENCES = (
    *CODES.values(),
    *DENIED_ACTIONS.values(),
    *ERRNOS.values(),
    *(row[1] for row in (*_ROWS, *_NETWORK_ROWS)),
)


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.title[:40])
def test_sentence_reads_as_the_house_writes(sentence: Sentence) -> None:
    words = dict.fromkeys(("service", "key", "who", "action", "place", "path"), "X")
    title, hint = sentence.title.format(**words), sentence.hint.format(**words)

    assert not title.endswith(".")
    assert hint.endswith(".")
    assert title[0].isupper()
    for unwanted in ("!", "please", "oops", "Error", "  ", "CMK"):
        assert unwanted.lower() not in f"{title} {hint}".lower().replace("an error", "")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("DisabledException", KeyUnusable, "This key is disabled"),
        ("KMS.DisabledException", KeyUnusable, "This key is disabled"),
        ("NotFoundException", NotFound, "This key does not exist"),
        ("IncorrectKeyException", NotAllowed, "under another key"),
        ("InvalidCiphertextException", Refused, "could not open the wrapped data key"),
        ("InvalidKeyUsageException", KeyUnusable, "not made for encrypting"),
        ("AccessDeniedException", NotPermitted, "permission"),
        ("ThrottlingException", Busy, "is busy"),
        ("KeyUnavailableException", Busy, "is busy"),
        ("DependencyTimeoutException", Busy, "problem of its own"),
        ("KMSInternalException", Busy, "problem of its own"),
        ("AccessDenied", NotPermitted, "permission to read this file"),
        ("NoSuchKey", NotFound, "not there any more"),
        ("NoSuchBucket", NotFound, "bucket does not exist"),
        ("NoSuchUpload", UploadGone, "upload was ended"),
        ("PreconditionFailed", Changed, "changed in the meantime"),
        ("ConditionalRequestConflict", Busy, "upload of this name is under way"),
        ("SlowDown", Busy, "is busy"),
        ("InternalError", Busy, "problem of its own"),
        ("ServiceUnavailable", Busy, "problem of its own"),
        ("RequestTimeout", Unreachable, "too slow"),
        ("ExpiredToken", SignInNeeded, "Sign in to continue"),
        ("InvalidAccessKeyId", SignInNeeded, "does not know this access key"),
        ("UnrecognizedClientException", SignInNeeded, "does not know this access key"),
        ("SignatureDoesNotMatch", SignInNeeded, "secret"),
        ("EntityTooLarge", TooLarge, "too large"),
        ("InvalidObjectState", Refused, "archived"),
        ("BadDigest", Unreachable, "damaged on the way"),
        ("XAmzContentChecksumMismatch", Unreachable, "damaged on the way"),
        ("PermanentRedirect", InvalidInput, "another Region"),
        ("SomethingNewException", ServiceError, "does not know"),
    ],
)
def test_code_of_aws_has_its_sentence(code: str, kind: type[CseError], words: str) -> None:
    error = translated(raising(service_error(code)))

    assert type(error) is kind
    assert words in error.title
    assert f"Code: {code} (HTTP 400)" in error.details


@pytest.mark.parametrize(
    ("status", "operation", "kind"),
    [
        ("403", "s3:GetObject", NotPermitted),
        ("404", "s3:GetObject", NotFound),
        ("412", "s3:GetObject", Changed),
        ("409", "s3:PutObject", Busy),
        ("503", "s3:GetObject", Busy),
        ("500", "s3:GetObject", Busy),
        ("400", "s3:GetObject", ServiceError),
        ("507", "s3:PutObject", NotPermitted),
    ],
)
def test_head_without_a_body_is_judged_by_its_status(
    status: str, operation: str, kind: type[CseError]
) -> None:
    assert type(translated(raising(service_error(status, status=int(status))), operation)) is kind


def test_missing_bucket_is_not_called_a_missing_file() -> None:
    error = translated(raising(service_error("404", status=404)), "s3:ListBucket", "s3://b/")

    assert error.title == "This bucket does not exist"


@pytest.mark.parametrize(
    ("status", "kind"), [(403, NotPermitted), (429, Busy), (599, Busy), (418, ServiceError)]
)
def test_unknown_code_is_judged_by_its_status(status: int, kind: type[CseError]) -> None:
    assert type(translated(raising(service_error("Odd", status=status)))) is kind


def test_every_status_leads_to_a_row() -> None:
    assert set(STATUS_CODES.values()) <= set(CODES)


@pytest.mark.parametrize(
    ("message", "title"),
    [
        (f"{ARN} is pending deletion.", "This key is waiting to be deleted"),
        (f"{ARN} is pending replica deletion.", "This key is waiting to be deleted"),
        ("Key state: PendingDeletion", "This key is waiting to be deleted"),
        (f"{ARN} is pending import.", "This key is waiting for its key material"),
        (f"{ARN} is unavailable.", "This key can't be used now"),
    ],
)
def test_state_of_a_key_is_told_apart(message: str, title: str) -> None:
    error = translated(raising(service_error("KMSInvalidStateException", message)), "kms:Decrypt")

    assert type(error) is KeyUnusable
    assert error.title == title


def test_pending_deletion_says_that_it_can_be_cancelled() -> None:
    error = translated(
        raising(service_error("KMSInvalidStateException", "is pending deletion")),
        "kms:Decrypt",
        key=ARN,
    )

    assert "can still cancel" in error.hint
    assert ARN in error.hint


DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/payroll-ops/maria is not authorized to perform: "
    f"kms:Decrypt on resource: {ARN} because no identity-based policy allows the kms:Decrypt action"
)


def test_refused_action_names_role_action_and_resource() -> None:
    error = translated(raising(service_error("AccessDeniedException", DENIED)), "kms:Decrypt")

    assert error.title == "You don't have permission to decrypt this file"
    assert "your role payroll-ops" in error.hint
    assert "kms:Decrypt" in error.hint
    for fact in (
        "Action: kms:Decrypt",
        f"Resource: {ARN}",
        "Reason: because no identity-based policy",
    ):
        assert fact in error.details


def test_action_that_aws_names_counts_more_than_the_one_we_asked_for() -> None:
    error = translated(raising(service_error("AccessDenied", DENIED, 403)), "s3:GetObject")

    assert error.title == "You don't have permission to decrypt this file"


def test_unknown_action_is_named() -> None:
    error = translated(raising(service_error("AccessDenied", status=403)), "s3:PutObjectAcl")

    assert error.title == "You don't have permission for s3:PutObjectAcl"


def test_encrypting_without_permission_names_the_key() -> None:
    error = translated(
        raising(service_error("AccessDeniedException")), "kms:GenerateDataKey", key="alias/audit"
    )

    assert error.title == "You can't encrypt with alias/audit"


def test_bucket_of_another_region_is_named_with_its_region() -> None:
    error = translated(raising(service_error("301", status=301, x_amz_bucket_region="eu-west-1")))

    assert type(error) is InvalidInput
    assert error.title == "This bucket is in eu-west-1"


def test_region_that_is_none_is_not_shown() -> None:
    error = translated(raising(service_error("301", status=301, x_amz_bucket_region="evil.com/x")))

    assert error.title == "This bucket is in another Region"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (timedelta(minutes=-20), "20 minutes ahead of"),
        (timedelta(hours=5), "5 hours behind"),
        (timedelta(days=-400), "400 days ahead of"),
    ],
)
@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "InvalidSignatureException"])
def test_wrong_clock_is_named_with_its_error(code: str, offset: timedelta, words: str) -> None:
    date = format_datetime(datetime.now(UTC) + offset, usegmt=True)
    error = translated(raising(service_error(code, status=403, date=date)))

    assert error.title == "The clock of this computer is wrong"
    assert words in error.hint
    assert "Amazon S3" in error.hint


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Foo 9999 99:99:99 GMT"])
def test_strange_date_does_no_harm(date: str) -> None:
    error = translated(raising(service_error("SignatureDoesNotMatch", status=403, date=date)))

    assert type(error) is SignInNeeded


def test_foreign_error_is_not_kept() -> None:
    error = translated(raising(service_error("AccessDenied", "secret")))

    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize("own", [Cancelled(), Refused("No"), ValueError("a defect"), KeyError("x")])
def test_what_is_not_foreign_passes_untouched(own: BaseException) -> None:
    with pytest.raises(type(own)) as raised, translating("s3:GetObject"):
        raise own

    assert raised.value is own


def test_inner_translation_is_kept_by_an_outer_one() -> None:
    with (
        pytest.raises(NotFound) as raised,
        translating("s3:GetObject", "s3://b/k"),
        translating("kms:Decrypt", key="alias/x"),
    ):
        raise service_error("NotFoundException")

    assert "alias/x" in raised.value.hint


def test_details_tell_operation_object_key_and_time_in_utc() -> None:
    error = translated(raising(service_error("SlowDown", status=503)), key=ARN)
    lines = dict(line.split(": ", 1) for line in error.details.splitlines())

    assert (lines["Operation"], lines["Object"], lines["Key"]) == ("s3:GetObject", "s3://b/k", ARN)
    assert (lines["API call"], lines["Request ID"]) == ("GetObject", "4442587FB7D0A2F9")
    assert lines["Time"].endswith(" UTC")


def test_hostile_facts_of_an_answer_are_dropped() -> None:
    foreign = service_error(
        "<b>\u202e", "User: arn:x\u202e is not authorized to perform: evil", 403
    )
    foreign.response["ResponseMetadata"]["RequestId"] = "x" * 5000

    assert len(translated(raising(foreign)).details) < 300
    assert "\u202e" not in translated(raising(foreign)).details
