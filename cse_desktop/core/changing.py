"""The verb that changes what is kept beside an object, without ever touching its envelope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cse_desktop.core.beside import ENVELOPE_PREFIX, Beside
from cse_desktop.core.copies import SIZES, make_copy
from cse_desktop.core.envelope import MAX_METADATA_BYTES, metadata_bytes
from cse_desktop.core.errors import Changed, InvalidInput, NotPermitted, TooLarge
from cse_desktop.core.labels import Tag
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.progress import (
    CancelToken,
    Progress,
    Report,
    Reporter,
    Stage,
    silent,
)
from cse_desktop.core.session import Session

MAX_TAGS: Final = 10
MAX_TAG_NAME: Final = 128
MAX_TAG_VALUE: Final = 256
"""Characters ("Categorizing your storage using tags", Amazon S3 user guide)."""


@dataclass(frozen=True, slots=True)
class Properties:
    """An object and all that is kept beside it.

    Attributes:
        tags: None where they may not be read.
    """

    head: Head
    beside: Beside
    tags: tuple[Tag, ...] | None


@dataclass(frozen=True, slots=True)
class NewProperties:
    """What a person may change.

    Attributes:
        own: the user metadata without the envelope; names in lower case.
        tags: None leaves them as they are.
    """

    content_type: str
    storage_class: str
    own: tuple[Tag, ...]
    tags: tuple[Tag, ...] | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """An object after its properties were changed.

    Attributes:
        ref: with its new version, where the bucket keeps versions.
        size: bytes as stored.
        is_rewritten: False where only tags were changed.
    """

    ref: ObjectRef
    size: int
    is_rewritten: bool


def properties(session: Session, ref: ObjectRef) -> Properties:
    """Read all that is kept beside an object."""
    head = session.store.head(ref)
    beside = session.store.labels.beside(head)
    try:
        tags = session.store.labels.tags(ref)
    except NotPermitted:
        return Properties(head, beside, None)
    return Properties(head, beside, tags)


def change(
    session: Session,
    ref: ObjectRef,
    etag: str,
    new: NewProperties,
    *,
    report: Report = silent,
    cancel: CancelToken | None = None,
    sizes: tuple[int, int] = SIZES,
) -> Amended:
    """Store other properties: S3 copies the object onto itself, its envelope word for word.

    Args:
        etag: of the object that was looked at.

    Raises:
        InvalidInput: a name or value that S3 would not take, or that belongs to the envelope.
        TooLarge: the metadata with the envelope.
        Changed: the object is another one by now; nothing was changed.
    """
    cancel = cancel or CancelToken()
    report = Reporter(report)
    session = session.during(cancel, report.wait)
    check(new)
    head = session.store.head(ref)
    if head.etag != etag:
        raise _changed(ref)
    before = session.store.labels.beside(head)
    after = _after(before, new)
    report(Progress(0, head.size, Stage.COPYING))
    cancel.check()
    is_rewritten = after != before
    if is_rewritten:
        stored = make_copy(
            session.store, head, ref, replace=True, report=report, cancel=cancel, sizes=sizes,
            beside=after, etag=etag,
        )  # fmt: skip
        _check_envelope(session, ref, before)
        ref = replace(ref, version=stored.version)
    if new.tags is not None:
        session.store.labels.set_tags(ref, new.tags)
    report(Progress(head.size, head.size, Stage.COPYING))
    return Amended(ref, head.size, is_rewritten)


def _after(before: Beside, new: NewProperties) -> Beside:
    """The same with other properties, and with the envelope as it is."""
    after = replace(
        before,
        metadata={**before.envelope, **dict(new.own)},
        content_type=new.content_type,
        storage_class=new.storage_class,
    )
    size = metadata_bytes(after.metadata)
    if size > MAX_METADATA_BYTES:
        raise TooLarge(
            "The metadata are too long",
            f"With the envelope they take {size:,} bytes, and S3 stores at most "
            f"{MAX_METADATA_BYTES:,} beside a file. Shorten the names or values.",
        )
    return after


def check(new: NewProperties) -> None:
    """Raise InvalidInput with the first thing that S3, or the format, would not take."""
    for name, value in new.own:
        problem = metadata_problem(name, value)
        if problem:
            raise InvalidInput(f"The metadata “{name}” can't be stored", problem)
    names = [name for name, _ in new.own]
    if len(set(names)) < len(names):
        raise InvalidInput("Two metadata have one name", "Remove one of them.")
    problem = tags_problem(new.tags or ())
    if problem:
        raise InvalidInput("These tags can't be stored", problem)
    if not new.content_type.isascii() or not new.content_type.isprintable():
        raise InvalidInput("This is no content type", "Write one like “text/plain”.")


def metadata_problem(name: str, value: str) -> str:
    """Why S3 or the format would not take this; "" when they would."""
    problems = (
        (not name, "Give it a name."),
        (
            name.lower().startswith(ENVELOPE_PREFIX),
            "Names that begin with x-amz- belong to the encryption and to Amazon.",
        ),
        (
            not all(each.isascii() and (each.isalnum() or each in "-_.") for each in name),
            "Names have letters of a to z, digits, and - _ . only.",
        ),
        (name != name.lower(), "S3 stores names in lower case: write it so."),
        (not value.isascii() or not value.isprintable(), "S3 stores plain ASCII only here."),
        (value != value.strip(), "Spaces at the ends would be lost."),
    )
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def tags_problem(tags: Sequence[Tag]) -> str:
    """Why S3 would not take these tags; "" when it would."""
    if len(tags) > MAX_TAGS:
        return f"S3 stores {MAX_TAGS} tags at most."
    if len({name for name, _ in tags}) < len(tags):
        return "Two tags have one name."
    return next(filter(None, (tag_problem(name, value) for name, value in tags)), "")


def tag_problem(name: str, value: str) -> str:
    """Why S3 would not take this tag; "" when it would."""
    problems = (
        (not name, "Give each tag a name."),
        (name.lower().startswith("aws:"), "Names that begin with aws: belong to Amazon."),
        (
            len(name) > MAX_TAG_NAME or len(value) > MAX_TAG_VALUE,
            f"Names have {MAX_TAG_NAME} letters at most, values {MAX_TAG_VALUE}.",
        ),
        (
            not all(each.isalnum() or each in " +-=._:/@" for each in name + value),
            "Tags have letters, digits, spaces and + - = . _ : / @ only.",
        ),
    )
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def _check_envelope(session: Session, ref: ObjectRef, before: Beside) -> None:
    """Look once more: an object without its envelope could never be opened again."""
    found = session.store.head(ref).metadata
    if any(found.get(name) != value for name, value in before.envelope.items()):
        raise Changed(
            f"“{ref.name}” was changed by somebody else at the same time",
            "What is stored now is not what was written here. Look at its properties again.",
            f"Object: {ref}",
        )


def _changed(ref: ObjectRef) -> Changed:
    return Changed(
        f"“{ref.name}” is another file by now",
        "Somebody has replaced it since you looked at it. Nothing was changed; look again.",
        f"Object: {ref}",
    )
