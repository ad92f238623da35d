"""What a failure says in a dialog: what happened, why, what to do, and facts to copy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from cse_desktop import __version__
from cse_desktop.core.permissions import Explanation, explain
from cse_desktop.gui.look import text
from cse_desktop.gui.transfers.transfer_look import name_of
from cse_desktop.jobs.amending import Change, Restore
from cse_desktop.jobs.editing import FetchCopy, SaveBack
from cse_desktop.jobs.requests import Copy, Delete, Download, Move, Upload, Verify
from cse_desktop.jobs.snapshot import Failure, FailureKind, Snapshot
from cse_desktop.logs import redact


@dataclass(frozen=True, slots=True)
class Message:
    """All that an error dialog shows.

    Attributes:
        window_title: what was being done.
        title: what happened.
        subtitle: what was not done because of it, or "".
        why: what that means, or "".
        steps: what the user can do, in this order.
        details: facts for an administrator, one a line; no secrets.
        glyph, tone: the icon, and the colours of its tile.
        may_retry: whether "Try again" is worth a button.
        explanation: what would allow it, where AWS did not.
    """

    window_title: str
    title: str
    subtitle: str
    why: str
    steps: tuple[str, ...]
    details: str
    glyph: str
    tone: str
    may_retry: bool
    explanation: Explanation | None = None


def of_failure(failure: Failure, window_title: str = "", subtitle: str = "") -> Message:
    """The message of a failure that belongs to no transfer."""
    why, steps = _split(text.visible(failure.hint))
    glyph, tone = _LOOKS[failure.kind]
    return Message(
        window_title=window_title or "Something went wrong",
        title=text.visible(failure.title),
        subtitle=subtitle,
        why=why,
        steps=steps or _STEPS.get(failure.kind, ()),
        details=_aligned(failure.details),
        glyph=glyph,
        tone=tone,
        may_retry=failure.may_be_retried and failure.kind is not FailureKind.DEFECT,
        explanation=explain(failure.refusal) if failure.refusal else None,
    )


_OF_JOBS: Final[Mapping[type, tuple[str, str]]] = MappingProxyType(
    {
        Upload: ("Upload", "{name} was not uploaded. Nothing was stored."),
        Download: ("Download", "{name} was not downloaded. Nothing was written to disk."),
        Verify: ("Verification", "{name} could not be verified."),
        Copy: ("Copying", "{name} was not copied."),
        Move: ("Moving", "{name} was not moved. The original is still there."),
        Delete: ("Deleting", "What was not deleted is still there."),
        Restore: ("Restoring", "{name} was not restored."),
        Change: ("Properties", "{name} was not changed."),
        FetchCopy: ("Opening", "{name} was not opened. Nothing was written to disk."),
        SaveBack: (
            "Saving",
            "{name} was not saved to S3. Your changes are still in the open copy.",
        ),
    }
)
"""Title of the window and what did not happen, by kind of request."""


def of_job(snapshot: Snapshot) -> Message:
    """The message of a transfer that failed."""
    failure = snapshot.failure or Failure(FailureKind.DEFECT, "No reason was given")
    name, request = text.curly(name_of(snapshot.request)), snapshot.request
    window_title, sentence = _OF_JOBS[type(request)]
    verb = sentence.format(name=name)
    if failure.kind is FailureKind.NETWORK:
        verb = verb.removesuffix(" Nothing was stored.")  # an answer may have been lost
    end = "refused" if failure.kind is FailureKind.REFUSED else "failed"
    facts = [("Object", str(request.ref)), ("Version", request.ref.version)]
    if isinstance(request, Upload):
        facts.append(("Key", request.key_id))
    if isinstance(request, Copy | Move):
        facts.append(("New place", str(request.to)))
    if snapshot.finished:
        facts.append(("Time", text.utc(snapshot.finished)))
    details = _completed(failure.details, facts)
    return of_failure(replace(failure, details=details), f"{window_title} {end}", verb)


def copied(message: Message) -> str:
    """The text that "Copy details" puts on the clipboard."""
    allow = message.explanation.text if message.explanation else ""
    lines = (message.title, message.subtitle, message.details, allow, f"CSE Desktop {__version__}")
    return redact("\n".join(line for line in lines if line))


def _split(hint: str) -> tuple[str, tuple[str, ...]]:
    """What it means, and what to do: sentences that ask for something begin with a verb."""
    sentences = [one for one in _SENTENCE_END.split(hint.strip()) if one]
    steps = tuple(one for one in sentences if _IMPERATIVE.match(one))
    return " ".join(one for one in sentences if one not in steps), steps


def _completed(details: str, facts: list[tuple[str, str]]) -> str:
    known = {line.partition(":")[0].lower() for line in details.splitlines()}
    added = [f"{name}: {value}" for name, value in facts if value and name.lower() not in known]
    return "\n".join([*details.splitlines(), *added])


def _aligned(details: str) -> str:
    """Facts in two columns; what is no fact stays as it is.

    No error of ours holds a secret. The redaction is the second fence, for what a library may add
    one day.
    """
    lines = redact(details).splitlines()
    rows = [_FACT.fullmatch(line) for line in lines]
    width = max((len(row["name"]) for row in rows if row), default=0)
    return "\n".join(
        f"{row['name'].lower():<{width}}  {text.visible(row['value'])}"
        if row
        else text.visible(line)
        for row, line in zip(rows, lines, strict=True)
    )


_FACT: Final = re.compile(r"(?P<name>[A-Z][A-Za-z ]{1,20}): (?P<value>\S.*)")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) +(?=[A-Z“])")
_IMPERATIVE: Final = re.compile(
    r"(?:Add|Allow|Ask|Cancel|Change|Check|Choose|Close|Compare|Copy|Delete|Do|Download|Enable|"
    r"Find|Free|Give|Go|Import|Install|Keep|Lower|Make|Move|Name|Open|Or|Pick|Please|Refresh|"
    r"Reload|Remove|Rename|Report|Restart|Save|See|Send|Set|Shorten|Show|Sign|Split|Start|Switch|"
    r"Tell|Try|Turn|Unlock|Update|Upload|Use|Wait|Write)\b"
)
_LOOKS: Final = {
    FailureKind.INVALID: ("ph.warning-circle", "warn"),
    FailureKind.REFUSED: ("ph.shield-slash", "bad"),
    FailureKind.KEY: ("ph.key", "bad"),
    FailureKind.NOT_PERMITTED: ("ph.prohibit", "bad"),
    FailureKind.SIGN_IN: ("ph.sign-in", "warn"),
    FailureKind.NOT_FOUND: ("ph.question", "bad"),
    FailureKind.EXISTS: ("ph.copy-simple", "warn"),
    FailureKind.CHANGED: ("ph.warning-circle", "bad"),
    FailureKind.NETWORK: ("ph.wifi-slash", "warn"),
    FailureKind.DISK: ("ph.hard-drives", "bad"),
    FailureKind.DISK_FULL: ("ph.hard-drives", "bad"),
    FailureKind.SERVICE: ("ph.warning-circle", "bad"),
    FailureKind.DEFECT: ("ph.bug", "bad"),
}
_STEPS: Final = {
    FailureKind.REFUSED: ("Do not use this file. Ask whoever sent it to upload it again.",),
    FailureKind.KEY: ("Choose another key, or ask an administrator of the key.",),
    FailureKind.NOT_PERMITTED: ("Ask an administrator to allow it, or switch connection.",),
    FailureKind.SIGN_IN: ("Sign in again, then try again.",),
    FailureKind.NOT_FOUND: ("Refresh the folder and check the name.",),
    FailureKind.EXISTS: ("Choose to replace it, to keep both or to skip it.",),
    FailureKind.CHANGED: ("Try again when no other program writes the file.",),
    FailureKind.NETWORK: ("Check your network or VPN, then try again.",),
    FailureKind.DISK: ("Choose another folder, then try again.",),
    FailureKind.DISK_FULL: ("Choose another folder, or make room.",),
    FailureKind.SERVICE: ("Try again. If it happens again, show the details to an administrator.",),
    FailureKind.DEFECT: ("Copy the details and report them.",),
    FailureKind.INVALID: ("Change what was asked for, then try again.",),
}
