"""The row of one upload, signed with a key that only its data key gives."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from cse_desktop.core.cipher import ContentKey, hkdf_sha512
from cse_desktop.core.errors import LocalDisk
from cse_desktop.core.objects import PartTag
from cse_desktop.core.record import Intent, Left, Order, UploadRecord, UploadRow

_ROW_KEY: Final = b"cse-desktop journal"


class RowKey:
    """Signs what is written about one upload, so that a row is not taken for another's.

    Its key comes from the content key, so only who may open the object can check it or forge it.
    """

    def __init__(self, content: ContentKey) -> None:
        self._key = hkdf_sha512(content.key, content.nonce, _ROW_KEY, 32)

    def of_key(self, order: str, metadata: Mapping[str, str], key_arn: str) -> bytes:
        """The MAC of what was asked for and of the key that was drawn for it."""
        return self._mac("key", order, json.dumps(sorted(metadata.items())), key_arn)

    def of_upload(self, upload_id: str) -> bytes:
        """The MAC of an upload id."""
        return self._mac("upload", upload_id)

    def of_part(self, number: int, length: int, digest: bytes) -> bytes:
        """The MAC of a part."""
        return self._mac("part", str(number), str(length), digest.hex())

    def holds(self, left: Left) -> bool:
        """Whether all of a row is what this key has signed."""
        pairs = [
            (left.mac, self.of_key(left.order, left.metadata, left.key_arn)),
            (left.upload_mac, self.of_upload(left.upload_id)),
        ]
        pairs += [(i.mac, self.of_part(i.number, i.length, i.digest)) for i in left.intents]
        return all(hmac.compare_digest(stored, right) for stored, right in pairs)

    def _mac(self, *texts: str) -> bytes:
        return hmac.digest(self._key, json.dumps(texts).encode("ascii"), "sha256")


class UploadLog:
    """The row of one upload, signed; or none, then nothing is computed either. Any thread."""

    def __init__(self, row: UploadRow | None, content: ContentKey) -> None:
        self._row = row
        self._key = RowKey(content)

    @property
    def is_kept(self) -> bool:
        """Whether another run could go on."""
        return self._row is not None

    def created(self, upload_id: str) -> None:
        """Write down the upload id."""
        if self._row is not None:
            self._row.created(upload_id, self._key.of_upload(upload_id))

    def intended(self, number: int, body: memoryview) -> None:
        """Write down what is going to be sent, before its first byte is."""
        if self._row is not None:
            digest = hashlib.sha256(body).digest()
            mac = self._key.of_part(number, len(body), digest)
            self._row.intended(Intent(number, len(body), digest, mac))

    def acknowledged(self, tag: PartTag) -> None:
        """Note that S3 has a part."""
        if self._row is not None:
            self._row.acknowledged(tag.number, tag.etag)

    def completing(self, tags: Sequence[PartTag]) -> None:
        """Write down that S3 is going to make one object of the parts."""
        if self._row is not None:
            listed = json.dumps([[tag.number, tag.etag] for tag in tags])
            self._row.completing(hashlib.sha256(listed.encode()).digest())

    def ended(self) -> None:
        """Forget the row: nothing of the upload is open any more."""
        if self._row is not None:
            with suppress(LocalDisk):  # the next start finds that nothing is open, and forgets it
                self._row.ended()

    def abandoned(self) -> None:
        """Let the next start end what could not be ended now."""
        if self._row is not None:
            with suppress(LocalDisk):
                self._row.abandoned()

    def released(self) -> None:
        """Leave the row to another run, if it is there still."""
        if self._row is not None:
            self._row.released()


def begin_log(
    record: UploadRecord,
    order: Order,
    metadata: Mapping[str, str],
    key_arn: str,
    content: ContentKey,
) -> UploadLog:
    """Write down what is asked for and the data key as S3 will store it."""
    mac = RowKey(content).of_key(order.text, metadata, key_arn)
    return UploadLog(record.planned(order, metadata, key_arn, mac), content)
