"""What an object is, from its metadata, and where asked for its first bytes: no KMS call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from cse_desktop.core.binding import BUCKET_PAIR, KEY_PAIR, names_of
from cse_desktop.core.envelope import (
    INSTRUCTION_FILE,
    Envelope,
    Format,
    Suite,
    Wrapping,
    plaintext_size,
)
from cse_desktop.core.errors import CseError, NotAllowed, NotEncrypted, OtherFormat, Refused
from cse_desktop.core.instruction import find_envelope
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.peeking import named_by_content
from cse_desktop.core.policy import INSTRUCTION_FILES
from cse_desktop.core.recognition import is_split
from cse_desktop.core.session import Session


class Kind(Enum):
    """What was found beside the ciphertext."""

    ENCRYPTED = "encrypted"
    NOT_ENCRYPTED = "not encrypted"
    ELSEWHERE = "envelope in an instruction file"
    OTHER_FORMAT = "other client format"
    DAMAGED = "damaged envelope"


@dataclass(frozen=True, slots=True)
class Inspection:
    """An object in plain facts.

    Attributes:
        format: set when kind is ENCRYPTED, and when it is ELSEWHERE and the object itself says
            enough.
        envelope: set when kind is ENCRYPTED.
        size: bytes of plaintext; of the stored object where the two cannot be told apart.
        size_is_exact: False for CBC padding and unknown formats.
        problem: title of why it cannot be read under the connection's policy, or "".
        hint: what would change that, or "".
        switches: those of the policy that are off and would have to be on, as the settings call
            them.
    """

    head: Head
    kind: Kind
    size: int
    size_is_exact: bool
    format: Format | None = None
    envelope: Envelope | None = None
    problem: str = ""
    hint: str = ""
    switches: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What the object is, in plain words; whole sentences."""
        envelope = self.envelope
        if envelope is None:
            return _SUMMARIES.get(self.kind, f"{self.problem}.")
        sentences = [_CONTENT[envelope.suite], _WRAPPED[envelope.wrapping]]
        if envelope.place == INSTRUCTION_FILE:
            sentences.append("Its envelope is in an instruction file.")
        return " ".join((*sentences, *_named(self.head.ref, envelope)))


_SUMMARIES: Final = {
    Kind.NOT_ENCRYPTED: "Not encrypted by a client. S3 may still encrypt it at rest, but AWS can "
    "read it.",
}
_CONTENT: Final = {
    Suite.GCM_COMMITTING: "Encrypted on the sender's computer with AES-256-GCM; one key only opens "
    "it, and any change is noticed (v3).",
    Suite.GCM: "Encrypted on the sender's computer with AES-GCM; any change is noticed, but "
    "it may open to other content under a second key.",
    Suite.CBC: "Encrypted on the sender's computer with AES-CBC; changes can go unnoticed (v1).",
}
_WRAPPED: Final = {
    Wrapping.KMS_CONTEXT: "Its data key is wrapped by a KMS key and bound to the encryption "
    "context.",
    Wrapping.KMS: "Its data key is wrapped by a KMS key as clients of before 2020 did it (kms).",
}


def inspect(session: Session, ref: ObjectRef, *, peek: bool = False) -> Inspection:
    """What the object is; no KMS call.

    One request to S3. Where the policy allows instruction files, two more for an object without
    envelope.

    Args:
        peek: fetch the first 64 bytes of an object without envelope, to call the files of other
            programs by name; one more request.
    """
    connection = session.connection
    head = session.store.head(ref)
    try:
        envelope = find_envelope(session.store, head, connection.policy)
        size = plaintext_size(envelope, head.size)
    except NotEncrypted as error:
        named = named_by_content(session.store, head, error) if peek else error
        is_plain = isinstance(named, NotEncrypted)
        return _unreadable(head, Kind.NOT_ENCRYPTED if is_plain else Kind.OTHER_FORMAT, named)
    except NotAllowed as error:
        elsewhere = _unreadable(head, Kind.ELSEWHERE, error, (INSTRUCTION_FILES.name,))
        return replace(elsewhere, format=Format.V3) if is_split(head.metadata) else elsewhere
    except OtherFormat as error:
        return _unreadable(head, Kind.OTHER_FORMAT, error)
    except Refused as error:
        return _unreadable(head, Kind.DAMAGED, error)
    problem = hint = ""
    try:
        connection.policy.check(envelope, names_of(ref) if connection.bind_names else None)
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
        switches=tuple(switch.name for switch in connection.policy.missing(envelope)),
    )


def _unreadable(
    head: Head, kind: Kind, error: CseError, switches: tuple[str, ...] = ()
) -> Inspection:
    exact = kind is Kind.NOT_ENCRYPTED
    return Inspection(
        head, kind, head.size, exact, problem=error.title, hint=error.hint, switches=switches
    )


def _named(ref: ObjectRef, envelope: Envelope) -> tuple[str, ...]:
    """Whether the context names this object or another one."""
    pairs = {n: v for n, v in envelope.context.items() if n in (BUCKET_PAIR, KEY_PAIR)}
    if not pairs:
        return ()
    if pairs == names_of(ref):
        return ("It is bound to its name.",)
    return ("Its encryption context names another object: it was copied, renamed or exchanged.",)
