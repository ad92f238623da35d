"""Which KMS key opens an object: asked of KMS only when the user wants to know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.envelope import Envelope
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.envelope_reader import EnvelopeReader, KeyNote
from cse_desktop.gui.folder_loader import SessionFor
from cse_desktop.jobs.snapshot import Failure, FailureKind

LabelOf = Callable[[str, str], str]
"""Connection and key ARN -> the key as the user knows it."""


class KeyReading(QObject):
    """One KMS decrypt of a data key, which CloudTrail records; the data key is dropped. GUI thread.

    Signals:
        failed: KMS did not open it.
    """

    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        session_for: SessionFor,
        reader: EnvelopeReader,
        label_of: LabelOf,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_for = session_for
        self._reader = reader
        self._label_of = label_of

    def read(self, connection: str, bucket: str, entry: Entry) -> None:
        """Ask KMS; the reader learns the answer."""
        found = self._reader.state(entry).inspection
        if found is None or found.envelope is None:
            return
        ref = ObjectRef(bucket, entry.key)
        self._bridge.ask(
            partial(_open, self._session_for, connection, found.envelope),
            partial(self._take, connection, ref, entry.etag),
            partial(self._fail, connection, ref, entry.etag),
            self,
        )

    def _take(self, connection: str, ref: ObjectRef, etag: str, arn: str) -> None:
        note = KeyNote(arn, self._label_of(connection, arn))
        self._reader.note_key(connection, ref, etag, note)

    def _fail(self, connection: str, ref: ObjectRef, etag: str, failure: Failure) -> None:
        if failure.kind is FailureKind.NOT_PERMITTED:
            self._reader.note_key(connection, ref, etag, KeyNote(is_refused=True))
        self.failed.emit(failure)


def _open(session_for: SessionFor, connection: str, envelope: Envelope) -> str:
    return session_for(connection).keys.open(envelope).key_arn
