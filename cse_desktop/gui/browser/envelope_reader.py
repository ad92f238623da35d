"""What is known of the envelopes of the rows in view, read lazily and never through KMS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from cse_desktop.core import inspection as inspections
from cse_desktop.core.inspection import Inspection, Kind
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.browser.folder_loader import SessionFor
from cse_desktop.gui.questions import Asked, Lane
from cse_desktop.jobs.snapshot import Failure

IN_FLIGHT: Final = 2
REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class KeyNote:
    """What KMS or this program's own uploads told about an object's key.

    Attributes:
        arn: the key that opened or wrote the object; "" when KMS refused.
        label: the key as the user knows it ("alias/finance-prod").
        is_refused: KMS refused this user.
        failure: in which words it refused; None where it did not.
    """

    arn: str = ""
    label: str = ""
    is_refused: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class EnvelopeState:
    """All that is known about one object besides its row.

    Attributes:
        failure: why the envelope could not be read.
        key: set only after an upload of this program or an answer of KMS.
        is_peeked: whether the first bytes of an object without envelope were looked at, too.
    """

    inspection: Inspection | None = None
    failure: Failure | None = None
    key: KeyNote | None = None
    is_peeked: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether nothing is known yet."""
        return self.inspection is None and self.failure is None


NOTHING_KNOWN: Final = EnvelopeState()
_Id = tuple[str, str, str, str]


class EnvelopeReader(QObject):
    """Reads the envelopes of wanted entries, a few at a time, and remembers them. GUI thread.

    An answer is remembered by connection, bucket, key and ETag, so a file that is replaced is
    read anew.

    Signals:
        changed: key of an object in the open bucket of which more is known now.
        forgotten: nothing is known of the envelopes in the open bucket any more.
    """

    changed = Signal(str)
    forgotten = Signal()

    def __init__(
        self,
        bridge: Bridge,
        session_for: SessionFor,
        parent: QObject | None = None,
        *,
        remembered: int = REMEMBERED,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_for = session_for
        self._remembered = remembered
        self._states: dict[_Id, EnvelopeState] = {}
        self._flying: dict[_Id, Asked] = {}
        self._peeking: Asked | None = None
        self._wanted: list[Entry] = []
        self._connection = ""
        self._bucket = ""

    def open(self, connection: str, bucket: str) -> None:
        """Look at another bucket: what was wanted is wanted no more."""
        self._wanted = []
        self._connection, self._bucket = connection, bucket

    def state(self, entry: Entry) -> EnvelopeState:
        """What is known now."""
        return self._states.get(self._id(entry), NOTHING_KNOWN)

    def want(self, entries: Sequence[Entry]) -> None:
        """Read these next, in this order, and none of those wanted before."""
        self._wanted = [entry for entry in reversed(entries) if self._is_unknown(entry)]
        self._feed()

    def peek(self, entry: Entry) -> None:
        """Look at the first bytes of an object without envelope, to call its format by name."""
        name, state = self._id(entry), self.state(entry)
        found = state.inspection
        if found is None or found.kind is not Kind.NOT_ENCRYPTED or state.is_peeked:
            return
        self._remember(name, replace(state, is_peeked=True))
        self._peeking = self._bridge.ask(
            partial(_inspect, self._session_for, name[0], ObjectRef(name[1], name[2]), peek=True),
            partial(self._take_peek, name),
            _keep_quiet,
            self,
        )

    def forget(self, connection: str) -> None:
        """Read the envelopes under a connection anew, as after a change of its policy.

        What KMS told about their keys stays true.
        """
        if self._peeking is not None:
            self._peeking.cancel()
        for name in [name for name in self._flying if name[0] == connection]:
            self._flying.pop(name).cancel()
        self._states = {
            name: EnvelopeState(key=state.key) if name[0] == connection else state
            for name, state in self._states.items()
        }
        if connection == self._connection:
            self.forgotten.emit()

    def forget_failures(self) -> None:
        """Let failed envelopes be read again."""
        self._states = {
            name: replace(state, failure=None) if state.failure else state
            for name, state in self._states.items()
        }

    def forget_refusals(self) -> None:
        """After a sign-in KMS may answer differently."""
        self._states = {
            name: replace(state, key=None) if state.key and state.key.is_refused else state
            for name, state in self._states.items()
        }

    def note_key(self, connection: str, ref: ObjectRef, etag: str, note: KeyNote) -> None:
        """Remember the key of an object, after an upload, a decrypt or a refusal."""
        name = (connection, ref.bucket, ref.key, etag)
        self._remember(name, replace(self._states.get(name, NOTHING_KNOWN), key=note))

    def _id(self, entry: Entry) -> _Id:
        return (self._connection, self._bucket, entry.key, entry.etag)

    def _is_unknown(self, entry: Entry) -> bool:
        return not entry.is_folder and self.state(entry).is_pending

    def _feed(self) -> None:
        while self._wanted and len(self._flying) < IN_FLIGHT:
            entry = self._wanted.pop()
            name = self._id(entry)
            if name in self._flying or not self._is_unknown(entry):
                continue
            ref = ObjectRef(self._bucket, entry.key)
            self._flying[name] = self._bridge.ask(
                partial(_inspect, self._session_for, self._connection, ref),
                partial(self._take, name),
                partial(self._fail, name),
                self,
                Lane.INSPECT,
            )

    def _take(self, name: _Id, inspection: Inspection) -> None:
        del self._flying[name]
        state = self._states.get(name, NOTHING_KNOWN)
        # Replaced since it was listed: these facts are of another file than the row's, but
        # newer, so the row shows them until the next refresh.
        self._remember(name, replace(state, inspection=inspection, failure=None))
        self._feed()

    def _take_peek(self, name: _Id, inspection: Inspection) -> None:
        state = self._states.get(name, NOTHING_KNOWN)
        self._remember(name, replace(state, inspection=inspection, is_peeked=True))

    def _fail(self, name: _Id, failure: Failure) -> None:
        del self._flying[name]
        self._remember(name, replace(self._states.get(name, NOTHING_KNOWN), failure=failure))
        self._feed()

    def _remember(self, name: _Id, state: EnvelopeState) -> None:
        self._states[name] = state
        while len(self._states) > self._remembered:
            del self._states[next(iter(self._states))]
        if name[:2] == (self._connection, self._bucket):
            self.changed.emit(name[2])


def _inspect(
    session_for: SessionFor, connection: str, ref: ObjectRef, *, peek: bool = False
) -> Inspection:
    return inspections.inspect(session_for(connection), ref, peek=peek)


def _keep_quiet(_failure: Failure) -> None:
    """What is known stays; the next look at the object may tell more."""
