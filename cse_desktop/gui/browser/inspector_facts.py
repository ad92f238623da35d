"""What the inspector says about a selection, as plain facts. No widgets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cse_desktop.core.envelope import Envelope, Format, Suite
from cse_desktop.core.inspection import Inspection, Kind
from cse_desktop.core.objects import Entry, Head, ObjectRef
from cse_desktop.gui.browser import folder_cells
from cse_desktop.gui.browser.envelope_reader import EnvelopeState, KeyNote
from cse_desktop.gui.look import text
from cse_desktop.gui.look.icons import FOLDER, file_icon
from cse_desktop.gui.parts.badge import BadgeLook
from cse_desktop.jobs.facts import facts_of
from cse_desktop.jobs.snapshot import Failure


class ValueKind(Enum):
    """How a value is shown."""

    PLAIN = "plain"
    MONO = "mono"
    YES = "yes"
    NO = "no"
    READ_KEY = "read key"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value; the value can be selected and copied.

    Attributes:
        extra: a longer form below the value (an ARN), or "".
    """

    name: str
    value: str
    kind: ValueKind = ValueKind.PLAIN
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the inspector that can be folded.

    Attributes:
        pairs: a table below the facts, under `pairs_title`.
    """

    title: str
    facts: tuple[Fact, ...]
    pairs_title: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the inspector shows.

    Attributes:
        summary: what the object is, in plain words, where `sentence` does not say it; or "".
        switches: of the encryption policy, that would have to be turned on to read it.
        sentence, remedy: why the object cannot be read here, and what would change that; or "".
        failure: the refusal of AWS behind `sentence`, where it says what would have to be allowed.
        can_download, can_verify: whether the buttons are on; `sentence` says why not.
        json: what "Copy as JSON" gives; "" hides it.
    """

    glyph: str
    title: str
    meta: str = ""
    badge: BadgeLook | None = None
    summary: str = ""
    sentence: str = ""
    remedy: str = ""
    switches: tuple[str, ...] = ()
    failure: Failure | None = None
    can_download: bool = False
    can_verify: bool = False
    sections: tuple[Section, ...] = ()
    json: str = ""


def nothing_selected(folder: ObjectRef) -> Sheet:
    """The open folder itself."""
    if not folder.bucket:
        return Sheet("ph.info", "Nothing selected", "Open a bucket to see its files.")
    path = Section("Folder", (Fact("S3 path", str(folder), ValueKind.MONO),))
    return Sheet(
        FOLDER,
        text.visible(folder.name or folder.bucket),
        "Select a file to see how it is encrypted.",
        sections=(path,),
    )


def several(entries: Sequence[Entry], problem: str = "") -> Sheet:
    """A selection of more than one row.

    Args:
        problem: why none of them can be opened; or "".
    """
    files = [entry for entry in entries if not entry.is_folder]
    folders = len(entries) - len(files)
    parts = [text.count(len(files), "file")] if files else []
    parts += [text.count(folders, "folder")] if folders else []
    meta = ", ".join(parts)
    if files:
        meta += f" · {text.about(sum(entry.size for entry in files))}"
    return Sheet(
        "ph.copy-simple",
        f"{text.number(len(entries))} selected",
        meta,
        sentence=problem,
        can_download=not problem,
        can_verify=not problem,
    )


def one_folder(folder: ObjectRef, entry: Entry) -> Sheet:
    """One folder row."""
    path = str(ObjectRef(folder.bucket, entry.key))
    return Sheet(
        FOLDER,
        folder_cells.name_of(entry, folder.key),
        "Folder",
        can_download=True,
        can_verify=True,
        sections=(Section("Folder", (Fact("S3 path", path, ValueKind.MONO),)),),
    )


def one_file(folder: ObjectRef, entry: Entry, state: EnvelopeState) -> Sheet:
    """One object, as far as it is known."""
    found = state.inspection
    meta = folder_cells.size_of(entry, state)
    if entry.modified is not None:
        meta += f" · {text.date(entry.modified)}"
    sentence, remedy = _problem(state)
    sections = [_object_section(folder, entry, found)]
    if found is not None and found.envelope is not None:
        sections.insert(0, _envelope_section(found.envelope, state.key))
    own = _own_metadata(found.head) if found is not None else ()
    if own:
        sections.append(Section("User metadata", (), "", own))
    return Sheet(
        file_icon(entry.name),
        folder_cells.name_of(entry, folder.key),
        meta,
        _badge(entry, state),
        found.summary if found is not None and found.envelope is not None else "",
        sentence,
        remedy,
        found.switches if found is not None else (),
        _refusal(state),
        can_download=found is None or not found.problem,
        can_verify=found is None or not found.problem,
        sections=tuple(sections),
        json=as_json(found, state.key) if found is not None else "",
    )


def as_json(found: Inspection, key: KeyNote | None) -> str:
    """The facts of an inspection as `cse inspect --json` tells them, and the key if it is known."""
    facts = facts_of(found) | {"kms_key": key.arn if key else ""}
    return json.dumps(facts, indent=2, ensure_ascii=False)


def _badge(entry: Entry, state: EnvelopeState) -> BadgeLook | None:
    look = folder_cells.look(entry, state)
    found = state.inspection
    is_plain = state.key is None or not state.key.is_refused
    if look and found and found.envelope and found.format is Format.V3 and is_plain:
        # The key has a row of its own here.
        return BadgeLook(
            "CSE-KMS v3 · key-committing",
            look.short,
            look.tone,
            look.icon,
            look.tooltip,
            look.spoken,
        )
    return look


def _refusal(state: EnvelopeState) -> Failure | None:
    """What AWS did not permit: to read the object, or to use its key."""
    failures = (
        state.failure if state.inspection is None else None,
        state.key and state.key.failure,
    )
    return next((each for each in failures if each and each.refusal), None)


def _problem(state: EnvelopeState) -> tuple[str, str]:
    found = state.inspection
    if found is None:
        failure = state.failure
        return (failure.title, failure.hint) if failure else ("", "")
    if found.kind is Kind.NOT_ENCRYPTED:
        return (
            "This file has no client-side encryption",
            "S3 may still encrypt it at rest, but AWS can read it. To protect it, download it "
            "with another program and upload it here.",
        )
    if found.problem:
        return found.problem, found.hint
    if state.key is not None and state.key.is_refused:
        return (
            "You don't have permission to decrypt this file",
            "KMS refused you the use of its key. Ask an administrator of the key to allow "
            "kms:Decrypt, or switch connection.",
        )
    return "", ""


def _envelope_section(envelope: Envelope, key: KeyNote | None) -> Section:
    commits = envelope.suite is Suite.GCM_COMMITTING
    content = envelope.suite.value.partition(" with ")[0]
    kept_in = "Object metadata" if envelope.place == "metadata" else "Instruction file"
    if key is not None and key.arn:
        key_fact = Fact("KMS key", text.visible(key.label or key.arn), ValueKind.KEY, key.arn)
    else:
        refused = key is not None and key.is_refused
        words = "KMS refused to open it" if refused else "Not read yet"
        key_fact = Fact("KMS key", words, ValueKind.READ_KEY)
    facts = (
        Fact("Content", content),
        Fact("Key-committing", *(("Yes", ValueKind.YES) if commits else ("No", ValueKind.NO))),
        Fact("Wrapped with", envelope.wrapping.value, ValueKind.MONO),
        Fact("Kept in", kept_in),
        key_fact,
    )
    pairs = tuple(envelope.context.items())
    return Section("Encryption envelope", facts, "Encryption context", pairs)


def _object_section(folder: ObjectRef, entry: Entry, found: Inspection | None) -> Section:
    mono = ValueKind.MONO
    facts = [Fact("S3 path", str(ObjectRef(folder.bucket, entry.key)), mono)]
    facts.append(Fact("Stored size", text.exact_size(found.head.size if found else entry.size)))
    if found is not None and found.size_is_exact and found.size != found.head.size:
        facts.append(Fact("File size", text.exact_size(found.size)))
    etag = found.head.etag if found else entry.etag
    facts.append(Fact("ETag", etag, mono))
    facts.append(Fact("Storage class", folder_cells.storage_class(entry.storage_class)))
    if found is not None:
        head = found.head
        facts.append(Fact("Content type", head.content_type))
        facts.append(Fact("Version", head.version, mono))
        facts.append(Fact("S3 encryption", head.server_side_encryption))
    return Section("Object", tuple(fact for fact in facts if fact.value))


def _own_metadata(head: Head) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, value) for name, value in head.metadata.items() if not name.startswith("x-amz-")
    )
