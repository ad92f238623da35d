"""Where the envelope of an object is: beside it, or in its instruction file."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cse_desktop.core.envelope import Envelope
from cse_desktop.core.errors import BadEnvelope, NotEncrypted, NotFound, OtherFormat
from cse_desktop.core.objects import Head, ObjectRef
from cse_desktop.core.parsing import MAX_INSTRUCTION_BYTES, from_instruction_file, from_metadata
from cse_desktop.core.policy import INSTRUCTION_FILES, ReadPolicy, switched_off
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.ranges import fetch_into
from cse_desktop.core.recognition import broken, is_marked_as_instruction_file, lacks_envelope
from cse_desktop.core.store import ObjectStore

_OFF: Final = (
    " If it was written by an S3 encryption client all the same, its envelope is in an instruction "
    "file. Reading those is off: turn on instruction files in Settings > Encryption policy "
    "(cse: --allow instruction-file)."
)


def find_envelope(store: ObjectStore, head: Head, policy: ReadPolicy) -> Envelope:
    """Read the envelope of an object, wherever it is.

    The instruction file is asked for only where the policy allows it and the object has no
    envelope of its own.

    Raises:
        NotEncrypted: there is no envelope.
        NotAllowed: it is in an instruction file, which the policy does not allow.
        OtherFormat, BadEnvelope: as `from_metadata`.
    """
    if not lacks_envelope(head.metadata) or is_marked_as_instruction_file(head.metadata):
        return from_metadata(head.metadata)
    if not policy.instruction_files:
        return _told_where_it_is(head)
    file = instruction_file(head.ref, policy)
    try:
        found = store.head(file)
    except NotFound:
        return _told_it_is_gone(head, file)
    if found.size > MAX_INSTRUCTION_BYTES:
        raise broken(f"Its instruction file has {found.size:,} bytes, more than any envelope needs")
    content = bytearray(found.size)
    if content:
        fetch_into(store, found, 0, memoryview(content), CancelToken())
    return from_instruction_file(head.metadata, bytes(content))


def instruction_file(ref: ObjectRef, policy: ReadPolicy) -> ObjectRef:
    """The object that may hold the envelope of `ref`, newest version: the two count their own."""
    return replace(ref, key=ref.key + policy.instruction_suffix, version="")


def _told_where_it_is(head: Head) -> Envelope:
    try:
        return from_metadata(head.metadata)
    except OtherFormat:
        raise switched_off(INSTRUCTION_FILES) from None
    except NotEncrypted as error:
        raise NotEncrypted(error.title, error.hint + _OFF, error.details) from None


def _told_it_is_gone(head: Head, file: ObjectRef) -> Envelope:
    try:
        return from_metadata(head.metadata)
    except OtherFormat:
        raise BadEnvelope(
            "The instruction file of this file is missing",
            f"The file can't be decrypted without the envelope in {file.name}. Ask the sender to "
            "upload both again, or bring that object back from an earlier version.",
            f"Instruction file: {file}",
        ) from None
