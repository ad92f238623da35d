"""KMS: draw a data key for a new object, open the data key of a stored one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cse_desktop.core.calls import Calls, TellWaiting
from cse_desktop.core.cipher import ContentKey, content_key, new_material
from cse_desktop.core.data_keys import DataKeys
from cse_desktop.core.envelope import Envelope, Suite, Wrapping, new_context
from cse_desktop.core.errors import (
    CseError,
    InvalidInput,
    KeyUnusable,
    NotAllowed,
    NotFound,
    NotPermitted,
)
from cse_desktop.core.key_catalogue import KeyCatalogue
from cse_desktop.core.later import later
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.wire import check_is_aws

if TYPE_CHECKING:
    import botocore.exceptions as aws
    from mypy_boto3_kms import KMSClient
else:
    aws = later("botocore.exceptions")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A data key just drawn, for one object.

    Attributes:
        key_arn: the KMS key that wrapped it, as KMS named it.
    """

    content: ContentKey
    envelope: Envelope
    key_arn: str


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """The data key of a stored object, opened by KMS and checked against its commitment."""

    content: ContentKey
    key_arn: str


class KmsKeys(KeyCatalogue):
    """Data keys under KMS keys. Any thread.

    Args:
        client: a boto3 KMS client; shared, not closed here.
        calls: how often a request is made.
        data_keys: how the calls of transfers are made.
        account: gives the account id that is signed in; asked only when a decrypt needs it.
        allowed: keys that may decrypt, tried in order; empty for all keys of `account`.
    """

    def __init__(
        self,
        client: KMSClient,
        calls: Calls,
        data_keys: DataKeys,
        account: Callable[[], str],
        allowed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(client, calls)
        self._data_keys = data_keys
        self._account = account
        self._allowed = allowed
        self._arns: dict[str, str] = {}

    def during(self, cancel: CancelToken, tell: TellWaiting, account: Callable[[], str]) -> KmsKeys:
        """The same for one transfer; see `Calls.during`.

        Args:
            account: as for the constructor, ended by `cancel` as well.
        """
        return self._bound(self._calls.during(cancel, tell), account)

    def looked_at(self, cancel: CancelToken, account: Callable[[], str]) -> KmsKeys:
        """The same for a list on the screen; see `Calls.looked_at`."""
        return self._bound(self._calls.looked_at(cancel), account)

    def _bound(self, calls: Calls, account: Callable[[], str]) -> KmsKeys:
        bound = copy.copy(self)
        bound._calls = calls
        bound._account = account
        return bound

    def only(self, key_id: str) -> KmsKeys:
        """The same, but no other key may decrypt."""
        bound = copy.copy(self)
        bound._allowed = (key_id,)
        return bound

    def new(
        self, key_id: str, context: Mapping[str, str], suite: Suite = Suite.GCM_COMMITTING
    ) -> NewKey:
        """Draw a data key under `key_id`; one KMS call.

        Args:
            key_id: ARN, id or alias.
            context: the user's pairs, without reserved names.
            suite: one of the two GCM suites.
        """
        full_context = new_context(context, suite)

        def draw() -> Any:
            answer = self._data_keys.draw(key_id, full_context, self._calls.cancel)
            return check_is_aws(answer, "kms", "Plaintext", "CiphertextBlob", "KeyId")

        answer = self._calls.make(draw, "kms:GenerateDataKey", key=key_id, heeds_cancel=True)
        if key_id.startswith("arn:") and ":key/" in key_id and answer["KeyId"] != key_id:
            raise _wrong_key(answer["KeyId"], "GenerateDataKey")
        content, nonce, commitment = new_material(answer["Plaintext"], suite)
        envelope = Envelope(
            suite=suite,
            wrapping=Wrapping.KMS_CONTEXT,
            wrapped_key=answer["CiphertextBlob"],
            context=full_context,
            nonce=nonce,
            commitment=commitment,
        )
        return NewKey(content, envelope, answer["KeyId"])

    def open(self, envelope: Envelope) -> OpenedKey:
        """Have KMS decrypt the data key and check it.

        Raises:
            NotAllowed: the key is not one of those the connection allows.
            Refused, KeyUnusable, NotPermitted: KMS would not.
            Tampered: the key does not match the commitment.
        """
        refusal: CseError | None = None
        for key_id in self._allowed or ("",):
            try:
                answer = self._decrypt(envelope, key_id)
            except (NotPermitted, KeyUnusable, NotFound, InvalidInput) as error:
                # Another key of the list may be the right one; if none is, this says most.
                refusal = refusal or error
                continue
            if answer is not None:
                self._check_is_allowed(answer["KeyId"], key_id)
                return OpenedKey(content_key(envelope, answer["Plaintext"]), answer["KeyId"])
        raise refusal or NotAllowed(
            "This file is encrypted under a key that is not on the list",
            "KMS refused each of the keys that this connection allows. Add the file's key to the "
            "list if you trust whoever wrote the file.",
            "Allowed: " + ", ".join(self._allowed),
        )

    def _decrypt(self, envelope: Envelope, key_id: str) -> Any | None:
        """The answer of Decrypt, or None when the data key is not under `key_id`."""
        if not key_id:
            self._account()  # an unknown account must stop us before the call goes out

        def decrypt() -> Any | None:
            try:
                answer = self._data_keys.decrypt(
                    envelope.wrapped_key, dict(envelope.context), key_id, self._calls.cancel
                )
                return check_is_aws(answer, "kms", "Plaintext", "KeyId")
            except aws.ClientError as error:
                if key_id and error.response["Error"]["Code"] == "IncorrectKeyException":
                    return None
                raise

        return self._calls.make(decrypt, "kms:Decrypt", key=key_id, heeds_cancel=True)

    def _check_is_allowed(self, answered: str, asked: str) -> None:
        """Raise NotAllowed unless the key that KMS used is the one asked for, or of the account."""
        if asked:
            if answered != self._arn_of(asked):
                raise _wrong_key(answered, "Decrypt")
        elif answered.split(":")[4:5] != [self._account()]:
            raise NotAllowed(
                "This file is encrypted under a key of another account",
                f"This connection opens files under keys of account {self._account()} only. Add "
                "the key to the connection's list if you trust whoever wrote the file.",
                f"Key: {answered}",
            )

    def _arn_of(self, key_id: str) -> str:
        """The key ARN behind an id or alias; described once."""
        if ":key/" in key_id:
            return key_id
        if key_id not in self._arns:
            self._arns[key_id] = self._metadata(key_id)["Arn"]
        return self._arns[key_id]


def _wrong_key(answered: str, operation: str) -> NotAllowed:
    return NotAllowed(
        "KMS answered with another key than the one asked for",
        "Nothing was used. Tell your administrator: this should never happen.",
        f"Operation: {operation}\nKey: {answered}",
    )
