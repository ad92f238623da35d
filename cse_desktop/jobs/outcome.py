"""How a request ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cse_desktop.core.changing import Amended
    from cse_desktop.core.copying import Copied
    from cse_desktop.core.deleting import Deleted
    from cse_desktop.core.editing import Original
    from cse_desktop.core.receiving import Opened
    from cse_desktop.core.restoring import Restored
    from cse_desktop.core.transfer import Uploaded

    Result = Uploaded | Opened | Copied | Deleted | Restored | Amended | Original


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a request ended that did not fail.

    Attributes:
        note: one sentence worth telling ("Saved as report (2).pdf"), or "".
        is_skipped: the name was taken and the user chose to skip.
        result: what the verb gave; None where nothing was done.
    """

    note: str = ""
    is_skipped: bool = False
    result: Result | None = None
