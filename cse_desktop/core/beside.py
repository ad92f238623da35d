"""What S3 keeps beside the bytes of an object, and what of it belongs to the encryption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

ENVELOPE_PREFIX: Final = "x-amz-"
"""Every name that an S3 encryption client writes begins so."""

STORAGE_CLASSES: Final = (
    "STANDARD",
    "INTELLIGENT_TIERING",
    "STANDARD_IA",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)
ARCHIVES: Final = ("GLACIER", "DEEP_ARCHIVE")
"""Objects in these must be restored before they can be read."""

_REQUEST_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "content_type": "ContentType",
        "cache_control": "CacheControl",
        "content_disposition": "ContentDisposition",
        "content_encoding": "ContentEncoding",
        "content_language": "ContentLanguage",
        "redirect": "WebsiteRedirectLocation",
        "storage_class": "StorageClass",
        "encryption": "ServerSideEncryption",
        "kms_key": "SSEKMSKeyId",
    }
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Headers and user metadata of an object. A text that is "" is not stored.

    Attributes:
        metadata: all of it, the envelope included; names in lower case.
        expires: as S3 gave it; a date of HTTP in good order.
        encryption, kms_key: how S3 encrypts it at rest, not how a client did.
        archive: what S3 says of a restore from an archive class ("ongoing-request=…").
    """

    metadata: Mapping[str, str] = field(default_factory=dict, hash=False)
    content_type: str = ""
    cache_control: str = ""
    content_disposition: str = ""
    content_encoding: str = ""
    content_language: str = ""
    redirect: str = ""
    storage_class: str = "STANDARD"
    encryption: str = ""
    kms_key: str = ""
    expires: str = ""
    archive: str = ""

    @property
    def own(self) -> dict[str, str]:
        """The metadata that people wrote."""
        return {n: v for n, v in self.metadata.items() if not n.startswith(ENVELOPE_PREFIX)}

    @property
    def envelope(self) -> dict[str, str]:
        """The metadata without which the object could not be opened any more."""
        return {n: v for n, v in self.metadata.items() if n.startswith(ENVELOPE_PREFIX)}

    @property
    def is_archived(self) -> bool:
        """Whether it has to be restored before it can be read."""
        return self.storage_class in ARCHIVES and 'ongoing-request="false"' not in self.archive

    @property
    def is_thawing(self) -> bool:
        """Whether S3 is restoring it."""
        return 'ongoing-request="true"' in self.archive

    def request(self) -> dict[str, Any]:
        """The arguments with which S3 stores all of it."""
        return self.headers() | {"Metadata": dict(self.metadata)}

    def headers(self) -> dict[str, Any]:
        """The same without the metadata."""
        given: dict[str, Any] = {
            name: getattr(self, attribute)
            for attribute, name in _REQUEST_NAMES.items()
            if getattr(self, attribute)
        }
        if given.get("StorageClass") == "STANDARD":
            del given["StorageClass"]  # what it is anyway; not every server takes it
        if self.expires:
            given["Expires"] = self.expires
        return given


def beside_of(answer: Mapping[str, Any]) -> Beside:
    """Read the answer of HeadObject."""
    texts = {attribute: str(answer.get(name, "")) for attribute, name in _REQUEST_NAMES.items()}
    texts["storage_class"] = texts["storage_class"] or "STANDARD"
    return Beside(
        metadata={name.lower(): value for name, value in answer["Metadata"].items()},
        expires=str(answer.get("ExpiresString", "")),
        archive=str(answer.get("Restore", "")),
        **texts,
    )
