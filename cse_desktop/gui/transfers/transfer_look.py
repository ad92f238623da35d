"""What a row of the transfers list says: words, icon, bar and actions of a job. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cse_desktop.core.objects import ObjectRef
from cse_desktop.core.progress import Stage
from cse_desktop.gui.look import text
from cse_desktop.gui.transfers import transfer_pauses
from cse_desktop.gui.transfers.transfer_actions import Action
from cse_desktop.gui.transfers.transfer_words import words_of
from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.requests import Copy, Delete, Download, Move, Request, Upload, Verify
from cse_desktop.jobs.snapshot import Failure, FailureKind, Phase, Snapshot


@dataclass(frozen=True, slots=True)
class State:
    """How a job stands, said by icon, colour and word.

    Attributes:
        tone: colour token of icon and first line.
        bar: colour token of the progress bar; "" hides bar and percent.
        actions: as icons in the row, at most three.
        menu: further actions that only the menu and the keyboard offer.
    """

    glyph: str
    tone: str
    first: str
    second: str = ""
    bar: str = ""
    actions: tuple[Action, ...] = ()
    menu: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Slots:
    """How many jobs run, and how many may."""

    used: int = 0
    limit: int = 4


def name_of(request: Request) -> str:
    """The file's name, shown so that nothing in it hides."""
    if isinstance(request, Delete) and len(request.doomed) > 1:
        return text.count(len(request.doomed), "file")
    name = request.source.name if isinstance(request, Upload) else request.ref.name
    return text.visible(name)


def places(request: Request) -> tuple[str, str]:
    """From where to where; the second is "" when nothing is written."""
    stored = text.visible(f"{request.ref.bucket}/{folder_of(request.ref).key}")
    match request:
        case Upload():
            return _home_path(request.source.parent), stored
        case Download():
            return stored, _home_path(request.target.parent)
        case FetchCopy():
            return stored, "an open copy"
        case SaveBack():
            return "an open copy", stored
        case Copy() | Move():
            return stored, text.visible(f"{request.to.bucket}/{folder_of(request.to).key}")
        case Verify() | Delete() | Restore() | Change():
            return stored, ""


def folder_of(ref: ObjectRef) -> ObjectRef:
    """The folder that an object is in."""
    head, slash, _ = ref.key.rstrip("/").rpartition("/")
    return ObjectRef(ref.bucket, head + slash)


def amount(snapshot: Snapshot) -> str:
    """How many bytes are done: "178.2 of 286.4 MB", or the size alone when all are."""
    progress = snapshot.progress
    if snapshot.phase in (Phase.DONE, Phase.SKIPPED) or 0 < progress.total <= progress.done:
        return text.size(progress.total)
    return text.part_of(progress.done, progress.total)


def state_of(snapshot: Snapshot, slots: Slots) -> State:
    """The look of a job."""
    if snapshot.phase is Phase.WAITING:
        return _waiting(slots)
    state = _STATES[snapshot.phase](snapshot)
    stage, request = snapshot.progress.stage, snapshot.request
    if (
        snapshot.phase is Phase.RUNNING
        and isinstance(request, Upload | Download)
        and stage in (Stage.PREPARING, Stage.ENCRYPTING, Stage.DOWNLOADING)
    ):
        return replace(state, actions=(Action.HOLD, *state.actions))
    return state


def tooltip(snapshot: Snapshot, slots: Slots) -> str:
    """All of a row, also what it had to cut short."""
    state = state_of(snapshot, slots)
    start, end = places(snapshot.request)
    route = f"{start} → {end}" if end else start
    lines = (name_of(snapshot.request), route, state.first, state.second)
    return "\n".join(line for line in lines if line)


def spoken(snapshot: Snapshot, left_s: float | None, slots: Slots) -> str:
    """A row as a screen reader says it: "a.zip, uploading, 62 percent, 3 seconds left"."""
    name, state = name_of(snapshot.request), state_of(snapshot, slots)
    if snapshot.phase is not Phase.RUNNING:
        return ", ".join(part for part in (name, state.first, state.second) if part)
    progress = snapshot.progress
    share = progress.done * 100 // progress.total if progress.total else 100
    deed = "verifying"
    if progress.stage is not Stage.VERIFYING:
        deed = words_of(snapshot.request).doing
    parts = [name, deed, f"{share} percent"]
    return ", ".join(parts if left_s is None else [*parts, _spoken_left(left_s)])


def _spoken_left(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{text.count(whole, 'second')} left"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"about {text.count(minutes, 'minute')} left"
    return f"about {text.count(round(minutes / 60), 'hour')} left"


def _waiting(slots: Slots) -> State:
    full = slots.used >= slots.limit
    return State(
        "ph.clock",
        "text2",
        "Waiting for a free slot" if full else "Waiting to start",
        f"{slots.used} of {slots.limit} slots in use" if full else "",
        "progress",
        (Action.MOVE_UP, Action.CANCEL),
        (Action.HOLD,),
    )


def _held(snapshot: Snapshot) -> State:
    glyph, tone, first, second = transfer_pauses.held(snapshot)
    bar = "text3" if tone == "text2" else "warn_solid"
    act = Action.DECIDE if snapshot.asks else Action.RELEASE
    return State(glyph, tone, first, second, bar, (act, Action.CANCEL))


def _running(snapshot: Snapshot) -> State:
    progress, actions = snapshot.progress, (Action.CANCEL,)
    if progress.waiting:
        words = transfer_pauses.waiting(progress.waiting)
        return State(*words, "progress", actions)
    state = _under_way(snapshot)
    resumed = transfer_pauses.resumed(snapshot)
    if resumed and progress.stage in (Stage.ENCRYPTING, Stage.DOWNLOADING):
        return replace(state, glyph="ph.arrow-counter-clockwise", second=resumed)
    return state


def _under_way(snapshot: Snapshot) -> State:
    request, progress, actions = snapshot.request, snapshot.progress, (Action.CANCEL,)
    saved = "Nothing is saved" if isinstance(request, Verify) else "Saved only if the tag is valid"
    part = f"Part {progress.part} of {progress.parts}" if progress.parts else ""
    key = text.visible(request.key_label) if isinstance(request, Upload) else ""
    match progress.stage:
        case Stage.PREPARING:
            return State("ph.lock-key", "accent_text", "Preparing", key, "progress", actions)
        case Stage.ENCRYPTING:
            second = _line(part, key)
            word = "Encrypting and uploading"
            return State("ph.lock-key", "accent_text", word, second, "progress", actions)
        case Stage.DOWNLOADING:
            word = "Downloading ciphertext"
            return State(
                "ph.download-simple", "accent_text", word, part or saved, "progress", actions
            )
        case Stage.VERIFYING:
            return State("ph.shield", "ok", "Verifying tag", saved, "ok_solid", actions)
        case Stage.COPYING | Stage.DELETING:
            return _arranging(request, part)
        case Stage.SAVING:
            word, second = "Decrypting and saving", "The tag is valid"
            return State("ph.shield-check", "ok", word, second, "ok_solid", actions)


def _arranging(request: Request, part: str) -> State:
    glyph, word, second = "ph.copy-simple", "Copying inside S3", "The encryption stays as it is"
    if isinstance(request, Move):
        word = "Moving inside S3"
    if isinstance(request, Delete):
        glyph, word, second = "ph.trash", "Deleting", ""
    elif isinstance(request, Restore):
        glyph, word = "ph.arrow-counter-clockwise", "Restoring inside S3"
    elif isinstance(request, Change):
        glyph, word = "ph.pencil-simple", "Changing properties"
    return State(glyph, "accent_text", word, part or second, "progress", (Action.CANCEL,))


def _done(snapshot: Snapshot) -> State:
    words = words_of(snapshot.request)
    second = _line(_time(snapshot), text.visible(snapshot.note) or words.note)
    actions = (Action.OPEN_FOLDER, Action.REMOVE)
    first = words.done[:1].upper() + words.done[1:]
    return State("ph.check-circle-fill", "ok", first, second, actions=actions)


def _failed(snapshot: Snapshot) -> State:
    failure = snapshot.failure or Failure(FailureKind.DEFECT, "No reason was given")
    reason = _inside_sentence(text.visible(failure.title))
    if failure.kind is FailureKind.REFUSED:
        second = _first_sentence(text.visible(failure.hint)) or words_of(snapshot.request).unchanged
        return State(
            "ph.shield-slash",
            "bad",
            f"Rejected: {reason}",
            second,
            "progress_bad",
            (Action.DETAILS, Action.REMOVE),
        )
    label = snapshot.request.key_label if isinstance(snapshot.request, Upload) else ""
    retry = (Action.RETRY,) if failure.may_be_retried else ()
    return State(
        "ph.warning-circle-fill",
        "bad",
        f"Failed: {reason}",
        _line(text.visible(label), _time(snapshot)),
        "progress_bad",
        (*retry, Action.DETAILS, Action.REMOVE),
    )


def _cancelled(snapshot: Snapshot) -> State:
    doubt = text.visible(snapshot.note)
    second = _line(_time(snapshot), doubt or words_of(snapshot.request).unchanged)
    actions = (Action.RETRY, Action.REMOVE)
    return State("ph.x-circle", "text2", "Cancelled", second, actions=actions)


def _skipped(snapshot: Snapshot) -> State:
    second = _line(_time(snapshot), text.visible(snapshot.note))
    return State("ph.minus-circle", "text2", "Skipped", second, actions=(Action.REMOVE,))


def _time(snapshot: Snapshot) -> str:
    return text.clock(snapshot.finished) if snapshot.finished else ""


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _inside_sentence(title: str) -> str:
    """Text after a colon; words in capitals, like "KMS", stay."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _first_sentence(hint: str) -> str:
    return hint.partition(". ")[0].rstrip(".")


def _home_path(path: Path) -> str:
    home = Path.home()
    if path == home:
        return "~"
    shown = f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
    return text.visible(shown)


_STATES = {
    Phase.HELD: _held,
    Phase.RUNNING: _running,
    Phase.DONE: _done,
    Phase.FAILED: _failed,
    Phase.CANCELLED: _cancelled,
    Phase.SKIPPED: _skipped,
}
