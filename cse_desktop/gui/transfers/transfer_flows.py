"""From what the user points at to jobs in the queue: plan, ask once about clashes, submit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from cse_desktop.core.objects import Entry, ObjectRef
from cse_desktop.core.progress import CancelToken
from cse_desktop.gui.bridge import Bridge
from cse_desktop.gui.look.text import number, visible
from cse_desktop.gui.places import Place
from cse_desktop.gui.transfers.plan_dialog import is_worth_telling
from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.download_planner import create_folders, plan_downloads
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.plan import DownloadPlan, Skipped, UploadPlan, resolve
from cse_desktop.jobs.queue import JobQueue
from cse_desktop.jobs.requests import (
    Copy,
    Delete,
    Download,
    IfExists,
    Move,
    Request,
    Upload,
    Verify,
)
from cse_desktop.jobs.sessions import Sessions
from cse_desktop.jobs.snapshot import Failure, FailureKind
from cse_desktop.jobs.upload_planner import KeyUse, plan_uploads
from cse_desktop.settings import KeyChoice

Plan = UploadPlan | DownloadPlan
Decisions = dict[int, IfExists]
AskAboutPlan = Callable[[Plan], bool]
"""Shows what a plan will not do as expected; whether the rest of it is to be done."""
AskAboutClashes = Callable[[Plan], Decisions | None]
"""Shows the clashes of a plan; None when the user wants nothing transferred."""


class TransferFlows(QObject):
    """Plans are made by a worker; nothing is sent before every clash is decided. GUI thread.

    Signals:
        submitted: requests are in the queue.
        told: a sentence for the status line.
        failed: the Failure of a plan.
    """

    submitted = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        sessions: Sessions,
        queue: JobQueue,
        ask_about_plan: AskAboutPlan,
        ask_about_clashes: AskAboutClashes,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sessions = sessions
        self._queue = queue
        self._ask_about_plan = ask_about_plan
        self._ask_about_clashes = ask_about_clashes
        self._cancel = CancelToken()

    def upload(self, sources: Sequence[Path], place: Place, key: KeyChoice) -> None:
        """Encrypt files and folders under `key` and store them in a folder."""
        use = KeyUse(key.key_id, key.label, key.context)
        cancel = self._cancel
        self.told.emit("Looking at what is to be uploaded…")
        self._bridge.ask(
            lambda: plan_uploads(
                self._sessions.get(place.connection),
                sources,
                place.folder,
                use,
                if_exists=IfExists.ASK,
                cancel=cancel,
            ),
            self._submit_uploads,
            self.failed.emit,
            self,
        )

    def download(self, entries: Sequence[Entry], place: Place, target: Path) -> None:
        """Fetch, verify and decrypt files and folders into a folder of this computer."""
        cancel = self._cancel
        self.told.emit("Looking at what is to be downloaded…")

        def made(plan: DownloadPlan) -> None:
            self._submit_downloads(plan, target)

        self._bridge.ask(
            lambda: plan_downloads(
                self._sessions.get(place.connection),
                place.folder.bucket,
                entries,
                target,
                if_exists=IfExists.ASK,
                cancel=cancel,
            ),
            made,
            self.failed.emit,
            self,
        )

    def verify(self, entries: Sequence[Entry], place: Place) -> None:
        """Check the tags of files, and of all files in folders, saving nothing."""
        self.told.emit("Looking at what is to be verified…")
        self._bridge.ask(
            lambda: _verifications(self._sessions, entries, place, self._cancel),
            self._submit,
            self.failed.emit,
            self,
        )

    def stop_planning(self) -> None:
        """Give up the plans that are being made."""
        self._cancel.cancel()
        self._cancel = CancelToken()

    def _submit_uploads(self, plan: UploadPlan) -> None:
        requests = self._decide(plan)
        if requests is not None:
            self._submit(requests, "There is nothing to upload")

    def _submit_downloads(self, plan: DownloadPlan, target: Path) -> None:
        requests = self._decide(plan)
        if requests is None:
            return

        def submit(_made: None = None) -> None:
            self._submit(requests, "There is nothing to download")

        if plan.folders:
            self._bridge.ask(lambda: create_folders(plan, target), submit, self.failed.emit, self)
        else:
            submit()

    def _decide(self, plan: Plan) -> Sequence[Request] | None:
        """Have the user decide about all of a plan; None when nothing is to be transferred."""
        decisions: Decisions | None = {}
        if is_worth_telling(plan) and not self._ask_about_plan(plan):
            decisions = None
        elif plan.clashes:
            decisions = self._ask_about_clashes(plan)
        if decisions is None:
            self.told.emit("Nothing was transferred")
            return None
        return resolve(plan, decisions)

    def _submit(
        self, requests: Sequence[Request], nothing: str = "There is nothing to verify"
    ) -> None:
        if not requests:
            self.told.emit(nothing)
            return
        self._queue.submit(requests)
        self.told.emit(_submitted_sentence(requests))
        self.submitted.emit(tuple(requests))


def _verifications(
    sessions: Sessions, entries: Sequence[Entry], place: Place, cancel: CancelToken
) -> tuple[Verify, ...]:
    """One request an object; folders expanded, markers of folders left out."""
    store = sessions.get(place.connection).store
    found: dict[str, Entry] = {}
    for entry in entries:
        if not entry.is_folder:
            found[entry.key] = entry
            continue
        for page in store.walk(ObjectRef(place.folder.bucket, entry.key)):
            cancel.check()
            found.update((each.key, each) for each in page.entries if not each.is_marker)
    bucket = place.folder.bucket
    return tuple(
        Verify(place.connection, ObjectRef(bucket, entry.key), entry.size)
        for entry in found.values()
    )


_VERBS: Final = {
    Upload: "Uploading",
    Download: "Downloading",
    Verify: "Verifying",
    Copy: "Copying",
    Move: "Moving",
    Delete: "Deleting",
    Restore: "Restoring",
    Change: "Changing",
    FetchCopy: "Opening",
    SaveBack: "Saving",
}


def _submitted_sentence(requests: Sequence[Request]) -> str:
    verb = _VERBS[type(requests[0])]
    if len(requests) == 1:
        request = requests[0]
        if isinstance(request, Delete) and len(request.doomed) > 1:
            return f"{verb} {number(len(request.doomed))} files"
        name = request.source.name if isinstance(request, Upload) else request.ref.name
        return f"{verb} “{visible(name)}”"
    return f"{verb} {number(len(requests))} files"


def left_out_failure(skipped: Sequence[Skipped]) -> Failure:
    """What was left out of a plan, as something that can be shown and copied."""
    from_words = "1 item was" if len(skipped) == 1 else f"{number(len(skipped))} items were"
    first = skipped[0]
    hint = f"“{visible(first.name)}” was left out, because {first.reason}."
    if len(skipped) > 1:
        hint += " The technical details list them all."
    details = "\n".join(f"{visible(item.name)}: {item.reason}" for item in skipped)
    kind = next((item.kind for item in skipped if item.kind is not None), FailureKind.INVALID)
    return Failure(kind, f"{from_words} left out", hint, details)
