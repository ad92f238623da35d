"""One copy inside S3: whole, or in parts where it is large."""

from __future__ import annotations

import threading
from typing import Final

from cse_desktop.core.beside import Beside
from cse_desktop.core.crew import run_side_by_side
from cse_desktop.core.objects import Head, ObjectRef, PartTag, Stored
from cse_desktop.core.progress import CancelToken, Progress, Report, Stage
from cse_desktop.core.store import ObjectStore

MAX_SINGLE_COPY_BYTES: Final = 5 * 1024**3
"""Above this S3 copies in parts only ("CopyObject", Amazon S3 API reference)."""
COPY_PART_BYTES: Final = 512 * 1024**2
"""Of one request: S3 takes up to 5 GiB, but answers, and is cancelled, only between two."""
SIZES: Final = (MAX_SINGLE_COPY_BYTES, COPY_PART_BYTES)
_MAX_PARTS: Final = 10_000
_WORKERS: Final = 4


def make_copy(
    store: ObjectStore,
    head: Head,
    to: ObjectRef,
    *,
    replace: bool,
    report: Report,
    cancel: CancelToken,
    sizes: tuple[int, int] = SIZES,
    beside: Beside | None = None,
    etag: str = "",
) -> Stored:
    """Have S3 store the bytes of `head` as `to`.

    Args:
        replace: whether an object of that name may be replaced.
        sizes: above the first the copy is made in parts of the second.
        beside: what is stored beside them; None for what the original has.
        etag: of the only object that may be replaced; "" for any.

    Raises:
        Changed: the original is no longer the one of `head`; or the name is taken and `replace`
            is off; or what has the name is not the object with `etag`.
    """
    if head.size <= sizes[0]:
        return store.arranger.copy(head, to, replace=replace, beside=beside, etag=etag)
    parts = _Parts(store, head, to, report, cancel, sizes[1])
    return parts.copy(beside, replace=replace, etag=etag)


class _Parts:
    """A copy in parts, a few at a time."""

    def __init__(
        self,
        store: ObjectStore,
        head: Head,
        to: ObjectRef,
        report: Report,
        cancel: CancelToken,
        part_bytes: int,
    ) -> None:
        self._store, self._head, self._to = store, head, to
        self._report, self._cancel = report, cancel
        self._bytes = max(part_bytes, -(-head.size // _MAX_PARTS))
        self._count = -(-head.size // self._bytes)
        self._numbers = iter(range(1, self._count + 1))
        self._turn = threading.Lock()
        self._done: list[PartTag] = []
        self._upload_id = ""

    def copy(self, beside: Beside | None, *, replace: bool, etag: str) -> Stored:
        """Begin, copy all parts, and finish; or abort."""
        arranger, head, to = self._store.arranger, self._head, self._to
        self._upload_id = arranger.begin_copy(head, to, beside)
        try:
            run_side_by_side(self._work, min(_WORKERS, self._count), self._cancel, "copy")
            self._cancel.check()
            parts = sorted(self._done, key=lambda tag: tag.number)
            return arranger.finish_copy(
                head, to, self._upload_id, parts, replace=replace, etag=etag
            )
        except BaseException as error:
            self._store.give_up(to, self._upload_id, error)
            raise

    def _work(self, stop: CancelToken) -> None:
        head = self._head
        while True:
            stop.check()
            with self._turn:
                number = next(self._numbers, 0)
            if not number:
                return
            first = (number - 1) * self._bytes
            last = min(first + self._bytes, head.size) - 1
            tag = self._store.arranger.copy_part(
                head, self._to, self._upload_id, number, first, last
            )
            with self._turn:
                self._done.append(tag)
                size = min(len(self._done) * self._bytes, head.size)
                at, of = len(self._done), self._count
                self._report(Progress(size, head.size, Stage.COPYING, at, of))
