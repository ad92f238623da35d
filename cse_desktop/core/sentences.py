"""What foreign errors mean to a person: the rows that no code of a service names.

Texts may use {service} (Amazon S3, AWS KMS, ...), {key} and {who} (the caller, "your role x"),
{action} (an IAM action), {place} (what the call was about) and {path} (a file on this computer).
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Final

from cse_desktop.core.errors import (
    AlreadyExists,
    Busy,
    CseError,
    DiskFull,
    InvalidInput,
    LocalDisk,
    NotFound,
    NotPermitted,
    ServiceError,
    SignInNeeded,
    Unreachable,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row of the table: which error it becomes, what happened, what to do."""

    kind: type[CseError]
    title: str
    hint: str


BUSY: Final = Sentence(
    Busy,
    "{service} is busy",
    "It takes no more requests for the moment. Try again in a few seconds.",
)
OUT_OF_SERVICE: Final = Sentence(
    Busy, "{service} has a problem of its own", "Nothing is wrong here. Try again in a few minutes."
)
DENIED: Final = Sentence(
    NotPermitted,
    "You don't have permission for {action}",
    "Ask an administrator to allow {action} for {who}, or switch connection.",
)
UNEXPECTED: Final = Sentence(
    ServiceError,
    "{service} gave an answer that CSE Desktop does not know",
    "Try again. If it happens again, show the details to an administrator.",
)
WRONG_CODE: Final = Sentence(
    SignInNeeded,
    "The MFA code was not accepted",
    "Each code works once. Wait for the next one, then sign in again.",
)
SKEWED: Final = Sentence(
    NotPermitted,
    "The clock of this computer is wrong",
    "{service} refuses requests whose time differs too much from its own. "
    "Set date and time of this computer, then try again.",
)
OTHER_REGION: Final = Sentence(
    InvalidInput,
    "This bucket is in another Region",
    "Change the Region of the connection to that of the bucket.",
)
GARBLED: Final = Sentence(
    Unreachable,
    "Something else answered instead of {service}",
    "A sign-in page of the network or a wrong endpoint can do that. Open a web page to sign in "
    "to the network, or check the connection's endpoint.",
)
LOCAL: Final = Sentence(
    LocalDisk, "This file could not be used", "The system refused {path}. Choose another place."
)

STATUS_CODES: Final = {
    # HEAD has no body: then the status is all that S3 says.
    "301": "PermanentRedirect",
    "307": "TemporaryRedirect",
    "401": "AccessDenied",
    "403": "AccessDenied",
    "404": "NoSuchKey",
    "405": "MethodNotAllowed",
    "408": "RequestTimeout",
    "409": "ConditionalRequestConflict",
    "412": "PreconditionFailed",
    "416": "InvalidRange",
    "429": "SlowDown",
    "500": "InternalError",
    "501": "NotImplemented",
    "502": "ServiceUnavailable",
    "503": "SlowDown",
    "504": "ServiceUnavailable",
    "507": "InsufficientStorage",
}

_LIST_HERE: Final = "You may still open or upload files if you know their path."
DENIED_ACTIONS: Final[dict[str, Sentence]] = {
    action: Sentence(NotPermitted, title, hint)
    for action, title, hint in (
        (
            "kms:Decrypt",
            "You don't have permission to decrypt this file",
            "The file's key does not allow {who} to decrypt, or the key is gone. Ask an "
            "administrator of the key to allow kms:Decrypt, or switch connection.",
        ),
        (
            "kms:GenerateDataKey",
            "You can't encrypt with {key}",
            "The key does not let {who} create data keys. Choose another key, or ask an "
            "administrator of the key to allow kms:GenerateDataKey.",
        ),
        (
            "kms:ListKeys",
            "You can't list the keys of this account",
            "{action} is not allowed for {who}. You can still paste a key ARN.",
        ),
        (
            "s3:PutObject",
            "You can't upload here",
            "{action} is not allowed for {who} at {place}. Nothing was stored. Choose another "
            "folder, or ask an administrator of the bucket.",
        ),
        (
            "s3:GetObject",
            "You don't have permission to read this file",
            "{action} is not allowed for {who} at {place}, or the file does not exist: without "
            "s3:ListBucket, S3 answers both alike. Check the path, or ask an administrator of the "
            "bucket.",
        ),
        (
            "s3:DeleteObject",
            "You can't delete here",
            "{action} is not allowed for {who} at {place}. Nothing was deleted. Ask an "
            "administrator of the bucket.",
        ),
        (
            "s3:ListBucket",
            "You can't list this folder",
            "{action} is not allowed for {who} here. " + _LIST_HERE,
        ),
        (
            "s3:ListAllMyBuckets",
            "You can't list the buckets of this account",
            "{action} is not allowed for {who}. You can add a bucket by its name.",
        ),
        (
            "sts:AssumeRole",
            "You can't take on the role of this connection",
            "{action} is not allowed for {who}. Ask an administrator to let you assume the role, "
            "or switch connection.",
        ),
    )
}

_NO_SPACE: Final = Sentence(
    DiskFull,
    "Not enough space on this disk",
    "There is no room for {path}. Choose another folder.",
)
_NO_ACCESS: Final = Sentence(
    LocalDisk,
    "You don't have permission for this file",
    "This computer does not let you use {path}. Change its permissions, or choose another place.",
)
_TOO_MANY: Final = Sentence(
    LocalDisk, "Too many files are open", "Wait until some transfers are done, then try again."
)
ERRNOS: Final[dict[int, Sentence]] = {
    errno.ENOSPC: _NO_SPACE,
    getattr(errno, "EDQUOT", -1): Sentence(
        DiskFull,
        "Your share of this disk is used up",
        "There is no room for {path} under your quota. Remove files, or choose another folder.",
    ),
    errno.EFBIG: Sentence(
        LocalDisk,
        "This file is too large for this disk",
        "The file system can't hold {path}. Choose another disk.",
    ),
    errno.EACCES: _NO_ACCESS,
    errno.EPERM: _NO_ACCESS,
    errno.EROFS: Sentence(
        LocalDisk, "This disk is read-only", "{path} can't be written. Choose another folder."
    ),
    errno.ENOENT: Sentence(
        NotFound,
        "There is no such file or folder",
        "{path} was not found. It may have been moved: choose it again.",
    ),
    errno.ENOTDIR: Sentence(
        LocalDisk,
        "A file stands where a folder is needed",
        "Part of {path} is a file. Choose another folder.",
    ),
    errno.EISDIR: Sentence(
        LocalDisk, "This is a folder, not a file", "{path} is a folder. Choose a file."
    ),
    errno.EEXIST: Sentence(
        AlreadyExists,
        "A file of this name is already there",
        "{path} was not changed. Choose another name.",
    ),
    errno.ENAMETOOLONG: Sentence(
        LocalDisk,
        "This name is too long for this disk",
        "Shorten the name, or choose another folder.",
    ),
    errno.EINVAL: Sentence(
        LocalDisk,
        "This disk does not take this name",
        "{path} has characters it does not allow. Rename it, or choose another disk.",
    ),
    errno.ELOOP: Sentence(
        LocalDisk,
        "This is a link",
        "{path} is a link, and links are not followed here. Choose the file itself.",
    ),
    errno.EIO: Sentence(
        LocalDisk,
        "The disk reports a fault",
        "{path} could not be read or written. Nothing was kept. Check the disk.",
    ),
    errno.EBUSY: Sentence(
        LocalDisk,
        "Another program uses this file",
        "Close {path} in other programs, then try again.",
    ),
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
}
