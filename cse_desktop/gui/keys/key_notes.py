"""Which KMS key protects an object: known only from an upload, a decrypt, or a refusal."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.receiving import Opened, open_object
from cse_desktop.core.transfer import Uploaded
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader, KeyNote
from cse_desktop.gui.browser.object_model import ObjectModel
from cse_desktop.gui.places import Place
from cse_desktop.gui.preferences import Preferences
from cse_desktop.jobs.requests import Upload
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot


class KeyNotes(QObject):
    """Tells the envelope reader what was learnt; asks KMS only when the user does. GUI thread.

    Signals:
        failed: a Failure that says more than "no access".
    """

    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        sessions: Sessions,
        preferences: Preferences,
        reader: EnvelopeReader,
        model: ObjectModel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._preferences = preferences
        self._reader = reader
        self._model = model

    @Slot(object)
    def take_end(self, snapshot: Snapshot) -> None:
        """Learn from a transfer that is over."""
        request, result = snapshot.request, snapshot.result
        match result:
            case Uploaded():
                label = request.key_label if isinstance(request, Upload) else ""
                note = KeyNote(result.key_arn, label or self._label(result.key_arn))
                self._reader.note_key(request.connection, result.ref, result.stored.etag, note)
            case Opened():
                note = KeyNote(result.key_arn, self._label(result.key_arn))
                self._reader.note_key(request.connection, request.ref, result.head.etag, note)
            case None if snapshot.phase is Phase.FAILED and _is_refusal(snapshot.failure):
                row = self._model.row_of(request.ref.key)
                entry = self._model.entry(row) if row >= 0 else None
                if entry is not None:
                    note = KeyNote(is_refused=True, failure=snapshot.failure)
                    self._reader.note_key(request.connection, request.ref, entry.etag, note)

    @Slot(object, object, object)
    def take_opened(self, place: Place, ref: ObjectRef, opened: Opened) -> None:
        """Learn from a preview, for which KMS was asked."""
        note = KeyNote(opened.key_arn, self._label(opened.key_arn))
        self._reader.note_key(place.connection, ref, opened.head.etag, note)

    def read_key(self, place: Place, entry: Entry) -> None:
        """Have KMS say which key an object is under: one Decrypt, as the user asked for."""
        ref = ObjectRef(place.folder.bucket, entry.key)
        take = partial(self._reader.note_key, place.connection, ref, entry.etag)

        def fail(failure: Failure) -> None:
            if _is_refusal(failure):
                take(KeyNote(is_refused=True, failure=failure))
            self.failed.emit(failure)

        self._bridge.ask(partial(_ask_kms, self._sessions, place.connection, ref), take, fail, self)

    def _label(self, arn: str) -> str:
        """What the user calls a key, where that is known without asking."""
        state, settings = self._preferences.state, self._preferences.settings
        choices = (*state.recent_keys, *settings.default_keys.values())
        return next((each.label for each in choices if each.key_id == arn), "")


def _is_refusal(failure: Failure | None) -> bool:
    """Whether KMS, not S3, said no."""
    if failure is None or failure.kind is not FailureKind.NOT_PERMITTED:
        return False
    return "kms:Decrypt" in failure.details


def _ask_kms(sessions: Sessions, connection: str, ref: ObjectRef) -> KeyNote:
    session = sessions.get(connection)
    arn = open_object(session, ref).opened.key_arn
    try:
        label = session.keys.describe(arn).label
    except CseError:
        # Describing is another permission; the ARN alone is an answer.
        label = ""
    return KeyNote(arn, label)
