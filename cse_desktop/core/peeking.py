"""A look at the first bytes of an object that has no envelope: whose file is it?"""

from __future__ import annotations

from cse_desktop.core.errors import CseError, NotEncrypted, OtherFormat
from cse_desktop.core.foreign import PEEK_BYTES, is_instruction_file, tool_of
from cse_desktop.core.objects import Head
from cse_desktop.core.progress import CancelToken
from cse_desktop.core.recognition import not_a_file
from cse_desktop.core.store import ObjectStore


def named_by_content(
    store: ObjectStore, head: Head, otherwise: NotEncrypted
) -> NotEncrypted | OtherFormat:
    """Why an object without envelope cannot be decrypted, in the name of the program it is for.

    One request for 64 bytes; when they cannot be had, `otherwise` is all there is to say.
    """
    start = memoryview(bytearray(min(PEEK_BYTES, head.size)))
    try:
        got = store.hasty.get_into(head.ref, head.etag, 0, start, CancelToken()) if start else 0
    except CseError:
        return otherwise
    found = bytes(start[:got])
    if is_instruction_file(found):
        return not_a_file()
    tool = tool_of(found)
    if not tool:
        return otherwise
    return OtherFormat(
        f"This file is encrypted with {tool}",
        "CSE Desktop does not read this format. Download it with another S3 program and decrypt "
        f"it with {tool}.",
    )
