"""KMS keys to choose from: list, describe, and ask what the user may do with one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cse_desktop.core.calls import Calls
from cse_desktop.core.envelope import Suite, new_context
from cse_desktop.core.errors import CseError, KeyUnusable, NotPermitted, ServiceError
from cse_desktop.core.kms_key import KmsKey, Permission, Permissions
from cse_desktop.core.wire import check_is_aws

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KeyCatalogue:
    """The describing half of KMS. Any thread.

    Args:
        client: a boto3 KMS client; shared, not closed here.
        calls: how often a request is made.
    """

    def __init__(self, client: KMSClient, calls: Calls) -> None:
        self._client = client
        self._calls = calls

    def list(self) -> tuple[KmsKey, ...]:
        """All customer keys of the account and Region that may be seen, described, by alias.

        Raises:
            NotPermitted: neither kms:ListKeys nor kms:ListAliases is allowed.
        """
        aliases, refusal = self._aliases()
        ids = dict.fromkeys(aliases)
        try:
            pages = self._calls.make(
                lambda: [
                    check_is_aws(page, "kms", "Keys")
                    for page in self._client.get_paginator("list_keys").paginate()
                ],
                "kms:ListKeys",
            )
            for page in pages:
                ids |= dict.fromkeys(key["KeyArn"].rpartition("/")[2] for key in page["Keys"])
        except NotPermitted:
            if refusal is not None:
                raise
        # Threads, because DescribeKey answers for one key at a time and takes a round trip each.
        with ThreadPoolExecutor(8, "describe-key") as pool:
            keys = pool.map(lambda key_id: self._described(key_id, aliases.get(key_id, ())), ids)
            visible = [key for key in keys if key.manager == "CUSTOMER"]
        return tuple(sorted(visible, key=lambda key: (not key.aliases, key.aliases, key.arn)))

    def describe(self, key_id: str) -> KmsKey:
        """One key, with its aliases where they may be listed; one or two KMS calls."""
        key = _from_metadata(self._metadata(key_id))
        aliases, _refusal = self._aliases(key.arn)
        named = aliases.get(key.key_id, ())
        if not named and key_id.startswith("alias/"):
            named = (key_id,)
        return replace(key, aliases=named)

    def probe(self, key_id: str, context: Mapping[str, str] | None = None) -> Permissions:
        """What the user may do with a key, by KMS dry runs; nothing is drawn, three KMS calls.

        A simulator that ignores the dry run answers with a real key. It is thrown away and the
        result is UNKNOWN, because then nothing was learnt.
        """
        full = new_context(context or {}, Suite.GCM_COMMITTING)
        calls: tuple[Callable[[], object], ...] = (
            lambda: self._client.generate_data_key(
                KeyId=key_id, KeySpec="AES_256", EncryptionContext=full, DryRun=True
            ),
            lambda: self._client.decrypt(
                KeyId=key_id,
                EncryptionContext=full,
                DryRun=True,
                DryRunModifiers=["IGNORE_CIPHERTEXT"],
            ),
            lambda: self._client.re_encrypt(
                SourceKeyId=key_id,
                DestinationKeyId=key_id,
                SourceEncryptionContext=full,
                DestinationEncryptionContext=full,
                DryRun=True,
                DryRunModifiers=["IGNORE_CIPHERTEXT"],
            ),
        )
        actions = ("kms:GenerateDataKey", "kms:Decrypt", "kms:ReEncrypt")
        encrypt, decrypt, rewrap = (
            self._dry_run(action, key_id, call) for action, call in zip(actions, calls, strict=True)
        )
        notes = dict.fromkeys(note for _, note in (encrypt, decrypt, rewrap) if note)
        return Permissions(encrypt[0], decrypt[0], rewrap[0], " ".join(notes))

    def _aliases(self, key_arn: str = "") -> tuple[dict[str, tuple[str, ...]], CseError | None]:
        """Alias names by key id, AWS's own left out; and why they could not be listed."""
        found: dict[str, tuple[str, ...]] = {}
        try:
            targets = self._calls.make(
                lambda: [*self._alias_targets(key_arn)], "kms:ListAliases", key=key_arn
            )
        except NotPermitted as refusal:
            return found, refusal
        for name, key_id in targets:
            found[key_id] = (*found.get(key_id, ()), name)
        return found, None

    def _alias_targets(self, key_arn: str) -> Iterator[tuple[str, str]]:
        only: dict[str, Any] = {"KeyId": key_arn} if key_arn else {}
        for page in self._client.get_paginator("list_aliases").paginate(**only):
            for alias in check_is_aws(page, "kms", "Aliases")["Aliases"]:
                if "TargetKeyId" in alias and not alias["AliasName"].startswith("alias/aws/"):
                    yield alias["AliasName"], alias["TargetKeyId"]

    def _described(self, key_id: str, aliases: tuple[str, ...]) -> KmsKey:
        """The key as far as DescribeKey is allowed."""
        try:
            metadata = self._metadata(key_id)
        except NotPermitted:
            return KmsKey(key_id, aliases)
        return replace(_from_metadata(metadata), aliases=aliases)

    def _metadata(self, key_id: str) -> Any:
        return self._calls.make(
            lambda: check_is_aws(self._client.describe_key(KeyId=key_id), "kms", "KeyMetadata"),
            "kms:DescribeKey",
            key=key_id,
        )["KeyMetadata"]

    def _dry_run(
        self, action: str, key_id: str, call: Callable[[], object]
    ) -> tuple[Permission, str]:
        """The permission that a dry run tells, and a note where there is something to say."""
        try:
            self._calls.make(call, action, key=key_id)
        except NotPermitted:
            return Permission.DENIED, ""
        except KeyUnusable as error:
            return Permission.DENIED, error.title
        except ServiceError as error:
            if "DryRunOperation" in error.details:
                return Permission.ALLOWED, ""
            return Permission.UNKNOWN, "This service does not answer permission checks."
        except CseError as error:
            return Permission.UNKNOWN, error.title
        return Permission.UNKNOWN, "This service does not answer permission checks."


def _from_metadata(metadata: Any) -> KmsKey:
    return KmsKey(
        arn=metadata["Arn"],
        description=metadata.get("Description", ""),
        state=metadata.get("KeyState", ""),
        spec=metadata.get("KeySpec", ""),
        usage=metadata.get("KeyUsage", ""),
        origin=metadata.get("Origin", ""),
        manager=metadata.get("KeyManager", "CUSTOMER"),
        multi_region=bool(metadata.get("MultiRegion", False)),
        deletion=metadata.get("DeletionDate"),
        expires=metadata.get("ValidTo"),
    )
