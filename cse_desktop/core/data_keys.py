"""The two calls of KMS that every transfer makes: draw a data key, and open one.

As of the calls of S3 that carry bytes there are two that do the same: through the client library,
and past it. One request and two libraries' worth of processor time would otherwise be most of what
a small file costs.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from cse_desktop.core.addresses import AddressBook
from cse_desktop.core.direct import Asking, Direct, Elsewhere
from cse_desktop.core.leaving import leave_when_cancelled
from cse_desktop.core.progress import CancelToken

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_TYPE: Final = "application/x-amz-json-1.1"
_BYTES: Final = ("Plaintext", "CiphertextBlob")


class DataKeys(Protocol):
    """How KMS is asked. Any thread; each call asks once, and ends soon after a cancel."""

    def draw(self, key_id: str, context: Mapping[str, str], cancel: CancelToken) -> Any:
        """GenerateDataKey of 256 bits; gives the answer."""

    def decrypt(
        self, wrapped: bytes, context: Mapping[str, str], key_id: str, cancel: CancelToken
    ) -> Any:
        """Decrypt under `key_id`, or under the key that `wrapped` names if that is ""."""


class LibraryDataKeys:
    """Through boto3's client."""

    def __init__(self, client: KMSClient) -> None:
        self._client = client

    def draw(self, key_id: str, context: Mapping[str, str], cancel: CancelToken) -> Any:
        """GenerateDataKey."""
        return leave_when_cancelled(
            lambda: self._client.generate_data_key(
                KeyId=key_id, KeySpec="AES_256", EncryptionContext=context
            ),
            cancel,
        )

    def decrypt(
        self, wrapped: bytes, context: Mapping[str, str], key_id: str, cancel: CancelToken
    ) -> Any:
        """Decrypt."""
        named: dict[str, Any] = {"KeyId": key_id} if key_id else {}
        return leave_when_cancelled(
            lambda: self._client.decrypt(
                CiphertextBlob=wrapped, EncryptionContext=context, **named
            ),
            cancel,
        )


class DirectDataKeys:
    """Past the client library, and through it where only that can.

    Args:
        addresses: of KMS.
        direct: speaks "json".
    """

    def __init__(self, addresses: AddressBook, direct: Direct, library: DataKeys) -> None:
        self._addresses = addresses
        self._direct = direct
        self._library = library

    def draw(self, key_id: str, context: Mapping[str, str], cancel: CancelToken) -> Any:
        """GenerateDataKey."""
        asked = {"KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": context}
        answer = self._ask("GenerateDataKey", asked, cancel)
        return answer or self._library.draw(key_id, context, cancel)

    def decrypt(
        self, wrapped: bytes, context: Mapping[str, str], key_id: str, cancel: CancelToken
    ) -> Any:
        """Decrypt."""
        asked: dict[str, Any] = {
            "CiphertextBlob": b64encode(wrapped).decode("ascii"),
            "EncryptionContext": context,
        }
        if key_id:
            asked["KeyId"] = key_id
        answer = self._ask("Decrypt", asked, cancel)
        return answer or self._library.decrypt(wrapped, context, key_id, cancel)

    def _ask(
        self, operation: str, asked: Mapping[str, Any], cancel: CancelToken
    ) -> dict[str, Any] | None:
        address = self._addresses.find()
        if address is None:
            return None
        body = json.dumps({name: _plain(value) for name, value in asked.items()})
        headers = {"content-type": _TYPE, "x-amz-target": f"TrentService.{operation}"}
        asking = Asking(operation, "POST", "", {}, headers, memoryview(body.encode()))
        try:
            reply, text = self._direct.text(address, asking, cancel)
        except Elsewhere:
            return None
        answer = _read(text)
        answer["ResponseMetadata"] = {
            "HTTPStatusCode": reply.status,
            "HTTPHeaders": reply.headers,
        }
        return answer


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _read(text: bytes) -> dict[str, Any]:
    """What an answer says; what it leaves out or garbles is missing, as whoever reads it sees."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    answer = dict(found) if isinstance(found, dict) else {}
    for name in _BYTES:
        if name in answer:
            try:
                answer[name] = b64decode(answer[name], validate=True)
            except (binascii.Error, TypeError, ValueError):
                del answer[name]
    return answer
