"""Everything that can go wrong, as a person would say it.

    CseError
    ├── InvalidInput        what was asked cannot be done as it was asked
    │   └── TooLarge        above the limit of the format or of S3
    ├── Refused             the object or the key must not be used
    │   ├── NotEncrypted    no client-side envelope beside the object
    │   ├── OtherFormat     encrypted by something this program does not read
    │   ├── BadEnvelope     an envelope that breaks the format
    │   ├── NotAllowed      against the policy of the connection (format, key, context)
    │   └── Tampered        tag, commitment or length do not match
    ├── KeyUnusable         disabled, pending deletion, waiting for material, not symmetric
    ├── NotPermitted        AWS refused an action
    ├── SignInNeeded        credentials are missing, expired or unknown
    │   └── Declined        somebody was asked to sign in, and would not
    ├── NotFound            no such bucket, object, key or file
    │   └── UploadGone      the upload was ended by somebody else; it can begin anew
    ├── AlreadyExists       the name is taken and the user did not choose to replace
    ├── Changed             the source or the object is not the one the transfer began with
    ├── Unreachable         network, DNS, TLS, proxy, time-out
    │   ├── Busy            throttled or out of service for now
    │   └── NotTrusted      the other side is not who it should be; asking again changes nothing
    ├── LocalDisk           no permission, no such folder
    │   └── DiskFull        no space; what was done so far is worth keeping
    └── ServiceError        an answer this program has no better sentence for

Classes follow what the person can do next, not which call failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Refusal:
    """What AWS did not allow; `permissions.explain` says what would.

    Attributes:
        action: as an IAM action ("kms:Decrypt").
        subject: what the call was about ("s3://bucket/key"), or "".
        key: the KMS key of the call, ARN or id or alias, or "".
        resource: the ARN that AWS named, or "".
        caller: the ARN of who asked, or "" where AWS did not say.
        reason: which kind of policy is missing or forbids it, in AWS's words, or "".
    """

    action: str
    subject: str = ""
    key: str = ""
    resource: str = ""
    caller: str = ""
    reason: str = ""


class CseError(Exception):
    """An error a person can read.

    Args:
        title: what happened, one sentence without jargon, no full stop.
        hint: what it means and what to do next, whole sentences.
        details: exact facts for an administrator (operation, code, request id, ARN); never a
            credential, a data key, a presigned address or file content.
    """

    def __init__(self, title: str, hint: str = "", details: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint
        self.details = details

    def reworded(self, title: str, hint: str, details: str | None = None) -> Self:
        """The same with other words; the details stay unless there are better ones."""
        return type(self)(title, hint, self.details if details is None else details)

    def __str__(self) -> str:
        return ". ".join(text.rstrip(".") for text in (self.title, self.hint) if text) + "."


class InvalidInput(CseError):
    """What was asked cannot be done as it was asked."""


class TooLarge(InvalidInput):
    """Above the limit of the format or of S3."""


class Refused(CseError):
    """The object or the key must not be used; trying again gives the same answer."""


class NotEncrypted(Refused):
    """There is no client-side envelope beside the object."""


class OtherFormat(Refused):
    """Client-side encrypted by something this program does not read."""


class BadEnvelope(Refused):
    """An envelope that breaks the format: incomplete, mixed, wrong lengths, unknown values."""


class NotAllowed(Refused):
    """Against the policy of the connection: its formats, its keys or its context."""


class Tampered(Refused):
    """Tag, commitment or length do not match: altered, damaged, or not of this key."""


class KeyUnusable(CseError):
    """The KMS key is disabled, being deleted, waiting for material or of the wrong kind."""


class NotPermitted(CseError):
    """AWS refused an action.

    Attributes:
        refusal: which one, where it is a matter of permissions.
    """

    refusal: Refusal | None = None

    def reworded(self, title: str, hint: str, details: str | None = None) -> Self:
        """The same with other words, about the same refusal."""
        made = super().reworded(title, hint, details)
        made.refusal = self.refusal
        return made


class SignInNeeded(CseError):
    """Credentials are missing, expired or unknown to AWS."""


class Declined(SignInNeeded):
    """A person was asked for what signing in needs, and gave nothing; asking again is no help."""


class NotFound(CseError):
    """No such bucket, object, key or file."""


class UploadGone(NotFound):
    """The multipart upload was ended by somebody else; a new one may work."""


class AlreadyExists(CseError):
    """The name is taken and the user did not choose to replace."""


class Changed(CseError):
    """The source or the object is not the one the transfer began with."""


class Unreachable(CseError):
    """Network, DNS, TLS, proxy or time-out; worth another try."""


class Busy(Unreachable):
    """Throttled, or out of service for now."""


class NotTrusted(Unreachable):
    """The other side could not prove who it is; nothing was sent to it."""


class LocalDisk(CseError):
    """No space, no permission, no such folder, or a damaged disk."""


class DiskFull(LocalDisk):
    """There is no space on a disk of this computer; it may be made."""


class ServiceError(CseError):
    """An answer of AWS that this program has no better sentence for."""
