"""A KMS key as a person sees it, and what the user may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Permission(Enum):
    """What a KMS dry run said."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the user may do with a key, as far as dry runs tell.

    Attributes:
        note: why something is unknown or denied, for a tooltip; "" when there is nothing to say.
    """

    encrypt: Permission
    decrypt: Permission
    rewrap: Permission
    note: str = ""


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A KMS key as the picker shows it.

    Attributes:
        arn: the key's ARN (never an alias ARN); where only an id is known, that id.
        aliases: names such as "alias/finance-prod", without the account; may be empty.
        state: KMS KeyState ("Enabled", "Disabled", "PendingDeletion", "PendingImport", ...);
            "" when DescribeKey was refused.
        spec: KMS KeySpec ("SYMMETRIC_DEFAULT", "RSA_2048", ...).
        usage: KMS KeyUsage ("ENCRYPT_DECRYPT", ...).
        origin: KMS Origin ("AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE").
        manager: "CUSTOMER" or "AWS".
        deletion: when a pending deletion happens.
        expires: when imported material expires.
    """

    arn: str
    aliases: tuple[str, ...] = ()
    description: str = ""
    state: str = ""
    spec: str = ""
    usage: str = ""
    origin: str = ""
    manager: str = "CUSTOMER"
    multi_region: bool = False
    deletion: datetime | None = None
    expires: datetime | None = None

    @property
    def key_id(self) -> str:
        """The id at the end of the ARN."""
        return self.arn.rpartition("/")[2]

    @property
    def label(self) -> str:
        """The first alias, or the short key id ("1234abcd…90ab")."""
        if self.aliases:
            return self.aliases[0]
        return f"{self.key_id[:8]}…{self.key_id[-4:]}" if len(self.key_id) > 16 else self.key_id

    @property
    def can_wrap(self) -> bool:
        """Whether its kind and state let it wrap data keys; permissions are another question."""
        is_right_kind = self.spec in ("", "SYMMETRIC_DEFAULT") and self.usage in (
            "",
            "ENCRYPT_DECRYPT",
        )
        return is_right_kind and self.state in ("", "Enabled")
