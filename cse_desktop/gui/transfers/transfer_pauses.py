"""What a row says of a transfer that is paused, waits before another try, or went on."""

from __future__ import annotations

from cse_desktop.gui.look import text
from cse_desktop.jobs.snapshot import FailureKind, Snapshot

Words = tuple[str, str, str, str]
"""Icon, tone, first and second line."""


def held(snapshot: Snapshot) -> Words:
    """Why a transfer is held, and what will let it go on."""
    failure = snapshot.failure
    if failure is not None:
        if snapshot.asks:
            second = "Choose to replace it, to keep both or to skip it"
            return "ph.question", "warn", text.visible(failure.title), second
        if failure.kind is FailureKind.SIGN_IN:
            return (
                "ph.sign-in",
                "warn",
                "Paused: sign in to continue",
                "Then it goes on by itself",
            )
        hint = text.visible(failure.hint).partition(". ")[0].rstrip(".")
        return "ph.hard-drives", "warn", "Paused: not enough space", hint
    if snapshot.note:
        return "ph.warning", "warn", "Paused", text.visible(snapshot.note)
    has_begun = snapshot.progress.part > 0
    second = "Resumes where it stopped" if has_begun else "Starts when you continue"
    return "ph.pause", "text2", "Paused by you", second


def waiting(reason: str) -> Words:
    """What a running transfer waits for: "AWS KMS is busy, retry 2 of 8 in 3 s"."""
    what, _, retry = text.visible(reason).rpartition(", ")
    if not what:
        what, retry = retry, ""
    return "ph.hourglass-medium", "warn", f"Waiting: {what}", retry[:1].upper() + retry[1:]


def resumed(snapshot: Snapshot) -> str:
    """From where a running transfer went on; "" for one that began anew."""
    progress = snapshot.progress
    if not progress.resumed:
        return ""
    when = "after restart " if snapshot.is_restored else ""
    return f"Resumed {when}from {text.size(progress.resumed)}"
