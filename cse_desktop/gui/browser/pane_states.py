"""What the place of the file list says when there are no rows to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from cse_desktop.core.objects import ObjectRef
from cse_desktop.gui.look.text import curly, number, visible
from cse_desktop.gui.parts.empty_state import Action, EmptyLook
from cse_desktop.jobs.snapshot import Failure, FailureKind

SEARCH_ALL: Final = "Search the whole bucket"
SHOW_FOLDER: Final = "Show the folder again"


class PaneAction(Enum):
    """What a button in place of the rows asks for."""

    ADD_CONNECTION = "add connection"
    TRY_SANDBOX = "try the sandbox"
    ADD_BUCKET = "add bucket by name"
    TRY_AGAIN = "try again"
    CHOOSE_FILES = "choose files"
    NEW_FOLDER = "new folder"
    OPEN_PATH = "open a path"
    SHOW_DETAILS = "show details"
    SIGN_IN = "sign in"
    SEARCH = "search the whole bucket"
    STOP_SEARCH = "stop the search"
    CLEAR_FILTER = "clear filter"


@dataclass(frozen=True, slots=True)
class PaneState:
    """An empty state and what its buttons mean, in their order."""

    look: EmptyLook
    actions: tuple[PaneAction, ...] = ()


@dataclass(frozen=True, slots=True)
class Footer:
    """A sentence below the rows, and a link after it."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """How far a search is.

    Attributes:
        text: what is looked for, as it was typed.
        looked_at: names.
    """

    text: str
    bucket: str
    looked_at: int
    is_under_way: bool
    was_stopped: bool


def no_connection() -> PaneState:
    """Nothing was ever connected."""
    buttons = (
        Action("Add connection", "ph.plus", "primary"),
        Action("Try the sandbox", "ph.cube"),
    )
    look = EmptyLook(
        "ph.plus-circle",
        "Add your first connection",
        "Connect an AWS account, or try everything with the sandbox on this computer.",
        "info",
        buttons,
    )
    return PaneState(look, (PaneAction.ADD_CONNECTION, PaneAction.TRY_SANDBOX))


def no_bucket_open() -> PaneState:
    """There are connections, but no bucket is open."""
    look = EmptyLook(
        "ph.database",
        "Choose a bucket",
        "Buckets are at the left, under their connection. You can also open a path.",
        "neutral",
        (Action("Open a path…"),),
    )
    return PaneState(look, (PaneAction.OPEN_PATH,))


def no_buckets() -> PaneState:
    """The connection works, and has nothing to list."""
    look = EmptyLook(
        "ph.database",
        "No buckets to show",
        "The account has no buckets, or your role may not list them. "
        "You can add a bucket by its name.",
        "neutral",
        (
            Action("Add bucket by name", "ph.plus", "primary"),
            Action("Refresh", "ph.arrow-clockwise"),
        ),
    )
    return PaneState(look, (PaneAction.ADD_BUCKET, PaneAction.TRY_AGAIN))


def empty_folder(folder: ObjectRef, key_label: str, *, is_sandbox: bool) -> PaneState:
    """The folder is there and has nothing in it.

    Args:
        key_label: of the key that the next upload will use, "" when none is chosen.
    """
    buttons = (Action("Choose files…", kind="primary"), Action("New folder", "ph.folder-plus"))
    if is_sandbox:
        look = EmptyLook(
            "ph.upload-simple",
            "Drop files here to try it",
            "This is the sandbox: S3 and KMS run on this computer, so you can experiment safely.",
            "sandbox",
            buttons,
            "Everything here is gone when the sandbox ends",
        )
    else:
        with_key = f" with {visible(key_label)}" if key_label else ""
        look = EmptyLook(
            "ph.upload-simple",
            "Drop files here to encrypt and upload",
            f"They are encrypted on this computer{with_key} before anything is sent.",
            "ok",
            buttons,
            visible(str(folder)),
        )
    return PaneState(look, (PaneAction.CHOOSE_FILES, PaneAction.NEW_FOLDER))


def no_match(filter_text: str, folder: ObjectRef, *, has_more: bool) -> PaneState:
    """The filter hides every loaded row."""
    where = visible(folder.name or folder.bucket)
    text = f"Only names in {where} were checked, not file content."
    if has_more:
        text += " This folder has more names than were loaded."
    look = EmptyLook(
        "ph.magnifying-glass",
        f"No file matches {curly(visible(filter_text))}",
        text,
        "neutral",
        (Action(SEARCH_ALL, kind="primary"), Action("Clear filter")),
    )
    return PaneState(look, (PaneAction.SEARCH, PaneAction.CLEAR_FILTER))


def filter_footer(loaded: int) -> Footer:
    """Below rows of a folder that has more names than were loaded."""
    return Footer(f"Filtering {number(loaded)} loaded of more ·", SEARCH_ALL)


def search_footer(found: int, facts: SearchFacts) -> Footer:
    """Below the rows that a search has found."""
    looked_at, bucket = number(facts.looked_at), visible(facts.bucket)
    if facts.is_under_way:
        return Footer(f"{number(found)} found, {looked_at} names looked at ·", "Stop")
    part = "the first" if facts.was_stopped else "all"
    text = f"{number(found)} found among {part} {looked_at} names in {bucket} ·"
    return Footer(text, SHOW_FOLDER)


def no_result(facts: SearchFacts) -> PaneState:
    """A search that has found nothing: so far, or until it ended."""
    looked_at, bucket = number(facts.looked_at), visible(facts.bucket)
    if facts.is_under_way:
        look = EmptyLook(
            "ph.magnifying-glass",
            f"Searching for {curly(visible(facts.text))}",
            f"{looked_at} names in {bucket} looked at, none matches yet.",
            "info",
            (Action("Stop"),),
        )
        return PaneState(look, (PaneAction.STOP_SEARCH,))
    part = "The first" if facts.was_stopped else "All"
    look = EmptyLook(
        "ph.magnifying-glass",
        f"No file matches {curly(visible(facts.text))}",
        f"{part} {looked_at} names in {bucket} were checked, not file content.",
        "neutral",
        (Action(SHOW_FOLDER, kind="primary"),),
    )
    return PaneState(look, (PaneAction.CLEAR_FILTER,))


def not_loaded(failure: Failure) -> PaneState:
    """The first page did not come."""
    details = Action("Show details")
    if failure.kind is FailureKind.NOT_PERMITTED:
        look = EmptyLook(
            "ph.prohibit",
            "You can't list this folder",
            "Your role lacks s3:ListBucket here. You may still open or upload files if you know "
            "their path.",
            "warn",
            (Action("Open a path…", kind="primary"), details),
        )
        return PaneState(look, (PaneAction.OPEN_PATH, PaneAction.SHOW_DETAILS))
    if failure.kind is FailureKind.SIGN_IN:
        look = EmptyLook(
            "ph.sign-in",
            "Sign in to continue",
            failure.hint or failure.title,
            "info",
            (Action("Try again", "ph.arrow-clockwise", "primary"), details),
        )
        return PaneState(look, (PaneAction.TRY_AGAIN, PaneAction.SHOW_DETAILS))
    is_network = failure.kind is FailureKind.NETWORK
    look = EmptyLook(
        "ph.wifi-slash" if is_network else "ph.warning-circle",
        "Can't reach Amazon S3" if is_network else failure.title,
        failure.hint or failure.title,
        "warn" if is_network else "bad",
        (Action("Try again", "ph.arrow-clockwise", "primary"), details),
    )
    return PaneState(look, (PaneAction.TRY_AGAIN, PaneAction.SHOW_DETAILS))
