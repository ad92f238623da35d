"""The table of the codes with which S3, KMS and STS refuse, and what each means to a person."""

from __future__ import annotations

from typing import Final

from cse_desktop.core.errors import (
    AlreadyExists,
    Busy,
    Changed,
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
from cse_desktop.core.sentences import (
    BUSY,
    DENIED,
    OTHER_REGION,
    OUT_OF_SERVICE,
    SKEWED,
    Sentence,
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
    Busy,
    "Another upload of this name is under way",
    "{place} is being written by somebody else. Nothing was stored. Try again in a moment.",
)
_NO_OBJECT: Final = Sentence(
    NotFound,
    "This file is not there any more",
    "There is no {place}. Refresh the list: it may have been deleted or renamed.",
)
_NO_UPLOAD: Final = Sentence(
    UploadGone,
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
    "A name or a setting in it is not valid. Show the details to an administrator.",
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
    "400": Sentence(
        ServiceError,
        "{service} does not accept this request",
        "Your session may have ended, or S3 encrypted the file with a key that must be supplied "
        "(SSE-C). Sign in again, then try again.",
    ),
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
        AlreadyExists,
        "This bucket name is taken",
        "Bucket names are shared by all of AWS. Choose another.",
    ),
    "InvalidBucketName": Sentence(
        InvalidInput, "This is not a bucket name", "Check the name: {place}."
    ),
    "KeyTooLongError": Sentence(
        InvalidInput,
        "This name is too long for S3",
        "Names have at most 1,024 bytes, folders included. Shorten it.",
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
        TooLarge,
        "This file is too large for the storage",
        "{service} refused its size. Split the file, or use other storage.",
    ),
    "MetadataTooLarge": Sentence(
        TooLarge,
        "The encryption context is too long",
        "S3 stores at most 2,048 bytes beside a file. Shorten its names or values.",
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
        NotFound,
        "This version is a delete marker",
        "There is no content behind {place}. Choose an earlier version.",
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
