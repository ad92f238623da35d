"""The S3 calls that store: one request for a small object, a multipart upload for the rest."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from cse_desktop.core.calls import Calls
from cse_desktop.core.carrier import Carrier, LibraryCarrier, condition, optional
from cse_desktop.core.errors import AlreadyExists, Changed, CseError, NotFound
from cse_desktop.core.leaving import Opening, leave_when_cancelled, will_clear_up
from cse_desktop.core.objects import NewObject, ObjectRef, PartTag, Stored
from cse_desktop.core.open_uploads import OpenUploads
from cse_desktop.core.progress import Cancelled, CancelToken, Deadline
from cse_desktop.core.wire import check_is_s3, check_part, check_whole, date_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HUNT_S: Final = 5.0
"""So long a transfer waits while uploads that nobody knows of are looked for; it goes on then."""
_ABORT_S: Final = 30.0
_ABORT_WHEN_CANCELLED_S: Final = 2.0
"""So long an abort may take before it goes on by itself; who cancels does not want to wait."""


def checksum_text(crc: int) -> str:
    """A CRC64NVME as S3 spells it: base64 of 8 bytes, big-endian."""
    return base64.b64encode(crc.to_bytes(8, "big")).decode("ascii")


class UploadStore(OpenUploads):
    """The storing half of S3. Any thread.

    Args:
        client: a boto3 S3 client; shared, not closed here.
        calls: how often a request is made.
        carrier: how the bytes get there; None for the client.
    """

    def __init__(self, client: S3Client, calls: Calls, carrier: Carrier | None = None) -> None:
        super().__init__(client, calls)
        self._carrier = carrier or LibraryCarrier(client)

    def put(
        self, ref: ObjectRef, body: memoryview, crc: int, facts: NewObject, cancel: CancelToken
    ) -> Stored:
        """Store an object with one request; `crc` is the CRC64NVME of `body`.

        Raises:
            AlreadyExists: `facts.replace` is off and the name is taken.
        """
        checksum = checksum_text(crc)

        def send() -> Any:
            answer = self._carrier.put(ref, body, checksum, facts, cancel)
            return check_part(check_is_s3(answer, "ETag"), checksum, body, str(ref))

        with _name_is_free(ref, facts):
            answer = self._calls.make(
                send, "s3:PutObject", str(ref), cancel=cancel, heeds_cancel=True
            )
        return Stored(answer["ETag"].strip('"'), answer.get("VersionId", ""))

    def make_folder(self, folder: ObjectRef) -> None:
        """Store an empty object with the name of a folder, as the AWS console does.

        Raises:
            AlreadyExists: there is one.
        """

        def send() -> Any:
            answer = self._client.put_object(
                Bucket=folder.bucket, Key=folder.key, Body=b"", IfNoneMatch="*"
            )
            return check_is_s3(answer, "ETag")

        with _name_is_free(folder, NewObject({})):
            self._calls.make(send, "s3:PutObject", str(folder))

    def begin(self, ref: ObjectRef, facts: NewObject) -> str:
        """Begin a multipart upload; gives its id. Whoever calls this finishes or aborts it."""
        return self.begin_by(
            ref,
            lambda: self._client.create_multipart_upload(
                Bucket=ref.bucket,
                Key=ref.key,
                Metadata=dict(facts.metadata),
                ChecksumAlgorithm="CRC64NVME",
                ChecksumType="FULL_OBJECT",
                **optional(facts),
            ),
        )

    def begin_by(self, ref: ObjectRef, create: Callable[[], Any]) -> str:
        """Begin a multipart upload with `create`, which asks S3 once; gives its id.

        When an answer is lost on the way, or comes after a cancel, S3 has begun an upload that
        nobody knows of; it is looked for and aborted.
        """
        opening, upload_id = Opening(), ""

        def ask() -> Any:
            will_clear_up()
            opening.begin_try()
            try:
                answer = check_is_s3(create(), "UploadId")
                opening.arrived.append(str(answer["UploadId"]))
                return answer
            finally:
                if opening.end_try():
                    self._abort_lost(ref, "", opening)

        try:
            upload_id = str(self._calls.make(ask, "s3:PutObject", str(ref))["UploadId"])
        finally:
            is_answered = opening.leave()
            if is_answered and opening.tries > bool(upload_id):
                with suppress(Cancelled):
                    leave_when_cancelled(
                        lambda: self._abort_lost(ref, upload_id, opening), Deadline(_HUNT_S)
                    )
        return upload_id

    def part(
        self,
        ref: ObjectRef,
        upload_id: str,
        number: int,
        body: memoryview,
        crc: int,
        cancel: CancelToken,
    ) -> PartTag:
        """Send one part; `crc` is the CRC64NVME of `body`."""
        checksum = checksum_text(crc)

        def send() -> Any:
            answer = self._carrier.part(ref, upload_id, number, body, checksum, cancel)
            return check_part(check_is_s3(answer, "ETag"), checksum, body, str(ref))

        answer = self._calls.make(send, "s3:PutObject", str(ref), cancel=cancel, heeds_cancel=True)
        return PartTag(number, answer["ETag"].strip('"'), checksum)

    def finish(
        self,
        ref: ObjectRef,
        upload_id: str,
        parts: Sequence[PartTag],
        crc: int,
        size: int,
        facts: NewObject,
    ) -> Stored:
        """Make one object of the parts; `crc` and `size` are those of the whole ciphertext.

        Raises:
            AlreadyExists: `facts.replace` is off and the name was taken meanwhile.
        """
        checksum = checksum_text(crc)

        def complete() -> Any:
            answer = self._client.complete_multipart_upload(
                Bucket=ref.bucket,
                Key=ref.key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [
                        {
                            "PartNumber": part.number,
                            "ETag": f'"{part.etag}"',
                            "ChecksumCRC64NVME": part.checksum,
                        }
                        for part in parts
                    ]
                },
                ChecksumCRC64NVME=checksum,
                ChecksumType="FULL_OBJECT",
                MpuObjectSize=size,
                **condition(facts),
            )
            return check_is_s3(answer, "ETag")

        with _name_is_free(ref, facts):
            answer = self._calls.make(complete, "s3:PutObject", str(ref))
        check_whole(answer, checksum, str(ref))
        return Stored(answer["ETag"].strip('"'), answer.get("VersionId", ""))

    def abort(self, ref: ObjectRef, upload_id: str) -> None:
        """Give a multipart upload up; its parts are deleted. Also after a cancel."""
        self._calls.hasty.make(
            lambda: self._client.abort_multipart_upload(
                Bucket=ref.bucket, Key=ref.key, UploadId=upload_id
            ),
            "s3:AbortMultipartUpload",
            str(ref),
        )

    def give_up(self, ref: ObjectRef, upload_id: str, error: BaseException) -> bool:
        """Abort as well as possible because of `error`, which is the one worth telling.

        Gives whether S3 says that the upload is gone.
        """
        within_s = _ABORT_WHEN_CANCELLED_S if isinstance(error, Cancelled) else _ABORT_S
        try:
            leave_when_cancelled(lambda: self.abort(ref, upload_id), Deadline(within_s))
        except NotFound:
            return True
        except (CseError, Cancelled):
            return False
        return True

    def _abort_lost(self, ref: ObjectRef, kept: str, opening: Opening) -> None:
        """Abort uploads of this name that S3 began since `opening` began, but for `kept`.

        By S3's own clock, so a clock of ours that is wrong aborts nobody else's. Who may not list
        uploads leaves one behind; the list of leftovers shows it.
        """
        will_clear_up()
        try:
            for upload_id in opening.arrived:
                if upload_id != kept:
                    self.abort(ref, upload_id)
            if opening.tries == len(opening.arrived):
                return
            pages = self.upload_pages(ref)
            same = [
                item for page in pages for item in page.get("Uploads", ()) if item["Key"] == ref.key
            ]
            now = next((i["Initiated"] for i in same if i["UploadId"] == kept), date_of(pages[-1]))
            since = now - timedelta(seconds=monotonic() - opening.begun + 2)
            for item in same:
                if item["UploadId"] != kept and item["Initiated"] >= since:
                    self.abort(ref, item["UploadId"])
        except CseError:
            return


@contextmanager
def _name_is_free(ref: ObjectRef, facts: NewObject) -> Iterator[None]:
    """Say AlreadyExists where the condition of `condition` failed."""
    try:
        yield
    except Changed as error:
        if facts.replace:
            raise
        raise AlreadyExists(
            f"“{ref.name}” already exists",
            "Nothing was replaced. Choose another name, or replace it.",
            error.details,
        ) from None
