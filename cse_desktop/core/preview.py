"""Reading an object to be looked at: into memory, verified, and forgotten on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field

from cse_desktop.core.envelope import TAG_BYTES
from cse_desktop.core.errors import TooLarge
from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import CancelToken, Report, silent, silently
from cse_desktop.core.receiving import Opened, open_object, read_small
from cse_desktop.core.session import Session


@dataclass(frozen=True, slots=True)
class Plaintext:
    """The verified content of an object.

    Attributes:
        data: its bytes; zeros after `forget`.
    """

    opened: Opened
    data: memoryview = field(repr=False)

    def forget(self) -> None:
        """Overwrite the content."""
        self.data[:] = bytes(len(self.data))


def look(
    session: Session,
    ref: ObjectRef,
    *,
    limit: int,
    report: Report = silent,
    cancel: CancelToken | None = None,
) -> Plaintext:
    """Fetch, verify and decrypt a small object in memory; nothing touches a disk.

    Args:
        limit: bytes of plaintext that are accepted at most; more is refused before KMS is asked.

    Raises:
        TooLarge: the object is larger.
        CseError: as `transfer.download`, the disk left out.
    """
    cancel = cancel or CancelToken()
    session = session.during(cancel, silently)
    if session.store.head(ref).size > limit + 2 * TAG_BYTES:
        raise _too_large(ref)
    cancel.check()
    reading = open_object(session, ref)
    cancel.check()
    data = read_small(session.store, reading, report, cancel)
    if len(data) > limit:
        raise _too_large(ref)
    return Plaintext(reading.opened_with(len(data)), data)


def _too_large(ref: ObjectRef) -> TooLarge:
    return TooLarge("Too large to preview. Download it instead.", details=f"Object: {ref}")
