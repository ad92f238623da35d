"""What the key picker says about a KMS key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.gui.parts.state_dot import days_until

_ORIGINS: Final[Mapping[str, str]] = {
    "": "Not known",
    "AWS_KMS": "KMS",
    "EXTERNAL": "External",
    "AWS_CLOUDHSM": "CloudHSM",
    "EXTERNAL_KEY_STORE": "External key store",
}

_KEY_ID = re.compile(r"(mrk-)?[0-9a-fA-F-]{32,36}")
_ALIAS = re.compile(r"alias/[A-Za-z0-9/_-]+")
_ARN = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key/.+|alias/.+)")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a key cannot encrypt uploads.

    Attributes:
        title: what is so, without a full stop.
        text: what it means.
        remedy: what to do.
    """

    title: str
    text: str
    remedy: str = "Choose another key."


def origin(key: KmsKey) -> str:
    """Where the key material lives, in one word."""
    return _ORIGINS.get(key.origin, key.origin)


def kind(key: KmsKey) -> str:
    """What sort of key it is: "Symmetric · Multi-Region"."""
    parts = [_family(key.spec)]
    if key.multi_region:
        parts.append("Multi-Region")
    return " · ".join(part for part in parts if part)


def short_id(key: KmsKey) -> str:
    """The key id, shortened in the middle so that both ends can be compared."""
    key_id = key.key_id
    return f"{key_id[:8]}…{key_id[-4:]}" if len(key_id) > 16 else key_id


def obstacle(
    key: KmsKey, permissions: Permissions | None = None, now: datetime | None = None
) -> Obstacle | None:
    """What stops this key from encrypting; None where nothing is known to."""
    return _wrong_kind(key) or _wrong_state(key, now) or _not_permitted(key, permissions)


def age(seconds: float) -> str:
    """How long ago: "just now", "12 s ago", "3 min ago", "2 h ago"."""
    whole = int(seconds)
    if whole < 2:
        return "just now"
    if whole < 60:
        return f"{whole} s ago"
    return f"{whole // 60} min ago" if whole < 3600 else f"{whole // 3600} h ago"


def facts(key: KmsKey, now: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """What is known beside name, state and ARN, as heading and words."""
    words = ", ".join(part for part in (origin(key), _family(key.spec)) if part)
    found = [("Key material", words)]
    if key.spec == "SYMMETRIC_DEFAULT":
        found.append(("Multi-Region", "Yes" if key.multi_region else "No"))
    if len(key.aliases) > 1:
        found.append(("Also named", "\n".join(key.aliases[1:])))
    if key.expires is not None:
        found.append(("Expires", f"in {days_until(key.expires, now or datetime.now(UTC))}"))
    return tuple(found)


def matches(key: KmsKey, needle: str) -> bool:
    """Whether each word of `needle` is somewhere in the key's names, description or ARN."""
    haystack = "\n".join((*key.aliases, key.description, key.arn)).casefold()
    return all(word in haystack for word in needle.casefold().split())


def name_problem(text: str, region: str) -> str:
    """Why `text` names no key that this connection could reach; "" when it may.

    Args:
        region: of the connection; "" when not known.
    """
    arn = _ARN.fullmatch(text)
    if arn is None:
        if _KEY_ID.fullmatch(text) or _ALIAS.fullmatch(text):
            return ""
        return "This is not a key. Paste a key ARN (arn:aws:kms:…), an alias (alias/…) or a key ID."
    if region and arn[1] != region:
        return (
            f"This key is in {arn[1]}. The connection uses {region}, "
            "and KMS opens keys of its own Region only."
        )
    return ""


def alias_in(text: str) -> str:
    """The alias that an alias ARN or alias name names, or ""."""
    found = re.search(r"(?:^|:)(alias/.+)$", text)
    return found[1] if found else ""


def _family(spec: str) -> str:
    """The sort of key: "Symmetric", "RSA 2048", "HMAC"."""
    if spec in ("", "SYMMETRIC_DEFAULT"):
        return "Symmetric" if spec else ""
    if spec.startswith("RSA_"):
        return "RSA " + spec.removeprefix("RSA_")
    if spec.startswith("ECC_"):
        return "Elliptic curve"
    if spec.startswith("HMAC_"):
        return "HMAC"
    return spec.replace("_", "-")


def _wrong_kind(key: KmsKey) -> Obstacle | None:
    if key.manager == "AWS":
        return Obstacle(
            "This key belongs to an AWS service",
            "Only that service may use it, so it can't encrypt files here.",
        )
    if key.spec.startswith("HMAC_"):
        return Obstacle(
            "This is an HMAC key",
            "It makes authentication codes and can't create data keys.",
        )
    if key.spec not in ("", "SYMMETRIC_DEFAULT"):
        return Obstacle(
            "This is an asymmetric key",
            "Only symmetric encryption keys can create data keys.",
        )
    if key.usage not in ("", "ENCRYPT_DECRYPT"):
        return Obstacle(
            "This key is not for encryption",
            "Its use was fixed when it was made.",
        )
    return None


def _wrong_state(key: KmsKey, now: datetime | None) -> Obstacle | None:
    if key.state in ("", "Enabled"):
        return None
    if key.state == "Disabled":
        return Obstacle(
            "This key is disabled",
            f"Files under {key.label} can't be opened or added until it is enabled.",
            "Ask a key administrator, or choose another key.",
        )
    if key.state in ("PendingDeletion", "PendingReplicaDeletion"):
        when = f" in {days_until(key.deletion, now or datetime.now(UTC))}" if key.deletion else ""
        return Obstacle(
            f"This key will be deleted{when}",
            "After that its files can never be opened.",
            "Cancel the deletion in KMS, or choose another key.",
        )
    if key.state == "PendingImport":
        return Obstacle(
            "This key waits for its key material",
            "It can't be used until its material is imported.",
            "Ask a key administrator, or choose another key.",
        )
    if key.state == "Unavailable":
        return Obstacle(
            "The key store of this key can't be reached",
            "KMS has no connection to the store that holds its material.",
            "Ask a key administrator, or choose another key.",
        )
    return Obstacle("This key is being made ready", "It can't be used yet.", "Look again soon.")


def _not_permitted(key: KmsKey, permissions: Permissions | None) -> Obstacle | None:
    if permissions is None or permissions.encrypt is not Permission.DENIED:
        return None
    may_decrypt = permissions.decrypt is Permission.ALLOWED
    return Obstacle(
        f"You can't encrypt with {key.label}",
        "Your role may only decrypt with it."
        if may_decrypt
        else "Your role may not create data keys with it.",
    )
