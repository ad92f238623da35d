"""What an administrator would have to allow: the smallest statement for what AWS has refused.

Source: IAM user guide, "Grammar of the IAM JSON policy language", "Policy evaluation logic" and
"Policy variables" (the escapes of * ? $); KMS developer guide, "Allowing users in other accounts
to use a KMS key"; IAM Identity Center user guide, "Referencing permission sets in resource
policies".
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from cse_desktop.core.errors import Refusal

_BUCKET_ACTIONS: Final = re.compile(
    r"s3:(?:List(?:Bucket|MultipartUploadParts)|Get(?:Bucket|Lifecycle|Encryption)|PutBucket|"
    r"CreateBucket|DeleteBucket)"
)
_OF_OBJECTS: Final = frozenset(("s3:ListMultipartUploadParts",))
_NO_RESOURCE: Final = frozenset(
    ("s3:ListAllMyBuckets", "kms:ListKeys", "kms:ListAliases", "sts:GetCallerIdentity")
)
_GRANTABLE: Final = frozenset(
    (
        *("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"),
        *("kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKeyWithoutPlaintext"),
    )
)
_SSO_ROLE: Final = re.compile(r"AWSReservedSSO_\w+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One way to allow it.

    Attributes:
        kind: "IAM policy", "Key policy", "Bucket policy" or "Grant".
        place: where it belongs, whole sentence.
        text: JSON, or for a grant a command of the AWS CLI.
    """

    kind: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that an administrator needs.

    Attributes:
        why: what kind of rule is missing or in the way, whole sentences.
        statements: ready to paste; none where nothing that is added would help.
    """

    refusal: Refusal
    resource: str
    why: str
    statements: tuple[Statement, ...]

    @property
    def text(self) -> str:
        """All of it, to be sent to an administrator."""
        lines = [f"Action: {self.refusal.action}", f"Resource: {self.resource}"]
        lines += [f"Caller: {self.refusal.caller}"] if self.refusal.caller else []
        lines += [self.why]
        return "\n\n".join(
            ["\n".join(lines), *(f"{each.place}\n{each.text}" for each in self.statements)]
        )


def explain(refusal: Refusal) -> Explanation:
    """Say what would allow a refused action on its resource, and nothing more."""
    resource, condition = _resource(refusal)
    if "explicit deny" in refusal.reason:
        why = f"It is forbidden {_forbidden_by(refusal.reason)}. No permission overrides that: the "
        return Explanation(refusal, resource, why + "Deny statement itself has to change.", ())
    ways = _ways(refusal, resource, condition)
    return Explanation(refusal, resource, _why(refusal), ways)


def _why(refusal: Refusal) -> str:
    """What is missing, as far as AWS told."""
    theirs, ours = _account(refusal.resource), _account(refusal.caller)
    if _is_foreign(refusal):
        return (
            f"The key belongs to account {theirs}, and you are in account {ours}. Both have to "
            "allow it: there the key policy or a grant, and here an IAM policy."
        )
    if "permissions boundary" in refusal.reason:
        return "The permissions boundary does not allow it. It needs this statement, too."
    missing = re.search(r"no ([\w -]+?) (?:policy|policies) allow", refusal.reason)
    if missing is None:
        return "AWS does not say what is missing. This allows it, and nothing more than that."
    if missing[1] == "identity-based":
        return "No policy of yours allows it. This would, and nothing more than that."
    if missing[1] == "resource-based":
        owner = "key" if refusal.action.startswith("kms:") else "bucket"
        return f"The policy of the {owner} does not allow it. This would, and nothing more."
    return f"The {missing[1]} policy does not allow it. It needs this statement, too."


def _ways(
    refusal: Refusal, resource: str, condition: dict[str, Any] | None
) -> tuple[Statement, ...]:
    action, is_kms = refusal.action, refusal.action.startswith("kms:")
    name = _name(refusal.caller)
    statement: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
    if condition:
        statement["Condition"] = condition
    iam = Statement(
        "IAM policy",
        f"A policy of {name}:",
        _json({"Version": "2012-10-17", "Statement": [statement]}),
    )
    if action in _NO_RESOURCE or not refusal.caller:
        return (iam,)
    principal = _principal(refusal.caller)
    if not is_kms:
        is_theirs = "resource-based" in refusal.reason and resource.startswith("arn:aws:s3")
        bucket = {"Effect": "Allow", **principal, "Action": action, "Resource": resource}
        if condition:
            bucket["Condition"] = {**bucket.get("Condition", {}), **condition}
        place = "To be added to the statements of the bucket policy:"
        return (Statement("Bucket policy", place, _json(bucket)), iam) if is_theirs else (iam,)
    policy = {"Effect": "Allow", **principal, "Action": action, "Resource": "*"}
    place = "To be added to the statements of the key policy:"
    key = Statement("Key policy", place, _json(policy))
    by_key = _is_foreign(refusal) or "resource-based" in refusal.reason
    ways = (key, iam) if by_key else (iam, key)
    grant = _grant(refusal, resource)
    return (*ways, grant) if grant else ways


def _grant(refusal: Refusal, resource: str) -> Statement | None:
    arn = _role_arn(refusal.caller)
    if refusal.action not in _GRANTABLE or "*" in arn or not resource.startswith("arn:"):
        return None
    command = (
        f"aws kms create-grant --key-id {resource} --grantee-principal {arn} "
        f"--operations {refusal.action.removeprefix('kms:')}"
    )
    return Statement("Grant", "In place of a key policy, by whoever may make grants:", command)


def _resource(refusal: Refusal) -> tuple[str, dict[str, Any] | None]:
    """The ARN of what was asked for, and the condition that narrows it."""
    action, partition = refusal.action, _partition(refusal)
    bucket, _slash, key = refusal.subject.removeprefix("s3://").partition("/")
    if action in _NO_RESOURCE:
        return "*", None
    if action == "s3:ListBucket":
        condition = {"StringLike": {"s3:prefix": f"{_literal(key)}*"}} if key else None
        return refusal.resource or f"arn:{partition}:s3:::{bucket}", condition
    if refusal.resource:
        return _literal(refusal.resource), None
    if action.startswith("kms:"):
        return _key_resource(refusal.key, partition)
    if action.startswith("s3:") and refusal.subject.startswith("s3://"):
        is_bucket = _BUCKET_ACTIONS.match(action) and action not in _OF_OBJECTS
        path = bucket if is_bucket or not key else f"{bucket}/{_literal(key)}"
        return f"arn:{partition}:s3:::{path}", None
    return "*", None


def _key_resource(key: str, partition: str) -> tuple[str, dict[str, Any] | None]:
    """A key by its ARN; an alias is no resource of key operations, but can be a condition."""
    head, _mark, name = key.rpartition(":")
    if name.startswith("alias/"):
        place = head or f"arn:{partition}:kms:*:*"
        return f"{place}:key/*", {"ForAnyValue:StringEquals": {"kms:ResourceAliases": name}}
    return (key if head else f"arn:{partition}:kms:*:*:key/{key or '*'}"), None


def _principal(caller: str) -> dict[str, Any]:
    """Who may, in a policy of a resource."""
    arn = _role_arn(caller)
    if "*" not in arn:
        return {"Principal": {"AWS": arn}}
    # Permission sets have roles whose path and ending change: no principal may hold a wildcard.
    root = f"arn:{arn.split(':')[1]}:iam::{_account(arn)}:root"
    return {"Principal": {"AWS": root}, "Condition": {"ArnLike": {"aws:PrincipalArn": arn}}}


def _role_arn(caller: str) -> str:
    """The user, or the role behind a session; a pattern where its path cannot be known."""
    parts = caller.split(":", 5)
    kind, _slash, rest = parts[-1].partition("/")
    if kind != "assumed-role" or len(parts) < 6:
        return caller
    role = rest.partition("/")[0]
    if _SSO_ROLE.fullmatch(role):
        path = role.rpartition("_")[0]
        role = f"aws-reserved/sso.amazonaws.com/*{path}_*"
    return f"arn:{parts[1]}:iam::{parts[4]}:role/{role}"


def _name(caller: str) -> str:
    kind, _slash, rest = caller.rpartition(":")[2].partition("/")
    if kind == "assumed-role" and rest:
        return f"the role {rest.partition('/')[0]}"
    return f"the user {rest.rpartition('/')[2]}" if kind == "user" and rest else "your role"


def _is_foreign(refusal: Refusal) -> bool:
    theirs, ours = _account(refusal.resource), _account(refusal.caller)
    return refusal.action.startswith("kms:") and bool(theirs and ours) and theirs != ours


def _account(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""


def _partition(refusal: Refusal) -> str:
    arns = (refusal.resource, refusal.caller, refusal.key)
    return next((arn.split(":")[1] for arn in arns if arn.startswith("arn:")), "aws")


def _forbidden_by(reason: str) -> str:
    return reason.removeprefix("with an explicit deny ") or "by a policy"


def _literal(text: str) -> str:
    """A name in which * ? and $ stand for themselves."""
    return re.sub(r"[*?$]", r"${\g<0>}", text)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True)
