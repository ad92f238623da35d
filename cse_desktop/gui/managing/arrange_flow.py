"""Delete, rename, copy and move: count, ask, plan, submit. The queue does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from cse_desktop.core.errors import CseError
from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.session import Session
from cse_desktop.gui.backstage import Backstage
from cse_desktop.gui.browser.envelope_reader import EnvelopeReader
from cse_desktop.gui.look import text
from cse_desktop.gui.managing.delete_dialog import DeleteDialog
from cse_desktop.gui.managing.place_dialog import PlaceDialog
from cse_desktop.gui.managing.rename_dialog import RenameDialog
from cse_desktop.gui.parts.badge import BadgeLook, look_of
from cse_desktop.gui.parts.counting_dialog import CountingDialog, Tally
from cse_desktop.gui.places import Place
from cse_desktop.jobs.arrange_planner import Heap, collect, deletion, plan_arrangement
from cse_desktop.jobs.plan import ArrangePlan, resolve
from cse_desktop.jobs.requests import IfExists
from cse_desktop.jobs.snapshot import Failure

AskAboutClashes = Callable[[ArrangePlan], dict[int, IfExists] | None]
NOTHING_DELETED: Final = "Nothing was deleted"


@dataclass(frozen=True, slots=True)
class _Counted:
    heaps: tuple[Heap, ...]
    is_versioned: bool | None


class ArrangeFlow(QObject):
    """From a selection to jobs. GUI thread.

    Signals:
        told: a sentence for the status line.
        failed: a Failure to be shown.
        left_out: Skipped items of a plan, as a tuple.
    """

    told = Signal(str)
    failed = Signal(object)
    left_out = Signal(object)

    def __init__(
        self,
        backstage: Backstage,
        reader: EnvelopeReader,
        ask_about_clashes: AskAboutClashes,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._backstage = backstage
        self._reader = reader
        self._ask_about_clashes = ask_about_clashes
        self._window = window

    def delete(self, place: Place, entries: Sequence[Entry]) -> None:
        """Count all files in and below the entries, ask, and delete them."""
        bucket, cancel, tally = place.folder.bucket, CancelToken(), Tally()
        counting = CountingDialog(self._backstage.theme, tally, cancel, self._window)

        def count() -> _Counted:
            session = self._backstage.sessions.get(place.connection)
            heaps = collect(session, bucket, entries, cancel, tally.count)
            return _Counted(heaps, _is_versioned(session, bucket))

        def ask(counted: _Counted) -> None:
            counting.finish()
            self._confirm(place, counted)

        def fail(failure: Failure) -> None:
            counting.finish()
            self.failed.emit(failure)

        # The dialog is the owner: once it is gone, nobody wants the answer.
        self._backstage.bridge.ask(count, ask, fail, counting)

    def rename(self, place: Place, entry: Entry) -> None:
        """Ask for another name, and move the file or all files of the folder."""
        dialog = RenameDialog(self._backstage.theme, place.folder.key, entry, self._window)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        name = dialog.name.text()
        dialog.deleteLater()
        if is_wanted:
            self._plan(place, [entry], place.folder, {entry.key: name}, is_move=True)

    def copy_to(self, place: Place, entries: Sequence[Entry]) -> None:
        """Ask where to, and copy there."""
        self._ask_for_place(place, entries, is_move=False)

    def move_to(self, place: Place, entries: Sequence[Entry]) -> None:
        """Ask where to, and move there."""
        self._ask_for_place(place, entries, is_move=True)

    def _confirm(self, place: Place, counted: _Counted) -> None:
        heaps, bucket = counted.heaps, place.folder.bucket
        dialog = DeleteDialog(
            self._backstage.theme,
            bucket,
            heaps,
            is_versioned=counted.is_versioned,
            look_of=self._look_of,
            size_of=self._size_of,
            parent=self._window,
        )
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        request = deletion(place.connection, bucket, heaps)
        if not is_wanted or not request.doomed:
            self.told.emit(NOTHING_DELETED)
            return
        self._backstage.queue.submit([request])
        self.told.emit(f"Deleting {text.count(sum(heap.files for heap in heaps), 'file')}")

    def _ask_for_place(self, place: Place, entries: Sequence[Entry], *, is_move: bool) -> None:
        one = text.curly(text.visible(entries[0].name))
        dialog = PlaceDialog(
            self._backstage.theme,
            self._backstage.bridge,
            partial(self._backstage.sessions.get, place.connection),
            one if len(entries) == 1 else text.count(len(entries), "item"),
            place.folder,
            is_move=is_move,
            parent=self._window,
        )
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        folder = dialog.folder
        dialog.deleteLater()
        if is_wanted:
            self._plan(place, entries, folder, {}, is_move=is_move)

    def _plan(
        self,
        place: Place,
        entries: Sequence[Entry],
        to: ObjectRef,
        names: Mapping[str, str],
        *,
        is_move: bool,
    ) -> None:
        def plan() -> ArrangePlan:
            session = self._backstage.sessions.get(place.connection)
            return plan_arrangement(
                session,
                place.folder.bucket,
                entries,
                to,
                is_move=is_move,
                names=names,
                if_exists=IfExists.ASK,
            )

        verb = "moved" if is_move else "copied"
        self.told.emit(f"Looking at what is to be {verb}…")
        submit = partial(self._submit, verb)
        self._backstage.bridge.ask(plan, submit, self.failed.emit, self)

    def _submit(self, verb: str, plan: ArrangePlan) -> None:
        decisions: dict[int, IfExists] | None = {}
        if plan.clashes:
            decisions = self._ask_about_clashes(plan)
        if decisions is None:
            self.told.emit(f"Nothing was {verb}")
            return
        if plan.skipped:
            self.left_out.emit(plan.skipped)
        requests = resolve(plan, decisions)
        if not requests:
            self.told.emit(f"There is nothing to be {verb}")
            return
        self._backstage.queue.submit(requests)
        doing = "Moving" if verb == "moved" else "Copying"
        self.told.emit(f"{doing} {text.count(len(requests), 'file')}")

    def _look_of(self, entry: Entry) -> BadgeLook | None:
        found = self._reader.state(entry).inspection
        return look_of(found) if found is not None else None

    def _size_of(self, entry: Entry) -> int | None:
        found = self._reader.state(entry).inspection
        return found.size if found is not None and found.size_is_exact else None


def _is_versioned(session: Session, bucket: str) -> bool | None:
    try:
        return session.store.arranger.is_versioned(bucket)
    except CseError:
        # Who may delete may not always see this; the question is asked in its stronger form then.
        return None
