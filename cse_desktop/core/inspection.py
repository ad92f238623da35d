"""What an object is, from its metadata alone: no KMS call, no body."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cse_desktop.core.envelope import Envelope, Format, Suite, from_metadata, plaintext_size
from cse_desktop.core.errors import CseError, NotEncrypted, OtherFormat, Refused
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.policy import ReadPolicy
from cse_desktop.core.session import Session


class Kind(Enum):
    """What was found beside the ciphertext."""

    ENCRYPTED = "encrypted"
    NOT_ENCRYPTED = "not encrypted"
    OTHER_FORMAT = "other client format"
    DAMAGED = "damaged envelope"


@dataclass(frozen=True, slots=True)
class Inspection:
    """An object in plain facts.

    Attributes:
        format: set when kind is ENCRYPTED.
        envelope: set when kind is ENCRYPTED.
        size: bytes of plaintext; of the stored object where the two cannot be told apart.
        size_is_exact: False for CBC padding and unknown formats.
        problem: title of why it cannot be read under the connection's policy, or "".
        hint: what would change that, or "".
    """

    head: Head
    kind: Kind
    size: int
    size_is_exact: bool
    format: Format | None = None
    envelope: Envelope | None = None
    problem: str = ""
    hint: str = ""


def inspect(session: Session, ref: ObjectRef) -> Inspection:
    """What the object is; one request to S3, none to KMS."""
    return inspected(session.store.head(ref), session.connection.policy)


def inspected(head: Head, policy: ReadPolicy) -> Inspection:
    """What an object is whose metadata are at hand."""
    try:
        envelope = from_metadata(head.metadata)
        size = plaintext_size(envelope, head.size)
    except NotEncrypted as error:
        return _unreadable(head, Kind.NOT_ENCRYPTED, error)
    except OtherFormat as error:
        return _unreadable(head, Kind.OTHER_FORMAT, error)
    except Refused as error:
        return _unreadable(head, Kind.DAMAGED, error)
    problem = hint = ""
    try:
        policy.check(envelope)
    except Refused as error:
        problem, hint = error.title, error.hint
    return Inspection(
        head=head,
        kind=Kind.ENCRYPTED,
        size=size,
        size_is_exact=envelope.suite is not Suite.CBC,
        format=envelope.format,
        envelope=envelope,
        problem=problem,
        hint=hint,
    )


def _unreadable(head: Head, kind: Kind, error: CseError) -> Inspection:
    exact = kind is Kind.NOT_ENCRYPTED
    return Inspection(head, kind, head.size, exact, problem=error.title, hint=error.hint)
