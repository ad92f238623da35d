"""What an administrator is told to allow, judged by a simulator of IAM: enough, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.iam.access_control import IAMPolicy, PermissionResult

from cse_desktop.core.errors import CseError, NotPermitted, Refusal
from cse_desktop.core.permissions import Explanation, explain
from tests.foreign import raising, service_error, translated

ROLE = "arn:aws:sts::111122223333:assumed-role/payroll-ops/anna"
SSO = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Payroll_0123456789abcdef/anna"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1b5b3c5e-27a1-4f7c-8d1c-5f3b7f0a9e11"
THEIRS = KEY.replace("111122223333", "444455556666")
NO_IDENTITY = "because no identity-based policy allows the {} action"


def refused(
    action: str, resource: str = "", because: str = "", *, who: str = ROLE, subject: str = ""
) -> Refusal:
    """What the translation makes of the words of AWS."""
    on = f" on resource: {resource}" if resource else ""
    message = f"User: {who} is not authorized to perform: {action}{on} {because.format(action)}"
    error = translated(
        raising(service_error("AccessDeniedException", message, 403)), action, subject, resource
    )
    assert isinstance(error, NotPermitted)
    assert error.refusal is not None
    return error.refusal


def statement(explanation: Explanation, kind: str) -> dict[str, Any]:
    (text,) = (each.text for each in explanation.statements if each.kind == kind)
    read = json.loads(text)
    return read["Statement"][0] if "Statement" in read else read


def allows(explanation: Explanation, action: str, resource: str) -> bool:
    text = next(each.text for each in explanation.statements if each.kind == "IAM policy")
    found = IAMPolicy(text).is_action_permitted(action, resource)
    return found == PermissionResult.PERMITTED


@pytest.mark.parametrize(
    ("action", "subject", "resource"),
    [
        ("s3:PutObject", "s3://b/2026/a.pdf", "arn:aws:s3:::b/2026/a.pdf"),
        ("s3:GetObject", "s3://b/a 1 ü 文.txt", "arn:aws:s3:::b/a 1 ü 文.txt"),
        ("s3:DeleteObject", "s3://b/a", "arn:aws:s3:::b/a"),
        ("s3:GetBucketVersioning", "s3://b/", "arn:aws:s3:::b"),
        ("s3:ListBucketMultipartUploads", "s3://b/x/", "arn:aws:s3:::b"),
        ("s3:AbortMultipartUpload", "s3://b/x", "arn:aws:s3:::b/x"),
        ("s3:ListMultipartUploadParts", "s3://b/x", "arn:aws:s3:::b/x"),
    ],
)
def test_a_plain_refusal_of_s3_becomes_the_statement_for_exactly_this(
    action: str, subject: str, resource: str
) -> None:
    error = translated(
        raising(service_error("AccessDenied", "Access Denied", 403)), action, subject
    )
    assert isinstance(error, NotPermitted)
    assert error.refusal is not None
    found = explain(error.refusal)

    assert found.resource == resource
    assert allows(found, action, resource)
    assert not allows(found, action, resource + "x")
    assert not allows(found, "s3:PutBucketPolicy", resource)


def test_signs_that_policies_read_as_wildcards_are_escaped() -> None:
    found = explain(Refusal("s3:GetObject", "s3://b/what? *all* for $5"))

    assert found.resource == "arn:aws:s3:::b/what${?} ${*}all${*} for ${$}5"


def test_listing_a_folder_asks_for_that_prefix_alone() -> None:
    found = explain(Refusal("s3:ListBucket", "s3://b/2026/"))
    wanted = statement(found, "IAM policy")

    assert wanted["Resource"] == "arn:aws:s3:::b"
    assert wanted["Condition"] == {"StringLike": {"s3:prefix": "2026/*"}}
    assert "Condition" not in statement(explain(Refusal("s3:ListBucket", "s3://b/")), "IAM policy")


def test_a_refused_key_names_iam_policy_key_policy_and_grant() -> None:
    found = explain(refused("kms:Decrypt", KEY, NO_IDENTITY))

    assert [each.kind for each in found.statements] == ["IAM policy", "Key policy", "Grant"]
    assert allows(found, "kms:Decrypt", KEY)
    assert not allows(found, "kms:GenerateDataKey", KEY)
    assert not allows(found, "kms:Decrypt", THEIRS)
    assert statement(found, "Key policy")["Principal"] == {
        "AWS": "arn:aws:iam::111122223333:role/payroll-ops"
    }
    assert found.statements[2].text == (
        f"aws kms create-grant --key-id {KEY} "
        "--grantee-principal arn:aws:iam::111122223333:role/payroll-ops --operations Decrypt"
    )
    assert "No policy of yours" in found.why


def test_a_key_of_another_account_needs_both_accounts() -> None:
    because = "because no resource-based policy allows the {} action"
    found = explain(refused("kms:GenerateDataKey", THEIRS, because))

    assert [each.kind for each in found.statements] == ["Key policy", "IAM policy", "Grant"]
    assert "444455556666" in found.why
    assert "111122223333" in found.why
    assert statement(found, "IAM policy")["Resource"] == THEIRS


def test_a_permission_set_is_matched_by_a_pattern_that_iam_takes() -> None:
    found = explain(refused("kms:Decrypt", KEY, NO_IDENTITY, who=SSO))
    wanted = statement(found, "Key policy")

    assert wanted["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert wanted["Condition"] == {
        "ArnLike": {
            "aws:PrincipalArn": "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/"
            "*AWSReservedSSO_Payroll_*"
        }
    }
    assert [each.kind for each in found.statements] == ["IAM policy", "Key policy"]


def test_a_key_known_by_its_alias_alone_is_a_condition() -> None:
    wanted = statement(explain(Refusal("kms:GenerateDataKey", key="alias/finance")), "IAM policy")

    assert wanted["Resource"] == "arn:aws:kms:*:*:key/*"
    assert wanted["Condition"] == {
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/finance"}
    }


def test_what_is_forbidden_outright_has_no_statement() -> None:
    found = explain(
        refused("kms:Decrypt", KEY, "with an explicit deny in a service control policy")
    )

    assert found.statements == ()
    assert "in a service control policy" in found.why


@pytest.mark.parametrize(
    ("because", "words"),
    [
        ("because no permissions boundary allows the {} action", "permissions boundary"),
        ("because no session policy allows the {} action", "The session policy"),
        ("because no VPC endpoint policy allows the {} action", "The VPC endpoint policy"),
        (
            "because the resource does not exist in this Region, no resource-based policies "
            "allow access, or a resource-based policy explicitly denies access",
            "The policy of the key",
        ),
        ("", "AWS does not say"),
    ],
)
def test_the_kind_of_policy_that_is_missing_is_named(because: str, words: str) -> None:
    assert words in explain(refused("kms:Decrypt", KEY, because)).why


def test_other_partitions_keep_their_name() -> None:
    who = ROLE.replace("arn:aws:", "arn:aws-cn:")
    found = explain(refused("s3:GetObject", who=who, subject="s3://b/k"))

    assert found.resource == "arn:aws-cn:s3:::b/k"


def test_a_clock_or_a_region_that_is_off_is_no_matter_of_permissions() -> None:
    for code in ("RequestTimeTooSkewed", "RegionDisabledException", "NotSignedUp"):
        error = translated(raising(service_error(code, "", 403)), "s3:GetObject", "s3://b/k")
        assert isinstance(error, NotPermitted)
        assert error.refusal is None


def test_other_words_for_an_error_keep_its_refusal() -> None:
    error = NotPermitted("a", "b", "c")
    error.refusal = Refusal("s3:GetObject", "s3://b/k")
    again: CseError = error.reworded("d", "e")

    assert isinstance(again, NotPermitted)
    assert (again.title, again.details, again.refusal) == ("d", "c", error.refusal)
