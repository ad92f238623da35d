"""The one table of foreign errors: what each means to a person.

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
    Changed,
    CseError,
    InvalidInput,
    KeyUnusable,
    LocalDisk,
    NotAllowed,
    NotFound,
    NotPermitted,
    Refused,
    ServiceError,
    SignInNeeded,
    TooLarge,
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
LOCAL: Final = Sentence(
    LocalDisk, "This file could not be used", "The system refused {path}. Choose another place."
)

_SIGN_IN_AGAIN: Final = Sentence(
    SignInNeeded,
    "Sign in to continue",
    "Your session has ended. Transfers are paused, not lost. Sign in again.",
)
_UNKNOWN_KEYS: Final = Sentence(
    SignInNeeded,
    "AWS does not know this access key",
    "The access key of the connection was deleted, turned off or mistyped. Sign in with another.",
)
_WRONG_SECRET: Final = Sentence(
    SignInNeeded,
    "AWS does not accept the secret of this access key",
    "The secret access key of the connection is wrong. Enter it again, or switch connection.",
)
_KEY_WAITS: Final = Sentence(
    KeyUnusable,
    "This key can't be used now",
    "The state of {key} does not allow it. Ask a key administrator, or choose another key.",
)
_KEY_STORE: Final = Sentence(
    KeyUnusable,
    "The key store of this key is not connected",
    "{key} lives in a key store outside KMS that does not answer. Ask a key administrator.",
)
_CHANGED: Final = Sentence(
    Changed,
    "The file in S3 was changed in the meantime",
    "Somebody replaced or removed {place} while it was being used. Nothing was stored. Try again.",
)
_WRITTEN_NOW: Final = Sentence(
    Changed,
    "Another program is changing this file now",
    "{place} is being written by somebody else. Try again in a moment.",
)
_NO_OBJECT: Final = Sentence(
    NotFound,
    "This file is not there any more",
    "There is no {place}. Refresh the list: it may have been deleted or renamed.",
)
_NO_UPLOAD: Final = Sentence(
    NotFound,
    "The upload was ended by somebody else",
    "S3 no longer has the parts that were sent. Nothing was stored. Upload the file again.",
)
_DAMAGED_ON_THE_WAY: Final = Sentence(
    Unreachable,
    "The data was damaged on the way",
    "The checksum does not match what arrived, so nothing was stored. Try again.",
)
_NOT_ACCEPTED: Final = Sentence(
    InvalidInput,
    "{service} does not accept this request",
    "A name or a setting in it is not valid. The details say more to an administrator.",
)
_NO_KEY: Final = Sentence(
    NotFound,
    "This key does not exist",
    "There is no {key} in this account and Region. Check the Region of the connection, "
    "or choose another key.",
)

_CUSTOM_STORE_CODES: Final = (
    "CloudHsmClusterInvalidConfigurationException",
    "CloudHsmClusterNotActiveException",
    "CustomKeyStoreInvalidStateException",
    "XksProxyUriUnreachableException",
    "XksKeyInvalidConfigurationException",
)

CODES: Final[dict[str, Sentence]] = {
    # KMS
    "DisabledException": Sentence(
        KeyUnusable,
        "This key is disabled",
        "Files under {key} can't be opened or added until it is enabled. "
        "Ask a key administrator, or choose another key.",
    ),
    "KMSInvalidStateException": _KEY_WAITS,
    "KMSInvalidStateException pending deletion": Sentence(
        KeyUnusable,
        "This key is waiting to be deleted",
        "After that its files can never be opened. A key administrator can still cancel the "
        "deletion of {key} in KMS. Then enable the key and re-wrap its files.",
    ),
    "KMSInvalidStateException pending import": Sentence(
        KeyUnusable,
        "This key is waiting for its key material",
        "The material of {key} has expired or was never imported. Ask a key administrator.",
    ),
    "NotFoundException": _NO_KEY,
    "InvalidArnException": Sentence(
        InvalidInput, "This is not the ARN of a key", "Copy the key's ARN from the KMS console."
    ),
    "InvalidKeyUsageException": Sentence(
        KeyUnusable,
        "This key is not made for encrypting files",
        "{key} signs or authenticates. Choose a symmetric encryption key.",
    ),
    "UnsupportedOperationException": _KEY_WAITS,
    "IncorrectKeyException": Sentence(
        NotAllowed,
        "This file is encrypted under another key",
        "Its data key is not under {key}, the key that this connection allows. Add the file's key "
        "to the connection if you trust whoever wrote the file.",
    ),
    "InvalidCiphertextException": Sentence(
        Refused,
        "KMS could not open the wrapped data key",
        "The wrapped data key is damaged, or the file was encrypted with other context values. "
        "Compare the pairs in the inspector with your settings, or ask the sender to upload it "
        "again.",
    ),
    "KeyUnavailableException": BUSY,
    "DependencyTimeoutException": OUT_OF_SERVICE,
    "KMSInternalException": OUT_OF_SERVICE,
    "LimitExceededException": BUSY,
    "ValidationException": _NOT_ACCEPTED,
    **dict.fromkeys(_CUSTOM_STORE_CODES, _KEY_STORE),
    # Who is asking
    **dict.fromkeys(
        ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "UnauthorizedException"),
        _SIGN_IN_AGAIN,
    ),
    **dict.fromkeys(
        (
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidToken",
            "InvalidTokenId",
            "AuthFailure",
        ),
        _UNKNOWN_KEYS,
    ),
    **dict.fromkeys(
        ("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"), _WRONG_SECRET
    ),
    **dict.fromkeys(
        ("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
        Sentence(
            SignInNeeded,
            "Sign in to continue",
            "The request carried no credentials. Sign in first.",
        ),
    ),
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestExpired"), SKEWED),
    **dict.fromkeys(
        ("NotSignedUp", "OptInRequired", "SubscriptionRequiredException", "AllAccessDisabled"),
        Sentence(
            NotPermitted,
            "This AWS account can't use {service}",
            "The service is turned off for the account. Ask an administrator of the account.",
        ),
    ),
    "RegionDisabledException": Sentence(
        NotPermitted,
        "This Region is turned off for the account",
        "Ask an administrator of the account to turn it on, or choose another Region.",
    ),
    **dict.fromkeys(
        (
            "AccessDenied",
            "AccessDeniedException",
            "AccountProblem",
            "ForbiddenException",
            "UnauthorizedAccess",
            "UnauthorizedOperation",
        ),
        DENIED,
    ),
    # S3
    "NoSuchKey": _NO_OBJECT,
    "NoSuchVersion": _NO_OBJECT,
    "NoSuchUpload": _NO_UPLOAD,
    "NoSuchBucket": Sentence(
        NotFound,
        "This bucket does not exist",
        "There is no bucket behind {place}. Check the name, the account and the endpoint of the "
        "connection.",
    ),
    "BucketAlreadyExists": Sentence(
        AlreadyExists, "This bucket name is taken", "Bucket names are shared by all of AWS."
    ),
    "InvalidBucketName": Sentence(
        InvalidInput, "This is not a bucket name", "Check the name: {place}."
    ),
    "KeyTooLongError": Sentence(
        InvalidInput,
        "This name is too long for S3",
        "Names have at most 1,024 bytes, folders included.",
    ),
    "PreconditionFailed": _CHANGED,
    "ConditionalRequestConflict": _WRITTEN_NOW,
    "OperationAborted": _WRITTEN_NOW,
    **dict.fromkeys(
        ("PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"),
        OTHER_REGION,
    ),
    "AuthorizationHeaderMalformed": OTHER_REGION,
    "EntityTooLarge": Sentence(
        TooLarge, "This file is too large for the storage", "{service} refused its size."
    ),
    "MetadataTooLarge": Sentence(
        TooLarge,
        "The encryption context is too long",
        "S3 stores at most 2,048 bytes beside a file.",
    ),
    **dict.fromkeys(
        ("BadDigest", "XAmzContentChecksumMismatch", "InvalidDigest"), _DAMAGED_ON_THE_WAY
    ),
    "XAmzContentSHA256Mismatch": _DAMAGED_ON_THE_WAY,
    "IncompleteBody": _DAMAGED_ON_THE_WAY,
    **dict.fromkeys(("InvalidPart", "InvalidPartOrder"), _NO_UPLOAD),
    "InvalidRange": _CHANGED,
    "InvalidObjectState": Sentence(
        Refused,
        "This file is archived",
        "{place} lies in an archive storage class. Restore it in S3 first; that takes minutes to "
        "hours.",
    ),
    "MethodNotAllowed": Sentence(
        NotFound, "This version is a delete marker", "There is no content behind {place}."
    ),
    "NotImplemented": Sentence(
        ServiceError,
        "This storage does not offer what is needed",
        "{service} at this endpoint does not implement {action}. Use another endpoint.",
    ),
    **dict.fromkeys(
        ("QuotaExceeded", "StorageQuotaExceeded", "InsufficientStorage"),
        Sentence(
            NotPermitted, "The storage is full", "Its quota is used up. Ask an administrator of it."
        ),
    ),
    # Load and faults of the service
    **dict.fromkeys(
        (
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestLimitExceeded",
            "TooManyRequests",
            "TooManyRequestsException",
            "SlowDown",
            "RequestThrottled",
            "BandwidthLimitExceeded",
        ),
        BUSY,
    ),
    **dict.fromkeys(
        ("InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable"),
        OUT_OF_SERVICE,
    ),
    **dict.fromkeys(
        ("RequestTimeout", "RequestTimeoutException"),
        Sentence(
            Unreachable,
            "The connection to {service} was too slow",
            "Check your network or VPN, then try again.",
        ),
    ),
}

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
            "s3:ListBucket, S3 answers both alike.",
        ),
        (
            "s3:DeleteObject",
            "You can't delete here",
            "{action} is not allowed for {who} at {place}. Nothing was deleted.",
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
    LocalDisk,
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
        LocalDisk,
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
        NotFound, "There is no such file or folder", "{path} was not found. It may have been moved."
    ),
    errno.ENOTDIR: Sentence(
        LocalDisk, "A file stands where a folder is needed", "Part of {path} is a file."
    ),
    errno.EISDIR: Sentence(
        LocalDisk, "This is a folder, not a file", "{path} is a folder. Choose a file."
    ),
    errno.EEXIST: Sentence(
        AlreadyExists, "A file of this name is already there", "{path} exists. It was not changed."
    ),
    errno.ENAMETOOLONG: Sentence(
        LocalDisk,
        "This name is too long for this disk",
        "Shorten the name, or choose another folder.",
    ),
    errno.EINVAL: Sentence(
        LocalDisk, "This disk does not take this name", "{path} has characters it does not allow."
    ),
    errno.ELOOP: Sentence(
        LocalDisk, "This is a link", "{path} is a link, and links are not followed here."
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
