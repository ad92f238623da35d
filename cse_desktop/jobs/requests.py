"""What can be asked of the queue: data, and one line that calls the verb."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cse_desktop.core import transfer
from cse_desktop.core.progress import CancelToken, Report
from cse_desktop.core.session import Session
from cse_desktop.core.store import ObjectRef


class IfExists(Enum):
    """What happens when the name is taken. The value is its spelling on the command line."""

    FAIL = "fail"
    SKIP = "skip"
    REPLACE = "replace"
    KEEP_BOTH = "keep-both"


@dataclass(frozen=True, slots=True)
class Upload:
    """Encrypt a file and store it.

    Attributes:
        connection: name of the connection.
        size: bytes of plaintext when it was planned.
        key_id: KMS key ARN, id or alias.
        key_label: the key as the user knows it.
        context: the user's encryption context, order kept.
    """

    connection: str
    source: Path
    ref: ObjectRef
    size: int
    key_id: str
    key_label: str = ""
    context: tuple[tuple[str, str], ...] = ()
    if_exists: IfExists = IfExists.FAIL


@dataclass(frozen=True, slots=True)
class Download:
    """Fetch, verify, decrypt and save an object.

    Attributes:
        size: bytes as listed, so of ciphertext.
    """

    connection: str
    ref: ObjectRef
    target: Path
    size: int
    if_exists: IfExists = IfExists.FAIL


@dataclass(frozen=True, slots=True)
class Verify:
    """Fetch and verify an object without saving it."""

    connection: str
    ref: ObjectRef
    size: int


Request = Upload | Download | Verify
